package runtime

import (
	"fmt"
	goruntime "runtime"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// perceptron draws a multilayer perceptron: ReLU between the layers, softmax after the last one, or sigmoid
// where there is a single output.
func perceptron(seed uint64, widths ...int) *format.Model {
	g := newInputs(seed)
	g.model = &format.Model{Numerics: format.Numerics}
	m := g.model
	m.Input = format.Input{Shape: []int{widths[0]}, DType: format.F32, Layout: format.Vector}
	ordinary := func(int) float32 { return float32(g.NormFloat64()) }
	for i, width := range widths[1:] {
		if i > 0 {
			m.Layers = append(m.Layers, &format.Activation{Function: format.ReLU})
		}
		m.Layers = append(m.Layers, &format.Dense{
			Weight: g.tensor([]int{widths[i], width}, ordinary),
			Bias:   g.tensor([]int{width}, ordinary),
		})
	}
	if widths[len(widths)-1] == 1 {
		m.Layers = append(m.Layers, &format.Activation{Function: format.Sigmoid})
	} else {
		m.Layers = append(m.Layers, &format.Softmax{})
	}
	m.Output.Kind = format.Probabilities
	return m
}

// Tiny models are one call, on every backend that has kernels, and larger ones are not.
func TestTinyModelsAreOneCall(t *testing.T) {
	tests := map[string]struct {
		m    *format.Model
		tiny bool
	}{
		"2-2-1":      {perceptron(1, 2, 2, 1), true},
		"4-5-3":      {perceptron(2, 4, 5, 3), true},
		"63-8-8":     {perceptron(3, 63, 8, 8), true},
		"64-8-8":     {perceptron(4, 64, 8, 8), false},
		"4-17-3":     {perceptron(5, 4, 17, 3), false},
		"with norm":  {withLayer(perceptron(6, 4, 5, 3), &format.Normalize{Norm: format.L2}), false},
		"with clip":  {withLayer(perceptron(7, 4, 5, 3), &format.Clip{Low: 0.1, High: 0.8}), true},
		"with group": {withLayer(perceptron(8, 4, 5, 3), &format.Select{Columns: []int{2, 0}}), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			checkModel(t, test.m, 9)
			for _, b := range Backends()[1:] {
				s, err := New(test.m, Options{Backend: b})
				if err != nil {
					t.Fatal(err)
				}
				if got := s.plan.net != nil; got != (test.tiny && b != Reference) {
					t.Errorf("%s: one call: %v, want %v", b, got, test.tiny)
				}
			}
		})
	}
}

func withLayer(m *format.Model, l format.Layer) *format.Model {
	m.Layers = append(m.Layers, l)
	return m
}

func BenchmarkRun(b *testing.B) {
	for _, widths := range [][]int{{2, 2, 1}, {4, 5, 3}, {64, 64, 64, 8}, {784, 256, 10}, {1024, 1024, 1024, 10}} {
		for _, rows := range []int{1, 8, 64} {
			for _, threads := range []int{1, goruntime.GOMAXPROCS(0)} {
				s, err := New(perceptron(1, widths...), Options{Threads: threads})
				if err != nil {
					b.Fatal(err)
				}
				src, dst := make([]float32, rows*s.Inputs()), make([]float32, rows*s.Outputs())
				for i := range src {
					src[i] = float32(i%7) - 3
				}
				b.Run(fmt.Sprintf("%v/%d/%dthreads", widths, rows, threads), func(b *testing.B) {
					for b.Loop() {
						if err := s.Run(dst, src); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
