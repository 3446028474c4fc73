package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// selected evaluates an operator that takes some values of a row, or puts them into another order.
func (c *call) selected() (*value, error) {
	if c.op == "Gather" && c.input(0).constant != nil {
		return c.classNames(c.inputs[0].constant, 1)
	}
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	switch c.op {
	case "Transpose":
		return c.transposed(v)
	case "Slice":
		along, columns, err := c.sliced(append([]int{0}, v.shape...))
		if err != nil {
			return nil, err
		}
		return c.columns(v, along, columns, false)
	}
	along, err := axis(c.attributes.integer("axis", 0), len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	if along != 1 {
		return nil, errors.New("it takes rows out of the batch")
	}
	columns, err := c.indices(1, v.shape[0])
	if err != nil {
		return nil, err
	}
	at, _ := c.constantAt(1)
	if len(at.shape) > 1 {
		return nil, fmt.Errorf("indices of shape %v", at.shape)
	}
	return c.columns(v, along, columns, len(at.shape) == 0)
}

// columns takes some columns of rows that are vectors. A single one may lose its dimension.
func (c *call) columns(v *value, along int, columns []int, drop bool) (*value, error) {
	switch {
	case along != 1 || len(v.shape) != 1:
		return nil, fmt.Errorf("axis %d of rows of shape %v: columns of vectors are read", along, v.shape)
	case len(columns) == 0:
		return nil, errors.New("no columns are taken")
	}
	if err := c.spend(len(columns)); err != nil {
		return nil, err
	}
	next, err := c.pick(v, columns)
	if err == nil && drop {
		next.shape = nil
	}
	return next, err
}

// pick appends a step that takes columns, which may be none: all of them in their order, some of a
// dense layer's, or one of two classes' whose one column is computed.
func (c *call) pick(v *value, columns []int) (*value, error) {
	if v.pair {
		return c.ofPair(v, columns)
	}
	next := &value{chain: v.chain, shape: []int{len(columns)}, integer: v.integer, truncated: v.truncated}
	if v.labels != nil && len(v.labels) == len(v.shape) {
		next.labels = picked(v.labels, columns)
	}
	last := v.chain.step
	switch {
	case consecutive(columns, v.chain.width):
		c.became("nothing: all columns, in their order")
		return next, nil
	case v.chain.is("dense"):
		if err := c.spend(last.matrix.Rows * len(columns)); err != nil {
			return nil, err
		}
		d := last.columnsOf(columns)
		d.nodes = append(slices.Clone(d.nodes), c.node)
		c.became("columns of the dense layer")
		next.chain = v.chain.before.then(d, len(columns))
		return next, nil
	case v.chain.is("select"):
		// Columns of columns are columns.
		next.chain = v.chain.before
		columns = picked(last.columns, columns)
	}
	chosen := c.widened(next, &step{op: "select", columns: columns}, len(columns))
	chosen.integer, chosen.truncated, chosen.labels = v.integer, v.truncated, next.labels
	return chosen, nil
}

func consecutive(columns []int, width int) bool {
	for i, k := range columns {
		if k != i {
			return false
		}
	}
	return len(columns) == width
}

// ofPair takes one of two classes' columns: the second is computed, the first is its complement.
func (c *call) ofPair(v *value, columns []int) (*value, error) {
	next := &value{chain: v.chain, shape: []int{1}}
	switch {
	case len(columns) == 2 && columns[0] == 0 && columns[1] == 1:
		c.became("nothing: all columns, in their order")
		return v, nil
	case len(columns) != 1:
		return nil, fmt.Errorf("columns %v of two classes", columns)
	case columns[0] == 1:
		c.became("nothing: the second class's column is the one computed")
		next.labels = v.labels
		return next, nil
	case v.loose:
		return nil, errLoose
	case v.chain.is("sigmoid"):
		return c.affine(c.affine(next, format.Multiply, []float64{-1}), format.Add, []float64{1}), nil
	}
	return c.affine(next, format.Multiply, []float64{-1}), nil
}

// split takes a row apart into consecutive columns.
func (c *call) split() ([]result, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	along, err := axis(c.attributes.integer("axis", 0), len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	if along != 1 {
		return nil, fmt.Errorf("axis %d: columns are split", along)
	}
	c.attributes.integer("num_outputs", 0)
	if len(c.outputs) == 0 {
		return nil, errors.New("it has no outputs")
	}
	sizes := c.attributes.integers("split")
	if x, err := c.constantAt(1); err != nil {
		return nil, err
	} else if x != nil {
		if sizes, err = x.integers(); err != nil {
			return nil, err
		}
	}
	if sizes == nil {
		for range c.outputs {
			sizes = append(sizes, int64((v.shape[0]+len(c.outputs)-1)/len(c.outputs)))
		}
		sizes[len(sizes)-1] = int64(v.shape[0]) - sizes[0]*int64(len(sizes)-1)
	}
	var results []result
	first := 0
	for _, n := range sizes {
		if n < 1 || n > int64(v.shape[0]-first) {
			return nil, fmt.Errorf("sizes %v of %d columns", sizes, v.shape[0])
		}
		columns := make([]int, n)
		for i := range columns {
			columns[i] = first + i
		}
		first += int(n)
		part, err := c.columns(v, along, columns, false)
		if err != nil {
			return nil, err
		}
		results = append(results, result{value: part})
	}
	return results, nil
}

// transposed puts the values of a row into the order of turned dimensions.
func (c *call) transposed(v *value) (*value, error) {
	order, err := c.permutation(len(v.shape) + 1)
	if err != nil {
		return nil, err
	}
	if order[0] != 0 {
		return nil, fmt.Errorf("perm %v moves the batch: rows that lie in columns are not read", order)
	}
	for i := range order {
		order[i]--
	}
	if err := c.spend(v.chain.width); err != nil {
		return nil, err
	}
	shape, places := permuted(v.shape, order[1:])
	next, err := c.pick(v, places)
	if err == nil {
		next.shape = shape
	}
	return next, err
}
