package onnx

import (
	"errors"
	"fmt"
)

// fold computes a node whose result is a constant: all its inputs are, or it asks for a shape.
func (c *call) fold() (*constant, error) {
	switch c.op {
	case "Constant":
		return c.foldConstant()
	case "Shape", "Size":
		return c.foldShape()
	case "ConstantOfShape":
		return c.foldOfShape()
	}
	if len(c.inputs) == 0 || c.inputs[0].constant == nil {
		return nil, errors.New("a node without inputs")
	}
	x := c.inputs[0].constant
	if err := c.spend(x.len()); err != nil {
		return nil, err
	}
	switch c.op {
	case "Identity", "Dropout":
		return x, nil
	case "Cast":
		return c.foldCast(x)
	case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min":
		return c.foldArithmetic()
	case "Neg", "Sqrt", "Reciprocal", "Exp", "Abs", "Log":
		return c.foldFunction(x)
	case "MatMul":
		return c.foldMatMul()
	case "DequantizeLinear":
		return c.foldDequantize()
	case "Transpose":
		return c.foldTranspose(x)
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		shape, err := c.newShape(x.shape, false)
		if err != nil {
			return nil, err
		}
		if product(shape) != x.len() {
			return nil, fmt.Errorf("a constant of shape %v cannot become one of %v", x.shape, shape)
		}
		return x.reshaped(shape), nil
	case "Concat":
		return c.foldConcat()
	case "Gather":
		return c.foldGather(x)
	case "Slice":
		return c.foldSlice(x)
	case "Expand":
		return c.foldExpand(x)
	}
	return nil, errors.New("it computes on constants, and is not among what is computed here")
}

func (c *call) foldConstant() (*constant, error) {
	if len(c.attributes) != 1 {
		return nil, fmt.Errorf("a constant with %d attributes", len(c.attributes))
	}
	a := &c.attributes[0]
	a.used = true
	switch a.name {
	case "value":
		if a.tensor == nil {
			return nil, errors.New("a constant without its tensor")
		}
		return a.tensor.decode(c.folder)
	case "value_float":
		return &constant{element: float32Element, floats: []float64{a.float}}, nil
	case "value_floats":
		return &constant{element: float32Element, shape: []int{len(a.floats)}, floats: a.floats}, nil
	case "value_int":
		return &constant{element: int64Element, ints: []int64{a.integer}}, nil
	case "value_ints":
		return &constant{element: int64Element, shape: []int{len(a.integers)}, ints: a.integers}, nil
	case "value_string":
		return &constant{element: textElement, texts: []string{a.text}}, nil
	case "value_strings":
		return &constant{element: textElement, shape: []int{len(a.texts)}, texts: a.texts}, nil
	}
	return nil, fmt.Errorf("a constant by the attribute %.64q", a.name)
}

// foldShape gives the shape of a constant, or of a batch of rows, whose size may be open.
func (c *call) foldShape() (*constant, error) {
	if c.op == "Size" {
		return nil, errors.New("the number of values in a batch is not known")
	}
	var shape []int64
	var of *value
	switch r := c.input(0); {
	case r.constant != nil:
		for _, d := range r.constant.shape {
			shape = append(shape, int64(d))
		}
	case r.value != nil:
		shape = []int64{openBatch}
		if c.batch > 0 {
			shape[0] = int64(c.batch)
		}
		of = r.value
		for _, d := range r.value.shape {
			shape = append(shape, int64(d))
		}
	default:
		return nil, errors.New("the shape of nothing")
	}
	start := within(c.attributes.integer("start", 0), len(shape))
	end := within(c.attributes.integer("end", int64(len(shape))), len(shape))
	if start > 0 || end < len(shape) {
		shape, of = shape[start:max(start, end)], nil
	}
	return &constant{element: int64Element, shape: []int{len(shape)}, ints: shape, of: of}, nil
}

func (c *call) foldCast(x *constant) (*constant, error) {
	to := element(c.attributes.integer("to", 0))
	c.attributes.integer("saturate", 1) // of 8-bit floats only
	out := &constant{element: to, shape: x.shape, name: x.name}
	switch {
	case x.element == textElement || to == textElement:
		return nil, fmt.Errorf("a constant of %s cast to %s", x.element, to)
	case to.float() && x.element.float():
		out.floats = x.floats
	case to.float():
		values, err := x.numbers()
		if err != nil {
			return nil, err
		}
		out.floats = values
	case x.element.float():
		out.ints = make([]int64, x.len())
		for i, v := range x.floats {
			if v != v || v <= -1<<53 || v >= 1<<53 {
				return nil, fmt.Errorf("a constant of %g cast to %s", v, to)
			}
			out.ints[i] = int64(v)
			if to == boolElement && v != 0 {
				out.ints[i] = 1
			}
		}
	case to == int64Element || to == int32Element:
		out.ints = x.ints
	default:
		return nil, fmt.Errorf("a constant of %s cast to %s", x.element, to)
	}
	return out, c.narrow(out)
}

// narrow rounds values of a type narrower than float64, as the file's own arithmetic would. Half
// precision is left in float32.
func (c *call) narrow(x *constant) error {
	if x.element == float64Element || !x.element.float() {
		return nil
	}
	if err := c.spend(x.len()); err != nil {
		return err
	}
	rounded := make([]float64, x.len())
	for i, v := range x.floats {
		rounded[i] = float64(float32(v))
	}
	x.floats = rounded
	return nil
}
