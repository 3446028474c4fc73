package sklearn

import (
	"github.com/edge-infer/edge-infer/format"
)

// family is what models of several classes have in common.
type family int

const (
	unread family = iota
	quantities
	positiveQuantities
	logistic
	discriminant
	descent
	decision
	mlpClassifier
	mlpRegressor
	oneVsRestOf
	multiOutputOf
)

// familyOf returns the family of a class of models.
func familyOf(class string) family {
	switch class {
	case "LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "SGDRegressor", "LinearSVR",
		"PassiveAggressiveRegressor", "MultiTaskLasso", "MultiTaskLassoCV", "MultiTaskElasticNet", "MultiTaskElasticNetCV",
		"Lars", "LarsCV", "LassoLars", "LassoLarsCV", "LassoLarsIC", "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV",
		"BayesianRidge", "ARDRegression", "HuberRegressor", "TheilSenRegressor", "QuantileRegressor":
		return quantities
	case "PoissonRegressor", "GammaRegressor":
		return positiveQuantities
	case "LogisticRegression", "LogisticRegressionCV":
		return logistic
	case "LinearDiscriminantAnalysis":
		return discriminant
	case "SGDClassifier":
		return descent
	case "Perceptron", "LinearSVC", "RidgeClassifier", "RidgeClassifierCV", "PassiveAggressiveClassifier":
		return decision
	case "MLPClassifier":
		return mlpClassifier
	case "MLPRegressor":
		return mlpRegressor
	case "OneVsRestClassifier":
		return oneVsRestOf
	case "MultiOutputRegressor":
		return multiOutputOf
	}
	return unread
}

// predict writes the model and what its outputs are.
func (w *writer) predict(e estimator) error {
	switch familyOf(e.class()) {
	case quantities:
		return w.regression(e, "")
	case positiveQuantities:
		return w.regression(e, format.Exp)
	case logistic:
		return w.logistic(e)
	case discriminant:
		return w.discriminant(e)
	case descent:
		return w.descent(e)
	case decision:
		return w.decision(e)
	case mlpClassifier:
		return w.mlpClassifier(e)
	case mlpRegressor:
		return w.mlpRegressor(e)
	case oneVsRestOf:
		return w.oneVsRest(e)
	case multiOutputOf:
		return w.multiOutput(e)
	}
	return e.refuse()
}

// regression writes a linear model of quantities, with a function behind it if one is given.
func (w *writer) regression(e estimator, function format.Function) error {
	l, err := e.linear()
	if err != nil {
		return err
	}
	if err := w.dense(e, l); err != nil {
		return err
	}
	became := "dense"
	if function != "" {
		if err := w.activate(e, function); err != nil {
			return err
		}
		became += ", " + string(function)
	}
	w.Became(e.String(), "%s", became)
	w.Model.Output.Kind = format.Value
	return nil
}
