package onnx

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// step is one layer of the model in the making. It is kept as data until the end, since what follows
// may still change what it becomes: a multiplication by 0.5 turns out to be the half of a GELU.
type step struct {
	op    string // the layer's name in a model file, or that of a part of a pattern
	nodes []*node
	name  string // of its tensors; may be empty

	layer   format.Layer // of a layer without tensors
	matrix  draft.Matrix // of dense
	bias    []float64    // of dense; may be nil
	operand []float64    // of an affine step, of prelu, of one_hot: for each column, or one for all
	columns []int        // of select
	groups  []group      // of columns
	norm    *batchNorm
	// leftOver is the factor of a multiplication that a pattern has left over, 0 for other steps. What
	// follows may undo it, such as the half of a GELU that comes last.
	leftOver float64
}

// batchNormStep becomes two layers of a model file.
const batchNormStep = "batch_normalisation"

// Steps that are parts of patterns. No layer computes them: at the end of a chain they are an error.
const (
	squareStep  = "x²"
	cubeStep    = "x³"
	erfcStep    = "1 − erf(x)"
	cubicStep   = "x + 0.044715·x³"
	sumStep     = "the sum of the columns"
	productStep = "the product of columns"
	onesStep    = "a column of ones"
	normStep    = "the norm of the row"
	someStep    = "whether the sum is not zero"
	noneStep    = "whether the sum is zero"
	guardStep   = "values guarded against a sum of zero"
)

// group is a group of columns of a columns layer.
type group struct {
	columns []int
	steps   []*step
}

// batchNorm holds the constants of a BatchNormalization, one a column.
type batchNorm struct {
	mean, variance, scale, offset []float64
	epsilon                       float64
}

// affine reports whether s computes x op c with one constant for all columns, and returns it.
func (s *step) affine(op format.Operator) (float64, bool) {
	if s.op != string(op) || len(s.operand) == 0 {
		return 0, false
	}
	for _, v := range s.operand {
		if v != s.operand[0] {
			return 0, false
		}
	}
	return s.operand[0], true
}

// size is the number of values that the step puts into the model.
func (s *step) size() int {
	n := len(s.matrix.Values) + len(s.bias) + len(s.operand) + len(s.columns)
	if s.norm != nil {
		n += 2 * len(s.norm.mean)
	}
	for _, g := range s.groups {
		for _, inner := range g.steps {
			n += inner.size()
		}
	}
	return n
}

// add appends the layer to a list.
func (s *step) add(l *draft.List) error {
	switch s.op {
	case "dense":
		return l.Dense(s.name, s.matrix, s.bias)
	case "add", "subtract", "multiply", "divide":
		return l.Affine(s.name, format.Operator(s.op), s.operand)
	case "prelu":
		return l.PReLU(s.name, s.operand)
	case "one_hot":
		return l.OneHot(s.name, s.operand, format.UnknownZeros)
	case batchNormStep:
		n := s.norm
		return l.BatchNorm(s.name, n.mean, n.variance, n.scale, n.offset, n.epsilon)
	case "select":
		return l.Add(&format.Select{Columns: s.columns})
	case "columns":
		return s.addGroups(l)
	}
	if s.layer == nil {
		return fmt.Errorf("%s: no layer computes this by itself", s.op)
	}
	return l.Add(s.layer)
}

func (s *step) addGroups(l *draft.List) error {
	columns := make([][]int, len(s.groups))
	for i, g := range s.groups {
		columns[i] = g.columns
	}
	return l.Columns(columns, func(i int, l *draft.List) error {
		for _, inner := range s.groups[i].steps {
			if err := inner.add(l); err != nil {
				return fmt.Errorf("%s: %w", inner.nodes[0], err)
			}
		}
		return nil
	})
}
