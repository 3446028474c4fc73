package sklearn

import (
	"slices"
	"strings"
)

// role is what an estimator does.
type role int

const (
	predictor role = iota
	transformer
	encoder // of labels, not of rows
)

// transformers are the classes that turn rows into rows and are read.
var transformers = []string{
	"StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "Normalizer", "Binarizer",
	"PolynomialFeatures", "OneHotEncoder", "FunctionTransformer", "ColumnTransformer", "FeatureUnion",
	"PCA", "IncrementalPCA", "TruncatedSVD",
	"VarianceThreshold", "SelectKBest", "SelectPercentile", "SelectFpr", "SelectFwe", "SequentialFeatureSelector",
	"CountVectorizer", "TfidfVectorizer", "TfidfTransformer",
}

// unreadTransformers are those that cannot be expressed in layers.
var unreadTransformers = []string{
	"SimpleImputer", "KNNImputer", "IterativeImputer", "MissingIndicator", "OrdinalEncoder", "TargetEncoder",
	"KBinsDiscretizer", "PowerTransformer", "QuantileTransformer", "SplineTransformer",
	"SelectFromModel", "SelectFdr", "GenericUnivariateSelect",
	"KernelPCA", "SparsePCA", "NMF", "FastICA", "FactorAnalysis", "Nystroem", "RBFSampler",
	"HashingVectorizer", "DictVectorizer",
}

// role returns what the estimator does. A pipeline or a search does what is at its end.
func (e estimator) role() role {
	for depth := 0; e.visit(depth) == nil; depth++ {
		switch class := e.class(); {
		case class == "LabelEncoder" || class == "LabelBinarizer" || class == "MultiLabelBinarizer":
			return encoder
		case slices.Contains(transformers, class) || slices.Contains(unreadTransformers, class):
			return transformer
		case class == "Pipeline":
			steps, err := e.list("steps")
			if err != nil || len(steps) == 0 {
				return predictor
			}
			v := second(steps[len(steps)-1])
			if v == "passthrough" {
				return transformer
			}
			last, ok := e.estimator(v, e.name)
			if !ok {
				return predictor
			}
			e = last
		case isSearch(class):
			best, err := e.child("best_estimator_")
			if err != nil {
				return predictor
			}
			e = best
		default:
			return predictor
		}
	}
	return predictor
}

// second returns the second element of a pair of name and estimator, or nil.
func second(v any) any {
	if pair, ok := elements(v); ok && len(pair) > 1 {
		return pair[1]
	}
	return nil
}

func isSearch(class string) bool {
	return slices.Contains([]string{"GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV"}, class)
}

// isRead reports whether an estimator of a plan is of a class that there are layers for.
func (e estimator) isRead() bool {
	class := e.class()
	return familyOf(class) != unread || slices.Contains(transformers, class) || class == "Pipeline" || class == "RFE" || class == "RFECV"
}

// supported says what there are layers for.
const supported = "read are linear and logistic models, perceptrons, MLPs, and pipelines with scalers, one-hot encoders, polynomials, projections, selections of columns and counted words"

// refuse returns the error for an estimator that cannot be expressed in layers.
func (e estimator) refuse() error { return e.errorf("%s (%s)", reason(e.class()), supported) }

// reason says why there are no layers for a class.
func reason(class string) string {
	kinds := []struct{ parts, reason string }{
		{"SimpleImputer KNNImputer IterativeImputer MissingIndicator", "missing values are not replaced on the board: fill them before the model"},
		{"OrdinalEncoder TargetEncoder LabelEncoder", "categories are not replaced by numbers on the board: use OneHotEncoder, or encode the rows before"},
		{"KBinsDiscretizer PowerTransformer QuantileTransformer SplineTransformer", "there are no layers for this transformation"},
		{"SelectFromModel SelectFdr GenericUnivariateSelect", "which columns it selects is not stored: put a ColumnTransformer with the columns in its place"},
		{"HashingVectorizer", "which words a column counts is not stored: use CountVectorizer or TfidfVectorizer"},
		{"DictVectorizer", "dicts are no rows of numbers: use OneHotEncoder for the texts in them"},
		{"CalibratedClassifierCV", "there are no layers for calibration: save the classifier that it calibrates"},
		{"TunedThresholdClassifierCV FixedThresholdClassifier", "a threshold of its own is not read: save the classifier inside"},
		{"Forest Tree Boosting Bagging", "there are no layers for trees"},
		{"SVC SVR OneClassSVM KernelRidge GaussianProcess KernelPCA Nystroem RBFSampler", "there are no layers for kernels: LinearSVC and LinearSVR are read"},
		{"Neighbors NearestCentroid LocalOutlierFactor KDTree BallTree", "there are no layers for neighbours"},
		{"NB", "there are no layers for naive Bayes"},
		{"Voting Stacking OneVsOne OutputCode ClassifierChain RegressorChain MultiOutputClassifier", "there are no layers for several models together"},
	}
	for _, k := range kinds {
		for part := range strings.FieldsSeq(k.parts) {
			if strings.Contains(class, part) {
				return k.reason
			}
		}
	}
	return "there are no layers for it"
}
