package kernels

import "strconv"

// ISA names an instruction set that kernels are written for. All give the same bits, those of the functions
// without a receiver. A method may be called on the ISAs that [ISAs] lists; on others it panics or is an
// illegal instruction. The zero value names none.
type ISA uint8

const (
	Portable ISA = iota + 1 // the reference itself, in Go
	NEON                    // Advanced SIMD of arm64
	AVX2                    // AVX2 and FMA
	AVX512                  // AVX-512 F, DQ, BW and VL
)

// This file and elementwise_isa.go, rows_isa.go are the same for every architecture. An architecture's own file,
// isa_amd64.go, isa_arm64.go, or isa_portable.go for all that have no kernels, provides:
//
//	vectorISAs() []ISA
//	    the instruction sets that this processor and its operating system offer, fastest first
//
// and for those ISAs these kernels, whose slices have one length and may be empty or the same:
//
//	(ISA) mapKernel(f Func, dst, x []float32, alpha, beta float32)      dst = f(x)
//	(ISA) affineKernel(op Arithmetic, dst, x, operand []float32)        dst = x op operand
//	(ISA) affineByOneKernel(op Arithmetic, dst, x []float32, operand float32)
//	(ISA) preluKernel(dst, x, slope []float32)                          dst = LeakyReLU(x, slope)
//	(ISA) expOfDifferenceKernel(dst, x []float32, y float32)            dst = exp(x − y)
//	(ISA) sumKernel(x []float32) float32                                sums in dot order
//	(ISA) sumOfMagnitudesKernel(x []float32) float32
//	(ISA) sumOfSquaresKernel(x []float32) float32
//	(ISA) greatestKernel(x []float32) float32                           NaN skipped; −Inf for none
//	(ISA) maxMagnitudeKernel(x []float32) uint32                        as maxMagnitude
//	(ISA) fromUint8Kernel(dst []float32, src []uint8)

//go:generate go test ./internal/gen -generate

// String returns "reference", "neon", "avx2" or "avx512".
func (i ISA) String() string {
	switch i {
	case Portable:
		return "reference"
	case NEON:
		return "neon"
	case AVX2:
		return "avx2"
	case AVX512:
		return "avx512"
	}
	return "instruction set " + strconv.Itoa(int(i))
}

// ISAs returns what this program holds kernels for and this processor can run, fastest first. Portable is
// always there, and last. A program built with the tag purego has nothing else.
func ISAs() []ISA { return append(vectorISAs(), Portable) }
