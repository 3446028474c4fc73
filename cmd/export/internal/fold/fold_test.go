package fold

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// sketch makes a model of two inputs from preprocessing and layers. A layer may name a tensor by its
// values, which are added: "1 2" is a vector, "1 2|3 4" a
// matrix of two rows, "1 2|" of one.
func sketch(t *testing.T, preprocessing, layers []format.Layer) *format.Model {
	t.Helper()
	m := &format.Model{Numerics: format.Numerics}
	m.Input = format.Input{Shape: []int{2}, DType: format.F32, Layout: format.Vector, Preprocessing: preprocessing}
	m.Layers, m.Output.Kind = layers, format.Value
	for _, l := range m.Steps() {
		for _, name := range format.TensorNames(l) {
			if m.Tensor(name) == nil {
				m.AddTensor(parse(t, name))
			}
		}
	}
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	return m
}

// parse makes a tensor of the values that its name lists.
func parse(t *testing.T, name string) format.Tensor {
	t.Helper()
	var values []float32
	rows := strings.Count(strings.TrimSuffix(name, "|"), "|") + 1
	for _, field := range strings.Fields(strings.ReplaceAll(name, "|", " ")) {
		var v float32
		if _, err := fmt.Sscan(field, &v); err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	shape := []int{len(values)}
	if strings.Contains(name, "|") {
		shape = []int{rows, len(values) / rows}
	}
	return format.NewTensor(name, shape, values)
}

func affine(o format.Operator, values string) format.Layer {
	return &format.Affine{Operator: o, Operand: values}
}

func denseOf(weight, bias string) format.Layer { return &format.Dense{Weight: weight, Bias: bias} }

func relu() format.Layer { return &format.Activation{Function: format.ReLU} }

const identity = "1 0|0 1"

func TestFold(t *testing.T) {
	add, sub, mul, div := format.Add, format.Subtract, format.Multiply, format.Divide
	type list []format.Layer
	tests := map[string]struct {
		before, layers list
		want           string    // what is left
		folded         []string  // what became of what
		y              []float32 // for the row 3, 5
	}{
		"nothing to fold": {nil, list{denseOf(identity, ""), relu()}, "dense,relu", nil, []float32{3, 5}},
		"a lone step":     {nil, list{affine(div, "2"), relu()}, "divide,relu", nil, []float32{1.5, 2.5}},
		"standardisation": {
			list{affine(sub, "1 1"), affine(div, "2 4")}, list{denseOf("1 2|3 4", "10 20")}, "dense",
			[]string{"input.preprocessing[0] subtract, input.preprocessing[1] divide, layers[0] dense: dense"},
			[]float32{14, 26},
		},
		"batch normalisation": {
			nil, list{denseOf(identity, ""), affine(mul, "2 3"), affine(add, "1 -1"), relu()}, "dense,relu",
			[]string{"layers[0] dense, layers[1] multiply, layers[2] add: dense"}, []float32{7, 14},
		},
		"between two, into the first": {
			nil, list{denseOf("1|1", ""), affine(add, "1"), denseOf("1 2 3|", "")}, "dense,dense",
			[]string{"layers[0] dense, layers[1] add: dense"}, []float32{9, 18, 27},
		},
		"two dense layers": {
			nil, list{denseOf("1 2|3 4", "1 2"), denseOf("1 0|1 1", "10 20")}, "dense",
			[]string{"layers[0] dense, layers[1] dense: dense"}, []float32{19 + 28 + 10, 28 + 20},
		},
		"the first has a bias":  {nil, list{denseOf("1 2|3 4", "1 2"), denseOf("1 0|1 1", "")}, "dense", []string{"layers[0] dense, layers[1] dense: dense"}, []float32{19 + 28, 28}},
		"the second has a bias": {nil, list{denseOf("1 2|3 4", ""), denseOf("1 0|1 1", "10 20")}, "dense", []string{"layers[0] dense, layers[1] dense: dense"}, []float32{18 + 26 + 10, 26 + 20}},
		"three, and all between": {
			list{affine(sub, "1 1")}, list{denseOf(identity, ""), affine(add, "1 2"), denseOf("1 2|3 4", ""), affine(mul, "2"), denseOf("1|1", "7")}, "dense",
			[]string{"input.preprocessing[0] subtract, layers[0] dense, layers[1] add, layers[2] dense, layers[3] multiply, layers[4] dense: dense"},
			[]float32{2*(3+3*6) + 2*(2*3+4*6) + 7},
		},
		"a narrow middle":       {nil, list{denseOf("1|1", ""), denseOf("1 2 3|", "")}, "dense,dense", nil, []float32{8, 16, 24}},
		"a product overflows":   {nil, list{denseOf("1e30 0|0 1", ""), denseOf("1e30 0|0 1", "")}, "dense,dense", nil, nil},
		"a bias overflows":      {nil, list{denseOf(identity, "3e38 0"), denseOf("3 0|0 1", "")}, "dense,dense", nil, nil},
		"digits of a product":   {nil, list{denseOf("1e-30 0|0 1", ""), denseOf("1e-10 0|0 1", "")}, "dense,dense", nil, nil},
		"infinite next weights": {nil, list{denseOf(identity, ""), denseOf("1 +Inf|1 1", "")}, "dense,dense", nil, nil},
		"on both sides": {
			list{affine(mul, "2")}, list{denseOf(identity, "1 1"), affine(div, "4"), relu(), affine(add, "1"), denseOf("1 2|3 4", "")}, "dense,relu,dense",
			[]string{"input.preprocessing[0] multiply, layers[0] dense, layers[1] divide: dense", "layers[3] add, layers[4] dense: dense"},
			[]float32{2.75 + 3*3.75, 2*2.75 + 4*3.75},
		},
		"no bias is needed": {nil, list{affine(mul, "2"), denseOf(identity, "")}, "dense", []string{"layers[0] multiply, layers[1] dense: dense"}, []float32{6, 10}},
		"three steps to two": {
			nil, list{affine(add, "1"), affine(mul, "2 4"), affine(sub, "1 2"), relu()}, "multiply,add,relu",
			[]string{"layers[0] add, layers[1] multiply, layers[2] subtract: multiply, add"}, []float32{7, 22},
		},
		"two to one":         {nil, list{affine(mul, "2 4"), affine(div, "2 2"), relu()}, "multiply,relu", []string{"layers[0] multiply, layers[1] divide: multiply"}, []float32{3, 10}},
		"one for all, kept":  {nil, list{affine(add, "2"), affine(sub, "1")}, "add", []string{"layers[0] add, layers[1] subtract: add"}, []float32{4, 6}},
		"to nothing":         {nil, list{affine(mul, "2"), affine(div, "2"), relu()}, "relu", []string{"layers[0] multiply, layers[1] divide: nothing"}, []float32{3, 5}},
		"a step of nothing":  {nil, list{affine(sub, "0 0"), relu()}, "relu", []string{"layers[0] subtract: nothing"}, []float32{3, 5}},
		"two to two":         {nil, list{affine(sub, "1"), affine(div, "2"), relu()}, "subtract,divide,relu", nil, []float32{1, 2}},
		"an activation":      {nil, list{affine(sub, "4"), relu(), denseOf(identity, "")}, "subtract,relu,dense", nil, []float32{0, 1}},
		"infinity":           {nil, list{affine(add, "+Inf"), denseOf(identity, "")}, "add,dense", nil, nil},
		"NaN":                {nil, list{denseOf(identity, ""), affine(mul, "NaN")}, "dense,multiply", nil, nil},
		"infinite weights":   {nil, list{affine(mul, "2"), denseOf("1 +Inf|1 1", "")}, "multiply,dense", nil, nil},
		"infinite bias":      {nil, list{affine(mul, "2"), denseOf(identity, "1 -Inf")}, "multiply,dense", nil, nil},
		"division by 0":      {nil, list{affine(div, "2 0"), denseOf(identity, "")}, "divide,dense", nil, nil},
		"an overflow":        {nil, list{affine(mul, "1e30"), denseOf("1e30 0|0 1", "")}, "multiply,dense", nil, nil},
		"an overflow of b":   {nil, list{affine(add, "3e38"), denseOf("3 0|0 1", "")}, "add,dense", nil, nil},
		"lost digits":        {nil, list{affine(mul, "1e-30"), denseOf("1e-10 0|0 1", "")}, "multiply,dense", nil, nil},
		"digits of a step":   {nil, list{affine(mul, "1e-30"), affine(mul, "1e-10"), relu()}, "multiply,multiply,relu", nil, nil},
		"overflow that ends": {nil, list{denseOf(identity, "1 1"), affine(mul, "3e38"), affine(mul, "2"), affine(div, "3e38"), relu()}, "dense,relu", []string{"layers[0] dense, layers[1] multiply, layers[2] multiply, layers[3] divide: dense"}, nil},
		"in groups": {
			nil, list{affine(add, "1"), &format.Columns{Groups: []format.Group{
				{Columns: []int{1}, Layers: list{affine(add, "1"), affine(mul, "2"), denseOf("1 2|", "")}},
				{Columns: []int{0}, Layers: list{affine(add, "2")}},
			}}, affine(add, "3"), denseOf("1|2|3", "")}, "add,columns,dense",
			[]string{"layers[1].groups[0].layers[0] add, layers[1].groups[0].layers[1] multiply, layers[1].groups[0].layers[2] dense: dense", "layers[2] add, layers[3] dense: dense"},
			[]float32{(14 + 3) + 2*(28+3) + 3*(6+3)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := sketch(t, test.before, test.layers)
			before := marshal(t, m)
			got, folded, err := Fold(m)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, marshal(t, m)) {
				t.Error("the model was changed")
			}
			if layers := casetest.Layers(got); layers != test.want {
				t.Errorf("layers %s, want %s", layers, test.want)
			}
			var told []string
			for _, f := range folded {
				told = append(told, strings.Join(f.Layers, ", ")+": "+f.Became)
			}
			if !slices.Equal(told, test.folded) {
				t.Errorf("told %q, want %q", told, test.folded)
			}
			if y := answer(t, got, 3, 5); test.y != nil && !slices.Equal(y, test.y) {
				t.Errorf("answer %v, want %v", y, test.y)
			}
			if y := answer(t, m, 3, 5); test.y != nil && !slices.Equal(y, test.y) {
				t.Errorf("the test is wrong: the original model's answer is %v, not %v", y, test.y)
			}
		})
	}
}

