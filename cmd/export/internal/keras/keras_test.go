package keras

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

func draftOf(t *testing.T, name, file string) *draft.Draft {
	t.Helper()
	f, err := readFile(caseFile(t, name, file))
	if err != nil {
		t.Fatal(err)
	}
	return f.Draft
}

// TestReport requires a line for every layer of the source, and what the file says of itself.
func TestReport(t *testing.T) {
	d := draftOf(t, "2_functional", "model.keras")
	var got []string
	for _, f := range d.Fates {
		got = append(got, f.Layer+" → "+f.Became)
	}
	want := []string{
		`0: InputLayer "input_2" → the input`,
		`1: Dense "dense_2" → dense, relu`,
		`2.0: InputLayer "input_1" → nothing is left of it: it changes nothing when a model runs`,
		`2.1: Dense "dense" → dense, tanh`,
		`2.2: BatchNormalization "batch_normalization" → multiply, add, with its moving statistics`,
		`2.3: Dense "dense_1" → dense, tanh`,
		`3.0: InputLayer "input_3" → nothing is left of it: it changes nothing when a model runs`,
		`3.1: Dense "dense_3" → dense, tanh`,
		`4: Dense "dense_4" → dense, softmax`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("layers became\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := (format.Software{Name: "keras", Version: "2.15.0"}); d.Model.Source != want || d.Model.Name != "model" {
		t.Errorf("%q by %v, want %v", d.Model.Name, d.Model.Source, want)
	}
}

func TestInput(t *testing.T) {
	for name, want := range map[string]format.Input{
		"3_sequential":            {Shape: []int{4}, DType: format.F32, Layout: format.Vector},
		"3_grey_picture":          {Shape: []int{6, 6, 1}, DType: format.U8, Layout: format.HWCGray},
		"3_colour_picture":        {Shape: []int{4, 5, 3}, DType: format.F32, Layout: format.HWCRGB},
		"3_one_channel":           {Shape: []int{5, 4, 1}, DType: format.F32, Layout: format.HWCGray},
		"3_reshape":               {Shape: []int{4, 3}, DType: format.F32, Layout: format.Vector},
		"3_normalization_adapted": {Shape: []int{3}, DType: format.F32, Layout: format.Vector},
	} {
		d := draftOf(t, name, "model.keras")
		got := d.Model.Input
		if prepares := strings.Contains(name, "normalization") || strings.HasSuffix(name, "picture"); prepares != (len(got.Preprocessing) > 0) {
			t.Errorf("%s: preprocessing %v", name, got.Preprocessing)
		}
		got.Preprocessing = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: input %+v, want %+v", name, got, want)
		}
		if guessed := want.Layout != format.Vector; guessed != slices.ContainsFunc(d.Notes, func(n string) bool { return strings.Contains(n, "pictures") }) {
			t.Errorf("%s: notes %q", name, d.Notes)
		}
	}
}

// TestNotes requires whatever was assumed to be said.
func TestNotes(t *testing.T) {
	if notes := draftOf(t, "3_sequential", "model.keras").Notes; len(notes) > 0 {
		t.Errorf("notes %q where nothing is assumed", notes)
	}
	for name, want := range map[string]string{
		"3_binary":              "called 0 and 1",
		"3_multilabel":          "a sigmoid of its own",
		"3_mixed_float16":       "compute in mixed_float16",
		"3_without_input_layer": "taken for values, not classes",
	} {
		notes := draftOf(t, name, "model.keras").Notes
		if !slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("%s: notes %q, want one with %q", name, notes, want)
		}
	}
}

// TestNoShape reads a model that says nowhere what it takes: the first kernel does.
func TestNoShape(t *testing.T) {
	entries := content(t)
	config := string(entries[entryConfig])
	start, end := strings.Index(config, `{"module": "keras.layers", "class_name": "InputLayer"`), strings.Index(config, `{"module": "keras.layers", "class_name": "Dense"`)
	if start < 0 || end < start {
		t.Fatal("the configuration does not begin with an input and a dense layer")
	}
	config = strings.ReplaceAll(config[:start]+made("Dropout", "")+","+config[end:], "_shape", "_form")
	entries[entryConfig] = []byte(config)
	f, err := readFile(pack(t, entries))
	if err != nil {
		t.Fatal(err)
	}
	if shape := f.Draft.Model.Input.Shape; !slices.Equal(shape, []int{4}) {
		t.Errorf("shape %v, want [4]", shape)
	}
}

