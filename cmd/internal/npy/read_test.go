package npy

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

const testLimit = 1 << 20

// readFile reads a file of testdata, all of which NumPy wrote.
func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadNumbers(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	floats := []float64{0, math.Copysign(0, -1), 1.5, -2.25, 65504, 0x1p-24, inf, -inf, nan}
	arange := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(i)
		}
		return v
	}
	tests := []struct {
		file  string
		dtype DType
		shape []int
		want  []float64
	}{
		{"f2_le.npy", "<f2", []int{9}, floats},
		{"f2_be.npy", ">f2", []int{9}, floats},
		{"f4_le.npy", "<f4", []int{9}, floats},
		{"f4_be.npy", ">f4", []int{9}, floats},
		{"f8_le.npy", "<f8", []int{9}, floats},
		{"f8_be.npy", ">f8", []int{9}, floats},
		{"f8_exact.npy", "<f8", []int{3}, []float64{0.1, 1 + 0x1p-24, 1e300}},
		{"i1_le.npy", "|i1", []int{4}, []float64{math.MinInt8, 0, 7, math.MaxInt8}},
		{"i2_le.npy", "<i2", []int{4}, []float64{math.MinInt16, 0, 7, math.MaxInt16}},
		{"i2_be.npy", ">i2", []int{4}, []float64{math.MinInt16, 0, 7, math.MaxInt16}},
		{"i4_le.npy", "<i4", []int{4}, []float64{math.MinInt32, 0, 7, math.MaxInt32}},
		{"i4_be.npy", ">i4", []int{4}, []float64{math.MinInt32, 0, 7, math.MaxInt32}},
		{"i8_le.npy", "<i8", []int{4}, []float64{math.MinInt64, 0, 7, math.MaxInt64}},
		{"i8_be.npy", ">i8", []int{4}, []float64{math.MinInt64, 0, 7, math.MaxInt64}},
		{"u1_le.npy", "|u1", []int{4}, []float64{0, 0, 7, math.MaxUint8}},
		{"u2_le.npy", "<u2", []int{4}, []float64{0, 0, 7, math.MaxUint16}},
		{"u2_be.npy", ">u2", []int{4}, []float64{0, 0, 7, math.MaxUint16}},
		{"u4_le.npy", "<u4", []int{4}, []float64{0, 0, 7, math.MaxUint32}},
		{"u4_be.npy", ">u4", []int{4}, []float64{0, 0, 7, math.MaxUint32}},
		{"u8_le.npy", "<u8", []int{4}, []float64{0, 0, 7, math.MaxUint64}},
		{"u8_be.npy", ">u8", []int{4}, []float64{0, 0, 7, math.MaxUint64}},
		{"b1.npy", "|b1", []int{3}, []float64{1, 0, 1}},
		{"scalar.npy", "<f4", nil, []float64{3.5}},
		{"empty.npy", "<f4", []int{0, 4}, nil},
		{"tall.npy", "<f4", []int{1_000_000_000_000, 0}, nil},
		{"c2.npy", "<f4", []int{2, 3}, arange(6)},
		{"c3.npy", "<f4", []int{2, 3, 4}, arange(24)},
		{"fortran2.npy", "<f4", []int{2, 3}, arange(6)},
		{"fortran3.npy", ">i2", []int{2, 3, 4}, arange(24)},
		{"version2.npy", "<f4", []int{2, 3}, arange(6)},
		{"version3.npy", "<f4", []int{2, 3}, arange(6)},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			data := readFile(t, test.file)
			for how, r := range map[string]io.Reader{
				"at once":        bytes.NewReader(data),
				"byte by byte":   iotest.OneByteReader(bytes.NewReader(data)),
				"EOF with bytes": iotest.DataErrReader(bytes.NewReader(data)),
			} {
				a, err := Read(r, testLimit)
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if a.DType != test.dtype || !slices.Equal(a.Shape, test.shape) {
					t.Errorf("%s: dtype %q, shape %v, want %q, %v", how, a.DType, a.Shape, test.dtype, test.shape)
				}
				if got := a.Float64s(); !sameFloat64(got, test.want) {
					t.Errorf("%s: float64 %v, want %v", how, got, test.want)
				}
				want := make([]float32, len(test.want))
				for i, v := range test.want {
					want[i] = float32(v)
				}
				if got := a.Float32s(); !sameFloat32(got, want) {
					t.Errorf("%s: float32 %v, want %v", how, got, want)
				}
			}
		})
	}
}

