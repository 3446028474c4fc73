package sklearn

import (
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// transform writes a transformer at the end of a list.
func (w *writer) transform(l *draft.List, e estimator, depth int) error {
	if err := e.visit(depth); err != nil {
		return err
	}
	if e.isIdentity() {
		w.Became(e.String(), "nothing: it changes nothing")
		return nil
	}
	switch e.class() {
	case "Pipeline":
		steps, err := e.pipelineSteps()
		if err != nil {
			return err
		}
		for _, step := range steps {
			if err := w.transform(l, step, depth+1); err != nil {
				return err
			}
		}
		return nil
	case "StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler":
		return w.scaler(l, e)
	case "Normalizer":
		return w.normalizer(l, e)
	case "Binarizer":
		return w.binarizer(l, e)
	case "PolynomialFeatures":
		return w.polynomial(l, e)
	case "PCA", "IncrementalPCA", "TruncatedSVD":
		return w.projection(l, e)
	case "LinearDiscriminantAnalysis":
		return w.discriminants(l, e)
	case "VarianceThreshold", "SelectKBest", "SelectPercentile", "SelectFpr", "SelectFwe", "SequentialFeatureSelector", "RFE", "RFECV":
		return w.selection(l, e)
	case "OneHotEncoder", "ColumnTransformer", "FeatureUnion":
		if l.Width() > maxColumns {
			return e.errorf("rows of %d values: at most %d are split", l.Width(), maxColumns)
		}
		if err := e.spend(l.Width()); err != nil {
			return e.errorf("%w", err)
		}
		groups, err := w.groups(e, all(l.Width()), depth)
		if err != nil {
			return err
		}
		return w.columns(l, e, groups)
	case "CountVectorizer", "TfidfVectorizer":
		return w.vectorizer(l, e)
	case "TfidfTransformer":
		return w.tfidf(l, e)
	case "FunctionTransformer":
		return e.errorf("a function of one's own, %s, is not carried over: apply it to the rows before the model", pickle.Describe(e.get("func")))
	}
	return e.refuse()
}

// isIdentity reports whether a transformer leaves rows as they are, as does the FunctionTransformer
// that a ColumnTransformer puts in the place of "passthrough".
func (e estimator) isIdentity() bool {
	return e.class() == "FunctionTransformer" && !e.has("func") && !e.has("inverse_func")
}

// all returns the numbers from 0 to n − 1.
func all(n int) []int {
	columns := make([]int, n)
	for i := range columns {
		columns[i] = i
	}
	return columns
}
