package onnx

import (
	"errors"
	"fmt"
)

// passed evaluates an operator that passes a value on as it is, or in another type.
func (c *call) passed() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	switch c.op {
	case "Dropout":
		return v, c.dropout()
	case "Cast":
		return c.cast(v)
	case "Expand":
		// Its norm, or that with a lower bound, is the divisor of the row that has its shape.
		norm := v.chain.is(normStep) || v.chain.is("clip") && v.chain.before.is(normStep)
		if !norm {
			return nil, errors.New("a row is repeated: of such, its norm is read")
		}
	}
	c.became("nothing: an identity")
	return v, nil
}

// dropout passes its input on, unless the file was exported in training mode.
func (c *call) dropout() error {
	c.attributes.float("ratio", 0.5)
	c.attributes.integer("seed", 0)
	training, err := c.constantAt(2)
	if err != nil {
		return err
	}
	if training != nil {
		on, err := training.scalar()
		if err != nil {
			return err
		}
		if on != 0 {
			return errors.New("training mode, whose answers are random: export the model after eval()")
		}
	}
	c.became("nothing: dropout does nothing in inference")
	return nil
}

// cast changes a value's type. Floats of all widths are the same here; the fraction that a cast to
// whole numbers cuts off is remembered as missing.
func (c *call) cast(v *value) (*value, error) {
	to := element(c.attributes.integer("to", 0))
	c.attributes.integer("saturate", 1)
	next := *v
	switch {
	case v.chain.is(sumStep) && to == boolElement:
		return c.after(v, &step{op: someStep}), nil
	case v.class() && to != boolElement:
	case to.float():
		next.integer = false
	case to == textElement && v.labels == nil:
		return nil, errors.New("numbers cast to text")
	case to == textElement, to == int64Element, to == int32Element, to == boolElement && v.chain.is("threshold"):
		next.truncated = v.truncated || !v.integer
		next.integer = true
	default:
		return nil, fmt.Errorf("a cast to %s: float types, int32 and int64 are read", to)
	}
	c.became("nothing: a cast to %s", to)
	return &next, nil
}
