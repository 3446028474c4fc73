package onnx

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// items are what real files are known to hold.
var items = []string{
	// Where files come from.
	"Keras by tf2onnx", "operators of onnxruntime", "torch by TorchScript", "torch by torch.export",
	// Layers.
	"BatchNormalization", "BatchNormalization of channels", "Clip by attributes", "Clip by inputs", "Dropout", "Flatten", "Gelu", "Gemm",
	"Gemm with alpha and beta", "Gemm with transB", "Greater", "Identity", "MatMul and Add", "PRelu", "Reshape", "Squeeze", "Transpose",
	"Unsqueeze", "functions", "softmax before opset 13", "Split, Slice and Gather",
	// Functions in several operators.
	"1/(1 + exp(−x))", "GELU by erfc", "GELU by tanh in nine nodes", "GELU by tanh in seven nodes", "GELU in five nodes", "PReLU in pieces",
	"SiLU in two nodes", "softmax in three nodes", "softplus in pieces",
	// Arithmetic with constants.
	"Max and Min", "Sub and Div by constants", "a constant − x", "Constant", "constants that are computed", "initializers that an Identity replaces",
	"initializers among the inputs", "a shape that is computed",
	// Classical models.
	"ArgMax", "ArrayFeatureExtractor", "Binarizer", "ColumnTransformer", "FeatureVectorizer", "LabelEncoder", "LinearClassifier",
	"LinearRegressor", "Normalizer", "OneHotEncoder", "PolynomialFeatures", "Scaler", "ZipMap", "one-vs-rest",
	// Outputs and labels.
	"1 − p beside p", "a binary classifier", "a label beside the probabilities", "decisions", "labels that are texts", "names in the metadata",
	"one of several outputs", "one probability", "without ZipMap",
	// Inputs and numbers.
	"Cast", "a batch of one", "an input for each column", "an open batch", "bfloat16", "columns left open", "external data", "float16", "float64",
	"float_data and int64_data", "inputs of integers", "inputs of uint8", "opset 7", "raw_data", "weights quantized to int8",
	// What is refused.
	"refused: Conv", "refused: Imputer", "refused: LogSoftmax", "refused: Normalizer MAX", "refused: a normalisation over a row",
	"refused: a reshape across rows", "refused: a softmax across rows", "refused: a sum of computed values",
	"refused: activations quantized to int8", "refused: constants that tf2onnx left out", "refused: control flow",
	"refused: external data beyond the file", "refused: external data by a path", "refused: external data of another length",
	"refused: external data that are missing", "refused: functions of the file's own", "refused: hard_swish", "refused: inputs of text",
	"refused: inputs without a batch", "refused: mish", "refused: operator sets before 7", "refused: several outputs", "refused: training mode",
	"refused: transA", "refused: trees",
}

func TestCases(t *testing.T) {
	cases := casetest.Load(t, "onnx", 90)
	casetest.CheckItems(t, cases, items)
	for _, c := range cases {
		t.Run(filepath.Base(c.Dir), func(t *testing.T) {
			var o Options
			if len(c.Flags) == 2 && c.Flags[0] == "--onnx-output" {
				o.Output = c.Flags[1]
			}
			d, err := readFile(t, c.File, o)
			if err != nil {
				c.Check(t, nil, err)
				return
			}
			c.Check(t, d.Model, nil)
			if len(d.Fates) == 0 {
				t.Error("no line says what became of a node")
			}
			for _, f := range d.Fates {
				if f.Became == "" {
					t.Errorf("nothing says what became of %s", f.Layer)
				}
			}
			if head := firstBytes(t, c.File); !Is(head) {
				t.Errorf("not recognised by its first bytes %q", head)
			}
		})
	}
}

func readFile(t testing.TB, name string, o Options) (*draft.Draft, error) {
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
	return Read(f, info.Size(), filepath.Dir(name), o)
}

func firstBytes(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data[:min(64, len(data))]
}

// TestWhatFilesKnow: the software that wrote a file, its description, and notes on what was assumed.
func TestWhatFilesKnow(t *testing.T) {
	cases := filepath.Join("..", "..", "..", "..", "testdata", "models", "onnx")
	tests := map[string]struct{ source, description, note string }{
		"logistic":         {"skl2onnx 1.20.0", "", ""},
		"torch_old":        {"pytorch 1.13.0", "", ""},
		"metadata":         {" ", "Three classes.", `the class names come from the file's metadata, "names"`},
		"logistic_binary":  {"skl2onnx 1.20.0", "", "the model gives the second's"},
		"logistic_float64": {"skl2onnx 1.20.0", "", "computes in float64"},
		"frame":            {"skl2onnx 1.20.0", "", "4 inputs are one row here, in their order: sepal_length, sepal_width, petal_length, petal_width"},
		"one_hot":          {"skl2onnx 1.20.0", "", "takes them to be whole numbers"},
		"torch_old_binary": {"pytorch 1.13.0", "", "classes 0 and 1 are assumed"},
		"torch_new_view":   {"pytorch 2.9.1+cu128", "", "a norm that is at least 1e-12"},
		"sgd_log":          {"skl2onnx 1.20.0", "", "where every probability of a row is 0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readFile(t, filepath.Join(cases, name, "model.onnx"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Model.Source.Name + " " + d.Model.Source.Version; got != test.source {
				t.Errorf("source %q, want %q", got, test.source)
			}
			if d.Model.Description != test.description {
				t.Errorf("description %q, want %q", d.Model.Description, test.description)
			}
			if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, test.note) {
				t.Errorf("notes %q, want one with %q", notes, test.note)
			}
		})
	}
}