func marshal(t *testing.T, m *format.Model) []byte {
	t.Helper()
	data, err := format.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func answer(t *testing.T, m *format.Model, x ...float32) []float32 {
	t.Helper()
	s, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float32, s.Outputs())
	if err := s.Run(y, x); err != nil {
		t.Fatal(err)
	}
	return y
}

// TestKept: weights that are not f32 stay, and so do the layers beside them.
func TestKept(t *testing.T) {
	for _, dtype := range []format.DType{format.F16, format.I8} {
		t.Run(string(dtype), func(t *testing.T) {
			m := sketch(t, nil, []format.Layer{affine(format.Add, "1"), denseOf(identity, "5 6"), affine(format.Multiply, "2 3")})
			w := m.Tensor(identity)
			w.DType, w.Data = dtype, make([]byte, w.Len()*dtype.Size())
			if dtype == format.I8 {
				m.AddTensor(format.NewTensor("scales", []int{2}, []float32{1, 1}))
				m.Quantization = []format.Quantized{{Tensor: identity, Scales: "scales"}}
			}
			got, folded, err := Fold(m)
			if err != nil || len(folded) != 0 {
				t.Fatalf("%v, %v", folded, err)
			}
			if !bytes.Equal(marshal(t, m), marshal(t, got)) {
				t.Error("the model was changed")
			}
		})
	}
}

