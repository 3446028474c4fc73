package keras

import (
	"fmt"
	"slices"
)

// flatten changes no value: rows are flat here, in the same order.
func (c *converter) flatten(l *layer) (string, error) {
	order, err := l.config.text("data_format", "channels_last")
	if err != nil {
		return "", err
	}
	if order == "channels_first" && len(c.shape) > 1 {
		return "", fmt.Errorf("with data_format channels_first it reorders the values of a row: use channels_last")
	}
	c.shape = []int{product(c.shape)}
	return rearranged, nil
}

const rearranged = "nothing is left of it: values keep their order"

func (c *converter) reshape(l *layer) (string, error) {
	target, err := l.config.axes("target_shape")
	if err != nil {
		return "", err
	}
	width := product(c.shape)
	if open := slices.Index(target, -1); open >= 0 {
		rest := 1
		for i, n := range target {
			if i == open {
				continue
			}
			if n < 1 || n > width {
				return "", fmt.Errorf("target_shape %v for rows of %d values", target, width)
			}
			rest *= n
			if rest > width {
				break
			}
		}
		target[open] = width / rest
	}
	if !holds(target, width) {
		return "", fmt.Errorf("target_shape %v for rows of %d values", target, width)
	}
	c.shape = target
	return rearranged, nil
}

// holds reports whether a shape has a number of values.
func holds(shape []int, width int) bool {
	n := 1
	for _, s := range shape {
		if s < 1 || s > width/n {
			return false
		}
		n *= s
	}
	return n == width
}

// dimensions turns axes, which count the batch as 0 and may count from the end, into dimensions of a
// row, in ascending order.
func (c *converter) dimensions(axes []int) ([]int, error) {
	var list []int
	for _, a := range axes {
		if a < 0 {
			a += len(c.shape) + 1
		}
		if a < 1 || a > len(c.shape) || slices.Contains(list, a-1) {
			return nil, fmt.Errorf("axis %v for rows of shape %v", axes, c.shape)
		}
		list = append(list, a-1)
	}
	slices.Sort(list)
	return list, nil
}

// kept returns the shape of values that differ along some dimensions of a row alone.
func (c *converter) kept(dimensions []int) []int {
	shape := make([]int, len(c.shape))
	for i := range shape {
		shape[i] = 1
		if slices.Contains(dimensions, i) {
			shape[i] = c.shape[i]
		}
	}
	return shape
}

// broadcast repeats values along the dimensions of a row in which from is 1 and the row has more, as
// NumPy does.
func (c *converter) broadcast(values []float64, from []int) ([]float64, error) {
	to := c.shape
	if len(from) != len(to) || len(values) != product(from) {
		return nil, fmt.Errorf("%d values of shape %v for rows of shape %v", len(values), from, to)
	}
	if len(values) == product(to) {
		return values, nil
	}
	if c.repeated += product(to); c.repeated > maxRepeated {
		return nil, fmt.Errorf("constants for each channel take more than %d values when they are repeated for rows of shape %v", maxRepeated, to)
	}
	// From the last dimension on: a block of what is done is repeated or followed by the next one.
	block := 1
	for i := len(to) - 1; i >= 0; i-- {
		switch {
		case from[i] == to[i]:
		case from[i] == 1:
			repeated := make([]float64, 0, len(values)*to[i])
			for b := range slices.Chunk(values, block) {
				for range to[i] {
					repeated = append(repeated, b...)
				}
			}
			values = repeated
		default:
			return nil, fmt.Errorf("values of shape %v for rows of shape %v", from, to)
		}
		block *= to[i]
	}
	return values, nil
}

// maxRepeated bounds the values that broadcast makes for a model, since they are not in the file.
const maxRepeated = 1 << 21
