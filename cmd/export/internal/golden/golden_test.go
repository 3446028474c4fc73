package golden

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// sums is a model of y = (a + b, a − b), of inputs called a and b.
func sums(kind format.Kind, labels ...string) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{2}, DType: format.F32, Layout: format.Vector, Features: []string{"a", "b"}},
		Layers:   []format.Layer{&format.Dense{Weight: "W"}},
		Output:   format.Output{Kind: kind, Labels: labels},
	}
	m.AddTensor(format.NewTensor("W", []int{2, 2}, []float32{1, 1, 1, -1}))
	return m
}

type array struct {
	name   string
	shape  []int
	values []float32
}

func writeNPZ(t *testing.T, arrays ...array) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, a := range arrays {
		entry, err := w.Create(a.name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if err := npy.Write(entry, a.shape, a.values); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "golden.npz", b.String())
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	m := sums(format.Logits, "plus", "minus")
	unnamed := sums(format.Value)
	unnamed.Input.Features = nil
	tests := map[string]struct {
		model    *format.Model
		file     string
		inputs   []float32
		expected []float32
	}{
		"x":                  {m, writeNPZ(t, array{"x", []int{1, 2}, []float32{1, 2}}), []float32{1, 2}, nil},
		"x and y":            {m, writeNPZ(t, array{"y", []int{1, 2}, []float32{3, -1}}, array{"x", []int{1, 2}, []float32{1, 2}}), []float32{1, 2}, []float32{3, -1}},
		"features":           {m, write(t, "g.csv", "b,a\n2,1\n4,3\n"), []float32{1, 2, 3, 4}, nil},
		"features, outputs":  {m, write(t, "g.csv", "logit_minus,a,b,logit_plus,label\n-1,1,2,3,4\n"), []float32{1, 2}, []float32{3, -1}},
		"a byte order mark":  {m, write(t, "g.csv", "\ufefflogit_minus, a,b,logit_plus\r\n-1,1,2,3\r\n"), []float32{1, 2}, []float32{3, -1}},
		"no header":          {m, write(t, "g.csv", "1,2\n"), []float32{1, 2}, nil},
		"no names":           {unnamed, write(t, "g.csv", "1,2\n"), []float32{1, 2}, nil},
		"no names, a header": {unnamed, write(t, "g.csv", "value_0,u,v,value_1\n3,1,2,-1\n"), []float32{1, 2}, []float32{3, -1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := Read(test.file, test.model)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(v.Inputs, test.inputs) || !slices.Equal(v.Expected, test.expected) || v.Rows != len(test.inputs)/2 {
				t.Errorf("got %+v", v)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	m := sums(format.Logits, "plus", "minus")
	x := array{"x", []int{1, 2}, []float32{1, 2}}
	tests := map[string]struct {
		file string
		want string
	}{
		"no x":          {writeNPZ(t, array{"y", []int{1, 2}, []float32{1, 2}}), "no array x"},
		"another array": {writeNPZ(t, x, array{"z", []int{1, 2}, []float32{1, 2}}), `array "z": only x`},
		"rows of x":     {writeNPZ(t, array{"x", []int{1, 3}, []float32{1, 2, 3}}), "rows of 3 values: the model has rows of 2"},
		"rows of y":     {writeNPZ(t, x, array{"y", []int{1}, []float32{1}}), "y has shape [1], rows of 1 value: "},
		"more y":        {writeNPZ(t, x, array{"y", []int{2, 2}, []float32{1, 2, 3, 4}}), "x has 1 row, y has 2"},
		"no rows":       {writeNPZ(t, array{"x", []int{0, 2}, nil}), "at least one row"},
		"a scalar":      {writeNPZ(t, array{"x", nil, []float32{1}}), "at least one row"},
		"not a zip":     {write(t, "g.npz", "x"), "an .npz with x and perhaps y, HDF5 with such datasets, or a .csv"},
		"half of them":  {write(t, "g.csv", "a,b,logit_plus\n1,2,3\n"), `lacks 1 of them, the first is "logit_minus"`},
		"a bad value":   {write(t, "g.csv", "a,b\n1,two\n"), "row 1 (line 2)"},
		"no csv rows":   {write(t, "g.csv", "a,b\n"), "there are no rows"},
		"more columns":  {write(t, "g.csv", "a,b,label\n1,2,3\n"), `3 columns for 2 features, and none is named as an output: call the framework's outputs "logit_plus", "logit_minus", or leave only the features`},
		"more, unnamed": {write(t, "g.csv", "1,2,3\n"), "row 1 (line 1): 3 values, the model takes 2"},
		"more, no b":    {write(t, "g.csv", "a,c,label\n1,2,3\n"), `lacks the features "b"`},
		"fewer columns": {write(t, "g.csv", "1\n"), "row 1 (line 1): 1 values, the model takes 2"},
		"empty":         {write(t, "g.csv", ""), ""},
		"no feature b":  {write(t, "g.csv", "a,c\n1,2\n"), `"b"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(test.file, m)
			if err == nil {
				t.Fatal("it is read")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "golden: "+test.file) {
				t.Errorf("%q has no %q or does not name the file", err, test.want)
			}
			if strings.Count(err.Error(), filepath.Base(test.file)) != 1 {
				t.Errorf("%q names the file more than once", err)
			}
		})
	}
	if _, err := Read("absent.npz", m); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Both probabilities, as predict_proba gives them, where the model gives that of the second class.
func TestReadBothProbabilities(t *testing.T) {
	single := sums(format.Probabilities)
	single.Layers, single.Tensors = []format.Layer{&format.Select{Columns: []int{0}}}, nil
	file := writeNPZ(t, array{"x", []int{2, 2}, []float32{1, 2, 3, 4}}, array{"y", []int{2, 2}, []float32{0.75, 0.25, 0, 1}})
	v, err := Read(file, single)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{0.25, 1}; v.Rows != 2 || !slices.Equal(v.Expected, want) {
		t.Errorf("%d rows, expected %v, want %v", v.Rows, v.Expected, want)
	}
}

// TestReadErrorsOfOthers holds errors of models other than that of TestReadErrors.
func TestReadErrorsOfOthers(t *testing.T) {
	unnamed := sums(format.Value)
	unnamed.Input.Features = nil
	wide := sums(format.Probabilities)
	wide.Layers = []format.Layer{&format.Select{Columns: []int{0, 1, 0, 1, 0}}}
	wide.Tensors = nil
	single := sums(format.Probabilities)
	single.Layers = []format.Layer{&format.Select{Columns: []int{0}}}
	single.Tensors = nil
	logit := sums(format.Logits)
	logit.Layers, logit.Tensors = single.Layers, nil
	x, two := array{"x", []int{1, 2}, []float32{1, 2}}, array{"y", []int{1, 2}, []float32{0.75, 0.25}}
	tests := map[string]struct {
		model *format.Model
		file  string
		want  string
		not   string
	}{
		"no features, more": {unnamed, write(t, "g.csv", "u,v,y\n1,2,3\n"), `g.csv: 3 columns for 2 features, and none is named as an output: call the framework's outputs "value_0", "value_1", or leave only the features`, ""},
		"more and outputs":  {unnamed, write(t, "g.csv", "u,v,label,value_0,value_1\n1,2,3,4,5\n"), "g.csv: 3 columns beside the outputs, and the model takes 2", ""},
		"no header, more":   {unnamed, write(t, "g.csv", "1,2,3\n"), "3 columns for 2 features", ""},
		"many outputs":      {wide, write(t, "g.csv", "a,b,label\n1,2,3\n"), `"probability_0" to "probability_4"`, ""},
		"no probabilities":  {logit, writeNPZ(t, x, two), "rows of 2 values: the model has rows of 1", "predict_proba"},
		"three classes":     {single, writeNPZ(t, x, array{"y", []int{1, 3}, []float32{1, 0, 0}}), "the model has rows of 1", "predict_proba"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(test.file, test.model)
			if err == nil {
				t.Fatal("it is read")
			}
			if !strings.Contains(err.Error(), test.want) || test.not != "" && strings.Contains(err.Error(), test.not) {
				t.Errorf("%q has no %q, or has %q", err, test.want, test.not)
			}
			if strings.Count(err.Error(), filepath.Base(test.file)) != 1 {
				t.Errorf("%q names the file more than once", err)
			}
		})
	}
}

func TestAttach(t *testing.T) {
	m := sums(format.Logits, "plus", "minus")
	m.Layers[0] = &format.Dense{Weight: "golden.inputs"} // a name that golden vectors would like
	m.Tensors[0].Name = "golden.inputs"
	v := &Vectors{Inputs: []float32{1, 2, 3, 4}, Expected: []float32{3, -1, 7, -1.5}, Rows: 2}
	r, err := Attach(m, v, Tolerance{Absolute: 0.25, Relative: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Vectors != 2 || !r.Compared || r.Outside != 1 || r.MaxError != 0.5 || r.WorstError.Vector != 1 || r.WorstError.Output != 1 || r.Differing != 0 {
		t.Errorf("report %+v", r)
	}
	g := m.Golden
	if *g != (format.Golden{Inputs: "golden.inputs_", Expected: "golden.expected", Canonical: "golden.canonical", Absolute: 0.25, Relative: 0.1}) {
		t.Errorf("golden %+v", g)
	}
	if got := m.Tensor(g.Canonical).Float32s(); !slices.Equal(got, []float32{3, -1, 7, -1}) {
		t.Errorf("canonical outputs %v", got)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
}

func TestLimit(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		v := &Vectors{Inputs: []float32{1, 2, 3, 4, 5, 6}, Expected: []float32{1, 2}, Rows: 2}
		v.Limit(n)
		if rows := min(n, 2); v.Rows != rows || len(v.Inputs) != 3*rows || len(v.Expected) != rows {
			t.Errorf("limited to %d: %+v", n, v)
		}
	}
	v := &Vectors{Inputs: []float32{1, 2}, Rows: 2}
	if v.Limit(1); v.Expected != nil || v.Rows != 1 {
		t.Errorf("without outputs: %+v", v)
	}
}

// TestDraw holds the distribution of each sort of column, and the first values against others: a
// seed must mean the same for ever.
func TestDraw(t *testing.T) {
	m := sums(format.Value)
	m.Input = format.Input{Shape: []int{3}, DType: format.F32, Layout: format.Vector, Preprocessing: []format.Layer{
		&format.Columns{Groups: []format.Group{
			{Columns: []int{2}, Layers: []format.Layer{&format.OneHot{Categories: "c", Unknown: format.UnknownZeros}}},
			{Columns: []int{1, 0}, Layers: []format.Layer{&format.Affine{Operator: format.Subtract, Operand: "m"}, &format.Affine{Operator: format.Divide, Operand: "d"}}},
		}},
		&format.Select{Columns: []int{0, 1}},
	}}
	m.AddTensor(format.NewTensor("c", []int{2}, []float32{5, 6}))
	m.AddTensor(format.NewTensor("m", []int{2}, []float32{100, -50}))
	m.AddTensor(format.NewTensor("d", []int{1}, []float32{4}))
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	const rows = 4000
	v := Draw(m, rows, 1)
	if again := Draw(m, rows, 1); !slices.Equal(again.Inputs, v.Inputs) {
		t.Error("the same seed gives other values")
	}
	if other := Draw(m, rows, 2); slices.Equal(other.Inputs, v.Inputs) {
		t.Error("another seed gives the same values")
	}
	for column, want := range []float64{-50, 100} {
		var sum, squares float64
		for r := range rows {
			d := float64(v.Inputs[3*r+column]) - want
			sum, squares = sum+d, squares+d*d
		}
		if mean, deviation := sum/rows, math.Sqrt(squares/rows); math.Abs(mean) > 0.3 || math.Abs(deviation-4) > 0.2 {
			t.Errorf("column %d: mean %g from %g, deviation %g", column, mean, want, deviation)
		}
	}
	fives := 0
	for r := range rows {
		switch v.Inputs[3*r+2] {
		case 5:
			fives++
		case 6:
		default:
			t.Fatalf("row %d: %g is no category", r, v.Inputs[3*r+2])
		}
	}
	if fives < rows*45/100 || fives > rows*55/100 {
		t.Errorf("%d of %d are of the first category", fives, rows)
	}
}

func TestDrawPixels(t *testing.T) {
	m := sums(format.Value)
	m.Input.DType = format.U8
	low, high := float32(255), float32(0)
	for _, v := range Draw(m, 2000, 1).Inputs {
		if v != float32(uint8(v)) {
			t.Fatalf("%g is no pixel", v)
		}
		low, high = min(low, v), max(high, v)
	}
	if low > 2 || high < 253 {
		t.Errorf("pixels from %g to %g", low, high)
	}
}

// TestDrawnValues holds the generator to values computed with another implementation of it.
func TestDrawnValues(t *testing.T) {
	m := sums(format.Value)
	got := Draw(m, 2, 1).Inputs
	want := []float32{-948028.0 / (1 << 20), 366613.0 / (1 << 20), 293767.0 / (1 << 20), -483666.0 / (1 << 20)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Texts have some fifty words of a large vocabulary, few of them often, and any number of a small one.
func TestDrawWords(t *testing.T) {
	const rows = 40
	for _, vocabulary := range []int{5, 20000} {
		m := &format.Model{Input: format.Input{Shape: []int{vocabulary}, DType: format.F32, Layout: format.Words}}
		counted := 0
		for _, v := range Draw(m, rows, 1).Inputs {
			if v < 0 || v > 3 || v != float32(int(v)) {
				t.Fatalf("%g is no count", v)
			}
			if v > 0 {
				counted++
			}
		}
		if want := min(vocabulary, textWords) * rows; counted < want*9/10 || counted > want*11/10 {
			t.Errorf("%d words in %d texts over a vocabulary of %d, want about %d", counted, rows, vocabulary, want)
		}
	}
}
