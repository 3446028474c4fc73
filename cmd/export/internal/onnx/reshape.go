package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// shaped evaluates an operator that gives the values of a row another shape, or none.
func (c *call) shaped() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	whole := append([]int{c.batch}, v.shape...) // 0 for an open size
	shape, err := c.newShape(whole, true)
	if err != nil {
		return nil, err
	}
	next, err := v.reshaped(shape[1:])
	if err != nil {
		return nil, err
	}
	c.became("nothing: a row's values stay in their order")
	return next, nil
}

// newShape returns the shape that a reshaping operator makes of another one. In a batch, whose size
// may be an open 0, the first dimension stays what it is.
func (c *call) newShape(shape []int, batch bool) ([]int, error) {
	switch c.op {
	case "Flatten":
		return c.flattened(shape, batch)
	case "Squeeze":
		return c.squeezed(shape, batch)
	case "Unsqueeze":
		return c.unsqueezed(shape, batch)
	}
	target, err := c.constantAt(1)
	if err != nil {
		return nil, err
	}
	if target == nil {
		return nil, errors.New("the new shape is left out")
	}
	sizes, err := target.integers()
	if err != nil {
		return nil, err
	}
	return fill(shape, sizes, c.attributes.integer("allowzero", 0) != 0, batch)
}

// fill works out the sizes of a Reshape: 0 keeps the size that is there, −1 takes what remains.
func fill(shape []int, sizes []int64, zero, batch bool) ([]int, error) {
	if len(sizes) > maxDimensions {
		return nil, fmt.Errorf("a new shape of %d dimensions", len(sizes))
	}
	out := make([]int, len(sizes))
	open, known := -1, 1
	first := 0
	if batch {
		if len(sizes) == 0 {
			return nil, errors.New("a new shape without the batch")
		}
		first = 1
		out[0] = shape[0]
	}
	for i := first; i < len(sizes); i++ {
		n := sizes[i]
		if n == 0 && !zero {
			if i >= len(shape) {
				return nil, fmt.Errorf("the new shape %v keeps a size of %v that is not there", sizes, shape)
			}
			n = int64(shape[i])
		}
		switch {
		case n == -1 && open < 0:
			open = i
		case n < 0 || n > maxSize || n > maxSize/int64(max(known, 1)):
			return nil, fmt.Errorf("the new shape %v", sizes)
		default:
			out[i] = int(n)
			known *= int(n)
		}
	}
	values := product(shape[first:])
	if open >= 0 {
		if known == 0 || values%known != 0 {
			return nil, fmt.Errorf("shape %v into %v", shape[first:], sizes)
		}
		out[open] = values / known
	}
	if batch {
		// The first size has to be the batch's: said so, or what remains once a row has all its values.
		b := sizes[0]
		same := b == openBatch || b == 0 && !zero || b == -1 || shape[0] > 0 && b == int64(shape[0])
		if !same || product(out[1:]) != values {
			return nil, fmt.Errorf("rows of shape %v into %v: rows would mix, or the batch get another size", shape[1:], sizes)
		}
	}
	return out, nil
}

// flattened makes a matrix: the dimensions before an axis, and those from it on.
func (c *call) flattened(shape []int, batch bool) ([]int, error) {
	at := c.attributes.integer("axis", 1)
	if at < 0 {
		at += int64(len(shape))
	}
	if at < 0 || at > int64(len(shape)) {
		return nil, fmt.Errorf("axis %d of %d dimensions", at, len(shape))
	}
	if batch {
		if at == 0 || product(shape[1:at]) != 1 {
			return nil, fmt.Errorf("flattening rows of shape %v from axis %d mixes rows", shape[1:], at)
		}
		return []int{shape[0], product(shape[at:])}, nil
	}
	return []int{product(shape[:at]), product(shape[at:])}, nil
}

// axes returns the dimensions that are added or removed: an input since operator set 13, before an
// attribute.
func (c *call) axes(rank int) ([]int, error) {
	given := c.attributes.integers("axes")
	x, err := c.constantAt(1)
	if err != nil {
		return nil, err
	}
	if x != nil {
		if given, err = x.integers(); err != nil {
			return nil, err
		}
	}
	var axes []int
	for _, a := range given {
		k, err := axis(a, rank)
		if err != nil {
			return nil, err
		}
		if slices.Contains(axes, k) {
			return nil, fmt.Errorf("axis %d twice", a)
		}
		axes = append(axes, k)
		if len(axes) > maxDimensions {
			return nil, fmt.Errorf("more than %d axes", maxDimensions)
		}
	}
	slices.Sort(axes)
	return axes, nil
}

func (c *call) squeezed(shape []int, batch bool) ([]int, error) {
	axes, err := c.axes(len(shape))
	if err != nil {
		return nil, err
	}
	var out []int
	for i, d := range shape {
		remove := slices.Contains(axes, i)
		switch {
		case axes == nil:
			remove = d == 1 && !(batch && i == 0)
		case remove && batch && i == 0:
			return nil, errors.New("it removes the dimension of the batch")
		case remove && d != 1:
			return nil, fmt.Errorf("axis %d of shape %v is removed, and is not of size 1", i, shape)
		}
		if !remove {
			out = append(out, d)
		}
	}
	return out, nil
}

func (c *call) unsqueezed(shape []int, batch bool) ([]int, error) {
	x, _ := c.constantAt(1)
	added := len(c.attributes.integers("axes"))
	if x != nil {
		added = x.len()
	}
	if len(shape)+added > maxDimensions {
		return nil, fmt.Errorf("%d dimensions", len(shape)+added)
	}
	axes, err := c.axes(len(shape) + added)
	if err != nil {
		return nil, err
	}
	if batch && slices.Contains(axes, 0) {
		return nil, errors.New("it adds a dimension before that of the batch")
	}
	out := slices.Clone(shape)
	for _, a := range axes {
		out = slices.Insert(out, a, 1)
	}
	return out, nil
}