// sameFloat64 compares bits, but takes any NaN for any other.
func sameFloat64(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
	})
}

func sameFloat32(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
	})
}

func TestReadStrings(t *testing.T) {
	tests := []struct {
		file string
		want []string
	}{
		{"U_le.npy", []string{"cat", "", "Škoda", "東京𝄞"}},
		{"U_be.npy", []string{"cat", "", "Škoda", "東京𝄞"}},
		{"S.npy", []string{"cat", "", "lobster"}},
		{"b1.npy", []string{"True", "False", "True"}},
		{"i1_le.npy", []string{"-128", "0", "7", "127"}},
		{"i4_be.npy", []string{"-2147483648", "0", "7", "2147483647"}},
		{"i8_le.npy", []string{"-9223372036854775808", "0", "7", "9223372036854775807"}},
		{"u2_be.npy", []string{"0", "0", "7", "65535"}},
		{"u8_le.npy", []string{"0", "0", "7", "18446744073709551615"}},
		{"f2_le.npy", []string{"0", "-0", "1.5", "-2.25", "65504", "5.9604645e-08", "+Inf", "-Inf", "NaN"}},
		{"f4_be.npy", []string{"0", "-0", "1.5", "-2.25", "65504", "5.9604645e-08", "+Inf", "-Inf", "NaN"}},
		{"f8_exact.npy", []string{"0.1", "1.0000000596046448", "1e+300"}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			a, err := Read(bytes.NewReader(readFile(t, test.file)), testLimit)
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Strings(); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
			if text := strings.HasPrefix(test.file, "U") || strings.HasPrefix(test.file, "S"); text != (a.Float32s() == nil) || text != (a.Float64s() == nil) {
				t.Errorf("dtype %q: Float32s %v, Float64s %v", a.DType, a.Float32s(), a.Float64s())
			}
		})
	}
}

// TestStringsOfNoUnicode holds what NumPy lets into a string and Go does not.
func TestStringsOfNoUnicode(t *testing.T) {
	data := []byte{
		0x00, 0xd8, 0, 0, // half of a surrogate pair
		0xff, 0xff, 0xff, 0xff,
		0x00, 0x00, 0x11, 0, // one past the last code point
		0, 0, 0, 0, // zeros inside stay
		'x', 0, 0, 0,
	}
	a, err := New("<U5", nil, data)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := a.Strings()[0], "\ufffd\ufffd\ufffd\x00x"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRoundOnce holds integers whose nearest float32 differs from the one reached through float64.
func TestRoundOnce(t *testing.T) {
	const v = 1<<60 + 1<<36 + 1 // just above halfway between two float32 values
	data := []byte{1, 0, 0, 0, 16, 0, 0, 16}
	for _, dtype := range []DType{"<i8", "<u8"} {
		a, err := New(dtype, []int{1}, data)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := a.Float32s()[0], float32(1<<60+1<<37); got != want {
			t.Errorf("%s: %d becomes %.0f, want %.0f", dtype, int64(v), got, want)
		}
		if got, want := a.Float64s()[0], float64(1<<60+1<<36); got != want {
			t.Errorf("%s: %d becomes %.0f, want %.0f", dtype, int64(v), got, want)
		}
	}
}

// TestHalf checks every binary16 value against the definition, computed in float64.
func TestHalf(t *testing.T) {
	for bits := range 1 << 16 {
		h := uint16(bits)
		sign := 1 - 2*float64(h>>15)
		exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
		want := sign * math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = sign * math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(int(sign))
		case exponent == 31:
			want = math.NaN()
		}
		got := float64(halfToFloat32(h))
		if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
			t.Fatalf("half %#04x becomes %g, want %g", h, got, want)
		}
	}
}

