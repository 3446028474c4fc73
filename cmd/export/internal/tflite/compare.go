package tflite

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// negate appends −x.
func (c *converter) negate() error {
	return c.list(true).Affine("", format.Multiply, []float64{-1})
}

// compare appends x > c or its like. A comparison the other way round is one of −x with −c.
func (c *converter) compare(s step) (string, error) {
	o := s.last
	swapped := o.operand(0) != s.row
	k := 1
	if swapped {
		k = 0
	}
	operand, err := c.constant(o.operand(k))
	if err != nil {
		return "", err
	}
	if len(operand.values) != 1 {
		return "", fmt.Errorf("it compares with %d constants: one for all columns is possible", len(operand.values))
	}
	v := operand.values[0]
	cut := format.Cut{Comparison: format.Greater}
	if o.code == opGreaterEqual || o.code == opLessEqual {
		cut.Comparison = format.GreaterOrEqual
	}
	if less := o.code == opLess || o.code == opLessEqual; less != swapped {
		if err := c.negate(); err != nil {
			return "", err
		}
		v = -v
	}
	cut.Value = float32(v)
	if math.IsInf(float64(cut.Value), 0) && !math.IsInf(v, 0) {
		return "", fmt.Errorf("it compares with %g, beyond float32", v)
	}
	return "threshold", c.draft.Layers.Add(&format.Threshold{Cut: cut})
}
