package tflite

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// activation returns the function that an operator applies to every value.
func activation(o operator) (*format.Activation, bool) {
	switch o.code {
	case opReLU:
		return &format.Activation{Function: format.ReLU}, true
	case opReLU6:
		return &format.Activation{Function: format.ReLU6}, true
	case opLeakyReLU:
		return &format.Activation{Function: format.LeakyReLU, Alpha: o.options().float32(0)}, true
	case opAbs:
		return &format.Activation{Function: format.LeakyReLU, Alpha: -1}, true // −x below zero
	case opELU:
		return &format.Activation{Function: format.ELU, Alpha: 1}, true
	case opLogistic:
		return &format.Activation{Function: format.Sigmoid}, true
	case opTanh:
		return &format.Activation{Function: format.Tanh}, true
	case opExp:
		return &format.Activation{Function: format.Exp}, true
	case opGELU:
		if o.options().bool(0) {
			return &format.Activation{Function: format.GELUTanh}, true
		}
		return &format.Activation{Function: format.GELU}, true
	}
	return nil, false
}

// fused appends the activation that the schema counts as part of an operator.
func (c *converter) fused(code byte) (string, error) {
	switch code {
	case 0:
		return "", nil
	case 1:
		return ", relu", c.draft.Layers.Activation(format.ReLU)
	case 2:
		return ", clip to [−1, 1]", c.draft.Layers.Add(&format.Clip{Low: -1, High: 1})
	case 3:
		return ", relu6", c.draft.Layers.Activation(format.ReLU6)
	case 4:
		return ", tanh", c.draft.Layers.Activation(format.Tanh)
	}
	return "", fmt.Errorf("its fused activation of code %d is not read: 0 to 4 are", code)
}

// saturate appends the relu that a quantised result has by its range, if that begins at 0: what lies
// below becomes 0 as it is rounded, and some converters leave an activation out for that reason.
func (c *converter) saturate(o operator, out tensor) (string, error) {
	switch o.code {
	case opFullyConnected, opBatchMatMul, opAdd, opSub, opMul, opDiv:
	default:
		return "", nil
	}
	low, high := out.elements.limits()
	zero := out.zero(0)
	if fused(o) != 0 || out.elements == float32Type || zero != low {
		return "", nil
	}
	c.seen.saturates = true
	step := float64(out.scales.float32(0))
	if top := float64(high-zero) * step; math.Abs(top-6) <= step {
		return ", relu6 by its range", c.draft.Layers.Activation(format.ReLU6)
	}
	return ", relu by its range", c.draft.Layers.Activation(format.ReLU)
}
