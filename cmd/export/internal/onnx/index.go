package onnx

import (
	"errors"
	"fmt"
)

// axis returns a dimension that may count from the end.
func axis(a int64, rank int) (int, error) {
	if a < int64(-rank) || a >= int64(rank) {
		return 0, fmt.Errorf("axis %d of %d dimensions", a, rank)
	}
	return int((a + int64(rank)) % int64(rank)), nil
}

// within limits an index that may count from the end to 0 … n.
func within(i int64, n int) int {
	if i < 0 {
		i += int64(n)
	}
	return int(min(max(i, 0), int64(n)))
}

// indices returns input i: places in a dimension of n, which may count from its end.
func (c *call) indices(i, n int) ([]int, error) {
	x, err := c.constantAt(i)
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, errors.New("the indices are left out")
	}
	values, err := x.integers()
	if err != nil {
		return nil, err
	}
	if err := c.spend(len(values)); err != nil {
		return nil, err
	}
	indices := make([]int, len(values))
	for k, v := range values {
		if indices[k], err = axis(v, n); err != nil {
			return nil, fmt.Errorf("index %d of %d", v, n)
		}
	}
	return indices, nil
}

// sliced returns the dimension of a shape that a Slice cuts, and the places that it leaves of it.
// The bounds are inputs since operator set 10, attributes before.
func (c *call) sliced(shape []int) (along int, indices []int, err error) {
	bounds := [4][]int64{c.attributes.integers("starts"), c.attributes.integers("ends"), c.attributes.integers("axes"), nil}
	for i := 1; i < len(c.inputs); i++ {
		x, err := c.constantAt(i)
		if err != nil {
			return 0, nil, err
		}
		if x != nil && i <= len(bounds) {
			if bounds[i-1], err = x.integers(); err != nil {
				return 0, nil, err
			}
		}
	}
	starts, ends, axes, steps := bounds[0], bounds[1], bounds[2], bounds[3]
	if len(starts) != 1 || len(ends) != 1 || len(axes) > 1 || len(steps) > 1 {
		return 0, nil, errors.New("a cut in one dimension is read")
	}
	if steps != nil && steps[0] != 1 {
		return 0, nil, fmt.Errorf("a cut in steps of %d: of 1 is read", steps[0])
	}
	if axes != nil {
		if along, err = axis(axes[0], len(shape)); err != nil {
			return 0, nil, err
		}
	}
	if len(shape) == 0 {
		return 0, nil, errors.New("a cut of a single value")
	}
	first, end := within(starts[0], shape[along]), within(ends[0], shape[along])
	if err := c.spend(max(end-first, 0)); err != nil {
		return 0, nil, err
	}
	for k := first; k < end; k++ {
		indices = append(indices, k)
	}
	return along, indices, nil
}
