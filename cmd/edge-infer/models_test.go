package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// newModel returns a model of two features, a and b: one dense layer with weight [2, outputs] and
// no bias, and the given layers after it.
func newModel(output format.Output, weight []float32, layers ...format.Layer) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Producer: format.Software{Name: "edge-infer's tests"},
		Name:     "small",
		Input:    format.Input{Shape: []int{2}, DType: format.F32, Layout: format.Vector, Features: []string{"a", "b"}},
		Layers:   append([]format.Layer{&format.Dense{Weight: "w"}}, layers...),
		Output:   output,
	}
	m.AddTensor(format.NewTensor("w", []int{2, len(weight) / 2}, weight))
	return m
}

// identity makes a dense layer pass its two inputs on.
var identity = []float32{1, 0, 0, 1}

func logitModel() *format.Model {
	return newModel(format.Output{Kind: format.Logits, Labels: []string{"cat", "dog"}}, identity)
}

func softmaxModel() *format.Model {
	return newModel(format.Output{Kind: format.Probabilities, Labels: []string{"0", "1"}}, identity, &format.Softmax{})
}

func sigmoidModel() *format.Model {
	output := format.Output{
		Kind:      format.Probabilities,
		Labels:    []string{"no", "yes"},
		Threshold: &format.Cut{Comparison: format.Greater, Value: 0.5},
	}
	return newModel(output, []float32{1, -1}, &format.Activation{Function: format.Sigmoid})
}

// pixelModel passes two pixels on.
func pixelModel() *format.Model {
	m := newModel(format.Output{Kind: format.Logits}, identity)
	m.Input.DType = format.U8
	return m
}

// numberedModel has features without names of their own, as pandas numbers them.
func numberedModel() *format.Model {
	m := logitModel()
	m.Input.Features = []string{"0", "1"}
	return m
}

func linearModel() *format.Model {
	return newModel(format.Output{Kind: format.Value, Labels: []string{"price"}}, []float32{2, -0.5})
}

func classModel() *format.Model {
	return newModel(format.Output{Kind: format.Class}, identity, &format.ArgMax{})
}

// addGolden adds golden vectors with right canonical outputs, and with the given answers of a
// framework, or none. change may spoil the canonical outputs.
func addGolden(t testing.TB, m *format.Model, expected []float32, change func(canonical []float32)) *format.Model {
	t.Helper()
	inputs := []float32{0, 0, 1, 0, 0, 1, -2, 3}
	s, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		t.Fatal(err)
	}
	canonical := make([]float32, 4*s.Outputs())
	if err := s.Run(canonical, inputs); err != nil {
		t.Fatal(err)
	}
	m.Golden = &format.Golden{Inputs: "golden.x", Canonical: "golden.canonical", Absolute: 1e-5, Relative: 1e-5}
	m.AddTensor(format.NewTensor("golden.x", []int{4, 2}, inputs))
	if expected != nil {
		m.Golden.Expected = "golden.expected"
		m.AddTensor(format.NewTensor("golden.expected", []int{4, s.Outputs()}, expected))
	}
	change(canonical)
	m.AddTensor(format.NewTensor("golden.canonical", []int{4, s.Outputs()}, canonical))
	return m
}

func unchanged([]float32) {}

// wordsModel counts two words of a text, and passes on how often.
func wordsModel() *format.Model {
	m := newModel(format.Output{Kind: format.Logits, Labels: []string{"ham", "spam"}}, identity)
	m.Input.Layout, m.Input.Features = format.Words, []string{"meeting", "free"}
	return m
}

// pairsModel has words in its vocabulary that no text has.
func pairsModel() *format.Model {
	m := wordsModel()
	m.Input.Features = []string{"free money", "Free"}
	return m
}

// writeModels writes the models that scripts and tests name to a folder.
func writeModels(t testing.TB, dir string) {
	t.Helper()
	nearly := []float32{0, 0, 1, 0, 0, 1.000001, -2, 3}
	models := map[string]*format.Model{
		"softmax.edge":  addGolden(t, softmaxModel(), nil, unchanged),
		"sigmoid.edge":  sigmoidModel(),
		"words.edge":    wordsModel(),
		"pairs.edge":    pairsModel(),
		"linear.edge":   addGolden(t, linearModel(), []float32{0, 2, -0.5, -5.5}, unchanged),
		"class.edge":    classModel(),
		"pixels.edge":   pixelModel(),
		"numbered.edge": numberedModel(),
		"logits.edge":   addGolden(t, logitModel(), nearly, unchanged),
		"drift.edge": addGolden(t, logitModel(), nearly, func(c []float32) {
			c[2] = math.Nextafter32(c[2], 2)
			c[7] = math.Nextafter32(math.Nextafter32(c[7], 4), 4)
		}),
		"far.edge":     addGolden(t, logitModel(), []float32{0, 0, 1, 0, 0, 1.5, -2, 3}, unchanged),
		"another.edge": addGolden(t, logitModel(), []float32{0, 1e-6, 1, 0, 0, 1, -2, 3}, unchanged),
		"undecided.edge": newModel(format.Output{Kind: format.Probabilities}, []float32{1, -1},
			&format.Activation{Function: format.Sigmoid}),
		"many.edge":        newModel(format.Output{Kind: format.Logits}, make([]float32, 2*101)),
		"two_targets.edge": newModel(format.Output{Kind: format.Value}, identity),
	}
	for name, m := range models {
		file, err := format.Marshal(m)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), file, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile(filepath.Join(dir, "logits.edge"))
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(good, []byte("version\x01"), []byte("version\x02"), 1)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 0x10 // in the last tensor
	for name, data := range map[string][]byte{
		"truncated.edge": good[:len(good)-100],
		"newer.edge":     newer,
		"latin.eml":      {0xfc, 'b', 'e', 'r'},
		"flipped.edge":   flipped,
		"empty.edge":     nil,
		"text.edge":      []byte("name,value\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
