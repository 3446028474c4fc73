package sklearn

import (
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
)

// TestContainers reads models from dicts, lists and tuples.
func TestContainers(t *testing.T) {
	scaler := object("StandardScaler", "with_std", yes, "scale_", vector(2, 2), "n_features_in_", num(2))
	classifier := object("LinearSVC", "coef_", array([]int{1, 2}, 1, 1), "intercept_", real(0), "n_features_in_", num(2), "classes_", vector(0, 1))
	encoder := object("LabelEncoder", "classes_", texts("no", "yes"))
	others := object("LabelEncoder", "classes_", texts("a", "b", "c"))
	forest := object("RandomForestClassifier", "n_features_in_", num(2))
	tests := map[string]struct {
		file   code
		layers string
		labels string
		notes  string // words of the only one
		fails  string
	}{
		"a dict":               {dict(str("m"), classifier, str("s"), scaler, str("n"), num(3)), "divide,dense", "0,1", "s: StandardScaler", ""},
		"a list":               {list(classifier, scaler), "divide,dense", "0,1", "1: StandardScaler", ""},
		"a tuple":              {tuple(scaler, classifier), "divide,dense", "0,1", "0: StandardScaler", ""},
		"a model alone":        {list(classifier), "dense", "0,1", "", ""},
		"numbers as keys":      {dict(num(1), classifier), "dense", "0,1", "", ""},
		"labels":               {dict(str("m"), classifier, str("e"), encoder), "dense", "no,yes", "the classes have its names", ""},
		"other labels":         {dict(str("m"), classifier, str("e"), others), "dense", "0,1", "its 3 classes are not the model's", ""},
		"names of columns":     {dict(str("m"), classifier, str("Feature_Names"), list(str("x"), str("y"))), "dense", "0,1", "holds Feature_Names", ""},
		"too many names":       {dict(str("m"), classifier, str("features"), list(str("x"), str("y"), str("z"))), "dense", "0,1", "", ""},
		"names twice":          {dict(str("m"), classifier, str("columns"), list(str("x"), str("x"))), "dense", "0,1", "twice", ""},
		"two models":           {list(classifier, linearModel(2)), "", "", "", "there are 0: LinearSVC, 1: LinearRegression"},
		"a tree beside":        {dict(str("a"), classifier, str("b"), forest), "", "", "", "a: LinearSVC, b: RandomForestClassifier"},
		"two scalers":          {dict(str("m"), classifier, str("x"), scaler, str("y"), scaler, str("z"), str("more")), "", "", "", `y: StandardScaler, z: the text "more"`},
		"scaled twice":         {dict(str("m"), chain(scaler, classifier), str("s"), scaler), "", "", "", "has transformers of its own"},
		"a scaler alone":       {dict(str("s"), scaler), "", "", "", "s: StandardScaler: a transformer, where a model is needed"},
		"a pipeline of scales": {chain(scaler, scaler), "", "", "", "a transformer, where a model is needed"},
		"labels alone":         {encoder, "", "", "", "an encoder of labels"},
		"another width":        {dict(str("m"), linearModel(3), str("s"), scaler), "", "", "", "a weight for 3 inputs where rows have 2 values"},
		"no model":             {dict(str("weights"), list(num(1))), "", "", "", "but a dict of 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readCode(test.file)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("error %v, want one with %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := casetest.Layers(d.Model); got != test.layers {
				t.Errorf("layers %s, want %s", got, test.layers)
			}
			if got := strings.Join(d.Model.Output.Labels, ","); got != test.labels {
				t.Errorf("labels %s, want %s", got, test.labels)
			}
			if notes := strings.Join(d.Notes, "\n"); notes == "" != (test.notes == "") || !strings.Contains(notes, test.notes) {
				t.Errorf("notes %q, want one with %q", notes, test.notes)
			}
			if name == "names of columns" && !slices.Equal(d.Model.Input.Features, []string{"x", "y"}) {
				t.Errorf("columns %q", d.Model.Input.Features)
			}
		})
	}
}

// TestScaler gives a scaler in a file of its own.
func TestScaler(t *testing.T) {
	scaler := object("StandardScaler", "with_std", yes, "scale_", vector(2, 2), "n_features_in_", num(2), "feature_names_in_", texts("x", "y"))
	tests := map[string]struct {
		model, scaler code
		layers        string
		fails         string
	}{
		"a scaler":             {linearModel(2), scaler, "divide,dense", ""},
		"before another":       {chain(scaler, linearModel(2)), scaler, "divide,divide,dense", ""},
		"in a dict":            {linearModel(2), dict(str("scaler"), scaler, str("mean"), num(1)), "divide,dense", ""},
		"a pipeline":           {linearModel(2), chain(scaler, str("passthrough")), "divide,dense", ""},
		"a model":              {linearModel(2), linearModel(2), "", "the scaler's file: LinearRegression: a transformer is needed"},
		"labels":               {linearModel(2), object("LabelEncoder"), "", "the scaler's file: LabelEncoder: a transformer of rows"},
		"two":                  {linearModel(2), list(scaler, scaler), "", "the scaler's file: which estimator is meant"},
		"one there already":    {list(linearModel(2), scaler), scaler, "", "another scaler is given"},
		"another width":        {linearModel(3), scaler, "", "a weight for 3 inputs"},
		"what cannot be read":  {linearModel(2), object("SimpleImputer", "n_features_in_", num(2)), "", "missing values"},
		"a width nobody knows": {object("Ridge"), object("Normalizer", "norm", str("l1")), "", "Ridge: how many values a row has is not known"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			model, err := loadCode(test.model)
			if err != nil {
				t.Fatal(err)
			}
			scaler, err := loadCode(test.scaler)
			if err != nil {
				t.Fatal(err)
			}
			d, err := model.Draft(scaler)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("error %v, want one with %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := casetest.Layers(d.Model); got != test.layers {
				t.Errorf("layers %s, want %s", got, test.layers)
			}
			if !slices.Equal(d.Model.Input.Features, []string{"x", "y"}) {
				t.Errorf("columns %q", d.Model.Input.Features)
			}
		})
	}
}

// TestAgain makes a draft of one file twice: reading leaves its values alone.
func TestAgain(t *testing.T) {
	o, err := loadCode(object("LogisticRegression", "multi_class", str("multinomial"), "coef_", array([]int{1, 1}, 1), "intercept_", vector(1),
		"classes_", vector(0, 1), "n_features_in_", num(1)))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d, err := o.Draft(nil)
		if err != nil {
			t.Fatal(err)
		}
		if w := d.Model.Tensors[1].Float32s(); w[0] != 2 {
			t.Errorf("%s is %g, want 2", d.Model.Tensors[1].Name, w[0])
		}
	}
}
