package main

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/fold"
	"github.com/edge-infer/edge-infer/cmd/export/internal/golden"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// foldedLine is what --fold did, and what that does to the answers for the golden inputs.
type foldedLine struct {
	Layers   []fold.Folded `json:"layers"`
	Absolute cli.Number    `json:"greatest_difference"`
	Relative cli.Number    `json:"greatest_relative_difference"`
	Classes  int           `json:"other_classes"` // vectors that the folded model puts into another class
	Vectors  int           `json:"vectors"`
}

// foldSteps folds a model and measures the difference.
func foldSteps(m *format.Model, v *golden.Vectors) (*format.Model, *foldedLine, error) {
	folded, layers, err := fold.Fold(m)
	if err != nil {
		return nil, nil, err
	}
	d, err := fold.Measure(m, folded, v.Inputs)
	if err != nil {
		return nil, nil, err
	}
	return folded, &foldedLine{layers, cli.Number(d.Absolute), cli.Number(d.Relative), d.Classes, v.Rows}, nil
}

func (f *foldedLine) text() string {
	if len(f.Layers) == 0 {
		return "nothing: no step or dense layer beside another one could be folded"
	}
	var parts []string
	for _, l := range f.Layers {
		parts = append(parts, fmt.Sprintf("%s into %s", strings.Join(l.Layers, ", "), l.Became))
	}
	text := fmt.Sprintf("%s; greatest difference %.2g, relative %.2g", strings.Join(parts, "; "), f.Absolute, f.Relative)
	if f.Classes > 0 {
		text += fmt.Sprintf("; another class in %d of %d", f.Classes, f.Vectors)
	}
	return text
}
