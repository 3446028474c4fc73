package npy

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestWriteIsNumPys requires the bytes of numpy.save, for files that hold float32 in C order.
func TestWriteIsNumPys(t *testing.T) {
	for _, name := range []string{"f4_le.npy", "scalar.npy", "empty.npy", "tall.npy", "c2.npy", "c3.npy"} {
		t.Run(name, func(t *testing.T) {
			want := readFile(t, name)
			a, err := Read(bytes.NewReader(want), testLimit)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := Write(&got, a.Shape, a.Float32s()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("wrote\n%q, NumPy wrote\n%q", got.Bytes(), want)
			}
		})
	}
}

// TestWriteHeaderIsNumPys compares headers of every length modulo 64, which is what is padded.
func TestWriteHeaderIsNumPys(t *testing.T) {
	want := readFile(t, "headers.bin")
	var got bytes.Buffer
	for dims := range 65 {
		if err := WriteHeader(&got, slices.Repeat([]int{1}, dims), "<f4"); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(want, got.Bytes()) {
			t.Fatalf("the header of %d dimensions is not NumPy's", dims)
		}
	}
	if got.Len() != len(want) {
		t.Errorf("%d bytes of headers, NumPy's take %d", got.Len(), len(want))
	}
}

// TestHeaderLengthIsFixed is what lets a writer state the number of rows last.
func TestHeaderLengthIsFixed(t *testing.T) {
	length := len(appendHeader(nil, []int{0, 784}, "<f4"))
	for rows := 1; rows > 0 && rows < math.MaxInt/10; rows *= 10 {
		if n := len(appendHeader(nil, []int{rows, 784}, "<f4")); n != length {
			t.Errorf("the header of %d rows takes %d bytes, that of none %d", rows, n, length)
		}
	}
}

func TestWriteLong(t *testing.T) {
	values := make([]float32, 10_001) // several chunks and a part of one
	for i := range values {
		values[i] = float32(i)
	}
	var file bytes.Buffer
	if err := Write(&file, []int{len(values)}, values); err != nil {
		t.Fatal(err)
	}
	a, err := Read(&file, testLimit)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Float32s(), values) {
		t.Error("values read differ from those written")
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := []struct {
		shape []int
		want  string
	}{
		{[]int{2, 2}, "holds 4 values, 3 given"},
		{[]int{-3}, "negative dimension"},
		{[]int{math.MaxInt, 2}, "overflows"},
		{make([]int, 65), "65 dimensions"},
	}
	for _, test := range tests {
		var file bytes.Buffer
		err := Write(&file, test.shape, make([]float32, 3))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("shape %v: error %v, want one with %q", test.shape, err, test.want)
		}
		if file.Len() != 0 {
			t.Errorf("shape %v: %d bytes were written before the error", test.shape, file.Len())
		}
	}
}
