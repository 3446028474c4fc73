//go:build !purego

package kernels

// vectorISAs needs no detection: Go itself asks for Advanced SIMD on arm64.
func vectorISAs() []ISA { return []ISA{NEON} }

// mustBeNEON panics where an ISA of another architecture, or none, asks for a kernel.
func (i ISA) mustBeNEON(kernel string) {
	if i != NEON {
		panicUndefined(kernel, i)
	}
}

func (i ISA) mapKernel(f Func, dst, x []float32, alpha, beta float32) {
	i.mustBeNEON("Map")
	mapNEON(f, dst, x, alpha, beta)
}

func (i ISA) affineKernel(op Arithmetic, dst, x, operand []float32) {
	i.mustBeNEON("Affine")
	affineNEON(op, dst, x, operand)
}

func (i ISA) affineByOneKernel(op Arithmetic, dst, x []float32, operand float32) {
	i.mustBeNEON("Affine")
	affineByOneNEON(op, dst, x, operand)
}

func (i ISA) preluKernel(dst, x, slope []float32) {
	i.mustBeNEON("PReLU")
	preluF32NEON(dst, x, slope)
}

func (i ISA) expOfDifferenceKernel(dst, x []float32, y float32) {
	i.mustBeNEON("Softmax")
	expOfDifferenceF32NEON(dst, x, y)
}
