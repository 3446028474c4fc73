package pickle

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// TestNumPy reads arrays, scalars and dtypes of both generations of NumPy in every protocol.
func TestNumPy(t *testing.T) {
	arrays := map[string]string{
		"f8":      "array(<f8 [2 3] [1.5 2 3 4 5 6])",
		"fortran": "array(<f8 [2 3] [1.5 2 3 4 5 6])",
		"f4":      "array(<f4 [3] [1 2 3])",
		"big":     "array(>i4 [3] [1 2 3])",
		"bool":    "array(|b1 [2] [True False])",
		"unicode": "array(<U3 [3] [no yes été])",
		"bytes":   "array(|S3 [2] [no yes])",
		"empty":   "array(<f8 [0 3] [])",
		"zero-d":  "array(<i8 [] [7])",
		"strided": "array(<f8 [5] [0 2 4 6 8])",
		"scalar":  "array(<f8 [] [0.1])",
		"int":     "array(<i8 [] [-5])",
		"uint":    "array(<u8 [] [18446744073709551615])",
		"flag":    "array(|b1 [] [True])",
		"text":    "array(<U5 [] [label])",
	}
	objects := map[string]string{
		"objects":  `[3] ("a" <nil> float(2.5))`,
		"objects2": `[2 2] ("a" "b" "c" "d")`,
		"unicode":  `[3] ("no" "yes" "été")`,
		"big":      "[3] (1 2 3)",
		"f4":       "[3] (float(1) float(2) float(3))",
		"bool":     "[2] (true false)",
	}
	scalars := map[string]any{
		"zero-d": int64(7), "scalar": 0.1, "int": int64(-5), "flag": true, "text": "label",
	}
	for generation := 1; generation <= 2; generation++ {
		for protocol := range maxProtocol + 1 {
			name := fmt.Sprintf("numpy%d-%d.pickle", generation, protocol)
			d := entries(t, name)
			get := func(key string) any {
				v, ok := d.Get(key)
				if !ok {
					t.Fatalf("%s has no %s", name, key)
				}
				return v
			}
			for key, want := range arrays {
				if a, err := Array(get(key)); err != nil || render(a) != want {
					t.Errorf("%s: %s is %s, %v, want %s", name, key, render(a), err, want)
				}
			}
			for key, want := range objects {
				shape, values, err := Objects(get(key))
				if got := fmt.Sprint(shape, " ", render(Tuple(values))); err != nil || got != want {
					t.Errorf("%s: %s has the objects %s, %v, want %s", name, key, got, err, want)
				}
			}
			for key, want := range scalars {
				if got := Scalar(get(key)); got != want {
					t.Errorf("%s: %s is %v, want %v", name, key, got, want)
				}
			}
			if n, ok := Scalar(get("uint")).(*big.Int); !ok || n.String() != "18446744073709551615" {
				t.Errorf("%s: uint is %v", name, n)
			}
			if got, err := DType(get("dtype")); err != nil || got != "<f4" {
				t.Errorf("%s: dtype %q, %v", name, got, err)
			}
			if !IsArray(get("f8")) || IsArray(get("scalar")) || IsArray(d) {
				t.Errorf("%s: what is an array is not told", name)
			}
		}
	}
}

func TestNumber(t *testing.T) {
	one, err := npy.New("|i1", nil, []byte{1})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		value any
		want  float64
		ok    bool
	}{
		{true, 1, true},
		{false, 0, true},
		{int64(-3), -3, true},
		{2.5, 2.5, true},
		{new(big.Int).Lsh(big.NewInt(1), 70), math.Ldexp(1, 70), true},
		{one, 1, true},
		{"1", 0, false},
		{nil, 0, false},
	}
	for _, test := range tests {
		if got, ok := Number(test.value); got != test.want || ok != test.ok {
			t.Errorf("%v is %v, %v, want %v, %v", test.value, got, ok, test.want, test.ok)
		}
	}
}

func record(module, name string, args ...any) *Record {
	return &Record{Class: &Global{Module: module, Name: name}, Args: args}
}

