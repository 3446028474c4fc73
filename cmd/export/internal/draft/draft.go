package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

// Draft is a model in the making. Its reader fills in what Model says about itself (Source,
// Input.Shape, DType, Layout and Features, Output), appends layers to the two lists, and calls
// Finish.
type Draft struct {
	Model         *format.Model
	Preprocessing *List
	Layers        *List
	Rounding      source.Rounding
	Fates         []Fate
	Notes         []string // what else the person should know, a sentence each
	Assumed       []string // those of Notes on what the outputs mean, which the file does not say

	namesakes map[string]int // tensors whose name was wished for again, by that name
}

// Fate is what became of a layer of the source.
type Fate struct {
	Layer  string `json:"layer"`  // as its framework would write it: "0: Linear(4, 5)"
	Became string `json:"became"` // "dense", or why nothing is left of it
}

// New begins a model whose rows have the given shape, of float32 values without a layout. The
// product of the shape must be from 1 to format.MaxWidth.
func New(shape ...int) (*Draft, error) {
	width := 1
	for _, n := range shape {
		if n < 1 || n > format.MaxWidth/width {
			return nil, fmt.Errorf("a row of shape %v: sizes from 1 and at most %d values are possible", shape, format.MaxWidth)
		}
		width *= n
	}
	if len(shape) == 0 || len(shape) > format.MaxDimensions {
		return nil, fmt.Errorf("a row of shape %v: from 1 to %d dimensions are possible", shape, format.MaxDimensions)
	}
	d := &Draft{
		Model: &format.Model{
			Numerics: format.Numerics,
			Input:    format.Input{Shape: slices.Clone(shape), DType: format.F32, Layout: format.Vector},
		},
		namesakes: map[string]int{},
	}
	d.Preprocessing = &List{draft: d, path: "preprocessing", width: width}
	d.Layers = &List{draft: d, path: "layers", before: d.Preprocessing}
	return d, nil
}

// Became notes what became of a layer of the source.
func (d *Draft) Became(layer, format string, args ...any) {
	d.Fates = append(d.Fates, Fate{layer, fmt.Sprintf(format, args...)})
}

// Note adds a sentence for the person who exports.
func (d *Draft) Note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// Assume adds a sentence on what the outputs are taken for, because the file does not say it. A
// person may say otherwise.
func (d *Draft) Assume(format string, args ...any) {
	d.Note(format, args...)
	d.Assumed = append(d.Assumed, d.Notes[len(d.Notes)-1])
}

// Finish puts the layers into the model and checks it against every rule of the format.
func (d *Draft) Finish() error {
	m := d.Model
	m.Input.Preprocessing, m.Layers = d.Preprocessing.layers, d.Layers.layers
	return rules.Check(m)
}

// tensor adds a tensor and returns the name that it got: the one wished for, with as many
// underscores as it takes.
func (d *Draft) tensor(name string, values []float64, shape ...int) (string, error) {
	if len(d.Model.Tensors) == source.MaxTensors {
		return "", fmt.Errorf("more than %d tensors", source.MaxTensors)
	}
	for wish := name; d.Model.Tensor(name) != nil; name = wish + strings.Repeat("_", d.namesakes[wish]) {
		d.namesakes[wish]++
	}
	rounded, err := d.Rounding.Round(name, values)
	if err != nil {
		return "", err
	}
	d.Model.AddTensor(format.NewTensor(name, shape, rounded))
	return name, nil
}
