package kernels

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"testing"
)

// A call that breaks the contract panics, and the text says which slice or size it was.
func TestBrokenContractsPanic(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	const half = 1 << (bits.UintSize / 2) // its square overflows to 0
	for _, c := range []struct {
		want string
		call func()
	}{
		{"Map: dst holds 2 values: 1×3 expected", func() { Map(FuncReLU, f(2), f(3), 0, 0) }},
		{"Map: function 0 is not defined", func() { Map(0, f(1), f(1), 0, 0) }},
		{"Map: function 200 is not defined", func() { Map(200, f(0), f(0), 0, 0) }},
		{"DensePanel: dst holds 3 values: 2×2 expected", func() { Dense(f(3), f(6), f(6), f(2), 2, 3, 2) }},
		{"DensePanel: x holds 5 values: 2×3 expected", func() { Dense(f(4), f(5), f(6), f(2), 2, 3, 2) }},
		{"DensePanel: w holds 7 values: 3×2 expected", func() { Dense(f(4), f(6), f(7), f(2), 2, 3, 2) }},
		{"DensePanel: b holds 0 values: 1×2 expected", func() { Dense(f(4), f(6), f(6), nil, 2, 3, 2) }},
		{"DenseDot: w holds 0 values: 64×1 expected", func() { Dense(f(1), f(64), nil, f(1), 1, 64, 1) }},
		{"DensePanel: dst holds 0 values: -1×2 expected", func() { Dense(nil, nil, f(6), f(2), -1, 3, 2) }},
		{fmt.Sprintf("DensePanel: dst holds 0 values: %d×%d expected", half, half), func() { Dense(nil, nil, nil, nil, half, 0, half) }},
		{"NormalizeBias: dst holds 1 values: 1×2 expected", func() { NormalizeBias(f(1), f(2)) }},
		{"Affine: operand holds 2 values: 1×3 expected", func() { Affine(Add, f(3), f(3), f(2), 1, 3) }},
		{"Affine: undefined operation is not defined", func() { Affine(0, f(3), f(3), f(3), 1, 3) }},
		{"PReLU: slope holds 0 values: 1×3 expected", func() { PReLU(f(3), f(3), nil, 1, 3) }},
		{"Normalize: undefined norm is not defined", func() { Normalize(9, f(3), f(3), 1, 3) }},
		{"Normalize: x holds 4 values: 1×3 expected", func() { Normalize(L1, f(3), f(4), 1, 3) }},
		{"Softmax: dst holds 4 values: 1×3 expected", func() { Softmax(f(4), f(3), 1, 3) }},
		{"Softmax: dst holds 0 values: -1×0 expected", func() { Softmax(nil, nil, -1, 0) }},
		{"Softmax: dst holds 0 values: 1×-3 expected", func() { Softmax(nil, nil, 1, -3) }},
		{"ArgMax: n is 0: at least 1", func() { ArgMax(f(1), nil, 1, 0) }},
		{"ArgMax: n is 16777217: at least 1 and below 16777217", func() { ArgMax(f(0), nil, 0, 1<<24+1) }},
		{"ArgMax: dst holds 3 values: 1×1 expected", func() { ArgMax(f(3), f(3), 1, 3) }},
		{"Select: column is 3: at least 0 and below 3", func() { Select(f(1), f(3), []int{3}, 1, 3) }},
		{"Select: column is -1: at least 0", func() { Select(f(1), f(3), []int{-1}, 1, 3) }},
		{"OneHot: dst holds 3 values: 1×2 expected", func() { OneHot(f(3), f(1), f(2), 0, 1) }},
		{"Polynomial: column is 2: at least 0 and below 2", func() { Polynomial(f(1), f(2), [][]int{{0, 2}}, 1, 2) }},
		{"FromUint8: dst holds 1 values: 1×2 expected", func() { FromUint8(f(1), make([]uint8, 2)) }},
		{"FromFloat16: dst holds 3 values: 1×2 expected", func() { FromFloat16(f(3), make([]uint16, 2)) }},
		{"QuantizeRow: q holds 1 values: 1×2 expected", func() { QuantizeRow(make([]int8, 1), f(2)) }},
		{"DenseInt8: q holds 1 values: 1×2 expected", func() {
			DenseInt8(f(1), f(2), make([]int8, 2), f(1), f(1), 1, 2, 1, make([]int8, 1))
		}},
		{"DenseInt8: k is 131072: at least 0 and below 131072", func() {
			DenseInt8(f(0), f(0), nil, f(0), f(0), 0, 1<<17, 0, nil)
		}},
	} {
		t.Run(c.want, func(t *testing.T) {
			defer func() {
				t.Helper()
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "kernels: "+c.want) {
					t.Errorf("panicked with %q: %q expected", got, "kernels: "+c.want)
				}
			}()
			c.call()
		})
	}
}

