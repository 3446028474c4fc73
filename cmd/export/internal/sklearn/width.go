package sklearn

import (
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// width returns the number of columns that an estimator was fitted on, 0 if it does not tell. Since
// 0.24 it is an attribute; before, something learned has as many values.
func (e estimator) width(depth int) int {
	if e.visit(depth) != nil {
		return 0
	}
	for _, attribute := range []string{"n_features_in_", "n_input_features_", "_n_features"} {
		if n, err := e.number(attribute); err == nil {
			return int(n)
		}
	}
	for _, attribute := range []string{"scale_", "mean_", "center_", "min_", "scores_", "variances_", "support_", "coef_", "components_"} {
		if shape := e.shape(attribute); len(shape) > 0 {
			return shape[len(shape)-1]
		}
	}
	switch e.class() {
	case "CountVectorizer", "TfidfVectorizer":
		if vocabulary, ok := e.get("vocabulary_").(*pickle.Dict); ok {
			return vocabulary.Len()
		}
	case "OneHotEncoder":
		categories, _ := e.list("categories_")
		return len(categories)
	case "MLPClassifier", "MLPRegressor":
		if coefs, err := e.list("coefs_"); err == nil && len(coefs) > 0 && pickle.IsArray(coefs[0]) {
			if a, err := e.array(coefs[0]); err == nil && len(a.Shape) > 0 {
				return a.Shape[0]
			}
		}
	case "Pipeline":
		steps, _ := e.pipelineSteps()
		for _, step := range steps {
			if n := step.width(depth + 1); n > 0 || !keepsWidth(step.class()) {
				return n
			}
		}
	case "FeatureUnion":
		parts, _ := e.list("transformer_list")
		for _, part := range parts {
			if step, ok := e.estimator(second(part), e.name); ok {
				if n := step.width(depth + 1); n > 0 {
					return n
				}
			}
		}
	case "OneVsRestClassifier", "MultiOutputRegressor":
		models, _ := e.list("estimators_")
		if len(models) > 0 {
			if model, ok := e.estimator(models[0], e.name); ok {
				return model.width(depth + 1)
			}
		}
	}
	return 0
}

// keepsWidth reports whether rows are as wide after a transformer as before, whatever it learned.
func keepsWidth(class string) bool {
	return slices.Contains([]string{"Normalizer", "Binarizer", "FunctionTransformer", "TfidfTransformer"}, class)
}
