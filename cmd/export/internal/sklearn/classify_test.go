package sklearn

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/format"
)

// TestLogistic goes through what made a LogisticRegression one-vs-rest in all versions.
func TestLogistic(t *testing.T) {
	const two, three = 2, 3
	const sigmoid, softmax, rest = "dense,sigmoid", "dense,softmax", "dense,sigmoid,normalize(l1)"
	tests := []struct {
		version, multiClass, solver string
		classes                     int
		want                        string
		weight                      float32 // the first one, which is 1 in the file
	}{
		{"0.20.4", "warn", "warn", three, rest, 1},
		{"0.20.4", "multinomial", "lbfgs", three, softmax, 1},
		{"0.21.3", "warn", "liblinear", three, rest, 1},
		{"0.22.2.post1", "auto", "lbfgs", three, softmax, 1},
		{"0.24.2", "auto", "liblinear", three, rest, 1},
		{"1.2.2", "ovr", "lbfgs", three, rest, 1},
		{"1.2.2", "auto", "newton-cholesky", three, rest, 1},
		{"1.2.2", "auto", "newton-cholesky", two, sigmoid, 1},
		{"1.2.2", "multinomial", "lbfgs", two, sigmoid, 2},
		{"1.5.2", "deprecated", "newton-cholesky", three, rest, 1},
		{"1.5.2", "deprecated", "lbfgs", three, softmax, 1},
		{"1.6.1", "deprecated", "newton-cholesky", three, softmax, 1},
		{"1.7.2", "deprecated", "liblinear", three, rest, 1},
		{"1.7.2", "multinomial", "lbfgs", two, sigmoid, 2},
		{"1.7.2", "deprecated", "lbfgs", two, sigmoid, 1},
		{"1.8.0", "", "newton-cholesky", three, softmax, 1},
		{"1.9.1", "", "lbfgs", two, sigmoid, 1},
		{"2.0", "", "saga", three, softmax, 1},
		{"", "", "lbfgs", three, softmax, 1},
	}
	for _, test := range tests {
		t.Run(strings.Join([]string{test.version, test.multiClass, test.solver}, " "), func(t *testing.T) {
			rows := test.classes
			if rows == 2 {
				rows = 1
			}
			attributes := []any{
				"coef_", array([]int{rows, 1}, slices.Repeat([]float64{1}, rows)...), "intercept_", vector(slices.Repeat([]float64{1}, rows)...),
				"classes_", texts([]string{"a", "b", "c"}[:test.classes]...), "n_features_in_", num(1), "solver", str(test.solver),
			}
			if test.version != "" {
				attributes = append(attributes, "_sklearn_version", str(test.version))
			}
			if test.multiClass != "" {
				attributes = append(attributes, "multi_class", str(test.multiClass))
			}
			d, err := readCode(object("LogisticRegression", attributes...))
			if err != nil {
				t.Fatal(err)
			}
			if got := casetest.Layers(d.Model); got != test.want {
				t.Errorf("layers %s, want %s", got, test.want)
			}
			for _, tensor := range d.Model.Tensors {
				if got := tensor.Float32s()[0]; got != test.weight {
					t.Errorf("%s is %g, want %g", tensor.Name, got, test.weight)
				}
			}
			if d.Model.Source != (format.Software{Name: "scikit-learn", Version: test.version}) {
				t.Errorf("source %v", d.Model.Source)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	tests := map[string]version{
		"0.20.4": 20, "0.22.2.post1": 22, "1.5.dev0": 10005, "1.10.0": 10010, "2.0": 20000, "": newest, "main": newest, "1": newest, "x.y": newest,
	}
	for text, want := range tests {
		if got := versionOf(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

// TestLabels reads classes of every kind.
func TestLabels(t *testing.T) {
	tests := map[string]struct {
		classes code
		want    string
	}{
		"texts":                {texts("no", "yes"), "no,yes"},
		"fixed texts":          {raw("U2", []int{2}, false, blob([]byte("n\x00\x00\x00o\x00\x00\x00y\x00\x00\x00\x00\x00\x00\x00"))), "no,y"},
		"bytes":                {raw("S1", []int{2}, false, blob([]byte("ab"))), "a,b"},
		"integers":             {raw("i8", []int{2}, false, blob([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\x07\x00\x00\x00\x00\x00\x00\x00"))), "-1,7"},
		"small integers":       {raw("u1", []int{2}, false, blob([]byte("\x00\xc8"))), "0,200"},
		"whole floats":         {vector(0, 1), "0,1"},
		"floats":               {vector(0.5, 1e20), "0.5,1e+20"},
		"booleans":             {raw("b1", []int{2}, false, blob([]byte("\x00\x01"))), "False,True"},
		"objects":              {raw("O", []int{2}, false, list(num(3), yes)), "3,True"},
		"an object of its own": {raw("O", []int{2}, false, list(num(3), list())), "a list of 0 is no label"},
		"a list":               {list(texts("a", "b"), texts("c", "d")), "several targets"},
		"two dimensions":       {array([]int{1, 2}, 0, 1), "not one dimension"},
		"too few":              {texts("a", "b", "c"), "1 outputs for 3 classes"},
		"twice":                {texts("a", "a"), `label "a" stands twice`},
		"empty":                {texts("", "a"), "label 0 has no name"},
		"none":                 {none, "classes_ is None"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(object("LinearSVC", "coef_", array([]int{1, 1}, 1), "intercept_", real(0), "n_features_in_", num(1), "classes_", test.classes))
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
				return
			}
			if got := strings.Join(d.Model.Output.Labels, ","); got != test.want {
				t.Errorf("labels %s, want %s", got, test.want)
			}
		})
	}
}

// TestMultilabel reads classifiers of several labels that may hold at once: nothing is decided.
func TestMultilabel(t *testing.T) {
	binarizer := object("LabelBinarizer", "y_type_", str("multilabel-indicator"), "classes_", texts("a", "b"))
	model := func(class string) code {
		return object(class, "coef_", array([]int{1, 1}, 1), "intercept_", vector(1), "n_features_in_", num(1), "classes_", texts("no", "yes"))
	}
	tests := map[string]struct {
		file code
		want string
	}{
		"ridge": {object("RidgeClassifier", "coef_", array([]int{2, 1}, 1, 2), "intercept_", vector(0, 0), "n_features_in_", num(1),
			"_label_binarizer", binarizer), "dense"},
		"logistic": {object("OneVsRestClassifier", "estimators_", list(model("LogisticRegression"), model("LogisticRegression")),
			"label_binarizer_", binarizer), "dense,sigmoid"},
		"descent": {object("OneVsRestClassifier", "estimators_", list(object("SGDClassifier", "loss", str("log"), "coef_", array([]int{1, 1}, 1), "intercept_", vector(1),
			"n_features_in_", num(1)), object("SGDClassifier", "loss", str("log"), "coef_", array([]int{1, 1}, 1), "intercept_", vector(1))), "label_binarizer_", binarizer), "dense,sigmoid"},
		"svm": {object("OneVsRestClassifier", "estimators_", list(model("LinearSVC"), model("LinearSVC")), "label_binarizer_", binarizer), "dense"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(test.file)
			if err != nil {
				t.Fatal(err)
			}
			o := d.Model.Output
			if got := casetest.Layers(d.Model); got != test.want || o.Kind != format.Value || !slices.Equal(o.Labels, []string{"a", "b"}) || len(d.Notes) != 1 {
				t.Errorf("layers %s, output %v, notes %q", got, o, d.Notes)
			}
		})
	}
}

// TestStackRefused puts models side by side that do not belong there.
func TestStackRefused(t *testing.T) {
	model := func(class string, columns int) code {
		return object(class, "coef_", array([]int{1, columns}, slices.Repeat([]float64{1}, columns)...), "intercept_", real(0), "n_features_in_", num(columns))
	}
	tests := map[string]struct {
		models code
		want   string
	}{
		"none":        {list(), "not known"},
		"trees":       {list(model("DecisionTreeClassifier", 2)), "DecisionTreeClassifier, which is not read there"},
		"classifiers": {list(model("LogisticRegression", 2)), "LogisticRegression, which is not read there"},
		"two classes": {list(model("Ridge", 2), model("Lasso", 2)), "one class is needed"},
		"two widths":  {list(model("Ridge", 2), model("Ridge", 3)), "a weight of 3×1"},
		"numbers":     {list(num(1)), "not known"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readCode(object("MultiOutputRegressor", "estimators_", test.models))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// TestOneVsRestOfRegressions: models fitted on 0 and 1 decide at a half, where others do at 0.
func TestOneVsRestOfRegressions(t *testing.T) {
	model := func(class string) code {
		return object(class, "coef_", vector(1), "intercept_", real(0), "n_features_in_", num(1))
	}
	file := func(class, target string) code {
		binarizer := object("LabelBinarizer", "y_type_", str(target), "classes_", texts("a", "b"))
		return object("OneVsRestClassifier", "estimators_", list(model(class)), "label_binarizer_", binarizer)
	}
	for class, want := range map[string]float32{"Ridge": 0.5, "LinearRegression": 0.5, "LinearSVC": 0} {
		d, err := readCode(file(class, "binary"))
		if err != nil {
			t.Fatal(err)
		}
		if cut := d.Model.Output.Threshold; cut == nil || *cut != (format.Cut{Comparison: format.Greater, Value: want}) {
			t.Errorf("%s decides at %v, want %g", class, cut, want)
		}
		d, err = readCode(file(class, "multilabel-indicator"))
		if err != nil {
			t.Fatal(err)
		}
		if note := fmt.Sprintf("above %g where it holds", want); !strings.Contains(strings.Join(d.Notes, ","), note) {
			t.Errorf("%s: notes %q, want %q", class, d.Notes, note)
		}
	}
}

// TestWarnOfZeros: of weights for which float32 has no probabilities in some rows, a note says so.
func TestWarnOfZeros(t *testing.T) {
	tests := map[string]struct {
		weights, biases []float64
		loss            string
		want            int
	}{
		"small":        {[]float64{1, -2, 3, 1, 1, 1}, []float64{0, 1, -2}, "log_loss", 0},
		"one is small": {[]float64{90, -90, 90, 90, 1, 1}, []float64{0, 0, 0}, "log_loss", 0},
		"large":        {[]float64{90, -90, 90, 90, -60, 60}, []float64{0, 0, 0}, "log_loss", 1},
		"low":          {[]float64{1, 1, 1, 1, 1, 1}, []float64{-200, -200, -200}, "log_loss", 1},
		"high":         {[]float64{90, -90, 90, 90, -60, 60}, []float64{200, 200, 200}, "log_loss", 0},
		"not sigmoids": {[]float64{90, -90, 90, 90, -60, 60}, []float64{0, 0, 0}, "hinge", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(object("SGDClassifier", "loss", str(test.loss), "coef_", array([]int{3, 2}, test.weights...), "intercept_", vector(test.biases...),
				"n_features_in_", num(2), "classes_", texts("a", "b", "c")))
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Notes) != test.want {
				t.Errorf("notes %q", d.Notes)
			}
		})
	}
}
