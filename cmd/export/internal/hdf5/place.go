package hdf5

// placer copies chunks to where they belong.
type placer struct {
	size  int   // bytes of a value
	whole []int // shape of the dataset
	part  []int // shape of a chunk
}

// place copies what of a chunk lies in the dataset.
func (p placer) place(values, chunk []byte, at []int) {
	// Dimensions that a chunk covers whole are one long value with what they hold.
	rank := len(p.whole)
	size := p.size
	for rank > 1 && p.part[rank-1] == p.whole[rank-1] {
		rank--
		size *= p.whole[rank]
	}
	copyBlock(values, chunk, p.whole[:rank], p.part[:rank], at[:rank], size)
}

// bytes returns how much of a chunk lies in the dataset.
func (p placer) bytes(at []int) uint64 {
	n := uint64(p.size)
	for i, whole := range p.whole {
		n *= uint64(min(p.part[i], whole-at[i]*p.part[i]))
	}
	return n
}

// copyBlock copies along the first dimension, and within it along the others.
func copyBlock(dst, src []byte, whole, part, at []int, size int) {
	start := at[0] * part[0]
	n := min(part[0], whole[0]-start)
	if len(whole) == 1 {
		copy(dst[start*size:], src[:n*size])
		return
	}
	dstStep, srcStep := size*product(whole[1:]), size*product(part[1:])
	for i := range n {
		copyBlock(dst[(start+i)*dstStep:], src[i*srcStep:], whole[1:], part[1:], at[1:], size)
	}
}
