package kernels

import (
	"fmt"
	"math"
	"testing"
)

// Special inputs, and what each function makes of them with alpha 0.25 and beta 0.5.
func TestMapOfSpecials(t *testing.T) {
	greatest := float32(math.MaxFloat32)
	x := []float32{-inf, -greatest, -2, negZero, 0, 0x1p-149, 2, greatest, inf, nan}
	// Irrational values are left to TestErrorBounds.
	const irrational = 12345
	for _, c := range []struct {
		f    Func
		want []float32
	}{
		{FuncReLU, []float32{0, 0, 0, 0, 0, 0x1p-149, 2, greatest, inf, nan}},
		{FuncReLU6, []float32{0, 0, 0, 0, 0, 0x1p-149, 2, 6, 6, nan}},
		{FuncSigmoid, []float32{0, 0, irrational, 0.5, 0.5, 0.5, irrational, 1, 1, nan}},
		{FuncTanh, []float32{-1, -1, irrational, negZero, 0, 0x1p-149, irrational, 1, 1, nan}},
		{FuncSoftplus, []float32{0, 0, irrational, irrational, irrational, irrational, irrational, greatest, inf, nan}},
		{FuncExp, []float32{0, 0, irrational, 1, 1, 1, irrational, inf, inf, nan}},
		{FuncErf, []float32{-1, -1, irrational, negZero, 0, 0x1p-149, irrational, 1, 1, nan}},
		{FuncGELU, []float32{negZero, negZero, irrational, negZero, 0, 0, irrational, greatest, inf, nan}},
		{FuncGELUTanh, []float32{negZero, negZero, irrational, negZero, 0, 0, irrational, greatest, inf, nan}},
		{FuncSiLU, []float32{negZero, negZero, irrational, negZero, 0, 0, irrational, greatest, inf, nan}},
		{FuncSELU, []float32{-0x1.c212ccp+0, -0x1.c212ccp+0, irrational, 0, 0, 0x1p-149, irrational, inf, inf, nan}},
		{FuncStep, []float32{0, 0, 0, 1, 1, 1, 1, 1, 1, nan}},
		{FuncELU, []float32{-0.25, -0.25, irrational, 0, 0, 0x1p-149, 2, greatest, inf, nan}},
		{FuncLeakyReLU, []float32{-inf, -greatest / 4, -0.5, negZero, 0, 0x1p-149, 2, greatest, inf, nan}},
		{FuncHardSigmoid, []float32{0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1, nan}},
		{FuncClip, []float32{0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, nan}},
		{FuncGreater, []float32{0, 0, 0, 0, 0, 0, 1, 1, 1, nan}},
		{FuncGreaterEqual, []float32{0, 0, 0, 0, 0, 0, 1, 1, 1, nan}},
	} {
		t.Run(c.f.String(), func(t *testing.T) {
			got := make([]float32, len(x))
			Map(c.f, got, x, 0.25, 0.5)
			for i := range x {
				if c.want[i] != irrational && !same(got[i], c.want[i]) {
					t.Errorf("of %g: %x expected, got %x", x[i], c.want[i], got[i])
				}
			}
		})
	}
}

// The edges of the functions that compare: equality, both signs of zero, and one place to either side.
func TestMapAtTheEdges(t *testing.T) {
	const up, down = 1 + 0x1p-23, 1 - 0x1p-24
	for _, c := range []struct {
		f           Func
		alpha, beta float32
		x, want     float32
	}{
		{FuncGreater, 1, 0, 1, 0},
		{FuncGreater, 1, 0, up, 1},
		{FuncGreaterEqual, 1, 0, 1, 1},
		{FuncGreaterEqual, 1, 0, down, 0},
		{FuncGreater, 0, 0, negZero, 0},
		{FuncGreaterEqual, 0, 0, negZero, 1},
		{FuncGreater, 0, 0, 0x1p-149, 1},
		{FuncStep, 0, 0, -0x1p-149, 0},
		{FuncClip, -1, 1, up, 1},
		{FuncClip, -1, 1, down, down},
		{FuncClip, -1, 1, -up, -1},
		{FuncClip, 0, 1, negZero, negZero},
		{FuncReLU6, 0, 0, 6, 6},
		{FuncLeakyReLU, 0.01, 0, -0x1p-149, negZero},
		{FuncLeakyReLU, 0.01, 0, -3, float32(-3 * float32(0.01))},
		{FuncELU, -1, 0, -100, 1},
		// One rounding, not two: 3·(1+2^-23) − 3 is 3·2^-23 only if the product is not rounded first.
		{FuncHardSigmoid, 3, -3, up, 3 * 0x1p-23},
	} {
		t.Run(fmt.Sprintf("%s of %x", c.f, c.x), func(t *testing.T) {
			var got [1]float32
			Map(c.f, got[:], []float32{c.x}, c.alpha, c.beta)
			requireSame(t, c.f.String(), got[:], []float32{c.want})
		})
	}
}

