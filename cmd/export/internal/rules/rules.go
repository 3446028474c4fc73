package rules

import (
	"errors"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// errSoftmax tells of a softmax that computes nothing.
var errSoftmax = errors.New("the softmax of a single column is always 1: for the probability of a class write sigmoid in its place")

// Check checks a model against the rules of its format, and refuses a softmax over rows of one
// value. Errors have no package's name in front, since the caller knows better what was put
// together.
func Check(m *format.Model) error {
	if err := m.Validate(); err != nil {
		return Plain(err)
	}
	return checkSoftmax(m, m.Steps(), m.InputSize())
}

// checkSoftmax follows rows of a width through the layers of a valid model.
func checkSoftmax(m *format.Model, layers []format.Layer, width int) error {
	for _, l := range layers {
		switch l := l.(type) {
		case *format.Softmax:
			if width == 1 {
				return errSoftmax
			}
		case *format.Columns:
			for _, g := range l.Groups {
				if err := checkSoftmax(m, g.Layers, len(g.Columns)); err != nil {
					return err
				}
			}
		}
		var err error
		if width, err = m.Outputs(l, width); err != nil {
			panic("rules: " + err.Error()) // the model is valid
		}
	}
	return nil
}

// Plain leaves out of an error of package format what says that it is about a model file. It still
// wraps the error.
func Plain(err error) error { return plain{err} }

type plain struct{ error }

func (p plain) Error() string {
	text := strings.TrimPrefix(p.error.Error(), "format: ")
	return strings.Replace(text, format.ErrInvalid.Error()+": ", "", 1)
}

func (p plain) Unwrap() error { return p.error }
