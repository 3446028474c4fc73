package kernels

import (
	"fmt"
	"math"
	"testing"
)

// The two orders, transcribed from NUMERICS.md for one output: no padding, no tiles.

func literalPanel(x, column []float32, bias float32) float32 {
	total := float32(0)
	for first := 0; first < len(x); first += 128 {
		sum := float32(0)
		for k := first; k < len(x) && k < first+128; k++ {
			sum = FMA(x[k], column[k], sum)
		}
		if first == 0 {
			total = sum
		} else {
			total = float32(total + sum)
		}
	}
	return float32(total + bias)
}

func literalDot(x, column []float32, bias float32) float32 {
	return float32(literalHalves(len(x), func(sum float32, k int) float32 {
		return FMA(x[k], column[k], sum)
	}) + bias)
}

// literalHalves is the dot order over any way to take in element k.
func literalHalves(n int, take func(sum float32, k int) float32) float32 {
	var l [32]float32
	for lane := range 32 {
		for k := lane; k < n; k += 32 {
			l[lane] = take(l[lane], k)
		}
	}
	for _, half := range []int{16, 8, 4, 2, 1} {
		for lane := range half {
			l[lane] = float32(l[lane] + l[lane+half])
		}
	}
	return l[0]
}

func literalDense(one func(x, column []float32, bias float32) float32, x, w, b []float32, rows, k, n int) []float32 {
	y := make([]float32, rows*n)
	column := make([]float32, k)
	for o := range n {
		for i := range column {
			column[i] = w[i*n+o]
		}
		for row := range rows {
			y[row*n+o] = one(x[row*k:][:k], column, b[o])
		}
	}
	return y
}

type denseFunc func(dst, x, w, b []float32, rows, k, n int)

var denseOrders = []struct {
	name    string
	dense   denseFunc
	literal func(x, column []float32, bias float32) float32
}{
	{"panel", DensePanel, literalPanel},
	{"dot", DenseDot, literalDot},
}

// denseInputs draws a layer and its inputs, each of a flavour that seed decides.
func denseInputs(seed uint64, rows, k, n int) (x, w, b []float32) {
	r := newRandom(seed)
	draw := func(count int) []float32 { return r.values(flavour(r.below(int(flavours))), count) }
	x, w, b = draw(rows*k), draw(k*n), draw(n)
	NormalizeBias(b, b)
	return x, w, b
}

// edges are sizes around every cutoff: lanes, panels, tiles, blocks.
var edges = []int{1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 300}

func TestDenseAgainstSpec(t *testing.T) {
	const rows = 2
	nans, zeros := 0, 0
	for _, order := range denseOrders {
		t.Run(order.name, func(t *testing.T) {
			for _, k := range edges {
				for _, n := range edges {
					x, w, b := denseInputs(uint64(k*1000+n), rows, k, n)
					want := literalDense(order.literal, x, w, b, rows, k, n)
					dst, intact := guarded(t, rows*n)
					order.dense(dst, x, w, b, rows, k, n)
					requireSame(t, fmt.Sprintf("%d inputs, %d outputs", k, n), dst, want)
					intact()
					for _, v := range want {
						if v != v {
							nans++
						} else if v == 0 {
							zeros++
						}
					}
				}
			}
		})
	}
	if nans < 1000 || zeros < 1000 {
		t.Errorf("the sweep met %d NaNs and %d zeros: at least 1000 of each expected", nans, zeros)
	}
}

func TestDenseTakesTheOrderOfItsSize(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want Order
	}{
		{1, 1, PanelOrder}, {63, 1, PanelOrder}, {64, 1, DotOrder}, {64, 15, DotOrder},
		{64, 16, PanelOrder}, {63, 15, PanelOrder}, {4096, 15, DotOrder}, {4096, 16, PanelOrder},
	} {
		if got := OrderFor(c.k, c.n); got != c.want {
			t.Errorf("OrderFor(%d, %d) = %s: %s expected", c.k, c.n, got, c.want)
		}
		r := newRandom(3)
		x, w, b := r.values(ordinary, c.k), r.values(ordinary, c.k*c.n), r.values(ordinary, c.n)
		got := make([]float32, c.n)
		Dense(got, x, w, b, 1, c.k, c.n)
		literal := literalPanel
		if c.want == DotOrder {
			literal = literalDot
		}
		requireSame(t, fmt.Sprintf("%d inputs, %d outputs", c.k, c.n), got, literalDense(literal, x, w, b, 1, c.k, c.n))
	}
}

