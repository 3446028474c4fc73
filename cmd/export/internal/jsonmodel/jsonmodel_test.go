package jsonmodel

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// wrap makes a document of a list of layers over two inputs.
func wrap(layers string) string {
	return `{"input": {"shape": [2]}, "layers": [` + layers + `], "output": {"kind": "value"}}`
}

// full uses every key and every layer.
const full = `{
  "name": "full", "description": "all of it", "source": {"name": "hand", "version": "1"},
  "input": {"shape": [2], "dtype": "f32", "layout": "vector", "features": ["colour", "size"],
            "preprocessing": [{"op": "columns", "groups": [
              {"columns": [0], "layers": [{"categories": [1, 2], "unknown": "nan", "op": "one_hot"}]},
              {"columns": [1], "layers": [{"op": "subtract", "operand": [3]}, {"op": "divide", "operand": [0.5]}]}]}]},
  "layers": [
    {"op": "add", "operand": [1, 2, 3]}, {"op": "multiply", "operand": [2]},
    {"op": "dense", "weight": [[1, 2], [3, 4], [5, 6]], "bias": [0.1, "NaN"]},
    {"op": "relu"}, {"op": "elu", "alpha": 1}, {"op": "hard_sigmoid", "alpha": 0.2, "beta": 0.5},
    {"op": "prelu", "slope": [0.25, 0.5]}, {"op": "normalize", "norm": "l2"}, {"op": "clip", "low": 0, "high": "Infinity"},
    {"op": "polynomial", "degree": 2, "interaction_only": false, "bias": true}, {"op": "select", "columns": [1, 2]},
    {"op": "softmax"}, {"op": "argmax"}, {"op": "threshold", "comparison": ">=", "value": 1}
  ],
  "output": {"kind": "class", "labels": ["a", "b"]}
}`

func TestParse(t *testing.T) {
	m, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	var ops []string
	for _, l := range m.Layers {
		ops = append(ops, l.Op())
	}
	if got, want := strings.Join(ops, " "), "add multiply dense relu elu hard_sigmoid prelu normalize clip polynomial select softmax argmax threshold"; got != want {
		t.Errorf("layers %s, want %s", got, want)
	}
	if d := m.Layers[2].(*format.Dense); d.Weight != "layers.2.weight" || !slices.Equal(m.Tensor(d.Weight).Shape, []int{3, 2}) {
		t.Errorf("the weight is %q", d.Weight)
	}
	if bias := m.Tensor("layers.2.bias").Float32s(); bias[0] != 0.1 || bias[1] == bias[1] {
		t.Errorf("the bias is %v", bias)
	}
	if c := m.Layers[8].(*format.Clip); c.Low != 0 || !math.IsInf(float64(c.High), 1) {
		t.Errorf("the clip is %v", c)
	}
	if p := m.Layers[9].(*format.Polynomial); *p != (format.Polynomial{Degree: 2, Bias: true}) {
		t.Errorf("the polynomial is %v", p)
	}
	if m.Tensor("preprocessing.0.groups.1.layers.1.operand") == nil {
		t.Errorf("there is no divisor among %v", m.Tensors)
	}
	if m.Name != "full" || m.Description != "all of it" || m.Source != (format.Software{Name: "hand", Version: "1"}) {
		t.Errorf("it is called %q, %q, %v", m.Name, m.Description, m.Source)
	}
	if _, err := format.Marshal(m); err != nil {
		t.Error(err)
	}
}

// TestExample: the example of the package's documentation is a model.
func TestExample(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var example bytes.Buffer
	for line := range bytes.Lines(doc) {
		if text, ok := bytes.CutPrefix(line, []byte("//\t")); ok {
			example.Write(text)
		}
	}
	if m, err := Parse(example.Bytes()); err != nil || m.Name != "xor" {
		t.Errorf("%v", err)
	}
}

