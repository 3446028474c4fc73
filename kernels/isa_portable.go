//go:build purego || (!amd64 && !arm64)

package kernels

func vectorISAs() []ISA { return nil }

// Portable does not come here, and there is no other: whoever calls these with an ISA has not asked [ISAs].

func (i ISA) mapKernel(Func, []float32, []float32, float32, float32) { panicUndefined("Map", i) }

func (i ISA) affineKernel(Arithmetic, []float32, []float32, []float32) { panicUndefined("Affine", i) }

func (i ISA) affineByOneKernel(Arithmetic, []float32, []float32, float32) {
	panicUndefined("Affine", i)
}

func (i ISA) preluKernel(dst, x, slope []float32) { panicUndefined("PReLU", i) }

func (i ISA) expOfDifferenceKernel(dst, x []float32, y float32) { panicUndefined("Softmax", i) }

func (i ISA) fromUint8Kernel(dst []float32, src []uint8) { panicUndefined("FromUint8", i) }

func (i ISA) sumKernel([]float32) float32 { return i.noReduction() }

func (i ISA) sumOfMagnitudesKernel([]float32) float32 { return i.noReduction() }

func (i ISA) sumOfSquaresKernel([]float32) float32 { return i.noReduction() }

func (i ISA) greatestKernel([]float32) float32 { return i.noReduction() }

func (i ISA) maxMagnitudeKernel([]float32) uint32 { return uint32(i.noReduction()) }

func (i ISA) noReduction() float32 {
	panicUndefined("reduction of a row", i)
	return 0
}
