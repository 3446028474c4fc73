package tflite

import (
	"fmt"

	"github.com/edge-infer/edge-infer/format"
)

// explain notes what a person should know about the numbers that go in and come out.
func (c *converter) explain() {
	c.explainEnd("takes", c.tensor(c.input))
	c.explainEnd("gives", c.tensor(c.output))
	seen, d := c.seen, c.draft
	if seen.activations != float32Type {
		d.Note("the source computes with %v: its constants are dequantised here and the rows between layers stay real numbers, so that answers agree with the source's to within the step of its quantisation", seen.activations)
	}
	if seen.saturates {
		d.Note("some rows are quantised to a range that begins at 0, which stands for a relu")
	}
	if seen.weights != float32Type {
		d.Note("weights of %v are dequantised here; the source rounds each row to 8 bits before it multiplies, which is not done here, so that answers agree to within about a hundredth", seen.weights)
	}
	if seen.halves {
		d.Note("weights of float16 are widened, which is exact")
	}
	switch in := &d.Model.Input; {
	case in.Layout != format.Vector:
		d.Note("an input row is a picture of layout %s: its shape is %v", in.Layout, in.Shape)
	case len(in.Shape) == 3 && in.Shape[2] == 3:
		d.Note("an input row of shape %v is taken for numbers without an order of colours, of which the file does not tell", in.Shape)
	}
	c.explainOutput()
	if n := c.root.vector(2, 4).len; n > 1 {
		d.Note("of %d subgraphs the first one is read", n)
	}
	if n := c.root.vector(7, 4).len; n > 1 {
		d.Note("of %d signatures that of the first subgraph is read", n)
	}
	if dims, err := c.tensor(c.input).dims(); err == nil && len(dims) > 1 && dims[0] > 1 {
		d.Note("the source takes %d rows at a time: here it is any number", dims[0])
	}
}

// explainEnd notes what the source takes or gives if that is not float32.
func (c *converter) explainEnd(verb string, t tensor) {
	switch {
	case t.real() && t.elements != float32Type:
		c.draft.Note("the source %s %v, where q stands for %s: this model %s those real numbers", verb, t.elements, formula(t), verb)
	case t.elements == uint8Type && verb == "takes":
		c.draft.Note("the source takes uint8, and so does this model: bytes, each widened to the number that it is")
	case t.elements.whole():
		c.draft.Note("the source %s %v: this model %s the same numbers as float32, which holds whole numbers up to 2²⁴", verb, t.elements, verb)
	}
}

// formula writes what an element q of a quantised tensor stands for.
func formula(t tensor) string {
	sign, zero := "−", t.zero(0)
	if zero < 0 {
		sign, zero = "+", -zero
	}
	return fmt.Sprintf("(q %s %d)·%g", sign, zero, t.scales.float32(0))
}
