package onnx

import (
	"errors"
	"fmt"
	"slices"
)

func (c *call) foldOfShape() (*constant, error) {
	shape, err := c.staticShape(0)
	if err != nil {
		return nil, err
	}
	n, err := c.volume(shape)
	if err != nil {
		return nil, err
	}
	fill := &constant{element: float32Element, floats: []float64{0}}
	if a, ok := c.attributes.find("value"); ok {
		if a.tensor == nil {
			return nil, errors.New("a fill without its tensor")
		}
		if fill, err = a.tensor.decode(c.folder); err != nil {
			return nil, err
		}
		if fill.len() != 1 {
			return nil, fmt.Errorf("a fill of shape %v", fill.shape)
		}
	}
	return fill.pick(shape, make([]int, n)), nil
}

// staticShape returns input i, a list of sizes.
func (c *call) staticShape(i int) ([]int, error) {
	x, err := c.constantAt(i)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, errors.New("the shape is left out")
	}
	sizes, err := x.integers()
	if err != nil {
		return nil, err
	}
	if len(sizes) > maxDimensions {
		return nil, fmt.Errorf("a shape of %d dimensions", len(sizes))
	}
	shape := make([]int, len(sizes))
	for k, d := range sizes {
		if d < 0 || d > maxSize {
			return nil, errors.New("a shape that the file leaves open")
		}
		shape[k] = int(d)
	}
	return shape, nil
}

// volume returns the product of a shape, taken from the budget.
func (c *call) volume(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d > c.budget/max(n, 1) {
			return 0, c.spend(-1)
		}
		n *= d
	}
	return n, c.spend(n)
}

func (c *call) foldTranspose(x *constant) (*constant, error) {
	order, err := c.permutation(len(x.shape))
	if err != nil {
		return nil, err
	}
	shape, places := permuted(x.shape, order)
	return x.pick(shape, places), nil
}

// permutation returns the attribute perm, by default all dimensions reversed.
func (c *call) permutation(rank int) ([]int, error) {
	given := c.attributes.integers("perm")
	if given == nil {
		for i := range rank {
			given = append(given, int64(rank-1-i))
		}
	}
	order := make([]int, rank)
	seen := make([]bool, rank)
	for i, p := range given {
		if len(given) != rank || p < 0 || p >= int64(rank) || seen[p] {
			return nil, fmt.Errorf("perm %v of %d dimensions", given, rank)
		}
		seen[p] = true
		order[i] = int(p)
	}
	return order, nil
}

// permuted returns a shape with its dimensions in another order, and for each place of it the place
// of the same value before.
func permuted(shape, order []int) ([]int, []int) {
	strides := stridesOf(shape)
	turned, turnedStrides := make([]int, len(shape)), make([]int, len(shape))
	for i, p := range order {
		turned[i], turnedStrides[i] = shape[p], strides[p]
	}
	return turned, walk(turned, turnedStrides)
}

func (c *call) foldExpand(x *constant) (*constant, error) {
	shape, err := c.staticShape(1)
	if err != nil {
		return nil, err
	}
	if shape, err = broadcastShape(x.shape, shape); err != nil {
		return nil, err
	}
	if _, err := c.volume(shape); err != nil {
		return nil, err
	}
	places, err := broadcast(x.shape, shape)
	if err != nil {
		return nil, err
	}
	return x.pick(shape, places), nil
}

// broadcastShape returns the shape of an elementwise operation on two shapes.
func broadcastShape(a, b []int) ([]int, error) {
	shape := make([]int, max(len(a), len(b)))
	for i := range shape {
		x, y := 1, 1
		if k := len(a) - len(shape) + i; k >= 0 {
			x = a[k]
		}
		if k := len(b) - len(shape) + i; k >= 0 {
			y = b[k]
		}
		switch {
		case x == y || y == 1:
			shape[i] = x
		case x == 1:
			shape[i] = y
		default:
			return nil, fmt.Errorf("shapes %v and %v do not fit", a, b)
		}
	}
	return shape, nil
}

// foldConcat joins constants along a dimension.
func (c *call) foldConcat() (*constant, error) {
	first := c.inputs[0].constant
	along, err := axis(c.attributes.integer("axis", 0), len(first.shape))
	if err != nil {
		return nil, err
	}
	outer, total := product(first.shape[:along]), 0
	for i, r := range c.inputs {
		x := r.constant
		if x == nil || len(x.shape) != len(first.shape) || x.element != first.element {
			return nil, fmt.Errorf("input %d does not fit the first", i)
		}
		for d := range x.shape {
			if d != along && x.shape[d] != first.shape[d] {
				return nil, fmt.Errorf("shapes %v and %v do not fit", first.shape, x.shape)
			}
		}
		total += x.shape[along]
	}
	shape := slices.Clone(first.shape)
	shape[along] = total
	if _, err := c.volume(shape); err != nil {
		return nil, err
	}
	out := &constant{element: first.element, shape: shape}
	for o := range outer {
		for _, r := range c.inputs {
			x := r.constant
			n := x.len() / max(outer, 1)
			out.floats = appendPart(out.floats, x.floats, o*n, n)
			out.ints = appendPart(out.ints, x.ints, o*n, n)
			out.texts = appendPart(out.texts, x.texts, o*n, n)
		}
	}
	return out, nil
}

func appendPart[T any](out, values []T, at, n int) []T {
	if values == nil {
		return out
	}
	return append(out, values[at:at+n]...)
}

// foldGather takes places of a constant along a dimension.
func (c *call) foldGather(x *constant) (*constant, error) {
	along, err := axis(c.attributes.integer("axis", 0), len(x.shape))
	if err != nil {
		return nil, err
	}
	indices, err := c.indices(1, x.shape[along])
	if err != nil {
		return nil, err
	}
	at, _ := c.constantAt(1)
	shape := slices.Concat(x.shape[:along], at.shape, x.shape[along+1:])
	return c.taken(x, along, indices, shape)
}

// taken picks some places along a dimension.
func (c *call) taken(x *constant, along int, indices, shape []int) (*constant, error) {
	if _, err := c.volume(shape); err != nil {
		return nil, err
	}
	outer, inner := product(x.shape[:along]), product(x.shape[along+1:])
	places := make([]int, 0, outer*len(indices)*inner)
	for o := range outer {
		for _, k := range indices {
			for i := range inner {
				places = append(places, (o*x.shape[along]+k)*inner+i)
			}
		}
	}
	return x.pick(shape, places), nil
}

// foldSlice cuts one dimension.
func (c *call) foldSlice(x *constant) (*constant, error) {
	along, indices, err := c.sliced(x.shape)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(x.shape)
	shape[along] = len(indices)
	return c.taken(x, along, indices, shape)
}