func TestReadRefusesFiles(t *testing.T) {
	tests := []struct{ file, want string }{
		{"object.npy", `npy: dtype "|O" (Python objects) is not read: save numbers, or use astype`},
		{"complex.npy", `dtype "<c16" (complex numbers)`},
		{"date.npy", `dtype "<M8[D]" (dates or times)`},
		{"record.npy", "a record of named fields is not read"},
		{"longdouble.npy", `dtype "<f16" (floats of an unusual size)`},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			_, err := Read(bytes.NewReader(readFile(t, test.file)), testLimit)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// file returns an .npy file of version 1.0 with the given header and payload.
func file(header string, payload int) string {
	return magic + "\x01\x00" + string([]byte{byte(len(header)), byte(len(header) >> 8)}) + header + strings.Repeat("\x00", payload)
}

func TestReadRefuses(t *testing.T) {
	head := func(dtype, shape string) string {
		return "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }\n"
	}
	tests := []struct {
		name, data, want string
		ended            bool // wraps io.ErrUnexpectedEOF
	}{
		{"nothing", "", "not an .npy file", false},
		{"a zip", "PK\x03\x04 and so on", "not an .npy file", false},
		{"half a magic", "\x93NUM", "file ends after 4 bytes", true},
		{"version 4", magic + "\x04\x00", "version 4.0 is not read", false},
		{"version 1.1", magic + "\x01\x01", "version 1.1 is not read", false},
		{"no length", magic + "\x01\x00\x10", "header length", true},
		{"long header", magic + "\x02\x00\x01\x00\x01\x00", "header of 65537 bytes: at most 65536 are read", false},
		{"short header", magic + "\x01\x00\x10\x00{'descr'", "header ends after 8 of 16 bytes", true},
		{"short values", file(head("<f4", "(2, 2)"), 15), "values end after 15 of 16 bytes", true},
		{"trailing values", file(head("<f4", "(2, 2)"), 17), "more bytes follow the 16 of shape [2 2]", false},
		{"over the limit", file(head("<f4", "(1000000,)"), 0), "takes 4000000 bytes: at most 1048576 are read", false},
		{"huge shape", file(head("<f4", "(4294967296, 4294967296)"), 0), "overflows", false},
		{"huge shape beside a zero", file(head("<f4", "(0, 4294967296, 4294967296)"), 0), "overflows", false},
		{"huge dimension", file(head("<f4", "(18446744073709551616,)"), 0), "a dimension overflows", false},
		{"many dimensions", file(head("<f4", "("+strings.Repeat("1,", 65)+")"), 4), "65 dimensions: at most 64", false},
		{"no byte order", file(head("f4", "()"), 4), `dtype "f4" is not read`, false},
		{"no byte order either", file(head("?f4", "()"), 4), `dtype "?f4" (no byte order)`, false},
		{"native byte order", file(head("=f4", "()"), 4), `dtype "=f4" (no byte order) is not read`, false},
		{"irrelevant byte order", file(head("|f4", "()"), 4), "no byte order", false},
		{"empty dtype", file(head("", "()"), 4), `dtype "" is not read`, false},
		{"size of words", file(head("<fx", "()"), 4), `dtype "<fx"`, false},
		{"signed size", file(head("<f+4", "()"), 4), `dtype "<f+4"`, false},
		{"strings of nothing", file(head("<U0", "(9,)"), 0), `dtype "<U0"`, false},
		{"very long strings", file(head("<U99999999", "()"), 0), `dtype "<U99999999"`, false},
		{"wide booleans", file(head("<b4", "()"), 4), `dtype "<b4"`, false},
		{"dictless", file("('<f4', False, (1,))", 4), "a dict must begin with {", false},
		{"unclosed", file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", 4), "comma or }", false},
		{"unclosed string", file("{'descr", 4), "without a closing quote", false},
		{"escape", file(`{'des\x63r': '<f4'}`, 4), "escapes", false},
		{"no colon", file("{'descr' '<f4'}", 4), "colon", false},
		{"no comma", file("{'descr': '<f4' 'shape': (1,)}", 4), "comma or }", false},
		{"two descr", file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4), `"descr" comes twice`, false},
		{"no descr", file("{'fortran_order': False, 'shape': (1,)}", 4), `"descr" is missing`, false},
		{"no order", file("{'descr': '<f4', 'shape': (1,)}", 4), `"fortran_order" is missing`, false},
		{"no shape", file("{'descr': '<f4', 'fortran_order': False}", 4), `"shape" is missing`, false},
		{"strange key", file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'size': 4}", 4), "size: unknown key", false},
		{"order 1", file("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", 4), "expected True or False", false},
		{"order truth", file("{'descr': '<f4', 'fortran_order': Truth, 'shape': (1,)}", 4), "expected True or False", false},
		{"a list", file(head("<f4", "[1]"), 4), "a tuple must begin with (", false},
		{"no tuple", file(head("<f4", "(1)"), 4), "a tuple of one must hold a comma", false},
		{"negative", file(head("<f4", "(-1,)"), 4), "expected a whole number", false},
		{"float", file(head("<f4", "(1.0,)"), 4), "expected a comma or )", false},
		{"two commas", file(head("<f4", "(1,,)"), 4), "expected a whole number", false},
		{"more text", file(head("<f4", "(1,)")+"{}", 4), "more follows the closing brace", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.data), testLimit)
			if err == nil || !strings.HasPrefix(err.Error(), "npy: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if errors.Is(err, io.ErrUnexpectedEOF) != test.ended {
				t.Errorf("error %v: ErrUnexpectedEOF is %t, want %t", err, !test.ended, test.ended)
			}
		})
	}
}

