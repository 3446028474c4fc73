package keras

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// batchNormalization has a mean, a variance, and perhaps a factor and an offset for each channel.
func (c *converter) batchNormalization(l *layer) (string, error) {
	epsilon, err := l.config.number("epsilon", 1e-3)
	if err != nil {
		return "", err
	}
	scale, err := l.config.boolean("scale", true)
	if err != nil {
		return "", err
	}
	center, err := l.config.boolean("center", true)
	if err != nil {
		return "", err
	}
	var names []string
	if scale {
		names = append(names, "gamma")
	}
	if center {
		names = append(names, "beta")
	}
	values, _, err := c.floats(l, append(names, "moving_mean", "moving_variance")...)
	if err != nil {
		return "", err
	}
	axes, err := l.config.axes("axis")
	if err != nil {
		return "", err
	}
	if axes == nil {
		axes = []int{-1}
	}
	dimensions, err := c.dimensions(axes)
	if err != nil {
		return "", err
	}
	for i := range values {
		if values[i], err = c.broadcast(values[i], c.kept(dimensions)); err != nil {
			return "", err
		}
	}
	var gamma, beta []float64
	if scale {
		gamma, values = values[0], values[1:]
	}
	if center {
		beta, values = values[0], values[1:]
	}
	return "multiply, add, with its moving statistics", c.list().BatchNorm(l.name, values[0], values[1], gamma, beta, epsilon)
}

// normalization subtracts a mean and divides by a deviation, or the reverse. They were learnt from
// data (adapt) and are variables, or were given and stand in the configuration.
func (c *converter) normalization(l *layer) (string, error) {
	axes := []int{-1} // null means none
	if _, there := l.config["axis"]; there {
		var err error
		if axes, err = l.config.axes("axis"); err != nil {
			return "", err
		}
	}
	dimensions, err := c.dimensions(axes)
	if err != nil {
		return "", err
	}
	mean, variance, err := c.statistics(l)
	if err != nil {
		return "", err
	}
	kept := c.kept(dimensions)
	deviation := make([]float64, len(variance))
	const least = 1e-7 // of a deviation
	for i, v := range variance {
		deviation[i] = max(math.Sqrt(v), least)
	}
	if mean, err = c.spread(mean, kept); err != nil {
		return "", fmt.Errorf("mean: %w", err)
	}
	if deviation, err = c.spread(deviation, kept); err != nil {
		return "", fmt.Errorf("variance: %w", err)
	}
	invert, err := l.config.boolean("invert", false)
	if err != nil {
		return "", err
	}
	first, second, operands := format.Subtract, format.Divide, [][]float64{mean, deviation}
	if invert {
		first, second, operands = format.Multiply, format.Add, [][]float64{deviation, mean}
	}
	if err := c.list().Affine(l.name, first, operands[0]); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %s", first, second), c.list().Affine(l.name, second, operands[1])
}

// statistics returns the mean and the variance of a normalization.
func (c *converter) statistics(l *layer) (mean, variance []float64, err error) {
	if mean, err = l.config.numbers("mean"); err != nil {
		return nil, nil, err
	}
	if variance, err = l.config.numbers("variance"); err != nil {
		return nil, nil, err
	}
	if (mean == nil) != (variance == nil) {
		return nil, nil, fmt.Errorf("of mean and variance only one is given")
	}
	if mean != nil {
		return mean, variance, nil
	}
	values, _, err := c.floats(l, "mean", "variance", "count")
	if err != nil {
		return nil, nil, err
	}
	return values[0], values[1], nil
}

// spread is broadcast, but leaves a single value as it is: it is for the whole row.
func (c *converter) spread(values []float64, from []int) ([]float64, error) {
	if len(values) == 1 {
		return values, nil
	}
	return c.broadcast(values, from)
}

// rescaling multiplies by a factor and adds an offset, each a number or one for each channel.
func (c *converter) rescaling(l *layer) (string, error) {
	scale, err := l.config.channels("scale")
	if err != nil {
		return "", err
	}
	offset, err := l.config.channels("offset")
	if err != nil {
		return "", err
	}
	if scale == nil {
		return "", fmt.Errorf("no scale")
	}
	if offset == nil {
		offset = []float64{0}
	}
	channels := make([]int, 0, len(c.shape))
	for i, n := range c.shape {
		if i < len(c.shape)-1 {
			n = 1
		}
		channels = append(channels, n)
	}
	if scale, err = c.spread(scale, channels); err != nil {
		return "", fmt.Errorf("scale: %w", err)
	}
	if offset, err = c.spread(offset, channels); err != nil {
		return "", fmt.Errorf("offset: %w", err)
	}
	if err := c.list().Affine(l.name, format.Multiply, scale); err != nil {
		return "", err
	}
	if len(offset) == 1 && offset[0] == 0 {
		return "multiply", nil
	}
	return "multiply, add", c.list().Affine(l.name, format.Add, offset)
}
