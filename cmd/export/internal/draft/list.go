package draft

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/format"
)

// List is a list of layers in the making: a model's own, its preprocessing, or those of a group of
// columns.
type List struct {
	draft  *Draft
	path   string // of its tensors
	width  int    // of a row after the layers so far
	before *List  // the list that runs before, until this one has a layer
	layers []format.Layer
}

// Width is the number of values in a row after the layers so far.
func (l *List) Width() int {
	if l.before != nil {
		return l.before.Width()
	}
	return l.width
}

// Len is the number of layers so far.
func (l *List) Len() int { return len(l.layers) }

// Last returns the last layer so far, or nil.
func (l *List) Last() format.Layer {
	if len(l.layers) == 0 {
		return nil
	}
	return l.layers[len(l.layers)-1]
}

// Add appends a layer that has no tensors.
func (l *List) Add(layer format.Layer) error {
	if len(l.layers) == format.MaxLayers {
		return fmt.Errorf("more than %d layers", format.MaxLayers)
	}
	width, err := l.draft.Model.Outputs(layer, l.Width())
	if err != nil {
		return rules.Plain(err)
	}
	l.width, l.before = width, nil
	l.layers = append(l.layers, layer)
	return nil
}

// Activation appends an activation function that has no parameters.
func (l *List) Activation(f format.Function) error { return l.Add(&format.Activation{Function: f}) }

// Dense appends y = x·W + b. The name is what the source calls the layer, and may be empty. The
// bias is nil for none.
func (l *List) Dense(name string, w Matrix, bias []float64) error {
	switch in := l.Width(); {
	case w.Rows != in:
		return fmt.Errorf("a weight for %d inputs where rows have %d values", w.Rows, in)
	case w.Columns < 1 || w.Columns > format.MaxWidth || len(w.Values) != w.Rows*w.Columns:
		return fmt.Errorf("a weight of %d×%d with %d values", w.Rows, w.Columns, len(w.Values))
	case bias != nil && len(bias) != w.Columns:
		return fmt.Errorf("a bias of %d values for %d outputs", len(bias), w.Columns)
	}
	name = l.name(name)
	weight, err := l.draft.tensor(name+".weight", w.Values, w.Rows, w.Columns)
	if err != nil {
		return err
	}
	layer := &format.Dense{Weight: weight}
	if bias != nil {
		if layer.Bias, err = l.draft.tensor(name+".bias", bias, len(bias)); err != nil {
			return err
		}
	}
	return l.Add(layer)
}

// Affine appends an operation with a constant for each column, or with one for all.
func (l *List) Affine(name string, o format.Operator, operand []float64) error {
	if n := len(operand); n != 1 && n != l.Width() {
		return fmt.Errorf("%d values to %s where rows have %d", n, o, l.Width())
	}
	tensor, err := l.draft.tensor(l.name(name)+"."+string(o), operand, len(operand))
	if err != nil {
		return err
	}
	return l.Add(&format.Affine{Operator: o, Operand: tensor})
}

// PReLU appends slope·x below zero, with a slope for each column or one for all.
func (l *List) PReLU(name string, slope []float64) error {
	if n := len(slope); n != 1 && n != l.Width() {
		return fmt.Errorf("%d slopes where rows have %d values", n, l.Width())
	}
	tensor, err := l.draft.tensor(l.name(name)+".slope", slope, len(slope))
	if err != nil {
		return err
	}
	return l.Add(&format.PReLU{Slope: tensor})
}

// OneHot appends one column for each category, which ascend, in place of a single column.
func (l *List) OneHot(name string, categories []float64, u format.Unknown) error {
	if len(categories) == 0 {
		return fmt.Errorf("no categories")
	}
	tensor, err := l.draft.tensor(l.name(name)+".categories", categories, len(categories))
	if err != nil {
		return err
	}
	return l.Add(&format.OneHot{Categories: tensor, Unknown: u})
}

// Columns appends groups of columns, whose results lie side by side. Fill is called once a group,
// with the list of its layers, over rows of its columns alone.
func (l *List) Columns(groups [][]int, fill func(group int, l *List) error) error {
	layer := new(format.Columns)
	for i, columns := range groups {
		for _, c := range columns {
			if c < 0 || c >= l.Width() {
				return fmt.Errorf("column %d where rows have %d values", c, l.Width())
			}
		}
		inner := &List{draft: l.draft, path: fmt.Sprintf("%s.groups.%d", l.name(""), i), width: len(columns)}
		if err := fill(i, inner); err != nil {
			return err
		}
		layer.Groups = append(layer.Groups, format.Group{Columns: columns, Layers: inner.layers})
	}
	return l.Add(layer)
}

// name is the stem of the names of the next layer's tensors.
func (l *List) name(source string) string {
	if source != "" {
		return source
	}
	return fmt.Sprintf("%s.%d", l.path, len(l.layers))
}
