package tflite

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// converter turns the steps of a chain into layers.
type converter struct {
	*graph
	draft *draft.Draft
	seen  storage
}

// storage is what a person should know about how the source keeps its numbers.
type storage struct {
	activations elementType // of quantised rows between layers; float32Type if there are none
	weights     elementType // of quantised weights between real rows; float32Type if there are none
	halves      bool        // some weights are float16
	saturates   bool        // some rows are limited to 0 and above by their range alone
}

// list is where the next layer goes. What only scales columns before anything else is preprocessing.
func (c *converter) list(scales bool) *draft.List {
	if scales && c.draft.Layers.Len() == 0 {
		return c.draft.Preprocessing
	}
	return c.draft.Layers
}

// width is the number of values in a row so far.
func (c *converter) width() int { return c.draft.Layers.Width() }

// apply appends the layers of a step, and returns what became of its operator.
func (c *converter) apply(s step) (string, error) {
	if s.idiom != nil {
		return s.idiom.name, c.idiom(s)
	}
	o, in, out := s.last, c.tensor(s.row), c.tensor(s.last.outputs.int32(0))
	if reals, ok := c.conversion(o, in, out); ok {
		return reals, nil
	}
	if !in.real() {
		return "", fmt.Errorf("it computes with elements of %v: float32, or quantised ones of 8 or 16 bits, are needed", in.elements)
	}
	switch o.code {
	case opArgMax:
		return c.argMax(s, in)
	case opGreater, opGreaterEqual, opLess, opLessEqual:
		return c.compare(s)
	}
	if !out.real() {
		return "", fmt.Errorf("it gives elements of %v: float32, or quantised ones of 8 or 16 bits, are needed", out.elements)
	}
	if in.elements != float32Type {
		c.seen.activations = in.elements
	}
	became, err := c.compute(s, in)
	if err != nil {
		return "", err
	}
	then, err := c.fused(fused(o))
	if err != nil {
		return "", err
	}
	limit, err := c.saturate(o, out)
	return became + then + limit, err
}

// conversion tells of operators that leave every value as it is.
func (c *converter) conversion(o operator, in, out tensor) (string, bool) {
	switch o.code {
	case opReshape, opSqueeze, opExpandDims:
		return "nothing: the values of a row stay in their order", true
	case opQuantize, opDequantize:
		return "nothing: values stay real numbers", in.real() && out.real()
	case opCast:
		// From real numbers it would cut off fractions.
		wide := out.elements == int32Type || out.elements == int64Type || out.elements == float32Type
		return "nothing: the values are whole numbers", wide && !in.real() && in.elements.whole()
	}
	return "", false
}

// compute appends what an operator from real rows to real rows does before its fused activation.
func (c *converter) compute(s step, in tensor) (string, error) {
	o := s.last
	switch o.code {
	case opFullyConnected:
		return c.fullyConnected(o, in)
	case opBatchMatMul:
		return c.batchMatMul(s, in)
	case opAdd, opSub, opMul, opDiv, opMaximum, opMinimum:
		return c.arithmetic(s, in)
	case opNeg:
		return "multiply by −1", c.negate()
	case opPReLU:
		slope, err := c.broadcast(o.operand(1), in)
		if err != nil {
			return "", err
		}
		return "prelu", c.draft.Layers.PReLU("", slope)
	case opSoftmax:
		return c.softmax(o, in)
	case opReLUN1To1:
		return "clip to [−1, 1]", c.draft.Layers.Add(&format.Clip{Low: -1, High: 1})
	case opReLU0To1:
		return "clip to [0, 1]", c.draft.Layers.Add(&format.Clip{Low: 0, High: 1})
	}
	if a, ok := activation(o); ok {
		return a.Op(), c.draft.Layers.Add(a)
	}
	return "", fmt.Errorf("there is no layer for it here%s", hint(o.code))
}

// softmax has a factor before it, which is 1 in what converters write.
func (c *converter) softmax(o operator, in tensor) (string, error) {
	if err := c.whole(in); err != nil {
		return "", err
	}
	options := o.options()
	if options.at == 0 {
		return "", errors.New("its factor beta is missing")
	}
	if beta := options.float32(0); beta != 1 {
		if err := c.draft.Layers.Affine("", format.Multiply, []float64{float64(beta)}); err != nil {
			return "", err
		}
	}
	return "softmax", c.draft.Layers.Add(&format.Softmax{})
}

// whole requires that the last dimension of a tensor is the whole row.
func (c *converter) whole(t tensor) error {
	dims, ok := t.row(c.width())
	if !ok || len(dims) == 0 || dims[len(dims)-1] != c.width() {
		return fmt.Errorf("it works along the last dimension of %v, where a row has %d values: the two must be the same", dims, c.width())
	}
	return nil
}

func (c *converter) argMax(s step, in tensor) (string, error) {
	axis, err := c.constant(s.last.operand(1))
	if err != nil {
		return "", err
	}
	dims, err := in.dims()
	if err != nil {
		return "", err
	}
	if len(axis.values) != 1 || axis.values[0] != -1 && axis.values[0] != float64(len(dims)-1) {
		return "", fmt.Errorf("it works along dimension %v of %v: the last one is needed", axis.values, dims)
	}
	if err := c.whole(in); err != nil {
		return "", err
	}
	return "argmax", c.draft.Layers.Add(&format.ArgMax{})
}

// idiom appends the function that several operators make up.
func (c *converter) idiom(s step) error {
	for _, o := range s.merged {
		if t := c.tensor(o.outputs.int32(0)); !t.real() && t.elements != boolType {
			return fmt.Errorf("it computes with elements of %v: float32, or quantised ones of 8 or 16 bits, are needed", t.elements)
		}
	}
	switch s.idiom.name {
	case "elu":
		return c.draft.Layers.Add(&format.Activation{Function: format.ELU, Alpha: float32(s.alpha)})
	case "normalize":
		if err := c.whole(c.tensor(s.row)); err != nil {
			return err
		}
		if !(s.alpha >= 1e6) {
			return errors.New("it divides short rows by more than their norm")
		}
		c.draft.Note("%v divides a row by its l2 norm, or by %g where the norm is below that: here it is the norm unless that is 0", s.last, 1/s.alpha)
		return c.list(true).Add(&format.Normalize{Norm: format.L2})
	}
	return c.draft.Layers.Activation(format.Function(s.idiom.name))
}
