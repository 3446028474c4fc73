package assemble

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// layout settles how the values of a picture in one channel are arranged. Of three channels no
// shape tells the order.
func (r *Result) layout(s *Spec) error {
	if s.Layout != "" || len(s.Shape) != 3 {
		return nil
	}
	switch {
	case s.Shape[2] == 1:
		s.Layout = format.HWCGray
	case s.Shape[0] == 1:
		s.Layout = format.CHWGray
	default:
		return cli.Usagef("assemble: --input-shape %s: say with --layout how its values are arranged", ShapeString(s.Shape))
	}
	r.decide("an input row is a picture of layout %s, because its shape is %s", s.Layout, ShapeString(s.Shape))
	return nil
}

// input describes a model's input row.
func (s Spec) input(m *format.Model) error {
	in := &m.Input
	in.DType, in.Layout = format.F32, format.Vector
	if s.DType != "" {
		in.DType = s.DType
	}
	if s.Layout != "" {
		in.Layout = s.Layout
	}
	in.Features = s.Features
	in.Shape = s.Shape
	if in.Shape == nil {
		width, err := s.width(m)
		if err != nil {
			return err
		}
		in.Shape = []int{width}
	}
	return nil
}

// width is the number of values in an input row, from the features or the first layer that tells.
func (s Spec) width(m *format.Model) (int, error) {
	if len(s.Features) > 0 {
		return len(s.Features), nil
	}
	for _, l := range m.Steps() {
		switch l := l.(type) {
		case *format.Dense:
			return m.Tensor(l.Weight).Shape[0], nil
		case *format.Affine:
			if n := m.Tensor(l.Operand).Shape[0]; n > 1 {
				return n, nil
			}
		case *format.PReLU:
			if n := m.Tensor(l.Slope).Shape[0]; n > 1 {
				return n, nil
			}
		case *format.Activation, *format.Normalize, *format.Clip, *format.Threshold, *format.Softmax:
		default:
			return 0, fmt.Errorf("assemble: the shapes do not tell how many inputs there are before %s: say --input-shape or --features", arch.LayerString(l))
		}
	}
	return 0, fmt.Errorf("assemble: no layer tells how many inputs there are: say --input-shape or --features")
}

// output describes a model's output row, of that width.
func (s Spec) output(m *format.Model, width int) error {
	o := &m.Output
	o.Labels = s.Labels
	o.Kind = s.Output
	if o.Kind == "" {
		o.Kind = s.kind(m.Layers[len(m.Layers)-1], width)
	}
	labels := len(s.Labels)
	decides := width == 1 && labels == 2 && (o.Kind == format.Logits || o.Kind == format.Probabilities || o.Kind == format.Decision)
	if labels > 0 && labels != width && !decides && o.Kind != format.Class {
		return s.miscount(width)
	}
	switch {
	case s.Threshold != nil && !decides:
		return cli.Usagef("assemble: --threshold decides a single column of probabilities, logits or decisions between two labels: the model has %s of kind %s and %s", plural.Count(width, "column"), o.Kind, plural.Count(labels, "label"))
	case s.Threshold != nil:
		o.Threshold = s.Threshold
	case decides && o.Kind == format.Probabilities:
		o.Threshold = &format.Cut{Comparison: format.Greater, Value: 0.5}
	case decides:
		o.Threshold = &format.Cut{Comparison: format.Greater}
	}
	return nil
}

// kind tells from the last layer what the numbers are.
func (s Spec) kind(last format.Layer, width int) format.Kind {
	switch l := last.(type) {
	case *format.Softmax:
		return format.Probabilities
	case *format.ArgMax:
		return format.Class
	case *format.Threshold:
		if width == 1 {
			return format.Class
		}
	case *format.Activation:
		switch {
		case l.Function == format.Sigmoid:
			return format.Probabilities
		case l.Function == format.Step && width == 1:
			return format.Class
		}
	case *format.Dense:
		if width == 1 && len(s.Labels) == 1 {
			return format.Value // a quantity with a name: a single class is none
		}
		if len(s.Labels) > 0 {
			return format.Logits
		}
	}
	if len(s.Labels) > 0 {
		return format.Decision
	}
	return format.Value
}

// miscount is the error of labels that are too many or too few: of a wrong call, or of a file that
// contradicts itself.
func (s Spec) miscount(width int) error {
	found := fmt.Sprintf("%s for %s: one for each is needed, or two for a single column that decides", plural.Count(len(s.Labels), "label"), plural.Count(width, "output column"))
	if s.labelsOf != "" {
		return fmt.Errorf("assemble: tensor %q holds %s; --labels goes before it", s.labelsOf, found)
	}
	return cli.Usagef("assemble: --labels: %s", found)
}

// explainOutput says what was decided about the output.
func (b *builder) explainOutput(last format.Layer) {
	o := &b.result.Model.Output
	if b.spec.Output == "" {
		b.result.decide("outputs are of kind %s, because the last layer is %s%s", o.Kind, last.Op(), b.labelled(last))
	}
	if o.Threshold != nil && b.spec.Threshold == nil {
		b.result.decide("%q is decided where the output is %s, else %q", o.Labels[1], arch.CutString(*o.Threshold), o.Labels[0])
	}
}

// labelled tells of the labels where they made a difference.
func (b *builder) labelled(last format.Layer) string {
	switch unlabelled := (Spec{}).kind(last, b.result.Model.OutputSize()); {
	case unlabelled != format.Value:
		return ""
	case len(b.spec.Labels) > 0:
		return " and there are labels"
	}
	return " and there are no labels"
}