// TestShared folds into one of two layers that share a weight, and names what is new.
func TestShared(t *testing.T) {
	m := sketch(t, nil, []format.Layer{denseOf("1 2|3 4", ""), relu(), affine(format.Add, "1"), denseOf("1 2|3 4", "")})
	got, _, err := Fold(m)
	if err != nil {
		t.Fatal(err)
	}
	first, second := got.Layers[0].(*format.Dense), got.Layers[2].(*format.Dense)
	if first.Weight != "1 2|3 4" || second.Weight != "1 2|3 4_" || second.Bias != "1 2|3 4.bias" || len(got.Tensors) != 3 {
		t.Errorf("weights %q and %q, bias %q, %d tensors", first.Weight, second.Weight, second.Bias, len(got.Tensors))
	}
}

// TestPlace: what becomes of a dense layer of the preprocessing and one behind it is no preprocessing.
func TestPlace(t *testing.T) {
	m := sketch(t, []format.Layer{denseOf(identity, "")}, []format.Layer{denseOf("1 2|3 4", "5 6")})
	got, _, err := Fold(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Input.Preprocessing) != 0 || len(got.Layers) != 1 {
		t.Fatalf("%d steps of preprocessing and %d layers", len(got.Input.Preprocessing), len(got.Layers))
	}
	if d := got.Layers[0].(*format.Dense); d.Weight != "1 2|3 4" || d.Bias != "5 6" {
		t.Errorf("weight %q, bias %q", d.Weight, d.Bias)
	}
}

