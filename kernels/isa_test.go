package kernels

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// A test against the reference proves nothing about an instruction set that this processor lacks. Whoever
// needs the proof names the sets in EDGE_INFER_REQUIRE, as in "avx2,avx512", and this test fails without them.
func TestRequiredISAs(t *testing.T) {
	var have []string
	for _, isa := range ISAs() {
		have = append(have, isa.String())
	}
	t.Logf("instruction sets under test: %s", strings.Join(have, ", "))
	for want := range strings.SplitSeq(os.Getenv("EDGE_INFER_REQUIRE"), ",") {
		if want != "" && !slices.Contains(have, want) {
			t.Errorf("EDGE_INFER_REQUIRE names %q: this program on this processor has %q", want, have)
		}
	}
}

func TestISAsEndWithPortable(t *testing.T) {
	all := ISAs()
	if last := all[len(all)-1]; last != Portable {
		t.Errorf("the last is %s: %s expected", last, Portable)
	}
	names := map[string]bool{}
	for _, isa := range all {
		names[isa.String()] = true
	}
	if len(names) != len(all) {
		t.Errorf("%d names for %d instruction sets", len(names), len(all))
	}
	if got := ISA(0).String(); got != "instruction set 0" {
		t.Errorf("ISA(0) is called %q", got)
	}
}

// An ISA that no list of ISAs has is a mistake of the caller, and so are the shapes that the reference refuses.
func TestISABrokenContractsPanic(t *testing.T) {
	const undefined ISA = 99
	fastest := ISAs()[0]
	f := func(n int) []float32 { return make([]float32, n) }
	for _, c := range []struct {
		want string
		call func()
	}{
		{"Map: instruction set 99 is not defined", func() { undefined.Map(FuncReLU, f(1), f(1), 0, 0) }},
		{"Affine: instruction set 99 is not defined", func() { undefined.Affine(Add, f(4), f(4), f(2), 2, 2) }},
		{"Affine: instruction set 99 is not defined", func() { undefined.Affine(Add, f(4), f(4), f(1), 2, 2) }},
		{"PReLU: instruction set 99 is not defined", func() { undefined.PReLU(f(4), f(4), f(2), 2, 2) }},
		{"FromUint8: instruction set 99 is not defined", func() { undefined.FromUint8(f(1), make([]uint8, 1)) }},
		{"Map: function 0 is not defined", func() { fastest.Map(0, f(1), f(1), 0, 0) }},
		{"Map: dst holds 2 values: 1×3 expected", func() { fastest.Map(FuncReLU, f(2), f(3), 0, 0) }},
		{"Affine: undefined operation is not defined", func() { fastest.Affine(0, f(4), f(4), f(2), 2, 2) }},
		{"Affine: undefined operation is not defined", func() { fastest.Affine(0, f(4), f(4), f(1), 2, 2) }},
		{"Affine: operand holds 2 values: 1×3 expected", func() { fastest.Affine(Add, f(3), f(3), f(2), 1, 3) }},
		{"PReLU: slope holds 0 values: 1×3 expected", func() { fastest.PReLU(f(3), f(3), nil, 1, 3) }},
		{"Softmax: x holds 4 values: 1×3 expected", func() { fastest.Softmax(f(3), f(4), 1, 3) }},
		{"Normalize: undefined norm is not defined", func() { fastest.Normalize(9, f(3), f(3), 1, 3) }},
		{"Normalize: dst holds 4 values: 1×3 expected", func() { fastest.Normalize(L1, f(4), f(3), 1, 3) }},
		{"ArgMax: dst holds 3 values: 1×1 expected", func() { fastest.ArgMax(f(3), f(40), 1, 40) }},
		{"ArgMax: n is 0: at least 1", func() { fastest.ArgMax(f(1), nil, 1, 0) }},
		{"FromUint8: dst holds 1 values: 1×2 expected", func() { fastest.FromUint8(f(1), make([]uint8, 2)) }},
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

func TestISAKernelsDoNotAllocate(t *testing.T) {
	const rows, n = 3, 37
	x, one := newRandom(1).values(ordinary, rows*n), make([]float32, rows)
	y, bytes := make([]float32, rows*n), make([]uint8, rows*n)
	for _, isa := range ISAs() {
		for name, call := range map[string]func(){
			"Map":       func() { isa.Map(FuncGELU, y, x, 0, 0) },
			"Affine":    func() { isa.Affine(Divide, y, x, x[:n], rows, n) },
			"PReLU":     func() { isa.PReLU(y, x, x[:n], rows, n) },
			"Softmax":   func() { isa.Softmax(y, x, rows, n) },
			"Normalize": func() { isa.Normalize(L2, y, x, rows, n) },
			"ArgMax":    func() { isa.ArgMax(one, x, rows, n) },
			"FromUint8": func() { isa.FromUint8(y, bytes) },
		} {
			if got := testing.AllocsPerRun(10, call); got != 0 {
				t.Errorf("%s: %s allocates %g times: 0 expected", isa, name, got)
			}
		}
	}
}

func TestISAEmptyShapes(t *testing.T) {
	one := []float32{7}
	for _, isa := range ISAs() {
		for f := FuncReLU; f <= FuncGreaterEqual; f++ {
			isa.Map(f, nil, nil, 0, 0)
		}
		isa.Affine(Divide, nil, nil, one, 0, 3)
		isa.Affine(Divide, nil, nil, nil, 2, 0)
		isa.PReLU(nil, nil, nil, 2, 0)
		isa.Softmax(nil, nil, 3, 0)
		isa.Normalize(L2, nil, nil, 0, 3)
		isa.ArgMax(nil, nil, 0, 40)
		isa.FromUint8(nil, nil)
	}
	if one[0] != 7 {
		t.Errorf("an operand was written to: %g", one[0])
	}
}
