package sklearn

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// stack puts linear models with one output each side by side. All are of one class, as is the one
// that it returns, and of one of the families.
func (w *writer) stack(e estimator, families ...family) (*linear, estimator, error) {
	items, err := e.list("estimators_")
	if err != nil {
		return nil, e, err
	}
	var columns []*linear
	first := e
	for i, item := range items {
		model, ok := e.estimator(item, e.name)
		if !ok {
			return nil, e, e.errorf("estimator %d is not one of scikit-learn", i)
		}
		if i == 0 {
			first = model
		}
		switch class := model.class(); {
		case class != first.class():
			return nil, e, e.errorf("estimator %d is %s, those before are %s: one class is needed", i, class, first.class())
		case !slices.Contains(families, familyOf(class)):
			return nil, e, e.errorf("its estimators are of class %s, which is not read there", class)
		}
		l, err := model.linear()
		if err != nil {
			return nil, e, err
		}
		if l.weight.Columns != 1 || i > 0 && l.weight.Rows != columns[0].weight.Rows {
			return nil, e, e.errorf("estimator %d has a weight of %d×%d", i, l.weight.Rows, l.weight.Columns)
		}
		if familyOf(model.class()) == logistic && model.isMultinomial(2, w.version) {
			l.twice()
		}
		columns = append(columns, l)
	}
	if len(columns) == 0 {
		return nil, e, e.errorf("no estimators")
	}
	return join(columns), first, nil
}

// join makes one linear model of several with one output each.
func join(columns []*linear) *linear {
	rows := draft.Matrix{Rows: len(columns), Columns: columns[0].weight.Rows}
	bias := make([]float64, len(columns))
	for i, c := range columns {
		rows.Values = append(rows.Values, c.weight.Values...)
		if c.bias != nil {
			bias[i] = c.bias[0]
		}
	}
	return &linear{rows.Transposed(), bias}
}

// oneVsRest writes a OneVsRestClassifier: a model a class, or a single one of two classes. Regressions
// are fitted on 0 and 1 there, and decide between them.
func (w *writer) oneVsRest(e estimator) error {
	l, first, err := w.stack(e, quantities, logistic, descent, decision)
	if err != nil {
		return err
	}
	binarizer, err := e.child("label_binarizer_")
	if err != nil {
		return err
	}
	labels, err := binarizer.labels()
	if err != nil {
		return err
	}
	isLogistic := familyOf(first.class()) == logistic || familyOf(first.class()) == descent && first.isLogLoss()
	multilabel := binarizer.text("y_type_") == "multilabel-indicator"
	if isLogistic && !multilabel {
		return w.probabilities(e, l, labels, oneVsRest)
	}
	if err := w.dense(e, l); err != nil {
		return err
	}
	threshold := float32(0)
	if familyOf(first.class()) == quantities {
		threshold = 0.5
	}
	became, what := "dense", fmt.Sprintf("decision value, above %g where it holds", threshold)
	if isLogistic {
		if err := w.activate(e, format.Sigmoid); err != nil {
			return err
		}
		became, what = "dense, sigmoid", "probability"
	}
	w.Became(e.String(), "%s", became)
	if multilabel {
		w.independent(e, labels, what)
		return nil
	}
	return w.decide(e, labels, format.Decision, threshold)
}

// multiOutput writes a MultiOutputRegressor: a model a target.
func (w *writer) multiOutput(e estimator) error {
	l, _, err := w.stack(e, quantities)
	if err != nil {
		return err
	}
	if err := w.dense(e, l); err != nil {
		return err
	}
	w.Became(e.String(), "dense, %d outputs", l.weight.Columns)
	w.Model.Output.Kind = format.Value
	return nil
}
