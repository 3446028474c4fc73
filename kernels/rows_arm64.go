//go:build !purego

package kernels

// The reductions of rows_f32_neon_arm64.s, and the conversion of bytes. x may be empty, the length of src is a
// multiple of 16.

//go:noescape
func sumF32NEON(x []float32) float32

//go:noescape
func sumOfMagnitudesF32NEON(x []float32) float32

//go:noescape
func sumOfSquaresF32NEON(x []float32) float32

//go:noescape
func greatestF32NEON(x []float32) float32

//go:noescape
func maxMagnitudeF32NEON(x []float32) uint32

//go:noescape
func fromUint8F32NEON(dst []float32, src []uint8)

func (i ISA) greatestKernel(x []float32) float32 {
	i.mustBeNEON("Softmax")
	return greatestF32NEON(x)
}

func (i ISA) sumKernel(x []float32) float32 {
	i.mustBeNEON("Softmax")
	return sumF32NEON(x)
}

func (i ISA) sumOfMagnitudesKernel(x []float32) float32 {
	i.mustBeNEON("Normalize")
	return sumOfMagnitudesF32NEON(x)
}

func (i ISA) sumOfSquaresKernel(x []float32) float32 {
	i.mustBeNEON("Normalize")
	return sumOfSquaresF32NEON(x)
}

func (i ISA) maxMagnitudeKernel(x []float32) uint32 {
	i.mustBeNEON("Normalize")
	return maxMagnitudeF32NEON(x)
}

func (i ISA) fromUint8Kernel(dst []float32, src []uint8) {
	i.mustBeNEON("FromUint8")
	fromUint8F32NEON(dst, src)
}
