package ptxsim

import (
	"math"

	"github.com/edge-infer/edge-infer/kernels"
)

// The NaNs that arithmetic gives.
const (
	nanF16 = 0x7fff
	nanF32 = 0x7fffffff
	nanF64 = 0x7fffffffffffffff

	signF32 = 1 << 31
)

func toFloat32(x uint64) float32 { return math.Float32frombits(uint32(x)) }

// fromFloat32 returns the bits of a result; every NaN is the canonical one.
func fromFloat32(x float32) uint64 {
	if x != x {
		return nanF32
	}
	return uint64(math.Float32bits(x))
}

func isNaN32(x uint64) bool { return x&^signF32 > 0x7f800000 }

// toFloat64 widens a float of type k, which loses nothing.
func toFloat64(x uint64, k kind) float64 {
	switch k {
	case f16:
		return halfToFloat64(x)
	case f32:
		return float64(toFloat32(x))
	}
	return math.Float64frombits(x)
}

func fmaF32(a, b, c uint64) uint64 {
	return fromFloat32(kernels.FMA(toFloat32(a), toFloat32(b), toFloat32(c)))
}

func addF32(a, b, _ uint64) uint64 { return fromFloat32(toFloat32(a) + toFloat32(b)) }
func subF32(a, b, _ uint64) uint64 { return fromFloat32(toFloat32(a) - toFloat32(b)) }
func mulF32(a, b, _ uint64) uint64 { return fromFloat32(float32(toFloat32(a) * toFloat32(b))) }
func divF32(a, b, _ uint64) uint64 { return fromFloat32(toFloat32(a) / toFloat32(b)) }
func rcpF32(a, _, _ uint64) uint64 { return fromFloat32(1 / toFloat32(a)) }

// sqrtF32 rounds twice, to binary64 and to binary32. For square roots that is the same as once: binary64 has more
// than twice the digits and two more, so no root lies that close to a midpoint.
func sqrtF32(a, _, _ uint64) uint64 { return fromFloat32(float32(math.Sqrt(float64(toFloat32(a))))) }

// negF32 and absF32 of NaN are NaN; the manual leaves its bits open, so it is the canonical one.
func negF32(a, _, _ uint64) uint64 {
	if isNaN32(a) {
		return nanF32
	}
	return a ^ signF32
}

func absF32(a, _, _ uint64) uint64 {
	if isNaN32(a) {
		return nanF32
	}
	return a &^ signF32
}

// minF32 of a NaN and a number is the number; of the zeros, -0.
func minF32(a, b, _ uint64) uint64 {
	x, y := toFloat32(a), toFloat32(b)
	switch {
	case isNaN32(a) && isNaN32(b):
		return nanF32
	case isNaN32(a):
		return b
	case isNaN32(b):
		return a
	case x == y:
		return a | b // equal numbers have equal bits, but for the sign of zero
	case x < y:
		return a
	}
	return b
}

// maxF32 of a NaN and a number is the number; of the zeros, +0.
func maxF32(a, b, _ uint64) uint64 {
	x, y := toFloat32(a), toFloat32(b)
	switch {
	case isNaN32(a) && isNaN32(b):
		return nanF32
	case isNaN32(a):
		return b
	case isNaN32(b):
		return a
	case x == y:
		return a & b
	case x > y:
		return a
	}
	return b
}

// copySignF32 is b with the sign of a.
func copySignF32(a, b, _ uint64) uint64 { return a&signF32 | b&^signF32 }
