package kernels

import "math"

// random is a small xorshift generator: the same values on every platform and with every Go release, since
// the golden hashes depend on them.
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

// flavour is a kind of float32 that makes a particular mistake visible.
type flavour int

const (
	ordinary flavour = iota // multiples of 2^-22 in [−2, 2): every sum rounds
	wide                    // exponents from −27 to 28: large and small terms in one sum
	tiny                    // products underflow, some values are signed zeros
	special                 // infinities, NaN, −0, subnormals and near-overflow among ordinary values
	anyBits                 // every bit pattern alike
	sparse                  // mostly signed zeros
	flavours
)

func (f flavour) String() string {
	return [flavours]string{"ordinary", "wide", "tiny", "special", "any bits", "sparse"}[f]
}

func (r *random) value(f flavour) float32 {
	bits := r.uint32()
	// withExponent keeps sign and fraction, and draws an exponent field in [low, low+count).
	withExponent := func(low, count int) float32 {
		return math.Float32frombits(bits&0x807fffff | uint32(low+r.below(count))<<23)
	}
	zero := math.Float32frombits(bits & signBit)
	switch f {
	case ordinary:
		return float32(int32(bits&0xffffff)-0x800000) * 0x1p-22
	case wide:
		return withExponent(100, 56)
	case tiny:
		if r.below(3) == 0 {
			return zero
		}
		return withExponent(1, 60)
	case special:
		rare := []float32{
			float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), zero,
			3e38, -3e38, math.Float32frombits(bits & 0x807fffff),
		}
		if i := r.below(200); i < len(rare) {
			return rare[i]
		}
		return float32(int32(bits&0xffff)-0x8000) * 0x1p-12
	case anyBits:
		return math.Float32frombits(bits)
	}
	if r.below(4) != 0 {
		return zero
	}
	return withExponent(1, 80)
}

func (r *random) values(f flavour, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = r.value(f)
	}
	return v
}