// TestConfigurations reads what is a step away from configurations that are refused because they would
// be taken for something else.
func TestConfigurations(t *testing.T) {
	for name, test := range map[string]struct{ config, want string }{
		"a scale for each channel, in lists of one":            {sequential(",2,2", made("Rescaling", `,"scale":{"config":{"value":[[[3,5]]]}}`)), "multiply"},
		"whole numbers that are only arranged":                 {sequential(",2,2", made("Flatten", `,"dtype":"uint8"`), made("ReLU", "")), "relu"},
		"a softmax of a dense layer's row":                     {sequential(",1,4", kernel, made("Softmax", `,"axis":2`)), "dense softmax"},
		"a softmax in a model that takes a dimension away":     {sequential(",4,1", sequential(",4", made("Softmax", ""))), "softmax"},
		"a softmax in a model that leaves the rows' size open": {sequential(",4", sequential(",null", made("Softmax", ""))), "softmax"},
	} {
		entries := content(t)
		entries[entryConfig] = []byte(test.config)
		f, err := readFile(pack(t, entries))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, l := range f.Draft.Model.Steps() {
			got = append(got, l.Op())
		}
		if ops := strings.Join(got, " "); ops != test.want {
			t.Errorf("%s: %q, want %q", name, ops, test.want)
		}
	}
}

func TestOwn(t *testing.T) {
	for want, objects := range map[bool][]object{
		false: {
			{Class: "Dense"},
			{Class: "Dense", Module: "keras.layers"},
			{Class: "Functional", Module: "keras.src.models.functional", Registered: "Functional"},
			{Class: "Functional", Module: "tf_keras.src.engine.functional", Registered: "Functional"},
		},
		true: {
			{Class: "Dense", Registered: "Dense"},
			{Class: "Dense", Registered: "mine>Dense"},
			{Class: "Dense", Registered: "Dense", Module: "__main__"},
			{Class: "Dense", Registered: "Dense", Module: "keras_layers"},
			{Class: "mine>Dense"},
		},
	} {
		for _, o := range objects {
			if o.own() != want {
				t.Errorf("%+v is own: %v, want %v", o, o.own(), want)
			}
		}
	}
}

