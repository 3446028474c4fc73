package onnx

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/edge-infer/edge-infer/runtime"
)

// FuzzRead requires of whatever is read that it is a model that runs, and that every node has a line.
// The seeds are the cases, as far as they are small.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "testdata", "models", "onnx", "*", "model.onnx"))
	if err != nil {
		f.Fatal(err)
	}
	seeds := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) <= 4096 {
			f.Add(data)
			seeds++
		}
	}
	if seeds < 60 {
		f.Fatalf("%d seeds among %d cases, want at least 60", seeds, len(names))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		Is(data[:min(64, len(data))])
		d, err := Read(bytes.NewReader(data), int64(len(data)), "", Options{})
		if err != nil {
			return
		}
		for _, fate := range d.Fates {
			if fate.Became == "" {
				t.Errorf("nothing says what became of %s", fate.Layer)
			}
		}
		const wide = 1 << 16
		if d.Model.InputSize() > wide {
			return
		}
		s, err := runtime.New(d.Model, runtime.Options{Backend: runtime.Reference})
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float32, s.Inputs())
		for i := range x {
			x[i] = float32(math.Sin(float64(i)))
		}
		if err := s.Run(make([]float32, s.Outputs()), x); err != nil {
			t.Fatal(err)
		}
	})
}