// TestHeaderSpelling holds headers that NumPy does not write and Python would read.
func TestHeaderSpelling(t *testing.T) {
	headers := []string{
		"{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
		`{"shape": (2, 3,), "fortran_order": False, "descr": "<f4"}` + "\n",
		"{ 'shape' : ( 2L , 3L ) , 'descr' : '<f4' , 'fortran_order' : False , }   \n",
	}
	for _, header := range headers {
		h, err := ReadHeader(strings.NewReader(file(header, 0)))
		if err != nil {
			t.Errorf("%s: %v", header, err)
		}
		if h.DType != "<f4" || h.Fortran || !slices.Equal(h.Shape, []int{2, 3}) {
			t.Errorf("%s: %+v", header, h)
		}
	}
}

// TestReadHeaderStops requires the reader to be left where the values begin.
func TestReadHeaderStops(t *testing.T) {
	r := bytes.NewReader(readFile(t, "c2.npy"))
	if _, err := ReadHeader(r); err != nil {
		t.Fatal(err)
	}
	if r.Len() != 6*4 {
		t.Errorf("%d bytes are left, want %d", r.Len(), 6*4)
	}
}

func TestReadPassesErrorsOn(t *testing.T) {
	broken := errors.New("broken")
	data := readFile(t, "c2.npy")
	for _, n := range []int{0, 3, 9, 50, 130, len(data)} {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(broken))
		if _, err := Read(r, testLimit); !errors.Is(err, broken) {
			t.Errorf("error after %d bytes: %v", n, err)
		}
	}
}

// TestMemoryFollowsInput gives a header that claims a gigabyte, and few bytes after it.
func TestMemoryFollowsInput(t *testing.T) {
	data := file("{'descr': '|u1', 'fortran_order': False, 'shape': (1073741824,)}", 1000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Read(strings.NewReader(data), 1<<30); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes were allocated for %d of input", got, len(data))
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		dtype DType
		shape []int
		bytes int
		want  string
	}{
		{"<f4", []int{2}, 7, "takes 8 bytes, 7 given"},
		{"<f4", []int{-1}, 0, "negative dimension"},
		{"|O", nil, 8, "Python objects"},
		{"<f8", []int{math.MaxInt}, 0, "overflows"},
	}
	for _, test := range tests {
		if _, err := New(test.dtype, test.shape, make([]byte, test.bytes)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %v: error %v, want one with %q", test.dtype, test.shape, err, test.want)
		}
	}
}
