package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// foldArithmetic computes an elementwise operation on two constants.
func (c *call) foldArithmetic() (*constant, error) {
	if len(c.inputs) != 2 || c.inputs[1].constant == nil {
		return nil, errors.New("two inputs are needed")
	}
	a, b := c.inputs[0].constant, c.inputs[1].constant
	if a.element == textElement || b.element == textElement || a.element.float() != b.element.float() {
		return nil, fmt.Errorf("constants of %s and %s", a.element, b.element)
	}
	shape, err := broadcastShape(a.shape, b.shape)
	if err != nil {
		return nil, err
	}
	if _, err := c.volume(shape); err != nil {
		return nil, err
	}
	x, err := a.expanded(shape)
	if err != nil {
		return nil, err
	}
	y, err := b.expanded(shape)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(x))
	for i := range values {
		values[i] = c.operate(x[i], y[i])
	}
	out := &constant{element: a.element, shape: shape, floats: values}
	if a.element.float() {
		return out, c.narrow(out)
	}
	out.floats, out.ints = nil, make([]int64, len(values))
	for i, v := range values {
		if v != v || math.Abs(v) >= 1<<53 {
			return nil, errors.New("whole numbers beyond 2⁵³, or a division by zero")
		}
		out.ints[i] = int64(v) // towards zero, as ONNX divides integers
	}
	return out, nil
}

func (c *call) operate(x, y float64) float64 {
	switch c.op {
	case "Add":
		return x + y
	case "Sub":
		return x - y
	case "Mul":
		return x * y
	case "Div":
		return x / y
	case "Max":
		return max(x, y)
	case "Min":
		return min(x, y)
	}
	return math.Pow(x, y)
}

// foldFunction computes a function of each value.
func (c *call) foldFunction(x *constant) (*constant, error) {
	if !x.element.float() {
		return nil, fmt.Errorf("a function of a constant of %s", x.element)
	}
	values := slices.Clone(x.floats)
	for i, v := range values {
		switch c.op {
		case "Neg":
			values[i] = -v
		case "Sqrt":
			values[i] = math.Sqrt(v)
		case "Reciprocal":
			values[i] = 1 / v
		case "Exp":
			values[i] = math.Exp(v)
		case "Log":
			values[i] = math.Log(v)
		default:
			values[i] = math.Abs(v)
		}
	}
	out := &constant{element: x.element, shape: x.shape, floats: values}
	return out, c.narrow(out)
}

// foldMatMul multiplies two matrices of constants.
func (c *call) foldMatMul() (*constant, error) {
	if len(c.inputs) != 2 || c.inputs[1].constant == nil {
		return nil, errors.New("two inputs are needed")
	}
	a, b := c.inputs[0].constant, c.inputs[1].constant
	if len(a.shape) != 2 || len(b.shape) != 2 || a.shape[1] != b.shape[0] || !a.element.float() || !b.element.float() {
		return nil, fmt.Errorf("constants of %s, shape %v, and %s, shape %v: two matrices of floats are multiplied here", a.element, a.shape, b.element, b.shape)
	}
	rows, inner, columns := a.shape[0], a.shape[1], b.shape[1]
	if _, err := c.volume([]int{rows, inner, columns}); err != nil {
		return nil, err
	}
	values := make([]float64, rows*columns)
	for r := range rows {
		for k := range inner {
			for j := range columns {
				values[r*columns+j] += float64(a.floats[r*inner+k] * b.floats[k*columns+j])
			}
		}
	}
	out := &constant{element: a.element, shape: []int{rows, columns}, floats: values}
	return out, c.narrow(out)
}

// foldDequantize turns constants quantized to integers into floats: (x − zero point)·scale, with one
// scale, or one along a dimension.
func (c *call) foldDequantize() (*constant, error) {
	x := c.inputs[0].constant
	along := c.attributes.integer("axis", 1)
	if blocks := c.attributes.integer("block_size", 0); blocks != 0 {
		return nil, fmt.Errorf("scales for blocks of %d values are not read", blocks)
	}
	quantized, err := x.integers()
	if err != nil {
		return nil, err
	}
	scale, err := c.constantAt(1)
	if err != nil {
		return nil, err
	}
	if scale == nil || !scale.element.float() {
		return nil, errors.New("a scale of floats is needed")
	}
	zero, err := c.constantAt(2)
	if err != nil {
		return nil, err
	}
	var zeros []int64
	if zero != nil {
		if zeros, err = zero.integers(); err != nil {
			return nil, err
		}
	}
	inner, channels := 1, 1
	if scale.len() != 1 {
		d, err := axis(along, len(x.shape))
		if err != nil {
			return nil, err
		}
		inner, channels = product(x.shape[d+1:]), x.shape[d]
	}
	if scale.len() != channels || zero != nil && zero.len() != channels {
		return nil, fmt.Errorf("scales of shape %v for values of shape %v", scale.shape, x.shape)
	}
	values := make([]float64, len(quantized))
	for i, q := range quantized {
		k := i / inner % channels
		if zeros != nil {
			q -= zeros[k]
		}
		values[i] = float64(q) * scale.floats[k]
	}
	out := &constant{element: scale.element, shape: x.shape, floats: values, name: x.name}
	return out, c.narrow(out)
}
