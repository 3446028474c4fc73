package kernels

import "testing"

func TestAffine(t *testing.T) {
	const rows, n = 3, 5
	for _, c := range []struct {
		op   Arithmetic
		want func(v, a float32) float32
	}{
		{Add, func(v, a float32) float32 { return v + a }},
		{Subtract, func(v, a float32) float32 { return v - a }},
		{Multiply, func(v, a float32) float32 { return v * a }},
		{Divide, func(v, a float32) float32 { return v / a }},
	} {
		for _, width := range []int{1, n} {
			for kind := range flavours {
				r := newRandom(uint64(kind))
				x, operand := r.values(kind, rows*n), r.values(kind, width)
				want := make([]float32, rows*n)
				for i, v := range x {
					want[i] = c.want(v, operand[i%n%width])
				}
				what := c.op.String() + ", " + kind.String()
				dst, intact := guarded(t, rows*n)
				Affine(c.op, dst, x, operand, rows, n)
				requireSame(t, what, dst, want)
				intact()
				Affine(c.op, x, x, operand, rows, n)
				requireSame(t, what+", in place", x, want)
			}
		}
	}
}

func TestPReLU(t *testing.T) {
	x := []float32{-2, 3, negZero, -2, nan, -inf}
	for _, c := range []struct {
		name        string
		slope, want []float32
	}{
		{"a slope for each column", []float32{0.25, 0.5, 2}, []float32{-0.5, 3, negZero, -0.5, nan, -inf}},
		{"one slope", []float32{-1}, []float32{2, 3, negZero, 2, nan, inf}},
		{"slope 0", []float32{0}, []float32{negZero, 3, negZero, negZero, nan, nan}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dst, intact := guarded(t, len(x))
			PReLU(dst, x, c.slope, 2, 3)
			requireSame(t, c.name, dst, c.want)
			intact()
			inPlace := cloned(x)
			PReLU(inPlace, inPlace, c.slope, 2, 3)
			requireSame(t, "in place", inPlace, c.want)
		})
	}
}
