package assemble

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// Adjust changes a whole model as a person wishes: what its input and its output are called and
// mean, and a standardisation before its own preprocessing. Fields of the spec that are left empty
// leave the model as it is; those that say which layers there are must be. Assumed says that the
// model's file does not tell what the outputs are.
func Adjust(m *format.Model, s Spec, assumed bool) (*Result, error) {
	r := &Result{Model: m}
	if err := s.adjustInput(m); err != nil {
		return nil, err
	}
	if err := r.prepend(s); err != nil {
		return nil, err
	}
	if s.DescribesOutput() {
		if err := s.adjustOutput(m, assumed); err != nil {
			return nil, err
		}
	}
	if err := rules.Check(m); err != nil {
		return nil, fmt.Errorf("assemble: %w", err)
	}
	return r, nil
}

// DescribesOutput reports whether the spec says what the outputs are.
func (s Spec) DescribesOutput() bool { return s.Labels != nil || s.Output != "" || s.Threshold != nil }

func (s Spec) adjustInput(m *format.Model) error {
	in := &m.Input
	if s.Shape != nil {
		if got, want := product(s.Shape), product(in.Shape); got != want {
			return cli.Usagef("assemble: --input-shape %s: %d values, and the model takes %d", ShapeString(s.Shape), got, want)
		}
		in.Shape = s.Shape
	}
	if s.DType != "" {
		in.DType = s.DType
	}
	if s.Layout != "" {
		in.Layout = s.Layout
	}
	if s.Features != nil {
		in.Features = s.Features
	}
	return nil
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// prepend puts a standardisation before the model's own preprocessing.
func (r *Result) prepend(s Spec) error {
	for _, c := range []Constant{s.Mean, s.Std} {
		if c.Tensor != "" {
			return cli.Usagef("assemble: tensor %q: the model's own tensors have their places: give values, as 1,2,3 or @FILE.npy", c.Tensor)
		}
	}
	layers, operands, err := r.standardisation(newPool(nil), s)
	if err != nil {
		return err
	}
	for i, t := range operands {
		values, err := convert(t, &r.Rounding)
		if err != nil {
			return fmt.Errorf("assemble: %w", err)
		}
		shape, err := vectorShape(t)
		if err != nil {
			return fmt.Errorf("assemble: %w", err)
		}
		for r.Model.Tensor(t.Name) != nil {
			t.Name += "_"
		}
		layers[i].(*format.Affine).Operand = t.Name
		r.Model.AddTensor(format.NewTensor(t.Name, shape, values))
	}
	r.Model.Input.Preprocessing = slices.Concat(layers, r.Model.Input.Preprocessing)
	return nil
}

// adjustOutput describes the output anew, from what the model says and the person says otherwise.
// What was only assumed follows from the last layer instead.
func (s Spec) adjustOutput(m *format.Model, assumed bool) error {
	was := m.Output
	if s.Labels == nil {
		s.Labels = was.Labels
	}
	if s.Output == "" && (!assumed || was.Kind != format.Value || len(m.Layers) == 0) {
		s.Output = was.Kind
	}
	if s.Threshold == nil && (s.Output == "" || s.Output == was.Kind) {
		s.Threshold = was.Threshold
	}
	return s.output(m, m.OutputSize())
}
