package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// gemm evaluates alpha·A·B + beta·C for rows A and constants B and C.
func (c *call) gemm() (*value, error) {
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	if len(v.shape) != 1 {
		return nil, fmt.Errorf("rows of shape %v, where one dimension is needed", v.shape)
	}
	if c.attributes.integer("transA", 0) != 0 {
		return nil, errors.New("transA: the rows lie in columns: transpose the input before the export")
	}
	w, err := c.weight(1, len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	if err := c.spend(w.len()); err != nil {
		return nil, err
	}
	matrix := draft.Matrix{Rows: w.shape[0], Columns: w.shape[1], Values: w.floats}
	if c.attributes.integer("transB", 0) != 0 {
		matrix = matrix.Transposed()
	}
	matrix.Values = times(matrix.Values, c.attributes.float("alpha", 1))
	beta := c.attributes.float("beta", 1)
	var bias []float64
	if b, err := c.constantAt(2); err != nil {
		return nil, err
	} else if b != nil {
		if bias, err = c.vector(b, []int{matrix.Columns}); err != nil {
			return nil, err
		}
		bias = times(bias, beta)
	}
	return c.dense(v, stem(w.name), matrix, bias)
}

// matMul evaluates rows times a constant matrix. The bias is an Add that follows.
func (c *call) matMul() (*value, error) {
	if c.input(0).constant != nil {
		return nil, errors.New("a constant times a computed value: rows that lie in columns are not read")
	}
	v, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	if err := v.matrixRow(); err != nil {
		return nil, err
	}
	w, err := c.weight(1, len(v.shape)+1)
	if err != nil {
		return nil, err
	}
	matrix := draft.Matrix{Rows: w.shape[0], Columns: w.shape[1], Values: w.floats}
	next, err := c.dense(v, stem(w.name), matrix, nil)
	if err != nil {
		return nil, err
	}
	next.shape = append(slices.Clone(v.shape[:len(v.shape)-1]), matrix.Columns)
	return next, nil
}

// weight returns input i, which must be a constant matrix of floats. Dimensions of one before the
// last two are left out, up to the rank of what it is multiplied with: more would come before the batch.
func (c *call) weight(i, rank int) (*constant, error) {
	w, err := c.constantAt(i)
	if err != nil {
		return nil, err
	}
	if w == nil || !w.element.float() {
		return nil, errors.New("a weight of floats is needed")
	}
	shape := w.shape
	for len(shape) > 2 && len(w.shape) <= rank && shape[0] == 1 {
		shape = shape[1:]
	}
	if len(shape) != 2 {
		return nil, fmt.Errorf("a weight of shape %v, where a matrix is needed", w.shape)
	}
	return w.reshaped(shape), nil
}

// vector returns a constant for each value of rows of a shape. Its own shape may have a first
// dimension of one for the batch.
func (c *call) vector(x *constant, row []int) ([]float64, error) {
	if err := c.spend(product(row)); err != nil {
		return nil, err
	}
	if len(x.shape) > len(row)+1 {
		return nil, fmt.Errorf("a constant of shape %v adds dimensions before the batch of rows of shape %v", x.shape, row)
	}
	return x.expanded(append([]int{1}, row...))
}

// dense appends a dense layer.
func (c *call) dense(v *value, name string, w draft.Matrix, bias []float64) (*value, error) {
	switch {
	case w.Rows != v.chain.width:
		return nil, fmt.Errorf("a weight for %d inputs where rows have %d values", w.Rows, v.chain.width)
	case w.Columns == 0:
		return nil, errors.New("a weight without outputs")
	}
	return c.widened(v, &step{op: "dense", name: name, matrix: w, bias: bias}, w.Columns), nil
}

// withBias makes an addition to a dense layer its bias, as most exporters write a layer in two nodes.
func (c *call) withBias(v *value, addend []float64) (*value, error) {
	d := *v.chain.step
	d.nodes = append(slices.Clone(d.nodes), c.node)
	d.bias = addend
	if len(addend) == 1 {
		if err := c.spend(d.matrix.Columns); err != nil {
			return nil, err
		}
		d.bias = slices.Repeat(addend, d.matrix.Columns)
	}
	c.became("bias of the dense layer")
	return &value{chain: v.chain.before.then(&d, v.chain.width), shape: v.shape}, nil
}

// columnsOf is a dense layer of which only some columns are wanted.
func (s *step) columnsOf(columns []int) *step {
	d := *s
	d.matrix = draft.Matrix{Rows: s.matrix.Rows, Columns: len(columns)}
	for r := range s.matrix.Rows {
		d.matrix.Values = append(d.matrix.Values, picked(s.matrix.Values[r*s.matrix.Columns:][:s.matrix.Columns], columns)...)
	}
	d.bias = picked(s.bias, columns)
	return &d
}

// times multiplies values by a factor.
func times(values []float64, factor float64) []float64 {
	if factor == 1 {
		return values
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * factor
	}
	return out
}

// stem names a dense layer after its weight, where that has a name of a person's making.
func stem(weight string) string {
	name, ok := strings.CutSuffix(weight, ".weight")
	if !ok || strings.ContainsAny(name, ":/") {
		return ""
	}
	return name
}
