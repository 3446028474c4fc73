package jsonmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/strictjson"
	"github.com/edge-infer/edge-infer/format"
)

// fields is the union of the keys that layers have. The key op need not come first, so a layer is
// known only when its object ends.
type fields struct {
	op                   string
	weight               []float32 // [inputs, outputs]
	inputs, outputs      int
	bias, operand, slope []float32
	categories           []float32
	alpha, beta          float32
	low, high            float32
	cut                  format.Cut
	norm, unknown        string
	columns              []int
	degree               int
	interactionOnly      bool
	ones, flag           bool // a polynomial's bias, and whether bias was such a flag
	groups               []format.Group
}

// layers reads a list of layers. The path names their tensors.
func (p *parser) layers(path string, groups bool) ([]format.Layer, error) {
	layers := []format.Layer{}
	err := p.List(func() error {
		if len(layers) == format.MaxLayers {
			return fmt.Errorf("more than %d layers", format.MaxLayers)
		}
		l, err := p.layer(fmt.Sprintf("%s.%d", path, len(layers)), groups)
		layers = append(layers, l)
		return err
	})
	return layers, err
}

func (p *parser) layer(path string, groups bool) (format.Layer, error) {
	var f fields
	keys, err := p.Object(func(key string) error { return p.field(&f, key, path, groups) })
	if err != nil {
		return nil, err
	}
	if err := require(keys, "op"); err != nil {
		return nil, err
	}
	required, optional := keysOf(f.op)
	if required == nil {
		return nil, fmt.Errorf("op %q is not a layer: the layers are %s", f.op, strings.Join(ops(), ", "))
	}
	if err := require(keys, required...); err != nil {
		return nil, fmt.Errorf("%s: %w", f.op, err)
	}
	for _, key := range keys {
		if !slices.Contains(required, key) && !slices.Contains(optional, key) {
			return nil, fmt.Errorf("%s: key %q: %s are taken", f.op, key, strings.Join(append(required, optional...), ", "))
		}
	}
	if slices.Contains(keys, "bias") && f.flag != (f.op == "polynomial") {
		return nil, fmt.Errorf("%s: bias: a dense layer takes a list of numbers, a polynomial true or false", f.op)
	}
	return p.make(&f, path), nil
}

func (p *parser) field(f *fields, key, path string, groups bool) (err error) {
	var text string
	switch key {
	case "op":
		f.op, err = p.Text()
	case "weight":
		f.weight, f.inputs, f.outputs, err = p.matrix()
	case "bias":
		err = p.bias(f)
	case "operand":
		f.operand, err = p.vector()
	case "slope":
		f.slope, err = p.vector()
	case "categories":
		f.categories, err = p.vector()
	case "alpha":
		f.alpha, err = p.number()
	case "beta":
		f.beta, err = p.number()
	case "low":
		f.low, err = p.number()
	case "high":
		f.high, err = p.number()
	case "comparison":
		text, err = p.Text()
		f.cut.Comparison = format.Comparison(text)
	case "value":
		f.cut.Value, err = p.number()
	case "norm":
		f.norm, err = p.Text()
	case "unknown":
		f.unknown, err = p.Text()
	case "columns":
		f.columns, err = p.integers()
	case "degree":
		f.degree, err = p.Integer()
	case "interaction_only":
		f.interactionOnly, err = p.Boolean()
	case "groups":
		if !groups {
			return fmt.Errorf("groups within groups: they do not nest")
		}
		f.groups, err = p.groups(path)
	default:
		err = fmt.Errorf("unknown key: no layer has it")
	}
	return err
}

// bias reads the numbers of a dense layer's bias, or the flag of a polynomial's.
func (p *parser) bias(f *fields) error {
	t, err := p.Token()
	if err != nil {
		return err
	}
	if f.ones, f.flag = t.(bool); f.flag {
		return nil
	}
	if t != json.Delim('[') {
		return fmt.Errorf("%s where numbers are needed", strictjson.Describe(t))
	}
	f.bias, err = p.rest()
	if err == nil && len(f.bias) == 0 {
		err = errNoNumbers
	}
	return err
}

var errNoNumbers = errors.New("no numbers")

