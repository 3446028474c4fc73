package kernels

import (
	"fmt"
	"strings"
	"testing"
)

// sparseRow draws a row of k inputs, dense and by the elements that are present: about so many of them, some of
// which are zeros of either sign.
func sparseRow(r *random, f flavour, k, elements int) (x []float32, columns []int32, values []float32) {
	x = make([]float32, k)
	for i := range x {
		if r.below(k) < elements {
			x[i] = r.value(f)
			columns, values = append(columns, int32(i)), append(values, x[i])
		}
	}
	return x, columns, values
}

// finiteValues draws n values and replaces those that are not finite.
func finiteValues(r *random, f flavour, n int) []float32 {
	v := r.values(f, n)
	for i := range v {
		if v[i]-v[i] != 0 {
			v[i] = negZero
		}
	}
	return v
}

func displacedColumns(v []int32, offset int) []int32 {
	return append(make([]int32, offset, offset+len(v)), v...)[offset:]
}

// requireSparse runs one layer on one sparse row, on every instruction set, and compares with the reference on
// the dense row. Flavours, ReLU and the addresses of slices depend on seed.
func requireSparse(t *testing.T, seed uint64, k, n, elements int) {
	t.Helper()
	r := newRandom(seed)
	w, b := finiteValues(r, flavour(r.below(int(flavours))), k*n), r.values(flavour(r.below(int(flavours))), n)
	NormalizeBias(b, b)
	x, columns, values := sparseRow(r, flavour(r.below(int(flavours))), k, elements)
	relu := r.below(2) == 0
	want := referenceOf(x, w, b, 1, k, n, relu)
	columns, values = displacedColumns(columns, r.below(cacheLine)), displaced(values, r.below(cacheLine))
	for _, isa := range ISAs() {
		p := isa.Pack(w, b, k, n)
		if !p.Finite() {
			t.Fatalf("%s, %d inputs, %d outputs, seed %d: the weights count as not finite", isa, k, n, seed)
		}
		dst, intact := guarded(t, n)
		p.RunSparse(dst, columns, values, relu)
		requireSame(t, fmt.Sprintf("%s, %d of %d inputs, %d outputs, seed %d", isa, len(columns), k, n, seed), dst, want)
		intact()
	}
}

func TestSparseAgainstDense(t *testing.T) {
	sizes := []int{1, 2, 4, 5, 8, 9, 12, 13, 15, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65, 127, 128, 129, 300}
	seed := uint64(0)
	for _, k := range sizes {
		for _, n := range sizes {
			for _, elements := range []int{0, 1, 2, k / 20, k / 3, k - 1, k} {
				seed++
				if *exhaustive || k*n < 4000 || seed%4 == 0 { // the reference takes its time over large layers
					requireSparse(t, seed, k, n, elements)
				}
			}
		}
	}
}

func TestSparseWideRows(t *testing.T) {
	for i, c := range []struct{ k, n, elements int }{
		{100000, 8, 100}, {100000, 1, 5000}, {100000, 16, 0}, {50001, 17, 30}, {12288, 1, 12288}, {4097, 40, 400}, {2049, 100, 40},
	} {
		requireSparse(t, uint64(i), c.k, c.n, c.elements)
	}
}

func TestSparseWithoutInputsOrOutputs(t *testing.T) {
	for _, c := range []struct{ k, n int }{{0, 3}, {3, 0}, {64, 0}, {0, 20}, {0, 0}} {
		requireSparse(t, 1, c.k, c.n, c.k)
	}
}

// Every special value as an element, beside every special value that a weight may be, with elements that open a
// block, close one, and stand in the same lane.
func TestSparseSpecialValues(t *testing.T) {
	elements := []float32{inf, -inf, nan, negZero, 0, 0x1p-149, -0x1p-149, 0x1p-126, 0x1.fffffep127, -0x1.fffffep127}
	columns := []int32{0, 3, 35, 67, 127, 128, 139}
	const k = 140
	for _, n := range []int{49, 5} {
		for _, special := range elements {
			for _, weight := range elements[3:] {
				x, w, values := make([]float32, k), make([]float32, k*n), make([]float32, len(columns))
				for i := range w {
					w[i] = float32(1 - i%3)
				}
				for i := 3; i < len(w); i += 11 {
					w[i] = weight
				}
				for i, column := range columns {
					values[i] = []float32{special, 1, -special}[i%3]
					x[column] = values[i]
				}
				for _, relu := range []bool{false, true} {
					want := referenceOf(x, w, make([]float32, n), 1, k, n, relu)
					for _, isa := range ISAs() {
						dst, intact := guarded(t, n)
						isa.Pack(w, make([]float32, n), k, n).RunSparse(dst, columns, values, relu)
						requireSame(t, fmt.Sprintf("%s, %d outputs, %g and %g", isa, n, special, weight), dst, want)
						intact()
					}
				}
			}
		}
	}
}