// Map, in place and to another slice, against the exported scalar functions.
func TestMapAppliesTheScalarFunction(t *testing.T) {
	const alpha, beta = 0.75, 1.5
	for _, c := range []struct {
		f      Func
		scalar func(x float32) float32
	}{
		{FuncReLU, ReLU}, {FuncReLU6, ReLU6}, {FuncSigmoid, Sigmoid}, {FuncTanh, Tanh}, {FuncSoftplus, Softplus},
		{FuncExp, Exp}, {FuncErf, Erf}, {FuncGELU, GELU}, {FuncGELUTanh, GELUTanh}, {FuncSiLU, SiLU},
		{FuncSELU, SELU}, {FuncStep, Step},
		{FuncELU, func(x float32) float32 { return ELU(x, alpha) }},
		{FuncLeakyReLU, func(x float32) float32 { return LeakyReLU(x, alpha) }},
		{FuncHardSigmoid, func(x float32) float32 { return HardSigmoid(x, alpha, beta) }},
		{FuncClip, func(x float32) float32 { return Clip(x, alpha, beta) }},
	} {
		t.Run(c.f.String(), func(t *testing.T) {
			for _, n := range []int{0, 1, 3, 16, 33} {
				x := newRandom(uint64(n)).values(special, n)
				want := make([]float32, n)
				for i, v := range x {
					want[i] = c.scalar(v)
				}
				dst, intact := guarded(t, n)
				Map(c.f, dst, x, alpha, beta)
				requireSame(t, "to another slice", dst, want)
				intact()
				Map(c.f, x, x, alpha, beta)
				requireSame(t, "in place", x, want)
			}
		})
	}
}

func TestOddFunctionsAreOddToTheBit(t *testing.T) {
	r := newRandom(8)
	for range 100000 {
		x := r.value(anyBits)
		if x != x {
			continue
		}
		if Tanh(-x) != -Tanh(x) || Erf(-x) != -Erf(x) {
			t.Fatalf("at %x: tanh %x and %x, erf %x and %x", x, Tanh(x), Tanh(-x), Erf(x), Erf(-x))
		}
	}
}

// outputRange is where a function's results lie for every input that is not NaN. Those with parameters have
// their own.
func outputRange(f Func, alpha, beta float32) (low, high float32) {
	switch f {
	case FuncReLU, FuncSoftplus, FuncExp:
		return 0, inf
	case FuncReLU6:
		return 0, 6
	case FuncSigmoid, FuncStep, FuncHardSigmoid, FuncGreater, FuncGreaterEqual:
		return 0, 1
	case FuncTanh, FuncErf:
		return -1, 1
	case FuncGELU, FuncGELUTanh:
		return -0.1701, inf
	case FuncSiLU:
		return -0.2785, inf
	case FuncSELU:
		return -seluGammaAlpha, inf
	case FuncELU:
		return min(0, -alpha), inf
	case FuncClip:
		return alpha, beta
	}
	return -inf, inf
}

func FuzzMap(f *testing.F) {
	for function := FuncReLU; function <= FuncGreaterEqual; function++ {
		for _, x := range []float32{-104.5, -1, negZero, 0.55, 0.75, 0.875, 15, 88.72, inf, nan} {
			f.Add(uint8(function), math.Float32bits(x), float32(0.25), float32(0.5))
		}
	}
	f.Fuzz(func(t *testing.T, function uint8, bits uint32, alpha, beta float32) {
		name := Func(function%uint8(FuncGreaterEqual)) + 1
		isFinite := func(v float32) bool { return v-v == 0 }
		if !isFinite(alpha) || !isFinite(beta) {
			return // models with other parameters are refused at load
		}
		if name == FuncClip && alpha > beta {
			alpha, beta = beta, alpha
		}
		x := math.Float32frombits(bits)
		var dst [1]float32
		Map(name, dst[:], []float32{x}, alpha, beta)
		y := dst[0]
		if x != x && y == y {
			t.Errorf("%s(NaN) is %g", name, y)
		}
		if isFinite(x) && y != y {
			t.Errorf("%s(%x), alpha %x, beta %x is NaN", name, x, alpha, beta)
		}
		if low, high := outputRange(name, alpha, beta); name != FuncELU || alpha >= 0 {
			if y < low || y > high {
				t.Errorf("%s(%x), alpha %x, beta %x is %x: a value in [%x, %x] expected", name, x, alpha, beta, y, low, high)
			}
		}
	})
}
