package torch

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// sequential reports whether a module runs its children one after the other: a Sequential, or a
// wrapper around a single module. A class derived from Sequential may do otherwise.
func (m *module) sequential() bool { return m.is("Sequential") || m.is("DataParallel") }

// steps appends the layers of a module in the order in which they run.
func (m *module) steps(list []*module) ([]*module, error) {
	if !m.known() {
		return nil, fmt.Errorf("%s: no layer of a model file computes this", m)
	}
	if err := m.hooks(); err != nil {
		return nil, fmt.Errorf("%s: %w", m, err)
	}
	if !m.sequential() {
		return append(list, m), nil
	}
	var err error
	for _, child := range m.children {
		if list, err = child.steps(list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// model makes a whole model of a module.
func (c *content) model(root *module) (*draft.Draft, error) {
	steps, err := root.steps(nil)
	if err != nil {
		return nil, err
	}
	width, err := c.width(steps)
	if err != nil {
		return nil, err
	}
	d, err := draft.New(width)
	if err != nil {
		return nil, err
	}
	d.Model.Source = format.Software{Name: "PyTorch"}
	w := &writer{content: c, Draft: d}
	training := false
	for i, m := range steps {
		w.rest = steps[i+1:]
		if err := w.layer(m); err != nil {
			return nil, fmt.Errorf("%s: %w", m, err)
		}
		training = training || m.training() && (isDropout(m) || isBatchNorm(m) || m.is("RReLU"))
	}
	if training {
		d.Note("the model was saved in training mode; it is taken as model.eval() has it")
	}
	d.Notes = append(d.Notes, w.made.notes()...)
	if d.Layers.Len() == 0 {
		return nil, errors.New("the model has no layer that computes anything")
	}
	if !w.classifies {
		w.output()
	}
	return d, d.Finish()
}

// width is the number of values in an input row, as the first layer tells that knows it.
func (c *content) width(steps []*module) (int, error) {
	for _, m := range steps {
		name, axis := "", 0
		switch {
		case m.is("Linear"):
			name, axis = "weight", 1
		case isBatchNorm(m):
			name = "running_mean"
		case m.is("PReLU"):
			name = "weight"
		default:
			continue
		}
		v, err := rebuild(shaped(m.parameter(name)))
		if err != nil {
			return 0, fmt.Errorf("%s: %s: %w", m, name, err)
		}
		if axis >= len(v.size) {
			return 0, fmt.Errorf("%s: %s of shape %v", m, name, v.size)
		}
		if n := v.size[axis]; n > 1 || !m.is("PReLU") {
			return n, nil
		}
	}
	return 0, errors.New("no layer tells how many inputs there are: a Linear, BatchNorm1d or PReLU is needed")
}

// shaped returns the value of the file that has the shape of a parameter.
func shaped(parameter any) any {
	switch r, _ := parameter.(*recipe); {
	case r == nil:
		return parameter
	case r.how == normed:
		return r.inputs[1] // the direction
	default:
		return r.inputs[0]
	}
}

// output says what the numbers are, by the last layer that computes.
func (w *writer) output() {
	o := &w.Model.Output
	o.Kind = format.Value
	switch last := w.Layers.Last().(type) {
	case *format.Softmax:
		o.Kind = format.Probabilities
		return
	case *format.Activation:
		if last.Function != format.Sigmoid {
			break
		}
		if w.Layers.Width() > 1 {
			w.Assume("each output is a sigmoid of its own, and no class is decided among them")
			return
		}
		o.Kind, o.Labels = format.Probabilities, []string{"0", "1"}
		o.Threshold = &format.Cut{Comparison: format.Greater, Value: 0.5}
		w.Assume("the output is taken as the probability of the second of two classes, called 0 and 1, because the last layer is Sigmoid")
		return
	}
	w.Assume("the file does not say what the outputs are: they are taken as values, and no class is decided")
}
