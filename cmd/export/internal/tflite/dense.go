package tflite

import (
	"errors"
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// fullyConnected appends y = x·Wᵀ + b. The source takes the input apart into rows as long as the
// weights need them, so keep_num_dims, which tells the shape of the result, does not matter.
func (c *converter) fullyConnected(o operator, in tensor) (string, error) {
	if o.operand(0) < 0 || !c.varies[o.operand(0)] {
		return "", errors.New("its weights are computed from the input: constants are needed")
	}
	if f := o.options().byte(1); f != 0 {
		return "", fmt.Errorf("its weights are stored in layout %d, shuffled for one kernel: convert without that", f)
	}
	w, err := c.weights(o.operand(1), in)
	if err != nil {
		return "", err
	}
	if len(w.shape) != 2 {
		return "", fmt.Errorf("its weights have the shape %v: two dimensions are needed", w.shape)
	}
	bias, err := c.bias(o.operand(2))
	if err != nil {
		return "", err
	}
	return c.dense(draft.Matrix{Rows: w.shape[0], Columns: w.shape[1], Values: w.values}, true, bias)
}

// batchMatMul appends the product of a row and a constant matrix.
func (c *converter) batchMatMul(s step, in tensor) (string, error) {
	o := s.last
	options := o.options()
	switch {
	case o.operand(0) != s.row:
		return "", errors.New("its first factor is a constant: it would mix rows")
	case options.bool(0):
		return "", errors.New("it turns its first factor round (adj_x)")
	}
	if err := c.whole(in); err != nil {
		return "", err
	}
	w, err := c.weights(o.operand(1), in)
	if err != nil {
		return "", err
	}
	shape := w.shape
	for len(shape) > 2 && shape[0] == 1 {
		shape = shape[1:]
	}
	if len(shape) != 2 {
		return "", fmt.Errorf("its second factor has the shape %v: a matrix is needed", w.shape)
	}
	return c.dense(draft.Matrix{Rows: shape[0], Columns: shape[1], Values: w.values}, options.bool(1), nil)
}

// weights returns a constant matrix, and remembers how it was stored.
func (c *converter) weights(i int, in tensor) (constant, error) {
	w, err := c.constant(i)
	if err != nil {
		return constant{}, err
	}
	switch stored := c.tensor(i).elements; {
	case !w.real():
		return constant{}, fmt.Errorf("its weights are %v without a scale", w.stored)
	case w.stored == float16Type:
		c.seen.halves = true
	case stored != float32Type && in.elements == float32Type:
		c.seen.weights = stored
	}
	return w, nil
}

// bias returns the constants that are added, nil for none.
func (c *converter) bias(i int) ([]float64, error) {
	if i < 0 {
		return nil, nil
	}
	b, err := c.constant(i)
	if err != nil {
		return nil, err
	}
	if !b.real() {
		return nil, fmt.Errorf("its bias is %v without a scale", b.stored)
	}
	return b.values, nil
}

// dense appends a dense layer, of weights [outputs, inputs] if they are transposed.
func (c *converter) dense(w draft.Matrix, transposed bool, bias []float64) (string, error) {
	if transposed {
		if err := c.spend(len(w.Values)); err != nil {
			return "", err
		}
		w = w.Transposed()
	}
	if err := c.draft.Layers.Dense("", w, bias); err != nil {
		return "", err
	}
	return "dense", nil
}

// arithmetic appends an operation with a constant.
func (c *converter) arithmetic(s step, in tensor) (string, error) {
	o := s.last
	k := 1
	if o.operand(0) != s.row {
		k = 0 // the constant comes first
	}
	operand, err := c.broadcast(o.operand(k), in)
	if err != nil {
		return "", err
	}
	switch {
	case o.code == opMaximum || o.code == opMinimum:
		return c.limit(o.code, operand)
	case o.code == opSub && k == 0:
		if err := c.negate(); err != nil {
			return "", err
		}
		return "multiply by −1, add", c.list(true).Affine("", format.Add, operand)
	case o.code == opDiv && k == 0:
		return "", errors.New("it divides a constant by the row: there is no layer for it here")
	}
	operator := map[opcode]format.Operator{
		opAdd: format.Add, opSub: format.Subtract, opMul: format.Multiply, opDiv: format.Divide,
	}[o.code]
	return string(operator), c.list(true).Affine("", operator, operand)
}

// broadcast returns a constant as one value for all columns of a row, or as one for each.
func (c *converter) broadcast(i int, in tensor) ([]float64, error) {
	operand, err := c.constant(i)
	if err != nil {
		return nil, err
	}
	if !operand.real() {
		return nil, fmt.Errorf("its constant is %v without a scale", operand.stored)
	}
	if len(operand.values) == 1 {
		return operand.values, nil
	}
	dims, ok := in.row(c.width())
	shape := operand.shape
	for len(shape) > len(dims) && shape[0] == 1 {
		shape = shape[1:]
	}
	if !ok || len(shape) > len(dims) {
		return nil, fmt.Errorf("its constant has the shape %v, which does not fit onto rows of %v", operand.shape, dims)
	}
	trailing := dims[len(dims)-len(shape):]
	for d, n := range shape {
		if n != 1 && n != trailing[d] {
			return nil, fmt.Errorf("its constant has the shape %v, which does not fit onto rows of %v", operand.shape, dims)
		}
	}
	if err := c.spend(c.width()); err != nil {
		return nil, err
	}
	values := make([]float64, c.width())
	for at := range values {
		from, left, stride := 0, at, 1
		for d := len(shape) - 1; d >= 0; d-- {
			index := left % trailing[d]
			left /= trailing[d]
			if shape[d] != 1 {
				from += index * stride
			}
			stride *= shape[d]
		}
		values[at] = operand.values[from]
	}
	return values, nil
}

// limit appends the lower or the upper half of a clip.
func (c *converter) limit(code opcode, operand []float64) (string, error) {
	if len(operand) != 1 {
		return "", fmt.Errorf("it limits columns by %d constants: one for all is possible", len(operand))
	}
	clip := &format.Clip{Low: float32(math.Inf(-1)), High: float32(math.Inf(1))}
	if code == opMaximum {
		clip.Low = float32(operand[0])
	} else {
		clip.High = float32(operand[0])
	}
	return "clip", c.draft.Layers.Add(clip)
}
