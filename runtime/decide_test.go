package runtime

import (
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

func TestClassOf(t *testing.T) {
	over := func(c format.Comparison) *format.Cut { return &format.Cut{Comparison: c, Value: 0.5} }
	labels := []string{"cat", "dog"}
	for _, test := range []struct {
		name    string
		output  format.Output
		row     []float32
		class   int
		label   string
		decides bool
	}{
		{"greatest", format.Output{Kind: format.Probabilities, Labels: labels}, []float32{0.2, 0.8}, 1, "dog", true},
		{"first at a tie", format.Output{Kind: format.Logits, Labels: labels}, []float32{3, 3}, 0, "cat", true},
		{"no labels", format.Output{Kind: format.Logits}, []float32{-3, -5, -1}, 2, "2", true},
		{"NaN", format.Output{Kind: format.Logits, Labels: labels}, []float32{nan, 1}, -1, "", true},
		{"above", format.Output{Kind: format.Probabilities, Labels: labels, Threshold: over(format.Greater)}, []float32{0.51}, 1, "dog", true},
		{"at, greater", format.Output{Kind: format.Probabilities, Labels: labels, Threshold: over(format.Greater)}, []float32{0.5}, 0, "cat", true},
		{"at, greater or equal", format.Output{Kind: format.Probabilities, Labels: labels, Threshold: over(format.GreaterOrEqual)}, []float32{0.5}, 1, "dog", true},
		{"NaN at a threshold", format.Output{Kind: format.Decision, Labels: labels, Threshold: over(format.Greater)}, []float32{nan}, -1, "", true},
		{"single column", format.Output{Kind: format.Logits}, []float32{2}, -1, "", false},
		{"class", format.Output{Kind: format.Class, Labels: labels}, []float32{1}, 1, "dog", true},
		{"class without labels", format.Output{Kind: format.Class}, []float32{7}, 7, "7", true},
		{"class beyond the labels", format.Output{Kind: format.Class, Labels: labels}, []float32{2}, -1, "", true},
		{"class between", format.Output{Kind: format.Class}, []float32{0.5}, -1, "", true},
		{"negative class", format.Output{Kind: format.Class}, []float32{-1}, -1, "", true},
		{"value", format.Output{Kind: format.Value, Labels: labels}, []float32{1, 2}, -1, "", false},
	} {
		if got := ClassOf(&test.output, test.row); got != test.class {
			t.Errorf("%s: class %d, want %d", test.name, got, test.class)
		}
		if got := Decides(&test.output, len(test.row)); got != test.decides {
			t.Errorf("%s: decides: %v, want %v", test.name, got, test.decides)
		}
		if got := LabelOf(&test.output, test.row); got != test.label {
			t.Errorf("%s: label %q, want %q", test.name, got, test.label)
		}
	}
}
