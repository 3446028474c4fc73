package stream

import (
	"slices"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// shakeNames are the inputs of the model of these tests.
var shakeNames = []string{"accel_x.std", "accel_x.mean", "accel_x.peak_frequency(1)"}

// shakeModel decides by the deviation of accel_x between rest (below 0.5) and
// shaking. Its golden vectors hold what right gives for them.
func shakeModel(t testing.TB, right bool) *format.Model {
	t.Helper()
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{3}, DType: format.F32, Layout: format.Vector, Features: shakeNames},
		Layers:   []format.Layer{&format.Dense{Weight: "w", Bias: "b"}, &format.Softmax{}},
		Output:   format.Output{Kind: format.Probabilities, Labels: []string{"rest", "shaking"}},
		Golden:   &format.Golden{Inputs: "golden_x", Canonical: "golden_y"},
	}
	m.AddTensor(format.NewTensor("w", []int{3, 2}, []float32{-4, 4, 0.01, -0.01, 0, 0}))
	m.AddTensor(format.NewTensor("b", []int{2}, []float32{2, -2}))
	unproved := *m
	unproved.Golden, unproved.Tensors = nil, slices.Clone(m.Tensors)
	x, y := []float32{0.1, 9.8, 3, 0.9, 9.7, 12}, make([]float32, 4)
	m.AddTensor(format.NewTensor("golden_x", []int{2, 3}, x))
	if err := shakeSession(t, &unproved).Run(y, x); err != nil {
		t.Fatal(err)
	}
	if !right {
		y[0] /= 2
	}
	m.AddTensor(format.NewTensor("golden_y", []int{2, 2}, y))
	return m
}

func shakeSession(t testing.TB, m *format.Model) *runtime.Session {
	t.Helper()
	s, err := runtime.New(m, runtime.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shakeConfig is a pipeline for it at a rate: half a second, every quarter.
func shakeConfig(rate float64) Config {
	return Config{
		Channels: []Channel{{"accel_x", "m/s²"}, {"temperature", "°C"}},
		Rate:     rate,
		Window:   Window{Count: int(rate / 2), Hop: int(rate / 4)},
		Decision: Decision{Debounce: 2},
	}
}

func shakePipeline(t testing.TB, c Config) *Pipeline {
	t.Helper()
	m := shakeModel(t, true)
	p, err := NewPipeline(c, m, shakeSession(t, m))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
