package onnx

import (
	"errors"
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// activation evaluates a function of each value that is a node of its own.
func (c *call) activation() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	layer, err := c.function()
	switch {
	case err != nil:
		return nil, err
	case c.op == "LogSoftmax":
		return nil, fmt.Errorf("log_softmax is not defined here: take the logits before it, --onnx-output %q, or export the model with Softmax", c.node.inputs[0])
	case c.op == "PRelu" || c.op == "Clip" || layer != nil:
		if v, err = c.floats(0); err != nil {
			return nil, err
		}
	}
	switch c.op {
	case "PRelu":
		return c.prelu(v)
	case "Clip":
		return c.clip(v)
	}
	if layer == nil {
		return nil, c.refuse()
	}
	return c.after(v, &step{op: string(layer.Function), layer: layer}), nil
}

// function returns the layer of an operator whose parameters are attributes, or nil.
func (c *call) function() (*format.Activation, error) {
	a := c.attributes
	layer := new(format.Activation)
	switch c.op {
	case "Relu":
		layer.Function = format.ReLU
	case "Sigmoid":
		layer.Function = format.Sigmoid
	case "Tanh":
		layer.Function = format.Tanh
	case "Softplus":
		layer.Function = format.Softplus
	case "Exp":
		layer.Function = format.Exp
	case "Erf":
		layer.Function = format.Erf
	case "LeakyRelu":
		layer.Function, layer.Alpha = format.LeakyReLU, float32(a.float("alpha", 0.01))
	case "Elu":
		layer.Function, layer.Alpha = format.ELU, float32(a.float("alpha", 1))
	case "Celu":
		if alpha := a.float("alpha", 1); alpha != 1 {
			return nil, fmt.Errorf("alpha %g: with 1 it is elu, and other values are not read", alpha)
		}
		layer.Function, layer.Alpha = format.ELU, 1
	case "HardSigmoid":
		layer.Function, layer.Alpha, layer.Beta = format.HardSigmoid, float32(a.float("alpha", 0.2)), float32(a.float("beta", 0.5))
	case "Selu":
		// The published constants, to the digits that exporters write.
		alpha, gamma := a.float("alpha", 1.6732632), a.float("gamma", 1.050701)
		if math.Abs(alpha-1.6732632) > 1e-6 || math.Abs(gamma-1.050701) > 1e-6 {
			return nil, fmt.Errorf("alpha %g and gamma %g are not the published constants of selu", alpha, gamma)
		}
		layer.Function = format.SELU
	case "Gelu":
		switch form := a.text("approximate", "none"); form {
		case "none":
			layer.Function = format.GELU
		case "tanh":
			layer.Function = format.GELUTanh
		default:
			return nil, fmt.Errorf("approximate %.32q: none and tanh are read", form)
		}
	case "Swish":
		if alpha := a.float("alpha", 1); alpha != 1 {
			return nil, fmt.Errorf("alpha %g: 1 is read", alpha)
		}
		layer.Function = format.SiLU
	default:
		return nil, nil
	}
	return layer, nil
}

// prelu takes a slope that is one for all, or one for each value of a row by its own shape.
func (c *call) prelu(v *value) (*value, error) {
	slope, err := c.constantAt(1)
	if err != nil {
		return nil, err
	}
	if slope == nil {
		return nil, errors.New("the slope is left out")
	}
	operand, err := c.operand(v, slope)
	if err != nil {
		return nil, err
	}
	return c.after(v, &step{op: "prelu", operand: operand, name: stem(slope.name)}), nil
}

// clip takes its limits from inputs, or before operator set 11 from attributes.
func (c *call) clip(v *value) (*value, error) {
	limits := [2]float64{c.attributes.float("min", math.Inf(-1)), c.attributes.float("max", math.Inf(1))}
	for i := range limits {
		x, err := c.constantAt(i + 1)
		if err != nil {
			return nil, err
		}
		if x != nil {
			if limits[i], err = x.scalar(); err != nil {
				return nil, err
			}
		}
	}
	return c.clipped(v, limits[0], limits[1])
}
