package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// part evaluates an operator that is read as a part of a pattern, or as a threshold.
func (c *call) part() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	switch c.op {
	case "Greater", "GreaterOrEqual":
		return c.threshold(v)
	case "Reciprocal":
		return c.logistic(v)
	case "Erfc": // of TensorFlow, not of ONNX: within a GELU, Keras exports it all the same
		return c.after(v, &step{op: erfcStep}), nil
	case "Not":
		if !v.chain.is(someStep) {
			return nil, c.refuse()
		}
		some := v.chain.step
		v = &value{chain: v.chain.before, shape: v.shape}
		return c.after(v, &step{op: noneStep, nodes: slices.Clone(some.nodes)}), nil
	}
	return c.reduced(v)
}

// threshold is 1 where a value is above a constant, and 0 elsewhere.
func (c *call) threshold(v *value) (*value, error) {
	x, err := c.constantAt(1)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, errors.New("the bound is left out")
	}
	bound, err := x.scalar()
	if err != nil {
		return nil, err
	}
	cut := format.Cut{Comparison: format.Greater, Value: float32(bound)}
	if c.op == "GreaterOrEqual" {
		cut.Comparison = format.GreaterOrEqual
	}
	next := c.after(v, &step{op: "threshold", layer: &format.Threshold{Cut: cut}})
	next.integer = true
	return next, nil
}

// logistic recognises 1/(1 + e^−x), the sigmoid in four nodes.
func (c *call) logistic(v *value) (*value, error) {
	x := v.chain
	var steps []*step
	for range 3 {
		if x.before != nil {
			steps = append(steps, x.step)
			x = x.before
		}
	}
	slices.Reverse(steps)
	if !matches(steps, by(format.Multiply, -1), is("exp"), by(format.Add, 1)) {
		return nil, errors.New("1/x: of such, 1/(1 + exp(−x)) is read")
	}
	return c.pattern(&value{chain: x, shape: v.shape, labels: v.labels}, &step{op: "sigmoid", layer: &format.Activation{Function: format.Sigmoid}}, steps), nil
}

// reduced is one number for each row, by which it may be divided.
func (c *call) reduced(v *value) (*value, error) {
	axes, err := c.axes(len(v.shape) + 1)
	if err != nil {
		return nil, err
	}
	if len(v.shape) != 1 || !slices.Equal(axes, []int{1}) {
		return nil, fmt.Errorf("axes %v of rows of shape %v: whole rows that are vectors are read", axes, v.shape)
	}
	s := &step{op: sumStep}
	switch c.op {
	case "ReduceL2":
		s.op = normStep
	case "ReduceProd":
		s.op = productStep
	}
	keep := c.attributes.integer("keepdims", 1) != 0
	c.attributes.integer("noop_with_empty_axes", 0)
	next := c.widened(v, s, 1)
	if !keep {
		next.shape = nil
	}
	return next, nil
}
