//go:build !purego

package kernels

// netLanes returns how many values the registers of a row hold, 0 where there is no kernel.
func (i ISA) netLanes() int {
	if i == NEON {
		return 8
	}
	return 0
}

// netKernel runs rows, at least one, through the steps from the first to a netStore. It reads and writes
// nothing beside them.
func (i ISA) netKernel(steps *netStep, dst, x *float32, rows int) {
	i.mustBeNEON("Net")
	netF32NEON(steps, dst, x, rows)
}

//go:noescape
func netF32NEON(steps *netStep, dst, x *float32, rows int)
