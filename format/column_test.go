package format

import (
	"slices"
	"testing"
)

func TestColumnNames(t *testing.T) {
	pets := []string{"cat", "dog"}
	cut := &Cut{Comparison: Greater}
	for _, test := range []struct {
		name   string
		output Output
		width  int
		want   []string
	}{
		{"probabilities", Output{Kind: Probabilities, Labels: pets}, 2, []string{"probability_cat", "probability_dog"}},
		{"one for two classes", Output{Kind: Probabilities, Labels: pets, Threshold: cut}, 1, []string{"probability_dog"}},
		{"no labels", Output{Kind: Probabilities}, 2, []string{"probability_0", "probability_1"}},
		{"logits", Output{Kind: Logits, Labels: pets}, 2, []string{"logit_cat", "logit_dog"}},
		{"decision", Output{Kind: Decision, Labels: pets, Threshold: cut}, 1, []string{"decision_dog"}},
		{"class", Output{Kind: Class, Labels: pets}, 1, []string{"class"}},
		{"quantities", Output{Kind: Value, Labels: pets}, 2, []string{"cat", "dog"}},
		{"quantities without a name", Output{Kind: Value}, 2, []string{"value_0", "value_1"}},
	} {
		if got := test.output.ColumnNames(test.width); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
