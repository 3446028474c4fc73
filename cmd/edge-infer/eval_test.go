package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// The accuracy and the confusion matrix that scikit-learn computed from its own float64 answers
// must come out exactly, and its log_loss to what float32 probabilities allow.
func TestEvalAgreesWithScikitLearn(t *testing.T) {
	digits := filepath.Join("..", "..", "testdata", "digits")
	text, err := os.ReadFile(filepath.Join(digits, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]struct {
		Rows      int64     `json:"rows"`
		Accuracy  float64   `json:"accuracy"`
		LogLoss   float64   `json:"log_loss"`
		Confusion [][]int64 `json:"confusion_matrix"`
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	for name, model := range map[string]string{"mlp": "digits.edge", "softmax": "softmax.edge"} {
		t.Run(name, func(t *testing.T) {
			want := expected[name]
			var stdout, stderr bytes.Buffer
			args := []string{"eval", filepath.Join(digits, model), "--input", filepath.Join(digits, "test.csv"), "--label-column", "label", "--json"}
			if code := run(args, strings.NewReader(""), &stdout, &stderr); code != 0 {
				t.Fatalf("exit code %d: %s", code, stderr.String())
			}
			var got classifierReport
			if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Rows != want.Rows || want.Rows != 360 || float64(got.Accuracy) != want.Accuracy {
				t.Errorf("%d rows, accuracy %v: want %d, %v", got.Rows, got.Accuracy, want.Rows, want.Accuracy)
			}
			if !reflect.DeepEqual(got.Confusion, want.Confusion) {
				t.Errorf("confusion %v, want %v", got.Confusion, want.Confusion)
			}
			if loss := float64(*got.CrossEntropy); math.Abs(loss-want.LogLoss) > 1e-6 {
				t.Errorf("cross-entropy %v, want %v", loss, want.LogLoss)
			}
			mean := 0.0
			for _, class := range got.Classes {
				mean += float64(float64(*class.LogLoss)*float64(class.Rows)) / float64(got.Rows)
			}
			if math.Abs(mean-want.LogLoss) > 1e-6 {
				t.Errorf("the classes' losses have the mean %v, want %v", mean, want.LogLoss)
			}
		})
	}
}

func TestClassesFind(t *testing.T) {
	names := []string{"cat", "7", "1", "01", "nan", "-0.5"}
	tests := map[string]int{
		"cat": 0, "7": 1, "7.0": 1, "+7": 1, "70e-1": 1, "1": 2, "01": 3, "nan": 4, "-.50": 5,
		"1.0": -1, // 1 or 01
		"Cat": -1, "": -1, "NaN": -1, "8": -1, "inf": -1, "7 ": -1,
	}
	c, err := newClasses(newModel(format.Output{Kind: format.Logits, Labels: names}, make([]float32, 2*len(names))))
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range tests {
		t.Run(label, func(t *testing.T) {
			got, err := c.find(label)
			if (err != nil) != (want < 0) || err == nil && got != want {
				t.Errorf("class %d, error %v: want %d", got, err, want)
			}
		})
	}
}

func TestClassesOfAModelWithoutLabels(t *testing.T) {
	above := format.Cut{Comparison: format.Greater}
	tests := map[string]struct {
		kind   format.Kind
		weight []float32
		layers []format.Layer
		want   int // 0 for an error
	}{
		"a column a class":  {format.Probabilities, make([]float32, 6), nil, 3},
		"argmax":            {format.Class, make([]float32, 8), []format.Layer{&format.ArgMax{}}, 4},
		"threshold":         {format.Class, make([]float32, 2), []format.Layer{&format.Threshold{Cut: above}}, 2},
		"class from afar":   {format.Class, make([]float32, 2), nil, 0},
		"one column":        {format.Probabilities, make([]float32, 2), nil, 0},
		"as many as may be": {format.Logits, make([]float32, 2*maxClasses), nil, maxClasses},
		"too many":          {format.Logits, make([]float32, 2*maxClasses+2), nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := newModel(format.Output{Kind: test.kind}, test.weight, test.layers...)
			if err := m.Validate(); err != nil {
				t.Fatal(err)
			}
			c, err := newClasses(m)
			if (err != nil) != (test.want == 0) {
				t.Fatalf("error %v", err)
			}
			if err == nil && len(c.labels) != test.want {
				t.Errorf("%d classes, want %d", len(c.labels), test.want)
			}
		})
	}
}
