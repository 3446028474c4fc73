package stream

// random is a small xorshift generator: the same values on every platform and
// with every Go release, since golden bits depend on them.
type random uint64

func newRandom(seed uint64) *random {
	r := random(seed*0x9e3779b97f4a7c15 + 1)
	return &r
}

func (r *random) uint32() uint32 {
	*r ^= *r << 13
	*r ^= *r >> 7
	*r ^= *r << 17
	return uint32(*r >> 16)
}

// below returns a number in [0, n).
func (r *random) below(n int) int { return int(r.uint32() % uint32(n)) }

// float returns a number in [−1, 1).
func (r *random) float() float64 { return float64(int32(r.uint32())) * 0x1p-31 }
