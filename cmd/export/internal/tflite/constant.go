package tflite

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// constant is the value of a tensor that does not depend on the input.
type constant struct {
	shape  []int
	values []float64
	stored elementType // what its buffer holds
	scaled bool        // whether that was quantised
}

// real tells whether the values are real numbers. Integers without a scale are not.
func (c constant) real() bool {
	return c.scaled || c.stored == float32Type || c.stored == float16Type
}

// constant returns the value of a tensor: what its buffer holds, or what operators that only reshape
// or widen make of such a buffer.
func (g *graph) constant(i int) (constant, error) {
	if i < 0 {
		return constant{}, errors.New("an operand is left out")
	}
	t := g.tensor(i)
	data, err := g.buffer(int(t.uint32(2)))
	if err != nil {
		return constant{}, fmt.Errorf("tensor %d%s: %w", i, t.label(), err)
	}
	if data == nil {
		return g.folded(i)
	}
	c, err := g.decode(t, data)
	if err != nil {
		return constant{}, fmt.Errorf("tensor %d%s: %w", i, t.label(), err)
	}
	return c, nil
}

// foldCost is what a step of folding takes from the budget, in values: a long chain of them that many
// layers end in would otherwise take time without end.
const foldCost = 64

// folded computes a constant that an operator makes of another one.
func (g *graph) folded(i int) (constant, error) {
	if g.varies[i] || g.producer[i] < 0 {
		return constant{}, fmt.Errorf("tensor %d%s has no value in the file: only constants are possible there", i, g.tensor(i).label())
	}
	if err := g.spend(foldCost); err != nil {
		return constant{}, err
	}
	o := g.operator(g.producer[i])
	c, err := g.constant(o.operand(0))
	if err != nil {
		return constant{}, err
	}
	switch o.code {
	case opDequantize:
		return c, nil
	case opReshape, opSqueeze, opExpandDims:
		if c.shape, err = g.tensor(i).dims(); err == nil && product(c.shape) != len(c.values) {
			err = fmt.Errorf("%v: %d values for the shape %v", o, len(c.values), c.shape)
		}
		return c, err
	case opTranspose:
		order, err := g.constant(o.operand(1))
		if err != nil {
			return constant{}, err
		}
		if len(c.shape) != 2 || len(order.values) != 2 || order.values[0] != 1 || order.values[1] != 0 {
			return constant{}, fmt.Errorf("%v: only a matrix can be transposed", o)
		}
		if err := g.spend(len(c.values)); err != nil {
			return constant{}, err
		}
		turned := draft.Matrix{Rows: c.shape[0], Columns: c.shape[1], Values: c.values}.Transposed()
		return constant{[]int{turned.Rows, turned.Columns}, turned.Values, c.stored, c.scaled}, nil
	}
	return constant{}, fmt.Errorf("%v makes a constant of constants: of these only DEQUANTIZE, RESHAPE and TRANSPOSE are read", o)
}

// spend takes the memory of n values from the budget.
func (g *graph) spend(n int) error {
	if g.budget -= n; g.budget < 0 {
		return errors.New("its layers share so few bytes that they would fill memory with copies of them")
	}
	return nil
}

// buffer returns the bytes of a buffer, nil if it is empty.
func (g *graph) buffer(i int) ([]byte, error) {
	if i < 0 || i >= g.buffers.len {
		return nil, fmt.Errorf("buffer %d of %d", i, g.buffers.len)
	}
	b := g.buffers.table(i)
	// In a file of more than 2 GiB, and wherever a converter was told to, buffers lie behind the
	// flatbuffer and are found by their place in the file.
	if at, n := b.uint64(1), b.uint64(2); at > 1 && n > 0 {
		size := uint64(len(g.flat.data))
		if at > size || n > size-at {
			return nil, fmt.Errorf("a buffer of %d bytes at byte %d of %d", n, at, size)
		}
		return g.flat.data[at:][:n], nil
	}
	return b.bytes(0), nil
}

// decode returns the values of a buffer as real numbers.
func (g *graph) decode(t tensor, data []byte) (constant, error) {
	dtype := t.elements.dtype()
	switch {
	case dtype == "":
		return constant{}, fmt.Errorf("elements of %v are not read", t.elements)
	case t.table.table(6).at != 0:
		return constant{}, errors.New("sparse storage is not read: convert without pruning's sparsity")
	}
	shape, err := t.dims()
	if err != nil {
		return constant{}, err
	}
	n := len(data) / dtype.Size()
	if product(shape) != n || n*dtype.Size() != len(data) {
		return constant{}, fmt.Errorf("%d bytes for the shape %v of %v", len(data), shape, t.elements)
	}
	if err := g.spend(n); err != nil {
		return constant{}, err
	}
	c := constant{shape: shape, values: make([]float64, n), stored: t.elements}
	dtype.Float64s(c.values, data)
	if t.scales.len == 0 || c.real() {
		return c, nil
	}
	c.scaled = true
	return c, t.dequantize(c)
}

// dequantize turns the integers of a quantised tensor into the numbers (q − zero point)·scale that
// they stand for. There is one scale, or one for each index of a dimension.
func (t tensor) dequantize(c constant) error {
	q := t.table.table(4)
	zeros, dimension := q.vector(3, 8), int(int32(q.uint32(6)))
	switch n := t.scales.len; {
	case q.byte(4) == 2:
		return errors.New("blockwise quantisation is not read")
	case zeros.len != 0 && zeros.len != n:
		return fmt.Errorf("%d scales and %d zero points", n, zeros.len)
	case n == 1:
		dimension = 0
	case dimension < 0 || dimension >= len(c.shape) || c.shape[dimension] != n:
		return fmt.Errorf("%d scales along dimension %d of the shape %v", n, dimension, c.shape)
	}
	inner := len(c.values) // how many neighbours share a scale
	if t.scales.len > 1 {
		inner = product(c.shape[dimension+1:])
	}
	for start := 0; start < len(c.values); start += inner {
		k := start / inner % t.scales.len
		scale, zero := float64(t.scales.float32(k)), float64(t.zero(k))
		run := c.values[start : start+inner]
		for i, v := range run {
			run[i] = (v - zero) * scale
		}
	}
	return nil
}
