package sklearn

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// decide says that the outputs decide between classes: a single column by a threshold, several by
// the greatest.
func (w *writer) decide(e estimator, labels []string, kind format.Kind, threshold float32) error {
	o := &w.Model.Output
	o.Kind, o.Labels = kind, labels
	switch width := w.Layers.Width(); {
	case width == 1 && len(labels) == 2:
		o.Threshold = &format.Cut{Comparison: format.Greater, Value: threshold}
	case width != len(labels):
		return e.errorf("%d outputs for %d classes", width, len(labels))
	}
	return nil
}

// independent says that each output is about its own label and none decides against another.
func (w *writer) independent(e estimator, labels []string, what string) {
	w.Model.Output.Kind = format.Value
	if len(labels) == w.Layers.Width() {
		w.Model.Output.Labels = labels
	}
	w.Note("%s has several labels that may hold at once: each column is its label's %s, and no class is decided", e, what)
}

// isMultilabel reports whether a classifier learned several labels that may hold at once, which an
// encoder of its own knows.
func (e estimator) isMultilabel(binarizer string) bool {
	b, err := e.child(binarizer)
	return err == nil && b.text("y_type_") == "multilabel-indicator"
}

// labels returns the names of the classes.
func (e estimator) labels() ([]string, error) {
	if !e.has("classes_") && e.has("_label_binarizer") { // RidgeClassifier
		binarizer, err := e.child("_label_binarizer")
		if err != nil {
			return nil, err
		}
		return binarizer.labels()
	}
	values, err := e.classes()
	if err != nil {
		return nil, err
	}
	labels := make([]string, len(values))
	for i, v := range values {
		if labels[i], err = labelOf(v); err != nil {
			return nil, e.errorf("class %d: %w", i, err)
		}
	}
	return labels, nil
}

// classes returns the classes as Python's own values.
func (e estimator) classes() ([]any, error) {
	v := e.get("classes_")
	if _, several := elements(v); several {
		return nil, e.errorf("it has several targets with classes of their own: a model for one is read")
	}
	if !pickle.IsArray(v) {
		return nil, e.missing("classes_", "an array")
	}
	values, err := e.values(v)
	if err != nil {
		return nil, e.errorf("classes_: %w", err)
	}
	return values, nil
}

// labelOf writes a class as shortly as it can be read back. Booleans are written as in Python.
func labelOf(v any) (string, error) {
	switch v := pickle.Scalar(v).(type) {
	case string:
		return v, nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case *big.Int:
		return v.String(), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool, nil:
		return pickle.Describe(v), nil
	}
	return "", fmt.Errorf("%s is no label", pickle.Describe(v))
}

// rename takes the labels from an encoder that a file holds beside a model whose classes are the
// numbers from 0.
func (w *writer) rename(encoder estimator) error {
	labels := w.Model.Output.Labels
	names, err := encoder.labels()
	if err != nil {
		return err
	}
	numbers := make([]string, len(names))
	for i := range numbers {
		numbers[i] = strconv.Itoa(i)
	}
	if !slices.Equal(labels, numbers) {
		w.Note("the file holds %s beside the model: its %d classes are not the model's, and it is left out", encoder, len(names))
		return nil
	}
	w.Model.Output.Labels = names
	w.Note("the file holds %s beside the model: the classes have its names", encoder)
	return nil
}