// Empty shapes are shapes: nothing to do is not an error.
func TestEmptyShapes(t *testing.T) {
	for f := FuncReLU; f <= FuncGreaterEqual; f++ {
		Map(f, nil, nil, 0, 0)
	}
	one := []float32{7}
	Dense(nil, nil, one, one, 0, 1, 1)
	Dense(nil, one, nil, nil, 1, 1, 0)
	DenseInt8(nil, nil, []int8{1}, one, one, 0, 1, 1, []int8{0})
	Softmax(nil, nil, 3, 0)
	Normalize(L2, nil, nil, 0, 3)
	Affine(Divide, nil, nil, one, 0, 3)
	Affine(Divide, nil, nil, nil, 2, 0)
	ArgMax(nil, nil, 0, 3)
	Select(nil, one, nil, 1, 1)
	OneHot(nil, one, nil, 0, 1)
	Polynomial(nil, one, nil, 1, 1)
	FromUint8(nil, nil)
	FromFloat16(nil, nil)
	if one[0] != 7 {
		t.Errorf("an operand was written to: %g", one[0])
	}
}

func TestNamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	check := func(name fmt.Stringer, defined bool) {
		text := name.String()
		undefined := strings.HasPrefix(text, "undefined ") || strings.HasPrefix(text, "function ")
		if undefined == defined || defined && seen[text] {
			t.Errorf("%q: a name of its own expected: %v", text, defined)
		}
		seen[text] = true
	}
	for i := range math.MaxUint8 + 1 {
		check(Func(i), i >= int(FuncReLU) && i <= int(FuncGreaterEqual))
		check(Arithmetic(i), i >= int(Add) && i <= int(Divide))
		check(Norm(i), i >= int(L1) && i <= int(Max))
		check(Order(i), i >= int(PanelOrder) && i <= int(DotOrder))
	}
}

func TestNothingAllocates(t *testing.T) {
	const rows, k, n = 2, 70, 9
	r := newRandom(9)
	x, w, b := r.values(ordinary, rows*k), r.values(ordinary, k*n), r.values(ordinary, n)
	y, one := make([]float32, rows*n), make([]float32, rows*k)
	q, wq := make([]int8, k), randomInt8(r, k*n)
	terms, columns := [][]int{{0, 1}, {2}}, []int{3, 1}
	for name, call := range map[string]func(){
		"DensePanel": func() { DensePanel(y, x, w, b, rows, k, n) },
		"DenseDot":   func() { DenseDot(y, x, w, b, rows, k, n) },
		"DenseInt8":  func() { DenseInt8(y, x, wq, b, b, rows, k, n, q) },
		"Map": func() {
			for f := FuncReLU; f <= FuncGreaterEqual; f++ {
				Map(f, y, y, 0.5, 1)
			}
		},
		"Affine":     func() { Affine(Divide, y, y, b, rows, n) },
		"PReLU":      func() { PReLU(y, y, b, rows, n) },
		"Softmax":    func() { Softmax(y, y, rows, n) },
		"Normalize":  func() { Normalize(L2, y, y, rows, n) },
		"ArgMax":     func() { ArgMax(y[:rows], x, rows, k) },
		"Select":     func() { Select(y[:rows*2], x, columns, rows, k) },
		"Polynomial": func() { Polynomial(y[:rows*2], x, terms, rows, k) },
		"OneHot":     func() { OneHot(one[:rows*9], x[:rows], b, 0, rows) },
	} {
		if got := testing.AllocsPerRun(10, call); got != 0 {
			t.Errorf("%s allocates %g times: 0 expected", name, got)
		}
	}
}
