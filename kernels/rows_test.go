package kernels

import (
	"fmt"
	"math"
	"testing"
)

func literalSoftmax(x []float32) []float32 {
	m := -inf
	for _, v := range x {
		if v > m {
			m = v
		}
	}
	e := make([]float32, len(x))
	for i, v := range x {
		e[i] = Exp(float32(v - m))
	}
	sum := literalHalves(len(x), func(sum float32, k int) float32 { return float32(sum + e[k]) })
	for i := range e {
		e[i] = float32(e[i] / sum)
	}
	return e
}

func literalNormalize(norm Norm, x []float32) []float32 {
	var size float32
	switch norm {
	case L1:
		size = literalHalves(len(x), func(sum float32, k int) float32 { return float32(sum + abs(x[k])) })
	case L2:
		sum := literalHalves(len(x), func(sum float32, k int) float32 { return FMA(x[k], x[k], sum) })
		size = float32(math.Sqrt(float64(sum)))
	case Max:
		for _, v := range x {
			if v != v || size != size {
				size = nan
			} else if size < abs(v) {
				size = abs(v)
			}
		}
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = v
		if size != 0 {
			y[i] = float32(v / size)
		}
	}
	return y
}

// rowFuncs are the functions from [rows][n] to [rows][n], each with its transcription for one row.
var rowFuncs = []struct {
	name    string
	apply   func(dst, x []float32, rows, n int)
	literal func(x []float32) []float32
}{
	{"softmax", Softmax, literalSoftmax},
	{"l1", func(dst, x []float32, rows, n int) { Normalize(L1, dst, x, rows, n) },
		func(x []float32) []float32 { return literalNormalize(L1, x) }},
	{"l2", func(dst, x []float32, rows, n int) { Normalize(L2, dst, x, rows, n) },
		func(x []float32) []float32 { return literalNormalize(L2, x) }},
	{"max", func(dst, x []float32, rows, n int) { Normalize(Max, dst, x, rows, n) },
		func(x []float32) []float32 { return literalNormalize(Max, x) }},
}

func TestRowsAgainstSpec(t *testing.T) {
	const rows = 3
	for _, f := range rowFuncs {
		t.Run(f.name, func(t *testing.T) {
			for _, n := range edges {
				for kind := range flavours {
					x := newRandom(uint64(n)).values(kind, rows*n)
					var want []float32
					for row := range rows {
						want = append(want, f.literal(x[row*n:][:n])...)
					}
					what := fmt.Sprintf("%d values, %s", n, kind)
					dst, intact := guarded(t, rows*n)
					f.apply(dst, x, rows, n)
					requireSame(t, what, dst, want)
					intact()
					f.apply(x, x, rows, n)
					requireSame(t, what+", in place", x, want)
				}
			}
		})
	}
}

func TestRowsOfSpecials(t *testing.T) {
	for _, c := range []struct {
		name    string
		f       string
		x, want []float32
	}{
		{"two equal", "softmax", []float32{3, 3}, []float32{0.5, 0.5}},
		{"far apart", "softmax", []float32{0, 1000}, []float32{0, 1}},
		{"a value alone", "softmax", []float32{-math.MaxFloat32}, []float32{1}},
		{"−Inf is probability 0", "softmax", []float32{-inf, 1, 1}, []float32{0, 0.5, 0.5}},
		{"+Inf", "softmax", []float32{inf, 1}, []float32{nan, nan}},
		{"nothing but −Inf", "softmax", []float32{-inf, -inf}, []float32{nan, nan}},
		{"NaN first", "softmax", []float32{nan, 1, 2}, []float32{nan, nan, nan}},
		{"NaN last", "softmax", []float32{1, 2, nan}, []float32{nan, nan, nan}},
		{"signed zeros", "softmax", []float32{0, negZero}, []float32{0.5, 0.5}},
		{"ordinary", "l1", []float32{1, -3}, []float32{0.25, -0.75}},
		{"ordinary", "l2", []float32{3, -4}, []float32{0.6, -0.8}},
		{"ordinary", "max", []float32{1, -4}, []float32{0.25, -1}},
		{"zeros stay", "l1", []float32{0, negZero}, []float32{0, negZero}},
		{"zeros stay", "l2", []float32{0, negZero}, []float32{0, negZero}},
		{"zeros stay", "max", []float32{0, negZero}, []float32{0, negZero}},
		{"squares that underflow", "l2", []float32{0x1p-100, -0x1p-101}, []float32{0x1p-100, -0x1p-101}},
		{"squares that overflow", "l2", []float32{0x1p100, -0x1p100}, []float32{0, negZero}},
		{"NaN first", "l1", []float32{nan, 1}, []float32{nan, nan}},
		{"NaN last", "l2", []float32{1, nan}, []float32{nan, nan}},
		{"NaN last", "max", []float32{1, nan}, []float32{nan, nan}},
		{"NaN among greater", "max", []float32{1, nan, inf}, []float32{nan, nan, nan}},
		{"negative NaN among zeros", "max", []float32{0, neg(nan)}, []float32{nan, nan}},
		{"Inf", "max", []float32{1, -inf}, []float32{0, nan}},
		{"Inf", "l1", []float32{-1, inf}, []float32{negZero, nan}},
	} {
		t.Run(c.f+": "+c.name, func(t *testing.T) {
			for _, f := range rowFuncs {
				if f.name == c.f {
					got := make([]float32, len(c.x))
					f.apply(got, c.x, 1, len(c.x))
					requireSame(t, c.f, got, c.want)
				}
			}
		})
	}
}

func TestSoftmaxSumsToOne(t *testing.T) {
	for _, n := range edges {
		x, y := newRandom(uint64(n)).values(ordinary, n), make([]float32, n)
		Softmax(y, x, 1, n)
		sum, worst := 0.0, 0.0
		for _, v := range y {
			sum += float64(v)
		}
		for i, v := range y {
			exact := 0.0
			for _, other := range x {
				exact += math.Exp(float64(other) - float64(x[i]))
			}
			worst = max(worst, math.Abs(float64(v)*exact-1))
		}
		if math.Abs(sum-1) > 0x1p-20 || worst > 0x1p-20 {
			t.Errorf("%d values: the sum is off by %g and the worst value by %g: at most 2^-20 expected", n, sum-1, worst)
		}
	}
}

func TestArgMax(t *testing.T) {
	for _, c := range []struct {
		name string
		x    []float32
		want float32
	}{
		{"one value", []float32{-3}, 0},
		{"last", []float32{1, 2, 3}, 2},
		{"tie: the lowest index", []float32{1, 7, 7, 7}, 1},
		{"−0 then +0 tie", []float32{-1, negZero, 0}, 1},
		{"+0 then −0 tie", []float32{-1, 0, negZero}, 1},
		{"nothing but −Inf", []float32{-inf, -inf}, 0},
		{"+Inf", []float32{1, inf, inf}, 1},
		{"subnormals differ", []float32{0, 0x1p-149, -0x1p-149}, 1},
		{"NaN first", []float32{nan, 1}, nan},
		{"NaN last", []float32{1, 2, nan}, nan},
		{"NaN after +Inf", []float32{inf, nan}, nan},
	} {
		t.Run(c.name, func(t *testing.T) {
			dst, intact := guarded(t, 2)
			n := len(c.x)
			ArgMax(dst, append(cloned(c.x), c.x...), 2, n)
			requireSame(t, c.name, dst, []float32{c.want, c.want})
			intact()
		})
	}
}
