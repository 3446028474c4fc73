package sklearn

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// mlpClassifier writes an MLPClassifier. Two classes have one logistic output; several labels that
// may hold at once have one each.
func (w *writer) mlpClassifier(e estimator) error {
	if err := w.mlp(e); err != nil {
		return err
	}
	labels, err := e.labels()
	if err != nil {
		return err
	}
	if e.isMultilabel("_label_binarizer") {
		w.independent(e, labels, "probability")
		return nil
	}
	return w.decide(e, labels, format.Probabilities, 0.5)
}

func (w *writer) mlpRegressor(e estimator) error {
	w.Model.Output.Kind = format.Value
	return w.mlp(e)
}

// mlp writes the layers of a perceptron.
func (w *writer) mlp(e estimator) error {
	weights, err := e.list("coefs_")
	if err != nil {
		return err
	}
	biases, err := e.list("intercepts_")
	if err != nil {
		return err
	}
	if len(weights) == 0 || len(weights) != len(biases) {
		return e.errorf("%d layers in coefs_, %d in intercepts_", len(weights), len(biases))
	}
	for i := range weights {
		weight, err := e.matrix("coefs_", weights[i])
		if err != nil {
			return err
		}
		bias, err := e.array(biases[i])
		if err != nil {
			return e.errorf("intercepts_: %w", err)
		}
		name := ""
		if e.name != "" {
			name = fmt.Sprintf("%s.%d", e.name, i)
		}
		if err := w.Layers.Dense(name, weight, bias.Float64s()); err != nil {
			return e.errorf("layer %d: %w", i, err)
		}
		attribute := "activation"
		if i == len(weights)-1 {
			attribute = "out_activation_"
		}
		if err := w.function(e, attribute); err != nil {
			return err
		}
		became := "dense"
		if last := w.Layers.Last().Op(); last != became {
			became += ", " + last
		}
		w.Became(fmt.Sprintf("%s, layer %d", e, i), "%s", became)
	}
	return nil
}

// function writes the activation function that an attribute names.
func (w *writer) function(e estimator, attribute string) error {
	switch e.text(attribute) {
	case "identity":
		return nil
	case "relu":
		return w.activate(e, format.ReLU)
	case "tanh":
		return w.activate(e, format.Tanh)
	case "logistic":
		return w.activate(e, format.Sigmoid)
	case "exp":
		return w.activate(e, format.Exp)
	case "softmax":
		if err := w.Layers.Add(&format.Softmax{}); err != nil {
			return e.errorf("%w", err)
		}
		return nil
	}
	return e.errorf("%s is %s, which is not known", attribute, pickle.Describe(e.get(attribute)))
}
