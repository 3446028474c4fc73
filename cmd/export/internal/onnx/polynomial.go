package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// ones is a column of ones as long as the batch: what begins a polynomial. It takes the shape of a
// computed value.
func (c *call) ones(of *value) (*value, error) {
	if a, _ := c.attributes.find("value"); a.tensor != nil {
		fill, err := a.tensor.decode(c.folder)
		if err != nil {
			return nil, err
		}
		if v, err := fill.scalar(); err != nil || v != 1 {
			return nil, errors.New("a column of a constant other than 1 is not read")
		}
	}
	return c.widened(of, &step{op: onesStep}, 1), nil
}

// polynomial recognises the products of columns that scikit-learn's PolynomialFeatures becomes: each
// is written down, from its columns to their product, and all are then laid side by side. It returns
// nil if the branches are something else.
func (c *call) polynomial(x *value, branches [][]*step) (*value, error) {
	layer := &format.Polynomial{InteractionOnly: true}
	var terms [][]int
	for i, branch := range branches {
		columns := []int{}
		switch n := len(branch); {
		case n > 0 && i == 0 && branch[n-1].op == onesStep:
			layer.Bias = true
		case n == 1 && branch[0].op == productStep:
			for k := range min(x.chain.width, format.MaxDegree+1) {
				columns = append(columns, k)
			}
		case n == 2 && branch[0].op == "select" && branch[1].op == productStep:
			columns = branch[0].columns
		default:
			return nil, nil
		}
		if len(columns) > format.MaxDegree {
			return nil, fmt.Errorf("a product of more than %d columns, which is the greatest degree of a polynomial", format.MaxDegree)
		}
		if err := c.spend(len(columns)); err != nil {
			return nil, err
		}
		layer.Degree = max(layer.Degree, len(columns))
		for k, column := range columns {
			layer.InteractionOnly = layer.InteractionOnly && !slices.Contains(columns[:k], column)
		}
		terms = append(terms, columns)
	}
	n, err := c.draft.Model.Outputs(layer, x.chain.width)
	if err != nil || n != len(terms) || !slices.EqualFunc(layer.Terms(x.chain.width), terms, slices.Equal) {
		return nil, errors.New("products of columns that are not those of a polynomial of some degree")
	}
	nodes := c.absorbed("polynomial", branches...)
	c.became("polynomial")
	return c.widened(x, &step{op: "polynomial", layer: layer, nodes: nodes}, n), nil
}
