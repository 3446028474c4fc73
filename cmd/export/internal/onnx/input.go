package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// begin makes the draft of a model whose row is the graph's input, or its inputs side by side: a
// pipeline of scikit-learn that was trained on named columns has one for each.
func (e *evaluation) begin() error {
	g := e.model.graph
	var inputs []port
	for _, p := range g.inputs {
		if _, ok := e.results[p.name]; !ok { // older files list initializers as well
			inputs = append(inputs, p)
		}
	}
	if len(inputs) == 0 {
		return errors.New("the graph has no input")
	}
	shapes := make([][]int, len(inputs))
	width := 0
	for i, p := range inputs {
		row, err := e.row(p)
		if err != nil {
			return fmt.Errorf("input %.128q: %w", p.name, err)
		}
		if len(inputs) > 1 && len(row) > 1 {
			return fmt.Errorf("%d inputs, of which %.128q has rows of shape %v: side by side, vectors are read", len(inputs), p.name, row)
		}
		shapes[i] = row
		if width += product(row); width > format.MaxWidth {
			return fmt.Errorf("rows of more than %d values", format.MaxWidth)
		}
	}
	shape := shapes[0]
	if len(shape) == 0 || len(inputs) > 1 {
		shape = []int{width}
	}
	var err error
	if e.draft, err = draft.New(shape...); err != nil {
		return err
	}
	if len(inputs) > 1 { // each column gets a name
		if err := e.spend(8 * width); err != nil {
			return err
		}
	}
	e.share(inputs, shapes, width)
	return nil
}

// share gives each input its columns of the row.
func (e *evaluation) share(inputs []port, shapes [][]int, width int) {
	root := &chain{width: width}
	first := 0
	var names []string
	for i, p := range inputs {
		v := &value{chain: root, shape: shapes[i], integer: !element(p.element).float()}
		if len(inputs) > 1 {
			n := product(shapes[i])
			columns := make([]int, n)
			for k := range columns {
				columns[k] = first + k
				name := p.name
				if n > 1 {
					name = fmt.Sprintf("%s_%d", p.name, k)
				}
				names = append(names, name)
			}
			first += n
			s := &step{op: "select", columns: columns, nodes: []*node{{index: -1, op: "input", name: p.name}}}
			v.chain = root.then(s, n)
		}
		e.results[p.name] = result{value: v}
	}
	if slices.ContainsFunc(inputs, func(p port) bool { return element(p.element) == float64Element }) {
		e.draft.Note("the file computes in float64, the model in float32")
	}
	in := &e.draft.Model.Input
	if len(inputs) == 1 && element(inputs[0].element) == uint8Element {
		in.DType = format.U8
	}
	if len(inputs) > 1 {
		in.Features = names
		var list []string
		for _, p := range inputs {
			list = append(list, p.name)
		}
		e.draft.Note("the file's %d inputs are one row here, in their order: %s", len(inputs), strings.Join(list, ", "))
	}
}

// row returns the shape of an input's rows. Its first dimension is the batch.
func (e *evaluation) row(p port) ([]int, error) {
	kind := element(p.element)
	switch {
	case !p.tensor && p.element == 0 && !p.shaped:
		return nil, errors.New("it is no tensor")
	case kind == textElement:
		return nil, errors.New("it holds texts: numbers are read")
	case kind == boolElement, !kind.float() && kind.size() == 0:
		return nil, fmt.Errorf("it holds values of type %s: floats and integers are read", kind)
	}
	if !p.shaped || len(p.shape) == 0 {
		width, err := e.widthOf(p.name)
		return []int{width}, err
	}
	if e.batch = p.shape[0]; len(p.shape) == 1 && p.shape[0] != 0 {
		return nil, fmt.Errorf("its shape is %v, without a dimension for the batch: export the model with an example of shape [1 %d]", p.shape, p.shape[0])
	}
	row := slices.Clone(p.shape[1:])
	n := 1
	for _, d := range row {
		if d > format.MaxWidth/n {
			return nil, fmt.Errorf("rows of shape %v: at most %d values are read", row, format.MaxWidth)
		}
		n *= max(d, 1)
	}
	switch i := slices.Index(row, 0); {
	case i < 0:
	case len(row) == 1:
		width, err := e.widthOf(p.name)
		return []int{width}, err
	default:
		return nil, fmt.Errorf("its shape %v leaves more than the batch open: export the model with fixed sizes", p.shape)
	}
	return row, nil
}

// keepsWidth are the operators that an input may pass on its way to a layer with constants.
var keepsWidth = []string{"Identity", "Cast", "Dropout", "Add", "Sub", "Mul", "Div", "Clip", "Relu", "Tanh", "Sigmoid", "Scaler", "Normalizer", "Binarizer"}

// widthOf finds the number of columns of an input that leaves it open: that for which the first
// layer after it has constants.
func (e *evaluation) widthOf(name string) (int, error) {
	names := map[string]bool{name: true}
	for _, n := range e.model.graph.nodes {
		if len(n.inputs) == 0 || !names[n.inputs[0]] {
			continue
		}
		width, err := e.widthBy(n)
		if err != nil {
			return 0, err
		}
		if width > 0 {
			return width, nil
		}
		for _, o := range n.outputs {
			names[o] = slices.Contains(keepsWidth, n.op)
		}
	}
	return 0, errors.New("its shape leaves the number of columns open, and no layer tells it: export the model with a fixed one")
}

// widthBy returns how many columns a node's constants are for, or 0 if it takes any number.
func (e *evaluation) widthBy(n *node) (int, error) {
	attributes, err := parseAttributes(n)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", n, err)
	}
	switch n.op {
	case "Scaler":
		if k := max(len(attributes.floats("offset")), len(attributes.floats("scale"))); k > 1 {
			return k, nil
		}
	case "LinearRegressor":
		return len(attributes.floats("coefficients")) / int(min(max(attributes.integer("targets", 1), 1), math.MaxInt32)), nil
	case "LinearClassifier":
		return len(attributes.floats("coefficients")) / max(len(attributes.floats("intercepts")), 1), nil
	case "MatMul", "Gemm", "Sub", "Div", "Add", "Mul", "BatchNormalization":
		if len(n.inputs) < 2 {
			return 0, nil
		}
		r := e.results[n.inputs[1]]
		var shape []int
		if r.lazy != nil {
			shape = r.lazy.shape
		}
		matrix := n.op == "MatMul" || n.op == "Gemm"
		switch {
		case matrix && len(shape) == 2:
			return shape[attributes.integer("transB", 0)&1], nil
		case !matrix && len(shape) > 0 && shape[len(shape)-1] > 1:
			return shape[len(shape)-1], nil
		}
	}
	return 0, nil
}
