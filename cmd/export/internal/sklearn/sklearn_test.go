package sklearn

import (
	"os"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// readCase reads a case as edge-export would, whose flag --scaler is the only one that concerns this
// package.
func readCase(t *testing.T, c casetest.Case) (*draft.Draft, error) {
	t.Helper()
	o, err := loadFile(t, c.File)
	if err != nil {
		return nil, err
	}
	var scaler *Object
	switch {
	case len(c.Flags) == 2 && c.Flags[0] == "--scaler":
		if scaler, err = loadFile(t, c.Flags[1]); err != nil {
			return nil, err
		}
	case c.Flags != nil:
		t.Fatalf("flags %q", c.Flags)
	}
	return o.Draft(scaler)
}

func loadFile(t testing.TB, name string) (*Object, error) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return Load(f, info.Size())
}

func TestCases(t *testing.T) {
	cases := casetest.Load(t, "sklearn", 184)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			d, err := readCase(t, c)
			if err != nil {
				c.Check(t, nil, err)
				return
			}
			if len(d.Fates) == 0 || d.Model.Source.Name != "scikit-learn" || "scikit-learn "+d.Model.Source.Version != c.MadeBy {
				t.Errorf("source %v, %d layers", d.Model.Source, len(d.Fates))
			}
			c.Check(t, d.Model, nil)
		})
	}
	casetest.CheckItems(t, cases, items)
}

// items is what the cases have to show.
var items = []string{
	// Models.
	"ElasticNet",
	"Lasso",
	"LinearDiscriminantAnalysis",
	"LinearRegression",
	"LinearRegression, several outputs",
	"LinearSVC",
	"LinearSVR",
	"LogisticRegression without multi_class",
	"LogisticRegression, multinomial",
	"LogisticRegression, one-vs-rest",
	"LogisticRegression, one-vs-rest by its solver",
	"LogisticRegression, two classes",
	"LogisticRegression, two classes by softmax",
	"LogisticRegressionCV",
	"MLPClassifier, multilabel",
	"MLPClassifier, several classes",
	"MLPClassifier, two classes",
	"MLPRegressor, identity",
	"MLPRegressor, logistic",
	"MLPRegressor, relu",
	"MLPRegressor, tanh",
	"OneVsRestClassifier",
	"PassiveAggressiveClassifier",
	"PassiveAggressiveRegressor",
	"Perceptron",
	"Ridge",
	"RidgeClassifier",
	"SGDClassifier, hinge",
	"SGDClassifier, log_loss",
	"SGDClassifier, modified_huber",
	"SGDRegressor",
	"coef of one dimension, scalar intercept",
	"no intercept",
	"other linear regressors",
	"out_activation_",
	"several outputs",
	"sparse coefficients",
	"weights of float32",
	// What classes are.
	"classes: an array of objects",
	"classes: booleans",
	"classes: floats",
	"classes: integers",
	"classes: text",
	// Transformers.
	"Binarizer",
	"FunctionTransformer",
	"FunctionTransformer of a function",
	"MaxAbsScaler",
	"MinMaxScaler",
	"MinMaxScaler, clip",
	"Normalizer",
	"Normalizer, max before 0.23",
	"OneHotEncoder",
	"OneHotEncoder of text",
	"OneHotEncoder, drop",
	"OneHotEncoder, handle_unknown=error",
	"OneHotEncoder, handle_unknown=ignore",
	"OneHotEncoder, infrequent categories",
	"PCA",
	"PolynomialFeatures",
	"PolynomialFeatures, degrees from and to",
	"RobustScaler",
	"SelectKBest",
	"StandardScaler",
	"StandardScaler, with_mean=False",
	"StandardScaler, with_std=False",
	"TruncatedSVD",
	"VarianceThreshold",
	"other feature selections",
	// Texts.
	"CountVectorizer",
	"CountVectorizer, binary",
	"HashingVectorizer",
	"TfidfTransformer",
	"TfidfVectorizer",
	"TfidfVectorizer, norm=None",
	"TfidfVectorizer, use_idf=False",
	"a column of texts beside others",
	"a token_pattern of one's own",
	"a tokenizer of one's own",
	"a vectorizer beside the model",
	"a vectorizer in a file of its own",
	"a vocabulary of NumPy's integers",
	"a vocabulary that was given",
	"lowercase=False",
	"sequences of characters",
	"sequences of words",
	"strip_accents",
	"sublinear_tf",
	"weights of words in a sparse matrix",
	// What holds others.
	"ColumnTransformer, an index of pandas",
	"ColumnTransformer, indices",
	"ColumnTransformer, mask and weights",
	"ColumnTransformer, names",
	"ColumnTransformer, passed through alone",
	"ColumnTransformer, pipelines in it",
	"ColumnTransformer, remainder dropped",
	"ColumnTransformer, remainder passed through",
	"ColumnTransformer, what cannot be flattened",
	"FeatureUnion",
	"GridSearchCV",
	"Pipeline",
	"Pipeline, nested",
	"Pipeline, passthrough",
	"RandomizedSearchCV",
	"TransformedTargetRegressor",
	"feature names",
	// What stands beside a model.
	"a label encoder beside the model",
	"a model and its scaler in a dict",
	"a model and its scaler in a tuple",
	"a scaler in a file of its own",
	"a transformer where a model is needed",
	"an ambiguous dict",
	"names of columns beside the model",
	"several pickles in one file",
	// Files.
	"Cython loss object",
	"an optimizer and a random state in the file",
	"array in Fortran order",
	"array of the other byte order",
	"joblib before 1.2, without alignment",
	"joblib, bz2",
	"joblib, gzip",
	"joblib, lz4",
	"joblib, lzma",
	"joblib, not compressed",
	"joblib, xz",
	"joblib, zlib",
	"modules of scikit-learn before 0.22",
	"numpy.core of NumPy 1",
	"pickle, compressed",
	"pickle, protocol 0",
	"pickle, protocol 1",
	"pickle, protocol 2",
	"pickle, protocol 3",
	"pickle, protocol 4",
	"pickle, protocol 5",
	"pickle, protocol 5 with NumPy 1",
	"scikit-learn's own joblib",
	"strided array",
	// What is refused.
	"CalibratedClassifierCV",
	"OrdinalEncoder",
	"SimpleImputer",
	"a model that is not trained",
	"a pickle that runs a command",
	"kernels",
	"neighbours",
	"other models",
	"trees",
}
