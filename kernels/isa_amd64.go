//go:build !purego

package kernels

import "golang.org/x/sys/cpu"

// vectorISAs relies on package cpu to clear the features whose registers the operating system does not save.
func vectorISAs() []ISA {
	var found []ISA
	x86 := &cpu.X86
	if x86.HasAVX512F && x86.HasAVX512DQ && x86.HasAVX512BW && x86.HasAVX512VL {
		found = append(found, AVX512)
	}
	if x86.HasAVX2 && x86.HasFMA {
		found = append(found, AVX2)
	}
	return found
}

func (i ISA) mapKernel(f Func, dst, x []float32, alpha, beta float32) {
	switch i {
	case AVX512:
		mapAVX512(f, dst, x, alpha, beta)
	case AVX2:
		mapAVX2(f, dst, x, alpha, beta)
	default:
		panicUndefined("Map", i)
	}
}

func (i ISA) affineKernel(op Arithmetic, dst, x, operand []float32) {
	switch i {
	case AVX512:
		affineAVX512(op, dst, x, operand)
	case AVX2:
		affineAVX2(op, dst, x, operand)
	default:
		panicUndefined("Affine", i)
	}
}

func (i ISA) affineByOneKernel(op Arithmetic, dst, x []float32, operand float32) {
	switch i {
	case AVX512:
		affineByOneAVX512(op, dst, x, operand)
	case AVX2:
		affineByOneAVX2(op, dst, x, operand)
	default:
		panicUndefined("Affine", i)
	}
}

func (i ISA) preluKernel(dst, x, slope []float32) {
	switch i {
	case AVX512:
		preluF32AVX512(dst, x, slope)
	case AVX2:
		preluF32AVX2(dst, x, slope)
	default:
		panicUndefined("PReLU", i)
	}
}

func (i ISA) expOfDifferenceKernel(dst, x []float32, y float32) {
	switch i {
	case AVX512:
		expOfDifferenceF32AVX512(dst, x, y)
	case AVX2:
		expOfDifferenceF32AVX2(dst, x, y)
	default:
		panicUndefined("Softmax", i)
	}
}
