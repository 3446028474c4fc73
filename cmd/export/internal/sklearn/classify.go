package sklearn

import "github.com/edge-infer/edge-infer/format"

// logistic writes a LogisticRegression.
func (w *writer) logistic(e estimator) error {
	l, labels, err := e.classifier()
	if err != nil {
		return err
	}
	if e.isMultinomial(len(labels), w.version) {
		if len(labels) > 2 {
			return w.probabilities(e, l, labels, softmax)
		}
		// Softmax over −d and d gives the second class sigmoid(2d).
		l.twice()
	}
	return w.probabilities(e, l, labels, oneVsRest)
}

// classifier returns what every linear classifier has.
func (e estimator) classifier() (*linear, []string, error) {
	l, err := e.linear()
	if err != nil {
		return nil, nil, err
	}
	labels, err := e.labels()
	return l, labels, err
}

// isMultinomial tells what a LogisticRegression does with its decision values. The attribute that
// said so became optional in 1.5 and is gone since 1.8, when several classes are always multinomial.
func (e estimator) isMultinomial(classes int, v version) bool {
	solver := e.text("solver")
	switch e.text("multi_class") {
	case "multinomial":
		return true
	case "ovr", "warn": // warn was the default of 0.20 and 0.21, and means ovr
		return false
	}
	// Two solvers knew one-vs-rest alone, and one of them learned more in 1.6.
	return classes > 2 && solver != "liblinear" && (solver != "newton-cholesky" || v >= at(1, 6))
}

// discriminant writes a LinearDiscriminantAnalysis.
func (w *writer) discriminant(e estimator) error {
	l, labels, err := e.classifier()
	if err != nil {
		return err
	}
	if len(labels) > 2 && w.version >= at(0, 21) {
		return w.probabilities(e, l, labels, softmax)
	}
	return w.probabilities(e, l, labels, oneVsRest)
}

// descent writes an SGDClassifier, whose loss says what its decision values mean.
func (w *writer) descent(e estimator) error {
	switch {
	case e.isLogLoss():
		l, labels, err := e.classifier()
		if err != nil {
			return err
		}
		return w.probabilities(e, l, labels, oneVsRest)
	case e.text("loss") == "modified_huber":
		w.Note("%s: scikit-learn can make probabilities of loss modified_huber; here the decision values are the answer, and the class is the same", e)
	}
	return w.decision(e)
}

// isLogLoss reports whether the loss of an SGDClassifier is that of a logistic regression, which had
// another name until 1.1.
func (e estimator) isLogLoss() bool { return e.text("loss") == "log_loss" || e.text("loss") == "log" }

// decision writes a linear classifier that answers with decision values.
func (w *writer) decision(e estimator) error {
	l, labels, err := e.classifier()
	if err != nil {
		return err
	}
	if err := w.dense(e, l); err != nil {
		return err
	}
	w.Became(e.String(), "dense")
	if e.isMultilabel("_label_binarizer") {
		w.independent(e, labels, "decision value, above 0 where it holds")
		return nil
	}
	return w.decide(e, labels, format.Decision, 0)
}
