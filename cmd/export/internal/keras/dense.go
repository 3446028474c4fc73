package keras

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

func (c *converter) dense(l *layer) (string, error) {
	if err := c.flat(); err != nil {
		return "", err
	}
	values, shapes, err := c.kernel(l)
	if err != nil {
		return "", err
	}
	in, out := shapes[0][0], shapes[0][1]
	units, err := l.config.integer("units", out)
	if err != nil {
		return "", err
	}
	if units != out {
		return "", fmt.Errorf("a kernel of shape %v for %d units", shapes[0], units)
	}
	var bias []float64
	if len(values) > 1 {
		bias = values[1]
	}
	if err := c.list().Dense(l.name, draft.Matrix{Rows: in, Columns: out, Values: values[0]}, bias); err != nil {
		return "", err
	}
	c.shape = append(slices.Clone(c.shape[:len(c.shape)-1]), out)
	became := "dense"
	if bias == nil {
		became = "dense without bias"
	}
	activation, err := c.activation(l.config["activation"])
	if err != nil {
		return "", err
	}
	if activation != linear {
		became += ", " + activation
	}
	return became, nil
}

// kernel returns the variables of a dense layer.
func (c *converter) kernel(l *layer) ([][]float64, [][]int, error) {
	names := []string{"kernel"}
	biased, err := l.config.boolean("use_bias", true)
	if err != nil {
		return nil, nil, err
	}
	if biased {
		names = append(names, "bias")
	}
	values, shapes, err := c.floats(l, names...)
	if err != nil {
		return nil, nil, err
	}
	if len(shapes[0]) != 2 {
		return nil, nil, fmt.Errorf("a kernel of shape %v: two dimensions are needed", shapes[0])
	}
	return values, shapes, nil
}

// prelu has a slope for each value of a row, or for several that share it along some axes.
func (c *converter) prelu(l *layer) (string, error) {
	values, shapes, err := c.floats(l, "alpha")
	if err != nil {
		return "", err
	}
	slope, err := c.broadcast(values[0], shapes[0])
	if err != nil {
		return "", fmt.Errorf("alpha: %w", err)
	}
	return "prelu", c.list().PReLU(l.name, slope)
}