func (p *parser) vector() ([]float32, error) {
	values, err := p.numbers()
	if err == nil && len(values) == 0 {
		err = errNoNumbers
	}
	return values, err
}

func (p *parser) groups(path string) ([]format.Group, error) {
	var groups []format.Group
	err := p.List(func() error {
		var g format.Group
		place := fmt.Sprintf("%s.groups.%d", path, len(groups))
		keys, err := p.Object(func(key string) (err error) {
			switch key {
			case "columns":
				g.Columns, err = p.integers()
			case "layers":
				g.Layers, err = p.layers(place+".layers", false)
			default:
				err = unknown("columns, layers")
			}
			return err
		})
		if err == nil {
			err = require(keys, "columns", "layers")
		}
		groups = append(groups, g)
		return err
	})
	return groups, err
}

// ops lists the layers.
func ops() []string {
	return []string{
		"dense", "add", "subtract", "multiply", "divide", "prelu",
		"relu", "relu6", "sigmoid", "tanh", "softplus", "exp", "erf", "gelu", "gelu_tanh", "silu", "selu", "step",
		"elu", "leaky_relu", "hard_sigmoid", "softmax", "normalize", "clip", "argmax", "threshold",
		"one_hot", "select", "polynomial", "columns",
	}
}

// keysOf returns the keys that a layer must and may have: the keys of the model file. It returns
// nil for an unknown layer.
func keysOf(op string) (required, optional []string) {
	switch op {
	case "dense":
		return []string{"op", "weight"}, []string{"bias"}
	case "add", "subtract", "multiply", "divide":
		return []string{"op", "operand"}, nil
	case "prelu":
		return []string{"op", "slope"}, nil
	case "softmax", "argmax":
		return []string{"op"}, nil
	case "normalize":
		return []string{"op", "norm"}, nil
	case "clip":
		return []string{"op", "low", "high"}, nil
	case "threshold":
		return []string{"op", "comparison", "value"}, nil
	case "one_hot":
		return []string{"op", "categories", "unknown"}, nil
	case "select":
		return []string{"op", "columns"}, nil
	case "polynomial":
		return []string{"op", "degree", "interaction_only", "bias"}, nil
	case "columns":
		return []string{"op", "groups"}, nil
	}
	switch format.Function(op).Parameters() {
	case 0:
		return []string{"op"}, nil
	case 1:
		return []string{"op", "alpha"}, nil
	case 2:
		return []string{"op", "alpha", "beta"}, nil
	}
	return nil, nil
}

// make makes the layer of some fields, and adds its tensors to the model.
func (p *parser) make(f *fields, path string) format.Layer {
	add := func(name string, values []float32, shape ...int) string {
		if values == nil {
			return ""
		}
		name = path + "." + name
		p.model.Tensors = append(p.model.Tensors, format.NewTensor(name, shape, values))
		return name
	}
	switch f.op {
	case "dense":
		return &format.Dense{Weight: add("weight", f.weight, f.inputs, f.outputs), Bias: add("bias", f.bias, len(f.bias))}
	case "add", "subtract", "multiply", "divide":
		return &format.Affine{Operator: format.Operator(f.op), Operand: add("operand", f.operand, len(f.operand))}
	case "prelu":
		return &format.PReLU{Slope: add("slope", f.slope, len(f.slope))}
	case "softmax":
		return &format.Softmax{}
	case "argmax":
		return &format.ArgMax{}
	case "normalize":
		return &format.Normalize{Norm: format.Norm(f.norm)}
	case "clip":
		return &format.Clip{Low: f.low, High: f.high}
	case "threshold":
		return &format.Threshold{Cut: f.cut}
	case "one_hot":
		return &format.OneHot{Categories: add("categories", f.categories, len(f.categories)), Unknown: format.Unknown(f.unknown)}
	case "select":
		return &format.Select{Columns: f.columns}
	case "polynomial":
		return &format.Polynomial{Degree: f.degree, InteractionOnly: f.interactionOnly, Bias: f.ones}
	case "columns":
		return &format.Columns{Groups: f.groups}
	}
	return &format.Activation{Function: format.Function(f.op), Alpha: f.alpha, Beta: f.beta}
}
