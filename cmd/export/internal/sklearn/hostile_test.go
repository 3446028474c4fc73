package sklearn

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHostile reads small files that are made to take memory or time, or to run something.
func TestHostile(t *testing.T) {
	const maxMemory = 256 << 20 // bytes in total
	const maxTime = time.Minute // a tenth of one, but for an emulator or the race detector
	// A scaler of a megabyte that stands in many places: kept under number 9 and fetched again.
	big := object("StandardScaler", "with_mean", yes, "mean_", vector(make([]float64, 1<<17)...), "n_features_in_", num(1<<17))
	steps := func(n int) code {
		pair := tuple(str("again"), "g9\n")
		return object("Pipeline", "steps", list(tuple(str("first"), big+"p9\n"), code(strings.Repeat(string(pair), n)), tuple(str("last"), linearModel(1))))
	}
	// The same with an array in Fortran order, which is copied to be read.
	turned := object("PCA", "components_", raw("f4", []int{512, 512}, true, blob(make([]byte, 1<<20))), "n_features_in_", num(512))
	// A pipeline of a pipeline twice, thirty deep.
	doubled := func(innermost code) code {
		c := object("Pipeline", "steps", list(tuple(str("scale"), innermost)))
		for i := range 30 {
			again := fmt.Sprintf("%d\n", 10+i)
			c = object("Pipeline", "steps", list(tuple(str("a"), c+code("p"+again)), tuple(str("b"), code("g"+again))))
		}
		return c
	}
	wide := func(n int) code {
		part := tuple(str("same"), object("StandardScaler", "with_mean", no))
		return chain(object("FeatureUnion", "n_features_in_", num(n), "transformer_list", list(code(strings.Repeat(string(part), 1000)))), linearModel(1))
	}
	// Many names of columns, and all of them looked up.
	var names []code
	for i := range 1 << 16 {
		names = append(names, str(fmt.Sprint("column", i)))
	}
	lookups := object("ColumnTransformer", "n_features_in_", num(len(names)), "feature_names_in_", raw("O", []int{len(names)}, false, list(names...)),
		"transformers_", list(tuple(str("a"), str("passthrough"), list(names...))))
	tests := []struct {
		name string
		file code
		want string
	}{
		{"os.system", call("cos\nsystem\n", str("true")), `"os.system" is refused`},
		{"posix.system", call("cposix\nsystem\n", str("true")), `"posix.system" is refused`},
		{"eval", call("cbuiltins\neval\n", str("1")), `"builtins.eval" is refused`},
		{"a class of one's own", "c__main__\nModel\n)\x81}b", `"__main__.Model" is refused`},
		{"boosted trees", "cxgboost.sklearn\nXGBClassifier\n)\x81}b", `"xgboost.sklearn.XGBClassifier" is refused`},
		{"a model that holds itself", "csklearn.pipeline\nPipeline\n)\x81p5\n}(Vsteps\n](Vself\ng5\n\x86eub", "more is made of the file"},
		{"a search that holds itself", "csklearn.s\nGridSearchCV\n)\x81p5\n}(Vbest_estimator_\ng5\nub", "more is made of the file"},
		{"a step many times over", steps(5000), "more is made of the file"},
		{"an array many times over", chain(append(append([]code{turned + "p9\n"}, slices.Repeat([]code{"g9\n"}, 1000)...), linearModel(512))...), "more is made of the file"},
		{"pipelines twice in each other", chain(doubled(object("Normalizer", "norm", str("l2"), "n_features_in_", num(3))), linearModel(3)), "more is made of the file"},
		{"a wide row, split", wide(1 << 24), "at most 131072 are split"},
		{"a wide row, many times", wide(1 << 17), "more than 131072 columns"},
		{"many names", chain(lookups, linearModel(3)), "a weight for 3 inputs where rows have 65536 values"},
		{"a long name", chain(object("Pipeline", "steps", list(tuple(str(strings.Repeat("x", 1<<20)), num(1)))), linearModel(3)), "no estimator of scikit-learn"},
		{"a row too wide", chain(object("Normalizer", "norm", str("l2"), "n_features_in_", num(1<<25)), linearModel(1)), "values are possible"},
		{"no row", chain(object("Normalizer", "norm", str("l2")), object("Ridge")), "has to be fitted"},
		{"a polynomial without end", chain(object("PolynomialFeatures", "degree", num(16), "n_features_in_", num(1<<20)), linearModel(1)), "more than 65536 terms"},
		{"a huge degree", chain(object("PolynomialFeatures", "degree", num(1<<30), "n_features_in_", num(2)), linearModel(1)), "degree"},
		{"k is no number", chain(object("SelectKBest", "k", real(-1), "scores_", vector(1, 2), "n_features_in_", num(2)), linearModel(1)), "k is the number -1"},
		{"a shape that does not fit", object("Ridge", "n_features_in_", num(3), "coef_", array([]int{3, 3}, 1, 2), "intercept_", real(0)), "takes 72 bytes, 16 given"},
		{"three dimensions", object("Ridge", "coef_", array([]int{1, 1, 2}, 1, 2), "intercept_", real(0)), "two dimensions are needed"},
		{"no rows", object("Ridge", "n_features_in_", num(2), "coef_", array([]int{0, 2}), "intercept_", real(0)), "2×0"},
		{"text as weights", object("Ridge", "n_features_in_", num(1), "coef_", raw("U1", []int{1}, false, blob([]byte("a\x00\x00\x00"))), "intercept_", real(0)), "texts, where numbers"},
		{"objects as weights", object("Ridge", "n_features_in_", num(1), "coef_", texts("a"), "intercept_", real(0)), "Python objects"},
		{"steps of numbers", object("Pipeline", "steps", list(num(1), num(2))), "no pair of name and estimator"},
		{"a step of a number", object("Pipeline", "steps", list(tuple(str("a"), num(2)))), "no estimator of scikit-learn"},
		{"no steps", object("Pipeline", "steps", list()), "no steps"},
		{"nothing", none, "no estimator of scikit-learn in the file, but None"},
		{"an empty list", list(), "a list of 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := readCode(test.file)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "sklearn: ") {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if memory := after.TotalAlloc - before.TotalAlloc; memory > maxMemory {
				t.Errorf("%d bytes of memory were taken", memory)
			}
			if took > maxTime {
				t.Errorf("it took %v", took)
			}
		})
	}
}
