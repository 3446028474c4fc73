package npy

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzRead requires of whatever is read that its shape, its bytes and its values agree, and that it
// is what was in the file: written again and read again it is the same.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(names) < 40 {
		f.Fatalf("%d seeds in testdata, want at least 40 (%v)", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Read(bytes.NewReader(data), testLimit)
		if err != nil {
			return
		}
		n := 1
		for _, d := range a.Shape {
			n *= d
		}
		if a.Len() != n || len(a.Bytes()) != n*a.DType.Size() || len(a.Bytes()) > len(data) {
			t.Fatalf("shape %v of dtype %q: %d values, %d bytes from %d", a.Shape, a.DType, a.Len(), len(a.Bytes()), len(data))
		}
		if got := len(a.Strings()); got != n {
			t.Fatalf("%d strings, want %d", got, n)
		}
		if a.DType.IsText() {
			return
		}
		if len(a.Float32s()) != n || len(a.Float64s()) != n {
			t.Fatalf("%d float32, %d float64, want %d", len(a.Float32s()), len(a.Float64s()), n)
		}
		var again bytes.Buffer
		if err := WriteHeader(&again, a.Shape, a.DType); err != nil {
			t.Fatal(err)
		}
		again.Write(a.Bytes())
		b, err := Read(&again, testLimit)
		if err != nil {
			t.Fatal(err)
		}
		if b.DType != a.DType || !slices.Equal(b.Shape, a.Shape) || !bytes.Equal(b.Bytes(), a.Bytes()) {
			t.Fatalf("%q %v became %q %v", a.DType, a.Shape, b.DType, b.Shape)
		}
	})
}
