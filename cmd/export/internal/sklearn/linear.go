package sklearn

import (
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// linear is x·W + b.
type linear struct {
	weight draft.Matrix // a row an input, a column an output
	bias   []float64    // nil for none
}

// linear returns what a linear model learned. One output has its coefficients in one dimension, and
// its intercept may be a single number, as it is where none was fitted.
func (e estimator) linear() (*linear, error) {
	coef, err := e.matrix("coef_", e.get("coef_"))
	if err != nil {
		return nil, err
	}
	bias, err := e.vector("intercept_")
	if err != nil {
		return nil, err
	}
	l := &linear{weight: coef.Transposed(), bias: bias}
	switch outputs := coef.Rows; {
	case !slices.ContainsFunc(bias, func(v float64) bool { return v != 0 }):
		l.bias = nil
	case len(bias) == 1 && outputs > 1:
		l.bias = slices.Repeat(bias, outputs)
	case len(bias) != outputs:
		return nil, e.errorf("%d values of intercept_ for %d outputs", len(bias), outputs)
	}
	return l, nil
}

// twice doubles what the model computes, which rounds nothing.
func (l *linear) twice() {
	for i := range l.weight.Values {
		l.weight.Values[i] *= 2
	}
	for i := range l.bias {
		l.bias[i] *= 2
	}
}

func (w *writer) dense(e estimator, l *linear) error {
	if err := w.Layers.Dense(e.name, l.weight, l.bias); err != nil {
		return e.errorf("%w", err)
	}
	return nil
}

func (w *writer) activate(e estimator, f format.Function) error {
	if err := w.Layers.Activation(f); err != nil {
		return e.errorf("%w", err)
	}
	return nil
}

// normalisation is how the decision values of several classes become probabilities.
type normalisation int

const (
	softmax   normalisation = iota
	oneVsRest               // a sigmoid each, divided by their sum
)

// probabilities writes a linear classifier with probabilities. Of one column they are a sigmoid.
func (w *writer) probabilities(e estimator, l *linear, labels []string, n normalisation) error {
	if err := w.dense(e, l); err != nil {
		return err
	}
	several := l.weight.Columns > 1
	if several && n == softmax {
		if err := w.Layers.Add(&format.Softmax{}); err != nil {
			return e.errorf("%w", err)
		}
		w.Became(e.String(), "dense, softmax")
		return w.decide(e, labels, format.Probabilities, 0.5)
	}
	if err := w.activate(e, format.Sigmoid); err != nil {
		return err
	}
	became := "dense, sigmoid"
	if several {
		if err := w.Layers.Add(&format.Normalize{Norm: format.L1}); err != nil {
			return e.errorf("%w", err)
		}
		became += ", normalize(l1)"
		w.warnOfZeros(e, l)
	}
	w.Became(e.String(), "%s", became)
	return w.decide(e, labels, format.Probabilities, 0.5)
}

// warnOfZeros notes weights with which rows of ordinary size may have every class's decision value
// so low that float32 has no sigmoid of it but 0.
func (w *writer) warnOfZeros(e estimator, l *linear) {
	const low = 103 // e^−104 is less than half of the smallest float32
	outputs := l.weight.Columns
	for k := range outputs {
		reach := 0.0 // of rows of ones and minus ones
		for i := k; i < len(l.weight.Values); i += outputs {
			reach += math.Abs(l.weight.Values[i])
		}
		if l.bias != nil {
			reach -= l.bias[k]
		}
		if !(reach > low) {
			return
		}
	}
	w.Note("%s: its weights are so large that all decision values of a row may lie below −%d: float32 makes 0 of all probabilities there, and the first class wins; scale the columns before it is fitted, and use --golden", e, low)
}
