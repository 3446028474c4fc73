package sklearn

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// scale is one operation of a scaler with an attribute that it learned.
type scale struct {
	operator  format.Operator
	attribute string
}

// scales returns the operations of a scaler, in the order in which scikit-learn has them, or nil if
// it is of another class.
func (e estimator) scales() []scale {
	on := func(flag string, s scale) []scale {
		if e.flag(flag) {
			return []scale{s}
		}
		return []scale{}
	}
	switch e.class() {
	case "StandardScaler":
		return append(on("with_mean", scale{format.Subtract, "mean_"}), on("with_std", scale{format.Divide, "scale_"})...)
	case "RobustScaler":
		return append(on("with_centering", scale{format.Subtract, "center_"}), on("with_scaling", scale{format.Divide, "scale_"})...)
	case "MinMaxScaler":
		return []scale{{format.Multiply, "scale_"}, {format.Add, "min_"}}
	case "MaxAbsScaler":
		return []scale{{format.Divide, "scale_"}}
	}
	return nil
}

// scaler writes the operations of a scaler.
func (w *writer) scaler(l *draft.List, e estimator) error {
	became := ""
	operands := map[format.Operator][]float64{}
	for _, s := range e.scales() {
		operand, err := e.vector(s.attribute)
		if err != nil {
			return err
		}
		if err := l.Affine(e.name, s.operator, operand); err != nil {
			return e.errorf("%s: %w", s.attribute, err)
		}
		operands[s.operator] = operand
		became += ", " + string(s.operator)
	}
	w.warn(e, operands)
	if e.flag("clip") {
		c, err := e.clip()
		if err != nil {
			return err
		}
		if err := l.Add(c); err != nil {
			return e.errorf("%w", err)
		}
		became += ", clip"
	}
	if became == "" {
		became = ", nothing: neither centred nor scaled"
	}
	w.Became(e.String(), "%s", became[2:])
	return nil
}

// warn notes a column that lies so far from 0 that float32 loses what matters in it: the mean of a
// column of years or of pascals is rounded, and what is left after it is subtracted is small.
func (w *writer) warn(e estimator, operands map[format.Operator][]float64) {
	const tolerable = 1e-4 // of a scaled value
	worst, column := 0.0, 0
	consider := func(i int, lost float64) {
		if lost > worst {
			worst, column = lost, i
		}
	}
	scale := operands[format.Divide]
	for i, mean := range operands[format.Subtract] {
		lost := math.Abs(float64(float32(mean)) - mean)
		if scale != nil {
			lost /= scale[i]
		}
		consider(i, lost)
	}
	for i, offset := range operands[format.Add] { // of a MinMaxScaler, which has multiplied before
		consider(i, math.Abs(offset)*0x1p-24)
	}
	if worst > tolerable {
		w.Note("%s: column %d lies far from 0 for its spread: float32 moves its scaled values by %.1g; subtract a constant from the column before it is fitted", e, column, worst)
	}
}

// clip returns the limits of a scaler that has clip set.
func (e estimator) clip() (*format.Clip, error) {
	if e.class() == "MaxAbsScaler" {
		return &format.Clip{Low: -1, High: 1}, nil
	}
	limits, _ := elements(e.get("feature_range"))
	if len(limits) != 2 {
		return nil, e.missing("feature_range", "a pair of numbers")
	}
	low, ok1 := pickle.Number(limits[0])
	high, ok2 := pickle.Number(limits[1])
	if !ok1 || !ok2 {
		return nil, e.missing("feature_range", "a pair of numbers")
	}
	return &format.Clip{Low: float32(low), High: float32(high)}, nil
}

// inverses are the operators that undo others.
var inverses = map[format.Operator]format.Operator{
	format.Add: format.Subtract, format.Subtract: format.Add,
	format.Multiply: format.Divide, format.Divide: format.Multiply,
}

// invert writes what turns a model's scaled target back, at the end of the layers.
func (w *writer) invert(e estimator) error {
	if e.isIdentity() {
		w.Became(e.String(), "nothing: it changes nothing")
		return nil
	}
	scales := e.scales()
	if scales == nil {
		return e.errorf("a TransformedTargetRegressor turns its target back by this: scalers alone are read there")
	}
	for i := len(scales) - 1; i >= 0; i-- {
		operand, err := e.vector(scales[i].attribute)
		if err != nil {
			return err
		}
		if err := w.Layers.Affine(e.name, inverses[scales[i].operator], operand); err != nil {
			return e.errorf("%s: %w", scales[i].attribute, err)
		}
	}
	w.Became(e.String(), "the same steps backwards, after the model")
	return nil
}

// normalizer writes the division of a row by its norm.
func (w *writer) normalizer(l *draft.List, e estimator) error {
	norm := format.Norm(e.text("norm"))
	if norm == format.Max && w.version < at(0, 23) {
		return e.errorf("norm max: before scikit-learn 0.23 it divided by the greatest value, and not by the greatest magnitude: fit it with a newer one")
	}
	if err := l.Add(&format.Normalize{Norm: norm}); err != nil {
		return e.errorf("%w", err)
	}
	w.Became(e.String(), "normalize(%s)", norm)
	return nil
}

// binarizer writes a comparison with a threshold.
func (w *writer) binarizer(l *draft.List, e estimator) error {
	threshold, err := e.number("threshold")
	if err != nil {
		return err
	}
	// Of float32 values the same ones are greater than a threshold and than the float32 at or below.
	below := float32(threshold)
	if float64(below) > threshold {
		below = math.Nextafter32(below, float32(math.Inf(-1)))
	}
	cut := format.Cut{Comparison: format.Greater, Value: below}
	if err := l.Add(&format.Threshold{Cut: cut}); err != nil {
		return e.errorf("%w", err)
	}
	w.Became(e.String(), "threshold(>%s)", fmt.Sprint(below))
	return nil
}
