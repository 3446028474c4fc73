package onnx

import (
	"errors"
	"fmt"
	"slices"
)

// value is what a tensor of the graph holds for each row of the input: the result of a chain of
// steps that begins at the row.
type value struct {
	chain *chain
	shape []int // of one row; without the batch

	integer   bool   // whole numbers, as of the input
	of        *value // if this is a class: the columns among which it was decided
	truncated bool   // numbers of which a cast has taken the fraction: only a one-hot encoder takes them
	// pair says that the chain computes one column, p or d, and that the tensor holds two, which that
	// one decides between: 1 − p and p, or −d and d.
	pair bool
	// loose says of a pair that only its second column is certain: of a single score some runtimes make
	// −d and d, others 1 − d and d.
	loose  bool
	labels []string // of the classes: one a column, or one an index
}

var errLoose = errors.New("the first class's column of a single score is needed, and runtimes differ in what it is: take the second's")

// class reports whether v is the class that was decided.
func (v *value) class() bool { return v.of != nil }

// classes is the number of classes among which a decided class is one.
func (v *value) classes() int { return product(v.of.shape) }

// chain is a step, and the steps before it. Tensors that are computed from the same tensor share
// what comes before.
type chain struct {
	before *chain // nil for the input's rows
	step   *step
	width  int // of a row after the step
	depth  int // steps from the input
}

// then appends a step to a chain.
func (c *chain) then(s *step, width int) *chain {
	return &chain{before: c, step: s, width: width, depth: c.depth + 1}
}

// steps returns the steps that lead to the end of a chain, the first one first.
func (c *chain) steps() []*step {
	list := make([]*step, 0, c.depth)
	for ; c.before != nil; c = c.before {
		list = append(list, c.step)
	}
	slices.Reverse(list)
	return list
}

// is reports whether the chain ends in a step of that name.
func (c *chain) is(op string) bool { return c.before != nil && c.step.op == op }

// longestBranch bounds the steps between where tensors part and where they meet again. It keeps the
// search for that place short, whatever the graph.
const longestBranch = 64

var errApart = errors.New("computed values that do not come from one")

// meet returns the last chain that all of the given ones continue, and the steps by which each does.
func meet(chains ...*chain) (*chain, [][]*step, error) {
	at := slices.Clone(chains)
	branches := make([][]*step, len(chains))
	back := func(i int) error {
		if at[i].before == nil || len(branches[i]) == longestBranch {
			return errApart
		}
		branches[i] = append(branches[i], at[i].step)
		at[i] = at[i].before
		return nil
	}
	for {
		shallowest, equal := at[0].depth, true
		for _, c := range at {
			shallowest = min(shallowest, c.depth)
			equal = equal && c == at[0]
		}
		if equal {
			for _, b := range branches {
				slices.Reverse(b)
			}
			return at[0], branches, nil
		}
		moved := false
		for i := range at {
			for at[i].depth > shallowest {
				if err := back(i); err != nil {
					return nil, nil, err
				}
				moved = true
			}
		}
		for i := 0; !moved && i < len(at); i++ {
			if err := back(i); err != nil {
				return nil, nil, err
			}
		}
	}
}

// reshaped returns the same row in another shape.
func (v *value) reshaped(shape []int) (*value, error) {
	if product(shape) != product(v.shape) {
		return nil, fmt.Errorf("a row of shape %v cannot become one of %v: rows would mix", v.shape, shape)
	}
	other := *v
	other.shape = shape
	return &other, nil
}

// matrixRow returns an error unless a matrix multiplication sees the row as one row.
func (v *value) matrixRow() error {
	if n := len(v.shape); n == 0 || product(v.shape[:n-1]) != 1 {
		return fmt.Errorf("rows of shape %v: a dense layer takes them as one vector: flatten them first", v.shape)
	}
	return nil
}
