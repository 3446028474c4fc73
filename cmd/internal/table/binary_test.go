package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// testFile returns a file of testdata, all of which NumPy wrote.
func testFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func arange(from, to int) []float32 {
	var v []float32
	for i := from; i < to; i++ {
		v = append(v, float32(i))
	}
	return v
}

// rawFloats returns the bytes of values in a raw file.
func rawFloats(values ...float32) string {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return string(b)
}

// npyHeader returns the header of an npy file.
func npyHeader(t testing.TB, dtype npy.DType, shape ...int) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.WriteHeader(&b, shape, dtype); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadNPY(t *testing.T) {
	header := func(dtype npy.DType, shape ...int) string { return npyHeader(t, dtype, shape...) }
	testGood(t, NPY, []goodTest{
		{"rows", ReadOptions{Width: 3}, testFile(t, "rows.npy"), result{values: []float32{1.5, neg, nan, inf, -inf, 0x1p-149}, nans: 1}},
		{"Fortran order, float64", ReadOptions{Width: 3}, testFile(t, "fortran.npy"), result{values: arange(0, 6)}},
		{"images of bytes", ReadOptions{Width: 12}, testFile(t, "images_u1.npy"), result{values: arange(0, 24)}},
		{"the same as one row", ReadOptions{Width: 24}, testFile(t, "images_u1.npy"), result{values: arange(0, 24)}},
		{"big-endian int16", ReadOptions{Width: 3}, testFile(t, "big_endian_i2.npy"), result{values: arange(-3, 3)}},
		{"one row of int64", ReadOptions{Width: 3}, testFile(t, "row.npy"), result{values: []float32{1, 2, 3}}},
		{"rows of one value", ReadOptions{Width: 1}, testFile(t, "row.npy"), result{values: []float32{1, 2, 3}}},
		{"a single value", ReadOptions{Width: 1}, header("<f4") + rawFloats(7), result{values: []float32{7}}},
		{"no rows", ReadOptions{Width: 3}, header("<f8", 0, 3), result{}},
	})
	testBad(t, NPY, []badTest{
		{"nothing", ReadOptions{Width: 3}, "", 0, "in: npy: not an .npy file"},
		{"another width", ReadOptions{Width: 4}, testFile(t, "rows.npy"), 0, "in: an array of shape [2 3]: the model takes (rows, 4)"},
		{"a row of another width", ReadOptions{Width: 4}, testFile(t, "row.npy"), 0, "in: an array of shape [3]: the model takes (rows, 4)"},
		{"names", ReadOptions{Width: 3}, testFile(t, "names.npy"), 0, `in: an array of strings, dtype "<U1": the model takes numbers`},
		{"short", ReadOptions{Width: 2}, header("<f4", 3, 2) + rawFloats(1, 2, 3), 1, "in: row 2: ends after 4 of 8 bytes, the header promises 3 rows"},
		{"short by whole rows", ReadOptions{Width: 2}, header("<f4", 3, 2) + rawFloats(1, 2, 3, 4), 2, "in: row 3: ends after 0 of 8 bytes, the header promises 3 rows"},
		{"inside a value", ReadOptions{Width: 2}, header("<f4", 3, 2) + "123456789", 1, "in: row 2: ends after 1 of 8 bytes"},
		{"long", ReadOptions{Width: 2}, header("<f4", 1, 2) + rawFloats(1, 2, 3), 1, "in: more bytes follow the 1 rows of the header"},
		{"short Fortran order", ReadOptions{Width: 3}, testFile(t, "fortran.npy")[:170], 0, "in: in Fortran order, which is read whole (numpy.ascontiguousarray makes it C order): npy: values end after 42 of 48 bytes"},
		{"huge Fortran order", ReadOptions{Width: 1 << 20}, strings.NewReplacer("False", "True ").Replace(header("<f4", 1<<20, 1<<20)), 0, "at most 1073741824 are read"},
	})
}

func TestReadRaw(t *testing.T) {
	long := make([]float32, 3*10_000) // more than fits in any buffer
	for i := range long {
		long[i] = float32(i)
	}
	testGood(t, Raw, []goodTest{
		{"nothing", ReadOptions{Width: 3}, "", result{}},
		{"rows", ReadOptions{Width: 2}, rawFloats(1, neg, nan, inf), result{values: []float32{1, neg, nan, inf}, nans: 1}},
		{"long rows", ReadOptions{Width: 10_000}, rawFloats(long...), result{values: long}},
	})
	testBad(t, Raw, []badTest{
		{"half a value", ReadOptions{Width: 2}, "12", 0, "in: 2 bytes follow 0 rows of 8: the file ends inside a row of 2 float32 values"},
		{"half a row", ReadOptions{Width: 2}, rawFloats(1, 2, 3), 1, "in: 4 bytes follow 1 rows of 8"},
		{"row and a half, and a byte", ReadOptions{Width: 2}, rawFloats(1, 2, 3, 4, 5) + "1", 2, "in: 5 bytes follow 2 rows of 8"},
	})
}

// TestTruncationIsMarked lets a command tell a file that was cut from one that is wrong.
func TestTruncationIsMarked(t *testing.T) {
	for f, input := range map[Format]string{NPY: testFile(t, "rows.npy"), Raw: rawFloats(1, 2, 3, 4, 5, 6)} {
		for cut := 1; cut < 12; cut++ {
			opts := ReadOptions{Width: 3}
			r, err := NewReader(strings.NewReader(input[:len(input)-cut]), "in", f, opts)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := readAll(t, r, opts, 5); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%v short of %d bytes: %v", f, cut, err)
			}
		}
	}
}

// TestReadAllocatesNothing covers the two formats that are meant for speed.
func TestReadAllocatesNothing(t *testing.T) {
	const rows = 1000
	var npyFile bytes.Buffer
	if err := npy.Write(&npyFile, []int{rows, 4}, make([]float32, 4*rows)); err != nil {
		t.Fatal(err)
	}
	for f, input := range map[Format]string{NPY: npyFile.String(), Raw: rawFloats(make([]float32, 4*rows)...)} {
		r, err := NewReader(strings.NewReader(input), "in", f, ReadOptions{Width: 4})
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]float32, 4)
		allocs := testing.AllocsPerRun(rows-1, func() { // and one run to warm up
			if n, err := r.Read(dst, nil); n != 1 || err != nil {
				t.Fatalf("%d rows, %v", n, err)
			}
		})
		if allocs != 0 {
			t.Errorf("%v: %v allocations for each row", f, allocs)
		}
	}
}
