package keras

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// linear is what becomes of an activation that does nothing.
const linear = "nothing is left of it: linear"

// activation adds a function that the configuration of a layer names, and returns what became of it.
func (c *converter) activation(raw json.RawMessage) (became string, err error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return linear, nil
	}
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return c.function(name)
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		return "", fmt.Errorf("activation: %w", err)
	}
	if o.Class == "function" {
		return c.registered(o)
	}
	if o.own() {
		return "", fmt.Errorf("activation of class %q is a class of its own, whose Python code is not in the file: use one of Keras", o.Class)
	}
	settings, err := o.parse()
	if err != nil {
		return "", fmt.Errorf("activation %s: %w", o.Class, err)
	}
	became, known, err := c.activationLayer(o, settings)
	if !known {
		return "", fmt.Errorf("activation of class %q is not one that can be exported", o.Class)
	}
	return became, err
}

// registered adds a function that is none of Keras itself, whose functions are written as their
// names. Of these one is known for what it is.
func (c *converter) registered(o object) (string, error) {
	var name string
	if err := json.Unmarshal(o.Config, &name); err != nil {
		name = o.Registered
	}
	switch name {
	case "keras_hub>gelu_approximate", "keras_nlp>gelu_approximate":
		return c.add(&format.Activation{Function: format.GELUTanh})
	}
	return "", fmt.Errorf("activation %q is a Python function of its own, whose code is not in the file: use one of Keras", name)
}

// function adds a function by the name that Keras has for it.
func (c *converter) function(name string) (string, error) {
	switch name {
	case "linear":
		return linear, nil
	case "softmax":
		return c.softmax([]int{-1})
	}
	l := elementwise(name, c.version)
	if l == nil {
		return "", fmt.Errorf("activation %q is not defined here: linear, relu, relu6, leaky_relu, elu, celu, selu, gelu, silu, sigmoid, hard_sigmoid, sparse_sigmoid, tanh, hard_tanh, softplus, exponential and softmax are", name)
	}
	return c.add(l)
}

// elementwise returns the layer of an elementwise function with its defaults, or nil if there is none.
func elementwise(name string, version int) format.Layer {
	simple := func(f format.Function) format.Layer { return &format.Activation{Function: f} }
	switch name {
	case "relu":
		return simple(format.ReLU)
	case "relu6":
		return simple(format.ReLU6)
	case "sigmoid":
		return simple(format.Sigmoid)
	case "tanh":
		return simple(format.Tanh)
	case "softplus":
		return simple(format.Softplus)
	case "exponential":
		return simple(format.Exp)
	case "selu":
		return simple(format.SELU)
	case "gelu":
		return simple(format.GELU)
	case "silu", "swish":
		return simple(format.SiLU)
	case "elu", "celu": // the same where alpha is 1
		return &format.Activation{Function: format.ELU, Alpha: 1}
	case "leaky_relu": // the function; the layer's default is another
		return &format.Activation{Function: format.LeakyReLU, Alpha: 0.2}
	case "hard_sigmoid":
		if version == 2 {
			return &format.Activation{Function: format.HardSigmoid, Alpha: 0.2, Beta: 0.5}
		}
		return &format.Activation{Function: format.HardSigmoid, Alpha: 1.0 / 6, Beta: 0.5}
	case "sparse_sigmoid":
		return &format.Activation{Function: format.HardSigmoid, Alpha: 0.5, Beta: 0.5}
	case "hard_tanh":
		return &format.Clip{Low: -1, High: 1}
	}
	return nil
}

// activationLayer adds a layer that is an activation, and reports whether it knows it.
func (c *converter) activationLayer(o object, settings config) (became string, known bool, err error) {
	switch o.Class {
	case "ReLU":
		became, err = c.reluLayer(settings)
	case "LeakyReLU":
		var slope float64
		if slope, err = settings.number("alpha", 0.3); err == nil { // its name in Keras 2
			slope, err = settings.number("negative_slope", slope)
		}
		if err == nil {
			became, err = c.leaky(slope)
		}
	case "ELU":
		var alpha float64
		if alpha, err = settings.number("alpha", 1); err == nil {
			became, err = c.add(&format.Activation{Function: format.ELU, Alpha: float32(alpha)})
		}
	case "Softmax":
		axes := []int{-1}
		if settings.has("axis") {
			axes, err = settings.axes("axis")
		}
		if err == nil {
			became, err = c.softmax(axes)
		}
	default:
		return "", false, nil
	}
	return became, true, err
}

// reluLayer is x from a threshold on, up to a greatest value, and slope·(x − threshold) below. With a
// threshold it has a step, which no other function has.
func (c *converter) reluLayer(settings config) (string, error) {
	slope, err := settings.number("negative_slope", 0)
	if err != nil {
		return "", err
	}
	threshold, err := settings.number("threshold", 0)
	if err != nil {
		return "", err
	}
	greatest, err := settings.number("max_value", math.Inf(1))
	if err != nil {
		return "", err
	}
	limited := !math.IsInf(greatest, 1)
	switch {
	case threshold != 0:
		return "", fmt.Errorf("a threshold of %g: only 0 is possible", threshold)
	case slope == 0 && !limited:
		return c.add(&format.Activation{Function: format.ReLU})
	case slope == 0 && greatest == 6:
		return c.add(&format.Activation{Function: format.ReLU6})
	case slope == 0:
		return c.add(&format.Clip{Low: 0, High: float32(greatest)})
	}
	became, err := c.leaky(slope)
	if err != nil || !limited {
		return became, err
	}
	clipped, err := c.add(&format.Clip{Low: float32(math.Inf(-1)), High: float32(greatest)})
	return became + ", " + clipped, err
}

func (c *converter) leaky(slope float64) (string, error) {
	return c.add(&format.Activation{Function: format.LeakyReLU, Alpha: float32(slope)})
}

func (c *converter) softmax(axes []int) (string, error) {
	dimensions, err := c.dimensions(axes)
	if err != nil {
		return "", err
	}
	if len(dimensions) != 1 || dimensions[0] != len(c.shape)-1 {
		return "", fmt.Errorf("a softmax along axis %v of rows of shape %v: only the last one is possible", axes, c.shape)
	}
	if err := c.flat(); err != nil {
		return "", err
	}
	return c.add(&format.Softmax{})
}

// add appends a layer without variables, and returns its word.
func (c *converter) add(l format.Layer) (string, error) { return arch.LayerString(l), c.list().Add(l) }