func TestArrayRefuses(t *testing.T) {
	dtype := func(name string, state ...any) *Record {
		r := record("numpy", "dtype", name)
		r.State = Tuple(state)
		return r
	}
	f8 := dtype("f8", int64(3), "<", nil, nil, nil, int64(-1), int64(-1), int64(0))
	ndarray := &Global{Module: "numpy", Name: "ndarray"}
	array := func(state ...any) *Record {
		r := record("numpy.core.multiarray", "_reconstruct", ndarray, Tuple{int64(0)}, []byte("b"))
		r.State = Tuple(state)
		return r
	}
	one := Tuple{int64(1)}
	eight := make([]byte, 8)
	matrix := record("numpy.core.multiarray", "_reconstruct", &Global{Module: "numpy", Name: "matrix"})
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"a number", int64(1), "the number 1 where an array is needed"},
		{"another record", record("m", "C"), "an object of m.C where an array"},
		{"a matrix", matrix, "the name numpy.matrix"},
		{"no class", record("numpy.core.multiarray", "_reconstruct"), "class None"},
		{"no state", record("numpy.core.multiarray", "_reconstruct", ndarray), "None as its state"},
		{"a short state", array(int64(1), one), "a tuple of 2 as its state"},
		{"a strange order", array(int64(1), one, f8, "F", eight), `the text "F" as its order`},
		{"too few bytes", array(int64(1), Tuple{int64(2)}, f8, false, eight), "takes 16 bytes, 8 given"},
		{"too few bytes in Fortran order", array(int64(1), Tuple{int64(2), int64(2)}, f8, true, eight), "takes 32 bytes"},
		{"an overflow", array(int64(1), Tuple{int64(1) << 40, int64(1) << 40}, f8, true, eight), "overflows"},
		{"a negative size", array(int64(1), Tuple{int64(-1)}, f8, false, eight), "a shape with the number -1"},
		{"a size that is a text", array(int64(1), Tuple{"1"}, f8, false, eight), `a shape with the text "1"`},
		{"a shape that is a number", array(int64(1), int64(1), f8, false, eight), "the number 1 as a shape"},
		{"values that are a dict", array(int64(1), one, f8, false, new(Dict)), "a dict of 0 as its values"},
		{"objects", array(int64(1), one, dtype("O8"), false, &List{Items: []any{nil}}), "an array of Python objects"},
		{"records", array(int64(1), one, dtype("V8", int64(3), "|", nil, Tuple{"a"}, new(Dict)), false, eight), "has fields"},
		{"dates", array(int64(1), one, dtype("M8", int64(3), "<", nil, nil, nil), false, eight), "dates or times"},
		{"a dtype that is a text", array(int64(1), one, "f8", false, eight), `the text "f8" where a dtype`},
		{"a dtype of a number", array(int64(1), one, record("numpy", "dtype", int64(1)), false, eight), "a dtype of the number 1"},
		{"an order of a number", array(int64(1), one, dtype("f8", int64(3), int64(1), nil, nil, nil), false, eight), "a byte order of the number 1"},
		{"a buffer in no order", record("numpy.core.numeric", "_frombuffer", eight, f8, one, "A"), `the text "A" as its order`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Array(test.value); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	for name, value := range map[string]any{
		"too few":  array(int64(1), Tuple{int64(2)}, dtype("O8"), false, &List{Items: []any{nil}}),
		"too many": array(int64(1), Tuple{int64(1) << 40, int64(1) << 40}, dtype("O8"), false, new(List)),
		"wrapped":  array(int64(1), Tuple{int64(4), int64(1)<<62 + 1}, dtype("O8"), false, &List{Items: make([]any, 4)}),
		"no list":  array(int64(1), one, dtype("O8"), false, eight),
	} {
		if _, _, err := Objects(value); err == nil || !strings.HasPrefix(err.Error(), "numpy: ") {
			t.Errorf("%s objects: error %v", name, err)
		}
	}
}
