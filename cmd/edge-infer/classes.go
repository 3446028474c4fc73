package main

import (
	"fmt"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// classes finds the class that a label in a table speaks of.
type classes struct {
	labels []string // of the classes; their numbers where the model names none
	exact  map[string]int
	value  map[float64]int // labels that are numbers; -1 where two are the same cli.Number
}

// maxClasses bounds the confusion matrix, to 32 MiB.
const maxClasses = 2048

func newClasses(m *format.Model) (*classes, error) {
	labels := m.Output.Labels
	if len(labels) == 0 {
		n := countClasses(m)
		if n < 2 {
			return nil, cli.Usagef("the model does not say which classes its output decides between: export it again with --labels")
		}
		for i := range min(n, maxClasses+1) {
			labels = append(labels, strconv.Itoa(i))
		}
	}
	if len(labels) > maxClasses {
		return nil, cli.Usagef("more than %d classes are not compared", maxClasses)
	}
	c := &classes{labels: labels, exact: make(map[string]int), value: make(map[float64]int)}
	for i, label := range labels {
		c.exact[label] = i
		if v, err := strconv.ParseFloat(label, 64); err == nil {
			if _, twice := c.value[v]; twice {
				i = -1
			}
			c.value[v] = i
		}
	}
	return c, nil
}

// countClasses is the number of classes of a model without labels, 0 if it cannot be told.
func countClasses(m *format.Model) int {
	if m.Output.Kind != format.Class {
		return m.OutputSize()
	}
	steps := m.Steps()
	if len(steps) == 0 {
		return 0
	}
	last := len(steps) - 1
	switch steps[last].(type) {
	case *format.ArgMax:
		before := *m
		before.Input.Preprocessing, before.Layers = nil, steps[:last]
		return before.OutputSize()
	case *format.Threshold:
		return 2
	}
	return 0
}

// find returns the class of a label. Text is compared first; 7.0 also stands for 7, as data frames
// write whole numbers in a column with gaps.
func (c *classes) find(label string) (int, error) {
	if i, ok := c.exact[label]; ok {
		return i, nil
	}
	if v, err := strconv.ParseFloat(label, 64); err == nil {
		if i, ok := c.value[v]; ok && i >= 0 {
			return i, nil
		}
	}
	return 0, fmt.Errorf("the label %.40q is none of the model's: %s", label, some(c.labels))
}
