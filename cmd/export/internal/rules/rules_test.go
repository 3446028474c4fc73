package rules

import (
	"errors"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// model makes a model of layers over rows of some width.
func model(width int, layers ...format.Layer) *format.Model {
	return &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{width}, DType: format.F32, Layout: format.Vector},
		Layers:   layers,
		Output:   format.Output{Kind: format.Value},
	}
}

// group makes a columns layer whose only group has these columns.
func group(columns []int, layers ...format.Layer) format.Layer {
	return &format.Columns{Groups: []format.Group{{Columns: columns, Layers: layers}}}
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		model *format.Model
		want  string // beginning of the message; none if nothing is wrong
	}{
		"nothing wrong":         {model(2, &format.Softmax{}), ""},
		"softmax of one":        {model(1, &format.Softmax{}), "the softmax of a single column is always 1: for the probability of a class write sigmoid"},
		"softmax after a layer": {model(3, &format.Select{Columns: []int{2}}, &format.Softmax{}), "the softmax of a single column"},
		"softmax before it":     {model(3, &format.Softmax{}, &format.Select{Columns: []int{2}}), ""},
		"in a group":            {model(3, group([]int{1}, &format.Softmax{})), "the softmax of a single column"},
		"in a wider group":      {model(3, group([]int{1, 2}, &format.Softmax{})), ""},
		"a rule":                {model(2, &format.Select{Columns: []int{2}}), "layers[0]: select: column 2 of a row of 2 values"},
		"a rule of the input":   {model(0), "input: shape [0]: every dimension is at least 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := Check(test.model)
			if (err != nil) != (test.want != "") || err != nil && !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestPlainWraps(t *testing.T) {
	if err := Check(model(2, &format.Dense{Weight: "W"})); !errors.Is(err, format.ErrInvalid) || strings.Contains(err.Error(), "invalid") {
		t.Errorf("error %v", err)
	}
}