func TestDenseOrdersDiffer(t *testing.T) {
	const k, n = 200, 15
	r := newRandom(4)
	x, w, b := r.values(ordinary, k), r.values(ordinary, k*n), r.values(ordinary, n)
	panel, dot := make([]float32, n), make([]float32, n)
	DensePanel(panel, x, w, b, 1, k, n)
	DenseDot(dot, x, w, b, 1, k, n)
	differ := 0
	for i := range panel {
		if panel[i] != dot[i] {
			differ++
		}
	}
	if differ < n/2 {
		t.Errorf("%d of %d outputs differ between the orders: more expected, or the other tests compare nothing", differ, n)
	}
}

func TestDenseRowsAreIndependent(t *testing.T) {
	const rows = 7
	for _, order := range denseOrders {
		for _, size := range []struct{ k, n int }{{1, 1}, {5, 17}, {64, 10}, {130, 70}, {257, 33}} {
			x, w, b := denseInputs(uint64(size.k), rows, size.k, size.n)
			together, apart := make([]float32, rows*size.n), make([]float32, rows*size.n)
			order.dense(together, x, w, b, rows, size.k, size.n)
			for row := range rows {
				order.dense(apart[row*size.n:][:size.n], x[row*size.k:][:size.k], w, b, 1, size.k, size.n)
			}
			requireSame(t, fmt.Sprintf("%s, %d inputs, %d outputs", order.name, size.k, size.n), together, apart)
		}
	}
}

// Zeros appended to both x and w may never show: it is what lets other backends work on whole vectors.
func TestDenseZeroPaddingChangesNothing(t *testing.T) {
	for _, order := range denseOrders {
		for _, k := range []int{1, 5, 31, 33, 100, 129, 300} {
			for _, n := range []int{1, 7, 20} {
				for seed := range uint64(10) {
					x, w, b := denseInputs(seed, 1, k, n)
					want, got := make([]float32, n), make([]float32, n)
					order.dense(want, x, w, b, 1, k, n)
					for _, padding := range []int{1, 32, 127, 256} {
						padded := k + padding
						order.dense(got, append(cloned(x), make([]float32, padding)...),
							append(cloned(w), make([]float32, padding*n)...), b, 1, padded, n)
						requireSame(t, fmt.Sprintf("%s, %d inputs padded to %d", order.name, k, padded), got, want)
					}
				}
			}
		}
	}
}

// The a-priori bound: each operation on the longest path to a result adds at most half a unit in the last
// place of the sum of magnitudes.
func TestDenseErrorIsBounded(t *testing.T) {
	const n = 5
	for _, c := range []struct {
		name   string
		dense  denseFunc
		k      int
		rounds int // the operations on the longest path
	}{
		{"panel, one block", DensePanel, 100, 100 + 1},
		{"panel, eight blocks", DensePanel, 1024, 128 + 7 + 1},
		{"dot", DenseDot, 1024, 32 + 5 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRandom(5)
			x, w, b := r.values(ordinary, c.k), r.values(ordinary, c.k*n), r.values(ordinary, n)
			got := make([]float32, n)
			c.dense(got, x, w, b, 1, c.k, n)
			for o := range n {
				sum, magnitude := float64(b[o]), math.Abs(float64(b[o]))
				for i, v := range x {
					product := float64(v) * float64(w[i*n+o])
					sum += product
					magnitude += math.Abs(product)
				}
				bound := float64(c.rounds) * 0x1p-24 * magnitude
				if e := math.Abs(float64(got[o]) - sum); e > bound {
					t.Errorf("output %d is off by %g: at most %g expected", o, e, bound)
				}
			}
		})
	}
}

func TestDenseWithoutInputsIsTheBias(t *testing.T) {
	b := []float32{1, -2, 0}
	for _, order := range denseOrders {
		dst := []float32{9, 9, 9, 9, 9, 9}
		order.dense(dst, nil, nil, b, 2, 0, 3)
		requireSame(t, order.name, dst, []float32{1, -2, 0, 1, -2, 0})
	}
}

func TestNormalizeBias(t *testing.T) {
	b := []float32{negZero, 0, -1, 0x1p-149, -0x1p-149, inf, -inf, nan}
	want := cloned(b)
	want[0] = 0
	dst := make([]float32, len(b))
	NormalizeBias(dst, b)
	requireSame(t, "to another slice", dst, want)
	NormalizeBias(b, b)
	requireSame(t, "in place", b, want)
}
