package tflite

import (
	"fmt"
	"slices"
)

// step is one link of the chain: an operator, or several that make up one function.
type step struct {
	last   operator   // the one whose output goes on
	row    int        // the tensor that it takes rows from
	idiom  *idiom     // nil for a single operator
	merged []operator // of an idiom: all of its operators
	alpha  float64    // of an idiom: its parameter
}

// chain returns the steps from the input to the output.
func (g *graph) chain() ([]step, error) {
	var steps []step
	for t := g.output; t != g.input; {
		s, err := g.stepTo(t)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
		t = s.row
	}
	slices.Reverse(steps)
	return steps, nil
}

// stepTo returns the step that makes a tensor.
func (g *graph) stepTo(t int) (step, error) {
	if !g.varies[t] {
		return step{}, fmt.Errorf("tensor %d%s does not depend on the input", t, g.tensor(t).label())
	}
	o := g.operator(g.producer[t])
	if s, ok := g.findIdiom(t); ok {
		return s, nil
	}
	s := step{last: o, row: -1}
	switch {
	case o.outputs.len > 1:
		return step{}, fmt.Errorf("%v has %d outputs: only a chain of operators is read", o, o.outputs.len)
	case o.code == opReshape || o.code == opSqueeze || o.code == opExpandDims:
		// The other operand is a shape, and what a converter computes it from does not matter.
		if s.row = o.operand(0); s.row >= 0 && g.varies[s.row] {
			return s, nil
		}
		return step{}, fmt.Errorf("%v does not reshape a row", o)
	}
	for k := range o.inputs.len {
		switch t := o.operand(k); {
		case t < 0 || !g.varies[t]:
		case s.row < 0:
			s.row = t
		default:
			return step{}, fmt.Errorf("%v joins two branches of the graph: only a chain of operators is read%s", o, hint(o.code))
		}
	}
	if s.row < 0 { // operators were read before, but not all of what they point at
		return step{}, g.flat.err
	}
	return s, nil
}

// hint ends the error for an operator with a way out, where there is a common one.
func hint(code opcode) string {
	switch code {
	case opHardSwish:
		return "; train with silu, which is close to it"
	case opLogSoftmax:
		return "; convert the model with softmax, or without it: both decide for the same class"
	case opLog:
		return "; it may be part of log_sigmoid or mish, which have no equal here"
	}
	return ""
}
