package kernels

import "testing"

func TestSelect(t *testing.T) {
	x := []float32{1, 2, 3, 4, nan, negZero}
	dst, intact := guarded(t, 8)
	Select(dst, x, []int{2, 0, 0, 1}, 2, 3)
	requireSame(t, "columns", dst, []float32{3, 1, 1, 2, negZero, 4, 4, nan})
	intact()
}

func TestOneHot(t *testing.T) {
	for _, c := range []struct {
		name       string
		x          float32
		categories []float32
		unknown    float32
		want       []float32
	}{
		{"first", 1, []float32{1, 2, 3}, 0, []float32{1, 0, 0}},
		{"last", 3, []float32{1, 2, 3}, nan, []float32{0, 0, 1}},
		{"no category, zeros", 2.5, []float32{1, 2, 3}, 0, []float32{0, 0, 0}},
		{"no category, NaN", 2.5, []float32{1, 2, 3}, nan, []float32{nan, nan, nan}},
		{"NaN, zeros for the unknown", nan, []float32{1, 2}, 0, []float32{nan, nan}},
		{"NaN, NaN for the unknown", nan, []float32{1, 2}, nan, []float32{nan, nan}},
		{"−0 equals +0", negZero, []float32{1, 0}, nan, []float32{0, 1}},
		{"infinity is a value", inf, []float32{-inf, inf}, nan, []float32{0, 1}},
		{"one place off", 1 + 0x1p-23, []float32{1}, 0, []float32{0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dst, intact := guarded(t, 2*len(c.want))
			OneHot(dst, []float32{c.x, c.x}, c.categories, c.unknown, 2)
			requireSame(t, c.name, dst, append(cloned(c.want), c.want...))
			intact()
		})
	}
}

func TestPolynomial(t *testing.T) {
	terms := [][]int{{}, {0}, {1}, {0, 0}, {0, 1}, {1, 1}, {0, 0, 1}}
	for _, c := range []struct {
		name    string
		x, want []float32
	}{
		{"ordinary", []float32{2, 3}, []float32{1, 2, 3, 4, 6, 9, 12}},
		{"signed zero", []float32{negZero, 3}, []float32{1, negZero, 3, 0, negZero, 9, 0}},
		{"NaN stays in its terms", []float32{nan, 2}, []float32{1, nan, 2, nan, nan, 4, nan}},
		{"left to right: overflow first", []float32{0x1p100, 0x1p-100},
			[]float32{1, 0x1p100, 0x1p-100, inf, 1, 0, inf}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dst, intact := guarded(t, 2*len(terms))
			Polynomial(dst, append(cloned(c.x), c.x...), terms, 2, 2)
			requireSame(t, c.name, dst, append(cloned(c.want), c.want...))
			intact()
		})
	}
}

func TestPolynomialRoundsAfterEachProduct(t *testing.T) {
	r := newRandom(6)
	for range 1000 {
		x := r.values(ordinary, 3)
		var got [1]float32
		Polynomial(got[:], x, [][]int{{2, 0, 1}}, 1, 3)
		requireSame(t, "product", got[:], []float32{float32(float32(x[2]*x[0]) * x[1])})
	}
}
