//go:build !purego

package kernels

// netLanes returns how many values the register of a row holds, 0 where there is no kernel.
func (i ISA) netLanes() int {
	switch i {
	case AVX512:
		return 16
	case AVX2:
		return 8
	}
	return 0
}

// netKernel runs rows, at least one, through the steps from the first to a netStore. It reads and writes
// nothing beside them.
func (i ISA) netKernel(steps *netStep, dst, x *float32, rows int) {
	if i == AVX512 {
		netF32AVX512(steps, dst, x, rows)
	} else {
		netF32AVX2(steps, dst, x, rows)
	}
}

//go:noescape
func netF32AVX512(steps *netStep, dst, x *float32, rows int)

//go:noescape
func netF32AVX2(steps *netStep, dst, x *float32, rows int)