func TestEveryLayerHasKeys(t *testing.T) {
	for _, op := range ops() {
		if required, _ := keysOf(op); required == nil {
			t.Errorf("%s is listed and not known", op)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string // in the message
	}{
		"empty":            {"", []string{"line 1", "the text ends too early"}},
		"a list":           {"[]", []string{"a list where an object"}},
		"cut off":          {`{"input": {"shape": [2`, []string{"input.shape: the text ends too early"}},
		"not JSON":         {"{\n  name: 1}", []string{"invalid character 'n'"}},
		"more behind":      {wrap("") + "\n{}", []string{"line 2", "an object after the end"}},
		"unknown key":      {"{\n\"nane\": \"x\"}", []string{"line 2", "nane: unknown key", "name, description"}},
		"a key twice":      {"{\"name\": \"x\",\n\"name\": \"y\"}", []string{"line 2", `"name" stands twice`}},
		"missing":          {`{"name": "x"}`, []string{"the keys input, layers, output are missing"}},
		"no shape":         {`{"input": {}, "layers": [], "output": {"kind": "value"}}`, []string{"input: shape or features"}},
		"no kind":          {`{"input": {"shape": [2]}, "layers": [], "output": {}}`, []string{"output: the key kind is missing"}},
		"bad kind":         {`{"input": {"shape": [2]}, "layers": [], "output": {"kind": "scores"}}`, []string{`kind "scores"`}},
		"half a cut":       {`{"input": {"shape": [2]}, "layers": [], "output": {"kind": "value", "threshold": {"value": 1}}}`, []string{"output.threshold: the key comparison"}},
		"no op":            {wrap(`{"weight": [[1], [2]]}`), []string{"layers[0]: the key op"}},
		"unknown op":       {wrap(`{"op": "relu"}, {"op": "conv"}`), []string{"layers[1]", `"conv" is not a layer`, "dense, add"}},
		"a misspelt key":   {wrap(`{"op": "dense", "wieght": [[1], [2]]}`), []string{"layers[0].wieght: unknown key"}},
		"another's key":    {wrap(`{"op": "relu", "alpha": 1}`), []string{`layers[0]: relu: key "alpha"`}},
		"no weight":        {wrap(`{"op": "dense"}`), []string{"layers[0]: dense: the key weight"}},
		"ragged":           {wrap(`{"op": "dense", "weight": [[1, 2], [3]]}`), []string{"layers[0].weight[1]: a row of 1 number, the rows before have 2"}},
		"no rows":          {wrap(`{"op": "dense", "weight": []}`), []string{"layers[0].weight: no numbers"}},
		"no numbers":       {wrap(`{"op": "add", "operand": []}`), []string{"layers[0].operand: no numbers"}},
		"an empty bias":    {wrap(`{"op": "dense", "weight": [[1], [2]], "bias": []}`), []string{"layers[0].bias: no numbers"}},
		"a bias that is":   {wrap(`{"op": "dense", "weight": [[1], [2]], "bias": true}`), []string{"dense: bias", "a list of numbers"}},
		"a bias of terms":  {wrap(`{"op": "polynomial", "degree": 2, "interaction_only": true, "bias": [1]}`), []string{"polynomial: bias", "true or false"}},
		"a bias of text":   {wrap(`{"op": "dense", "weight": [[1], [2]], "bias": "x"}`), []string{`layers[0].bias: the text "x" where numbers`}},
		"rows of inputs":   {wrap(`{"op": "dense", "weight": [[1, 2, 3]]}`), []string{"[2, outputs] is needed"}},
		"a rule broken":    {wrap(`{"op": "dense", "weight": [[1, 2, 3]]}`), []string{"json: layers[0]: dense: weight"}},
		"softmax of one":   {wrap(`{"op": "dense", "weight": [[1], [2]]}, {"op": "softmax"}`), []string{"json: the softmax of a single column is always 1", "write sigmoid"}},
		"not UTF-8":        {wrap("\xff"), []string{"json: not UTF-8"}},
		"a text":           {wrap(`{"op": "add", "operand": ["1"]}`), []string{`layers[0].operand[0]: the text "1" where a number`}},
		"null":             {wrap(`{"op": "add", "operand": [null]}`), []string{"null where a number"}},
		"beyond float32":   {wrap(`{"op": "add", "operand": [1e39]}`), []string{"the number 1e39 is beyond float32"}},
		"half a column":    {wrap(`{"op": "select", "columns": [0.5]}`), []string{"the number 0.5 where a whole number"}},
		"a huge column":    {wrap(`{"op": "select", "columns": [99999999999999999999]}`), []string{"where a whole number"}},
		"a number of text": {wrap(`{"op": 7}`), []string{"layers[0].op: the number 7 where a text"}},
		"neither":          {wrap(`{"op": "polynomial", "interaction_only": 1}`), []string{"where true or false"}},
		"groups in groups": {wrap(`{"op": "columns", "groups": [{"columns": [0], "layers": [{"op": "columns", "groups": []}]}]}`), []string{"layers[0].groups[0].layers[0].groups: groups within groups"}},
		"half a group":     {wrap(`{"op": "columns", "groups": [{"columns": [0]}]}`), []string{"layers[0].groups[0]: the key layers"}},
		"too many layers":  {wrap(strings.Repeat(`{"op": "relu"},`, format.MaxLayers) + `{"op": "relu"}`), []string{"more than 4096 layers"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(test.text))
			if err == nil {
				t.Fatal("it is read")
			}
			for _, want := range append(test.want, "json: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q has no %q", err, want)
				}
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := Parse(make([]byte, MaxSize+1)); err == nil || !strings.Contains(err.Error(), "at most 67108864") {
		t.Errorf("%v", err)
	}
}

// FuzzParse: what is read is a model that can be written.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	for _, op := range ops() {
		f.Add([]byte(wrap(`{"op": "` + op + `"}`)))
	}
	f.Add([]byte(wrap(`{"op": "polynomial", "degree": 2, "interaction_only": false, "bias": true}, {"op": "dense", "weight": [[1], [2], [3], [4], [5], [6]], "bias": [1]}`)))
	f.Add([]byte(wrap(`{"op": "columns", "groups": [{"columns": [0], "layers": [{"op": "columns"`)))
	f.Add([]byte(`{"output": {"kind": "logits", "labels": ["a", "b"], "threshold": {"comparison": ">", "value": -1e-3}}, "input": {"features": ["a"]}, "layers": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			if strings.Contains(err.Error(), "%!") {
				t.Errorf("a message with a mistake: %v", err)
			}
			return
		}
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
	})
}
