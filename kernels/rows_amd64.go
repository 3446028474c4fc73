//go:build !purego

package kernels

// The reductions of rows_f32_avx2_amd64.s and rows_f32_avx512_amd64.s, and the conversion of bytes. x may be empty,
// the length of src is a multiple of 16.

//go:noescape
func sumF32AVX2(x []float32) float32

//go:noescape
func sumOfMagnitudesF32AVX2(x []float32) float32

//go:noescape
func sumOfSquaresF32AVX2(x []float32) float32

//go:noescape
func greatestF32AVX2(x []float32) float32

//go:noescape
func maxMagnitudeF32AVX2(x []float32) uint32

//go:noescape
func fromUint8F32AVX2(dst []float32, src []uint8)

//go:noescape
func sumF32AVX512(x []float32) float32

//go:noescape
func sumOfMagnitudesF32AVX512(x []float32) float32

//go:noescape
func sumOfSquaresF32AVX512(x []float32) float32

//go:noescape
func greatestF32AVX512(x []float32) float32

//go:noescape
func maxMagnitudeF32AVX512(x []float32) uint32

//go:noescape
func fromUint8F32AVX512(dst []float32, src []uint8)

func (i ISA) sumKernel(x []float32) float32 {
	switch i {
	case AVX512:
		return sumF32AVX512(x)
	case AVX2:
		return sumF32AVX2(x)
	}
	panicUndefined("Softmax", i)
	return 0
}

func (i ISA) sumOfMagnitudesKernel(x []float32) float32 {
	switch i {
	case AVX512:
		return sumOfMagnitudesF32AVX512(x)
	case AVX2:
		return sumOfMagnitudesF32AVX2(x)
	}
	panicUndefined("Normalize", i)
	return 0
}

func (i ISA) sumOfSquaresKernel(x []float32) float32 {
	switch i {
	case AVX512:
		return sumOfSquaresF32AVX512(x)
	case AVX2:
		return sumOfSquaresF32AVX2(x)
	}
	panicUndefined("Normalize", i)
	return 0
}

func (i ISA) greatestKernel(x []float32) float32 {
	switch i {
	case AVX512:
		return greatestF32AVX512(x)
	case AVX2:
		return greatestF32AVX2(x)
	}
	panicUndefined("Softmax", i)
	return 0
}

func (i ISA) maxMagnitudeKernel(x []float32) uint32 {
	switch i {
	case AVX512:
		return maxMagnitudeF32AVX512(x)
	case AVX2:
		return maxMagnitudeF32AVX2(x)
	}
	panicUndefined("Normalize", i)
	return 0
}

func (i ISA) fromUint8Kernel(dst []float32, src []uint8) {
	switch i {
	case AVX512:
		fromUint8F32AVX512(dst, src)
	case AVX2:
		fromUint8F32AVX2(dst, src)
	default:
		panicUndefined("FromUint8", i)
	}
}