// The sign of a zero is what skipping may change on the way. Here it does: the elements underflow to −0, in dot
// order in every lane, and the absent ones after them turn that into +0. Only the bias makes both the same.
func TestSparseZeroTotalsLoseTheirSign(t *testing.T) {
	for _, c := range []struct {
		k, n, present int
		literal       func(x, column []float32, bias float32) float32
	}{{140, 17, 1, literalPanel}, {140, 3, lanes, literalDot}, {2, 1, 1, literalPanel}} {
		x, w, b := make([]float32, c.k), make([]float32, c.k*c.n), make([]float32, c.n)
		var columns []int32
		for i := range c.present {
			x[i], columns = -0x1p-149, append(columns, int32(i))
		}
		for i := range w {
			w[i] = 0x1p-10
		}
		values := x[:c.present]
		if sparse, dense := c.literal(values, w[:c.present], negZero), c.literal(x, w[:c.k], negZero); !same(sparse, negZero) || !same(dense, 0) {
			t.Fatalf("%d inputs: totals %g and %g: −0 and +0 expected", c.k, sparse, dense)
		}
		for _, isa := range ISAs() {
			got := make([]float32, c.n)
			isa.Pack(w, b, c.k, c.n).RunSparse(got, columns, values, false)
			requireSame(t, fmt.Sprintf("%s, %d inputs, %d outputs", isa, c.k, c.n), got, make([]float32, c.n))
		}
	}
}

// An element that is absent meets no weight. Where the dense row gives NaN for that, Finite says so.
func TestSparseNeedsFiniteWeights(t *testing.T) {
	for _, c := range []struct{ k, n int }{{1, 1}, {63, 15}, {70, 3}, {70, 40}} {
		for _, at := range []int{0, c.k * c.n / 2, c.k*c.n - 1} {
			for _, weight := range []float32{inf, -inf, nan, 0x1.fffffep127, -0x1p-149} {
				w, b, y := make([]float32, c.k*c.n), make([]float32, c.n), make([]float32, c.n)
				w[at] = weight
				Dense(y, make([]float32, c.k), w, b, 1, c.k, c.n)
				zero := same(y[at%c.n], 0)
				for _, isa := range ISAs() {
					if got := isa.Pack(w, b, c.k, c.n).Finite(); got != zero {
						t.Errorf("%s, %v, weight %d is %g: finite %v: %v expected", isa, c, at, weight, got, zero)
					}
				}
			}
		}
	}
}

func TestSparseDoesNotAllocate(t *testing.T) {
	for _, isa := range ISAs() {
		for _, c := range []struct{ k, n int }{{70, 40}, {70, 10}, {3, 2}} {
			r := newRandom(6)
			p, dst := isa.Pack(r.values(ordinary, c.k*c.n), r.values(ordinary, c.n), c.k, c.n), make([]float32, c.n)
			_, columns, values := sparseRow(r, ordinary, c.k, c.k/2)
			if got := testing.AllocsPerRun(10, func() { p.RunSparse(dst, columns, values, true) }); got != 0 {
				t.Errorf("%s, %v: %g allocations: none expected", isa, c, got)
			}
		}
	}
}

// Columns become addresses in assembly, so one that is out of range must not get there.
func TestSparseBrokenContractsPanic(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	for _, c := range []struct {
		want    string
		dst     int
		columns []int32
		values  int
	}{
		{"dst holds 1 values: 1×2 expected", 1, nil, 0},
		{"values holds 1 values: 1×2 expected", 2, []int32{0, 1}, 1},
		{"column 3: below 3 expected", 2, []int32{0, 3}, 2},
		{"column -1, at 0, follows -1: ascending from 0 expected", 2, []int32{-1}, 1},
		{"column 1, at 1, follows 1: ascending from 0 expected", 2, []int32{1, 1}, 2},
		{"column 0, at 2, follows 2147483647: ascending from 0 expected", 2, []int32{0, 1<<31 - 1, 0}, 3},
	} {
		for _, isa := range ISAs() {
			t.Run(isa.String()+": "+c.want, func(t *testing.T) {
				defer func() {
					t.Helper()
					want := "kernels: Packed.RunSparse: " + c.want
					if got := fmt.Sprint(recover()); !strings.HasPrefix(got, want) {
						t.Errorf("panicked with %q: %q expected", got, want)
					}
				}()
				isa.Pack(f(6), f(2), 3, 2).RunSparse(f(c.dst), c.columns, f(c.values), false)
			})
		}
	}
}

func FuzzSparse(f *testing.F) {
	for i, k := range edges {
		f.Add(uint64(i), uint16(k-1), uint16(edges[i*7%len(edges)]), uint16(1<<(i%11)))
	}
	f.Fuzz(func(t *testing.T, seed uint64, k, n, elements uint16) {
		requireSparse(t, seed, 1+int(k%1100), int(n%210), int(elements%1200))
	})
}
