package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// arithmetic evaluates an elementwise operation between a computed value and a constant, or between
// two computed values that are the parts of a pattern.
func (c *call) arithmetic() (*value, error) {
	if len(c.inputs) != 2 {
		return nil, errors.New("two inputs are needed")
	}
	a, b := c.inputs[0], c.inputs[1]
	switch {
	case a.value != nil && b.value != nil:
		return c.joined(a.value, b.value)
	case b.constant != nil && a.value != nil:
		v, err := c.floats(0)
		if err != nil {
			return nil, err
		}
		return c.withConstant(v, b.constant, false)
	case a.constant != nil && b.value != nil:
		v, err := c.floats(1)
		if err != nil {
			return nil, err
		}
		return c.withConstant(v, a.constant, true)
	}
	return nil, errors.New("two inputs are needed")
}

// withConstant evaluates v op x, or x op v if the constant comes first.
func (c *call) withConstant(v *value, x *constant, first bool) (*value, error) {
	operand, err := c.operand(v, x)
	if err != nil {
		return nil, err
	}
	switch c.op {
	case "Add", "Sum":
		return c.added(v, operand)
	case "Sub":
		if first {
			return c.added(c.affine(v, format.Multiply, []float64{-1}), operand)
		}
		return c.affine(v, format.Subtract, operand), nil
	case "Mul":
		return c.factor(v, format.Multiply, operand), nil
	case "Div":
		if first {
			return nil, errors.New("a constant divided by a computed value: no layer does that")
		}
		return c.factor(v, format.Divide, operand), nil
	case "Pow":
		return c.power(v, operand, first)
	}
	if len(operand) != 1 {
		return nil, errors.New("a bound for each column: one for all is read")
	}
	low, high := operand[0], math.Inf(1)
	if c.op == "Min" {
		low, high = math.Inf(-1), operand[0]
	}
	return c.clipped(v, low, high)
}

// operand returns a constant as one value for all columns, or one for each. Where it would widen
// the row, it is an error.
func (c *call) operand(v *value, x *constant) ([]float64, error) {
	if x.len() == 1 && len(x.shape) <= len(v.shape)+1 {
		return x.numbers()
	}
	return c.vector(x, v.shape)
}

// affine appends an operation with a constant.
func (c *call) affine(v *value, op format.Operator, operand []float64) *value {
	return c.after(v, &step{op: string(op), operand: operand})
}

// added appends an addition, which becomes the bias of a dense layer that has none.
func (c *call) added(v *value, operand []float64) (*value, error) {
	if v.chain.is("dense") && v.chain.step.bias == nil {
		return c.withBias(v, operand)
	}
	return c.affine(v, format.Add, operand), nil
}

// factor appends a multiplication or division. One by a power of two undoes one that a pattern left,
// such as the half of a GELU that comes last.
func (c *call) factor(v *value, op format.Operator, operand []float64) *value {
	if last := v.chain.step; op == format.Multiply && last != nil && last.leftOver != 0 && len(operand) == 1 && operand[0]*last.leftOver == 1 {
		c.became("part of the %s", v.chain.before.step.op)
		return &value{chain: v.chain.before, shape: v.shape}
	}
	return c.affine(v, op, operand)
}

// scaled appends an operation with one constant for all columns.
func (c *call) scaled(op format.Operator, factor float64) (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	return c.affine(v, op, []float64{factor}), nil
}

func (c *call) power(v *value, operand []float64, first bool) (*value, error) {
	if first || slices.Max(operand) != slices.Min(operand) {
		return nil, errors.New("powers of a constant, or different ones, are not read")
	}
	switch operand[0] {
	case 1:
		c.became("nothing: a first power")
		return v, nil
	case 2:
		return c.after(v, &step{op: squareStep}), nil
	case 3:
		return c.after(v, &step{op: cubeStep}), nil
	}
	return nil, fmt.Errorf("a power of %g is not read", operand[0])
}

// clipped appends limits.
func (c *call) clipped(v *value, low, high float64) (*value, error) {
	if low == 0 && high == 6 {
		return c.after(v, &step{op: "relu6", layer: &format.Activation{Function: format.ReLU6}}), nil
	}
	l, h := float32(low), float32(high)
	if !(l <= h) {
		return nil, fmt.Errorf("limits from %g to %g", low, high)
	}
	return c.after(v, &step{op: "clip", layer: &format.Clip{Low: l, High: h}}), nil
}
