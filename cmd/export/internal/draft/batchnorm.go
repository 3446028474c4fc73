package draft

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// BatchNorm appends γ·(x − mean)/√(variance + ε) + β with a column's moving statistics, as it is
// in inference: one multiplication and one addition, whose constants γ/√(variance + ε) and
// β − mean·γ/√(variance + ε) are computed here in float64. A nil gamma is 1, a nil beta is 0.
func (l *List) BatchNorm(name string, mean, variance, gamma, beta []float64, epsilon float64) error {
	width := l.Width()
	for _, v := range [][]float64{mean, variance, gamma, beta} {
		if v != nil && len(v) != width {
			return fmt.Errorf("batch normalisation of %d values where rows have %d", len(v), width)
		}
	}
	if mean == nil || variance == nil {
		return fmt.Errorf("batch normalisation without moving statistics: its answers depend on the batch")
	}
	factor, offset := make([]float64, width), make([]float64, width)
	for i := range width {
		factor[i] = 1 / math.Sqrt(variance[i]+epsilon)
		if gamma != nil {
			factor[i] *= gamma[i]
		}
		offset[i] = -float64(mean[i] * factor[i]) // rounded, where the compiler might fuse it with what follows
		if beta != nil {
			offset[i] += beta[i]
		}
	}
	name = l.name(name) // the two steps bear one name
	if err := l.Affine(name, format.Multiply, factor); err != nil {
		return err
	}
	return l.Affine(name, format.Add, offset)
}
