package assemble

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

// An attempt is an architecture whose shapes fit, and how its matrices are taken to lie.
type attempt struct {
	layers []format.Layer
	turned bool // the other way than the custom of their names
	// The tensors have shapes and no values yet: of all attempts one is taken, and only its values are
	// converted.
	model *format.Model
}

// fit makes a model of an architecture whose layers name their tensors, and follows the shapes
// through it.
func (b *builder) fit(layers []format.Layer, turned bool) (attempt, error) {
	m := &format.Model{Numerics: format.Numerics, Layers: layers}
	m.Input.Preprocessing = b.preprocessing
	a := attempt{layers, turned, m}
	for i, l := range m.Steps() {
		for j, name := range format.TensorNames(l) {
			if m.Tensor(name) != nil {
				continue // shared with a layer before
			}
			shape, err := vectorShape(b.source(name))
			if _, dense := l.(*format.Dense); dense && j == 0 {
				shape, err = matrixShape(b.source(name), b.orient(name, turned))
			}
			if err != nil {
				return a, fmt.Errorf("assemble: %s: %w", b.place(i, l), err)
			}
			m.AddTensor(format.Tensor{Name: name, DType: format.F32, Shape: shape})
		}
	}
	if err := b.spec.input(m); err != nil {
		return a, err
	}
	width := m.InputSize()
	for i, l := range m.Steps() {
		out, err := m.Outputs(l, width)
		if err != nil {
			return a, b.misfit(a, i, width, err)
		}
		width = out
	}
	return a, b.spec.output(m, width)
}

// source returns the tensor of that name, of the standardisation or of the file.
func (b *builder) source(name string) source.Tensor {
	for _, t := range b.operands {
		if t.Name == name {
			return t
		}
	}
	t, _ := b.pool.find(name)
	return t
}

// fill converts the values of an attempt's tensors.
func (b *builder) fill(a attempt) error {
	for i := range a.model.Tensors {
		t := &a.model.Tensors[i]
		from := b.source(t.Name)
		values, err := convert(from, &b.result.Rounding)
		if err != nil {
			return fmt.Errorf("assemble: %w", err)
		}
		if shape := from.Array.Shape; len(t.Shape) == 2 && len(shape) == 2 && b.orient(t.Name, a.turned) == outputsFirst {
			values = transpose(values, shape[0], shape[1])
		}
		*t = format.NewTensor(t.Name, t.Shape, values)
	}
	return nil
}
