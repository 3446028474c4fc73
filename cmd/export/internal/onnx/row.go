package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// softmax is over the last dimension, or before operator set 13 over all from an axis on.
func (c *call) softmax() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	rank := len(v.shape) + 1
	absent := int64(-1)
	if c.opset() < 13 {
		absent = 1
	}
	at, err := axis(c.attributes.integer("axis", absent), rank)
	if err != nil {
		return nil, err
	}
	over := 0 // values, of a row
	switch {
	case at == 0:
	case c.opset() < 13:
		over = product(v.shape[at-1:])
	default:
		over = v.shape[at-1]
	}
	if over != v.chain.width {
		return nil, fmt.Errorf("axis %d of rows of shape %v: the softmax of whole rows is read", at, v.shape)
	}
	return c.after(v, &step{op: "softmax", layer: &format.Softmax{}}), nil
}

// argMax gives the index of the greatest value of a row.
func (c *call) argMax() (*value, error) {
	v, err := c.anyValue(0)
	switch {
	case err != nil:
		return nil, err
	case v.truncated:
		return nil, errors.New("the greatest of numbers without their fractions: no layer cuts fractions off")
	case v.loose:
		return nil, errLoose
	}
	at, err := axis(c.attributes.integer("axis", 0), len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	if at == 0 || v.shape[at-1] != product(v.shape) {
		return nil, fmt.Errorf("axis %d of rows of shape %v: the greatest value of a whole row is read", at, v.shape)
	}
	if c.attributes.integer("select_last_index", 0) != 0 {
		return nil, errors.New("of equal values the last one wins, and here the first")
	}
	next := c.decided(v)
	if c.attributes.integer("keepdims", 1) != 0 {
		next.shape = make([]int, len(v.shape))
		for i := range next.shape {
			next.shape[i] = 1
		}
	}
	return next, nil
}

// decided is the index of the class that wins: of the greatest column or, of one column that stands
// for two, by its threshold.
func (c *call) decided(v *value) *value {
	s := &step{op: "argmax", layer: &format.ArgMax{}}
	if v.pair {
		s = &step{op: "threshold", layer: &format.Threshold{Cut: *v.cut()}}
	}
	next := c.widened(v, s, 1)
	next.shape, next.of = nil, v
	return next
}

// cut is what decides a column that stands for two classes: a probability, or a signed distance.
func (v *value) cut() *format.Cut {
	if v.chain.is("sigmoid") {
		return &format.Cut{Comparison: format.Greater, Value: 0.5}
	}
	return &format.Cut{Comparison: format.Greater}
}

// batchNormalization scales and shifts each channel by its moving statistics.
func (c *call) batchNormalization() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	a := c.attributes
	a.float("momentum", 0.9)
	if a.integer("training_mode", 0) != 0 {
		return nil, errors.New("training mode, whose answers depend on the batch: export the model after eval()")
	}
	if outputs := slices.DeleteFunc(slices.Clone(c.outputs), func(name string) bool { return name == "" }); c.opset() < 14 && len(outputs) > 1 {
		return nil, errors.New("training mode, as its statistics of the batch are outputs: export the model after eval()")
	}
	if a.integer("spatial", 1) == 0 && len(v.shape) > 1 {
		return nil, errors.New("statistics of each place are not read: of each channel they are")
	}
	if len(v.shape) == 0 {
		return nil, errors.New("rows without a dimension of channels")
	}
	n := &batchNorm{epsilon: a.float("epsilon", 1e-5)}
	each := append([]int{v.shape[0]}, make([]int, len(v.shape)-1)...)
	for i := range each[1:] {
		each[i+1] = 1
	}
	for i, into := range []*[]float64{&n.scale, &n.offset, &n.mean, &n.variance} {
		x, err := c.constantAt(i + 1)
		if err != nil {
			return nil, err
		}
		if x == nil || x.len() != v.shape[0] {
			return nil, fmt.Errorf("input %d: one value for each of %d channels is needed", i+1, v.shape[0])
		}
		if *into, err = c.vector(x.reshaped(each), v.shape); err != nil {
			return nil, err
		}
	}
	c.became("batch normalisation: multiply, add")
	return c.after(v, &step{op: batchNormStep, norm: n}), nil
}

// lpNormalization divides a row by its norm.
func (c *call) lpNormalization() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	at, err := axis(c.attributes.integer("axis", -1), len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	if at == 0 || v.shape[at-1] != v.chain.width {
		return nil, fmt.Errorf("axis %d of rows of shape %v: the norm of whole rows is read", at, v.shape)
	}
	norm := format.L2
	if c.attributes.integer("p", 2) == 1 {
		norm = format.L1
	}
	return c.after(v, &step{op: "normalize", layer: &format.Normalize{Norm: norm}}), nil
}