func TestLoss(t *testing.T) {
	tests := map[string]loss{
		`null`:                              {},
		`"mse"`:                             {name: "mse"},
		`"sparse_categorical_crossentropy"`: {name: "sparsecategoricalcrossentropy"},
		`["mse"]`:                           {name: "mse"},
		`["mse", "mae"]`:                    {},
		`{"out": "mse"}`:                    {name: "mse"},
		`{"a": "mse", "b": "mae"}`:          {},
		`[[[[[["mse"]]]]]]`:                 {},
		`{"class_name": "function", "config": "mse"}`:                           {name: "mse"},
		`{"class_name": "BinaryCrossentropy", "config": {"from_logits": true}}`: {name: "binarycrossentropy", fromLogits: true},
		`{"class_name": "BinaryCrossentropy"}`:                                  {name: "binarycrossentropy"},
		`7`:                                                                     {},
	}
	for text, want := range tests {
		got, err := parseTraining([]byte(`{"loss": ` + text + `}`))
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestBroadcast(t *testing.T) {
	tests := []struct {
		values   []float64
		from, to []int
		want     []float64
	}{
		{[]float64{1, 2, 3}, []int{3}, []int{3}, []float64{1, 2, 3}},
		{[]float64{1, 2}, []int{1, 2}, []int{3, 2}, []float64{1, 2, 1, 2, 1, 2}},
		{[]float64{1, 2}, []int{2, 1}, []int{2, 3}, []float64{1, 1, 1, 2, 2, 2}},
		{[]float64{1, 2}, []int{1, 2, 1}, []int{2, 2, 2}, []float64{1, 1, 2, 2, 1, 1, 2, 2}},
		{[]float64{5}, []int{1, 1}, []int{2, 2}, []float64{5, 5, 5, 5}},
	}
	for _, test := range tests {
		c := converter{shape: test.to}
		if got, err := c.broadcast(test.values, test.from); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%v from %v to %v: %v, %v; want %v", test.values, test.from, test.to, got, err, test.want)
		}
	}
	c := converter{shape: []int{4, 2}}
	for _, from := range [][]int{{2}, {2, 1}, {1, 3}} {
		if got, err := c.broadcast(make([]float64, product(from)), from); err == nil {
			t.Errorf("from %v to %v: %v", from, c.shape, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string][]float64{
		`1.5`:                                {1.5},
		`[1, 2]`:                             {1, 2},
		`[[1], [2]]`:                         {1, 2},
		`[]`:                                 nil,
		`null`:                               nil,
		`{"type": "ndarray", "value": 0.25}`: {0.25},
		`{"class_name": "__numpy__", "config": {"value": [[1, 2], [3, 4]]}}`:       {1, 2, 3, 4},
		`{"class_name": "__tensor__", "config": {"value": 3, "dtype": "float32"}}`: {3},
	} {
		got, err := config{"key": json.RawMessage(text)}.numbers("key")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{`"1"`, `true`, `{}`, `[null, [1]]`, `{"value": {"value": "x"}}`} {
		if got, err := (config{"key": json.RawMessage(text)}).numbers("key"); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// TestTensorNames reads the variables of whole models as if there were nothing else. The first layer
// of the first model's inner one is frozen, so its variables stand behind those of later layers.
func TestTensorNames(t *testing.T) {
	archive := caseFile(t, "3_functional", "model.keras")
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"by names": {caseFile(t, "2_functional_h5", "model.h5"), `dense_2/kernel dense_2/bias inner/batch_normalization/gamma inner/batch_normalization/beta
			inner/dense_1/kernel inner/dense_1/bias inner/dense/kernel inner/dense/bias
			inner/batch_normalization/moving_mean inner/batch_normalization/moving_variance
			tail/dense_3/kernel tail/dense_3/bias dense_4/kernel dense_4/bias`},
		"by counters": {archive[bytes.Index(archive, []byte(signatureHDF5)):], `dense/kernel dense/bias functional/dense/kernel functional/dense/bias
			sequential/batch_normalization/gamma sequential/batch_normalization/beta sequential/batch_normalization/moving_mean
			sequential/batch_normalization/moving_variance sequential/dense/kernel sequential/dense/bias`},
		"by hand": {caseFile(t, "2_by_hand", "weights.hdf5"), "W1 W2 b1 b2"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := hdf5.Open(bytes.NewReader(test.data), int64(len(test.data)))
			if err != nil {
				t.Fatal(err)
			}
			list, err := tensors(newStore(f, uint64(len(test.data))))
			if err != nil {
				t.Fatal(err)
			}
			checkNames(t, list, test.want)
		})
	}
}

// TestOwnModel names variables that stand under attributes of a class of one's own.
func TestOwnModel(t *testing.T) {
	f, err := readFile(caseFile(t, "3_own_model", "model.keras"))
	if err != nil {
		t.Fatal(err)
	}
	checkNames(t, f.Tensors, "hidden/kernel hidden/bias last/kernel last/bias")
}

func checkNames(t *testing.T, list []source.Tensor, want string) {
	t.Helper()
	var names []string
	for _, tensor := range list {
		names = append(names, tensor.Name)
	}
	if !slices.Equal(names, strings.Fields(want)) {
		t.Errorf("tensors %q, want %q", names, strings.Fields(want))
	}
}

// TestRoom reads more than a file of its size may hold.
func TestRoom(t *testing.T) {
	data := caseFile(t, "2_by_hand", "weights.hdf5")
	f, err := hdf5.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	s := &store{file: f, room: 100}
	if _, err := s.numbers("b1"); err != nil { // 24 bytes
		t.Fatal(err)
	}
	if _, err := s.numbers("W1"); err == nil || !strings.Contains(err.Error(), "W1 of shape [4 6]: with it the arrays take more") {
		t.Errorf("error %v", err)
	}
}
