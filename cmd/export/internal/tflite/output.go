package tflite

import "github.com/edge-infer/edge-infer/format"

// describe says where the model comes from and what its outputs are.
func (c *converter) describe() {
	m := c.draft.Model
	m.Source = format.Software{Name: "tensorflow lite"}
	if version := c.converterVersion(); version != "" {
		m.Source = format.Software{Name: "tensorflow", Version: version}
	}
	about := c.about()
	m.Name, m.Description = about.name, about.description
	if shape := m.Input.Shape; about.rgb && len(shape) == 3 && shape[2] == 3 {
		m.Input.Layout = format.HWCRGB
	}
	o, width := &m.Output, c.width()
	o.Labels = c.labels(about)
	o.Kind = kind(c.draft.Layers.Last(), width, len(o.Labels) > 1)
	if len(o.Labels) == 2 && width == 1 && o.Kind != format.Class {
		o.Threshold = &format.Cut{Comparison: format.Greater}
		if o.Kind == format.Probabilities {
			o.Threshold.Value = 0.5
		}
	}
}

// kind tells from the last layer what the outputs are.
func kind(last format.Layer, width int, labelled bool) format.Kind {
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
		if l.Function == format.Sigmoid {
			return format.Probabilities
		}
	case *format.Dense:
		if labelled {
			return format.Logits
		}
	}
	if labelled {
		return format.Decision
	}
	return format.Value
}

// explainOutput notes what a person might take the outputs for otherwise.
func (c *converter) explainOutput() {
	o := &c.draft.Model.Output
	sigmoid := false
	if a, ok := c.draft.Layers.Last().(*format.Activation); ok {
		sigmoid = a.Function == format.Sigmoid
	}
	switch {
	case o.Threshold != nil:
		c.draft.Note("%q is decided where the output is above %g, else %q", o.Labels[1], o.Threshold.Value, o.Labels[0])
	case sigmoid && c.width() == 1:
		c.draft.Assume("the output is one probability: given two labels, the second is decided where it is above 0.5")
	case sigmoid:
		c.draft.Note("each output is a probability of its own, by sigmoid: they need not add up to 1")
	case o.Kind == format.Value:
		c.draft.Assume("the file does not say what the outputs are: they are taken as values, and no class is decided")
	}
}
