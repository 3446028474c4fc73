package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// constant is a tensor whose values are known.
type constant struct {
	element element
	shape   []int
	floats  []float64 // of a float type
	ints    []int64   // of an integer type or bool
	texts   []string
	name    string // of the initializer, if it is one
	of      *value // of a shape: what has it, if its batch is open
}

// openBatch stands for the size of the batch among the whole numbers that describe a shape.
const openBatch = -1 << 63

func (c *constant) len() int { return len(c.floats) + len(c.ints) + len(c.texts) }

// numbers returns the values as float64.
func (c *constant) numbers() ([]float64, error) {
	switch {
	case c.element.float():
		return c.floats, nil
	case c.element == textElement:
		return nil, errors.New("a constant of texts where numbers are needed")
	}
	values := make([]float64, len(c.ints))
	for i, v := range c.ints {
		if v == openBatch {
			return nil, errors.New("the size of the batch as a number")
		}
		values[i] = float64(v)
	}
	return values, nil
}

// integers returns the values of a constant of whole numbers.
func (c *constant) integers() ([]int64, error) {
	if c.element.float() || c.element == textElement {
		return nil, fmt.Errorf("a constant of %s where whole numbers are needed", c.element)
	}
	return c.ints, nil
}

// scalar returns the value of a constant that has one.
func (c *constant) scalar() (float64, error) {
	if c.len() != 1 {
		return 0, fmt.Errorf("a constant of shape %v where a single number is needed", c.shape)
	}
	values, err := c.numbers()
	if err != nil {
		return 0, err
	}
	return values[0], nil
}

// words returns the values as labels.
func (c *constant) words() []string {
	if c.element == textElement {
		return c.texts
	}
	words := make([]string, 0, c.len())
	for _, v := range c.ints {
		words = append(words, fmt.Sprint(v))
	}
	for _, v := range c.floats {
		words = append(words, fmt.Sprint(v))
	}
	return words
}

// pick returns a constant of the given shape with the values at some places of c.
func (c *constant) pick(shape []int, places []int) *constant {
	return &constant{
		element: c.element, shape: shape, name: c.name,
		floats: picked(c.floats, places), ints: picked(c.ints, places), texts: picked(c.texts, places),
	}
}

func picked[T any](values []T, places []int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(places))
	for i, p := range places {
		out[i] = values[p]
	}
	return out
}

// reshaped returns the same values in another shape, of as many.
func (c *constant) reshaped(shape []int) *constant {
	other := *c
	other.shape = shape
	return &other
}

// expanded returns the values that a constant has for each place of a shape to which it is
// broadcast: its own shape lies at the shape's end, and a size of 1 is repeated.
func (c *constant) expanded(shape []int) ([]float64, error) {
	values, err := c.numbers()
	if err != nil {
		return nil, err
	}
	places, err := broadcast(c.shape, shape)
	if err != nil {
		return nil, err
	}
	return picked(values, places), nil
}

// broadcast returns, for each place of a shape, the place of an inner one that is repeated over it.
func broadcast(inner, shape []int) ([]int, error) {
	strides := make([]int, len(shape))
	stride := 1
	for i := range inner {
		k, at := len(inner)-1-i, len(shape)-1-i
		switch {
		case at < 0 && inner[k] == 1:
			continue
		case at < 0 || inner[k] != 1 && inner[k] != shape[at]:
			return nil, fmt.Errorf("a constant of shape %v does not fit a shape of %v", inner, shape)
		case inner[k] != 1:
			strides[at] = stride
		}
		stride *= inner[k]
	}
	return walk(shape, strides), nil
}

// walk returns the place of each element of a shape in memory with the given strides.
func walk(shape, strides []int) []int {
	places := make([]int, product(shape))
	index := make([]int, len(shape))
	at := 0
	for i := range places {
		places[i] = at
		for d := len(shape) - 1; d >= 0; d-- {
			index[d]++
			at += strides[d]
			if index[d] < shape[d] {
				break
			}
			at -= index[d] * strides[d]
			index[d] = 0
		}
	}
	return places
}

// stridesOf returns the strides of a shape in C order.
func stridesOf(shape []int) []int {
	strides := make([]int, len(shape))
	stride := 1
	for i, d := range slices.Backward(shape) {
		strides[i] = stride
		stride *= d
	}
	return strides
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