func TestRefused(t *testing.T) {
	m := sketch(t, nil, []format.Layer{relu()})
	m.AddTensor(format.NewTensor("x", []int{1, 2}, []float32{1, 2}))
	m.Golden = &format.Golden{Inputs: "x", Canonical: "x"}
	if _, _, err := Fold(m); err == nil || !strings.Contains(err.Error(), "golden vectors") {
		t.Errorf("error %v", err)
	}
	m.Golden, m.Input.Shape = nil, nil
	if _, _, err := Fold(m); err == nil || !strings.HasPrefix(err.Error(), "fold: format: ") {
		t.Errorf("error %v", err)
	}
}

func TestMeasure(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	model := func(weight string) *format.Model {
		m := sketch(t, nil, []format.Layer{denseOf(weight, "")})
		m.Output = format.Output{Kind: format.Logits, Labels: []string{"a", "b"}}
		return m
	}
	one, other := model(identity), model("1 0|0 1.5")
	tests := map[string]struct {
		rows []float32
		want Difference
	}{
		"none":      {[]float32{1, 0}, Difference{}},
		"some":      {[]float32{0, 2, 0, -4}, Difference{Absolute: 2, Relative: 0.5, Row: 1, Output: 1}},
		"a class":   {[]float32{3, 2.5, 9, 1}, Difference{Absolute: 1.25, Relative: 0.5, Row: 0, Output: 1, Classes: 1}},
		"not one":   {[]float32{nan, nan}, Difference{}},
		"overflow":  {[]float32{0, 3e38}, Difference{Absolute: math.Inf(1), Relative: math.Inf(1), Output: 1}},
		"infinity":  {[]float32{0, inf}, Difference{}},
		"many rows": {make([]float32, 2000), Difference{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Measure(one, other, test.rows)
			if err != nil || got != test.want {
				t.Errorf("%+v, %v, want %+v", got, err, test.want)
			}
		})
	}
	if _, err := Measure(one, sketch(t, nil, []format.Layer{denseOf("1|2", "")}), []float32{1, 2}); err == nil {
		t.Error("models of different outputs are compared")
	}
	if _, err := Measure(one, other, []float32{1}); err == nil {
		t.Error("half a row is compared")
	}
}
