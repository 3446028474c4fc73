package onnx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// concat lays columns side by side that were computed apart: as a columns layer, or as one of the
// patterns in which exporters do so. Along is the dimension.
func (c *call) concat(along int64) (*value, error) {
	if len(c.inputs) == 0 {
		return nil, errors.New("it has no inputs")
	}
	values := make([]*value, len(c.inputs))
	chains := make([]*chain, len(c.inputs))
	for i, r := range c.inputs {
		if r.value == nil {
			return nil, fmt.Errorf("input %d is a constant: computed columns are laid side by side", i)
		}
		v, err := c.wholeOrFloat(i)
		if err != nil {
			return nil, err
		}
		if n := len(v.shape); n == 0 || product(v.shape[:n-1]) != 1 || i > 0 && n != len(values[0].shape) {
			return nil, fmt.Errorf("rows of shape %v: vectors are laid side by side", v.shape)
		}
		values[i], chains[i] = v, v.chain
	}
	first := values[0]
	rank := len(first.shape) + 1
	if at, err := axis(along, rank); err != nil {
		return nil, err
	} else if at != rank-1 {
		return nil, fmt.Errorf("axis %d of rows of shape %v: columns are laid side by side", at, first.shape)
	}
	base, branches, err := meet(chains...)
	if err != nil {
		return nil, err
	}
	next, err := c.side(base, branches)
	if err != nil {
		return nil, err
	}
	next.integer = !slices.ContainsFunc(values, func(v *value) bool { return !v.integer })
	if !next.pair {
		next.shape = append(slices.Clone(first.shape[:rank-2]), next.chain.width)
	}
	return next, nil
}

// side lays branches of a chain side by side.
func (c *call) side(base *chain, branches [][]*step) (*value, error) {
	x := &value{chain: base}
	if len(branches) == 1 {
		c.became("nothing: there is one input")
		return x, nil
	}
	if v := c.complement(x, branches); v != nil {
		return v, nil
	}
	if v, err := c.polynomial(x, branches); v != nil || err != nil {
		return v, err
	}
	var groups []group
	for _, branch := range branches {
		g, err := c.grouped(base.width, branch)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g...)
		if len(groups) > format.MaxTensors {
			return nil, errors.New("too many groups of columns")
		}
	}
	if columns, ok := plain(groups); ok {
		return c.pick(x, columns)
	}
	if d := c.together(groups, base.width); d != nil {
		v := c.widened(x, d[0], d[0].matrix.Columns)
		for _, s := range d[1:] {
			v = c.after(v, s)
		}
		return v, nil
	}
	width := 0
	for _, g := range groups {
		width += c.groupWidth(g)
	}
	nodes := c.absorbed("columns layer", branches...)
	c.became("columns")
	return c.widened(x, &step{op: "columns", groups: groups, nodes: nodes}, width), nil
}

// complement recognises 1 − p beside p, and −d beside d: the two columns of a binary classifier.
func (c *call) complement(x *value, branches [][]*step) *value {
	if len(branches) != 2 || x.chain.width != 1 || len(branches[1]) != 0 {
		return nil
	}
	first := branches[0]
	probability := matches(first, by(format.Multiply, -1), by(format.Add, 1)) && x.chain.is("sigmoid")
	if !probability && !matches(first, by(format.Multiply, -1)) {
		return nil
	}
	for _, n := range c.absorbed("", first) {
		c.fates[n.index] = "nothing: the other class's column is not kept"
	}
	c.became("nothing: one column decides between two classes")
	return &value{chain: x.chain, shape: []int{2}, pair: true, labels: x.labels}
}

// grouped returns a branch as the groups of a columns layer: which columns it takes, and what it
// does with them. Groups do not nest, so those of a columns layer within it become groups here.
func (c *call) grouped(width int, branch []*step) ([]group, error) {
	var columns []int
	if len(branch) > 0 && branch[0].op == "select" {
		columns, branch = branch[0].columns, branch[1:]
	} else {
		if err := c.spend(width); err != nil {
			return nil, err
		}
		for i := range width {
			columns = append(columns, i)
		}
	}
	nested := slices.IndexFunc(branch, func(s *step) bool { return s.op == "columns" })
	if nested < 0 {
		return []group{{columns, branch}}, nil
	}
	if nested > 0 || len(branch) > 1 {
		return nil, errors.New("columns that were laid side by side before, and went through layers of their own: groups of columns do not nest")
	}
	var groups []group
	for _, g := range branch[0].groups {
		if err := c.spend(len(g.columns)); err != nil {
			return nil, err
		}
		groups = append(groups, group{picked(columns, g.columns), g.steps})
	}
	return groups, nil
}

// plain returns the columns of groups that do nothing but take columns.
func plain(groups []group) (columns []int, ok bool) {
	for _, g := range groups {
		if len(g.steps) > 0 {
			return nil, false
		}
		columns = append(columns, g.columns...)
	}
	return columns, true
}

// together returns dense layers side by side, all over the whole row and followed by one function,
// as a single dense layer and the function: how one-vs-rest classifiers are written down.
func (c *call) together(groups []group, width int) []*step {
	for _, g := range groups {
		same := len(g.steps) == len(groups[0].steps) && len(g.steps) >= 1 && len(g.steps) <= 2 &&
			consecutive(g.columns, width) && g.steps[0].op == "dense" && g.steps[0].bias != nil
		if !same || len(g.steps) == 2 && (g.steps[1].op != groups[0].steps[1].op || g.steps[1].op != "sigmoid") {
			return nil
		}
	}
	d := &step{op: "dense"}
	d.matrix.Rows = width
	for _, g := range groups {
		d.matrix.Columns += g.steps[0].matrix.Columns
		d.bias = append(d.bias, g.steps[0].bias...)
	}
	if c.spend(width*d.matrix.Columns) != nil {
		return nil
	}
	for r := range width {
		for _, g := range groups {
			w := g.steps[0].matrix
			d.matrix.Values = append(d.matrix.Values, w.Values[r*w.Columns:][:w.Columns]...)
		}
	}
	for _, g := range groups {
		d.nodes = append(d.nodes, g.steps[0].nodes...)
	}
	c.became("columns of one dense layer")
	if len(groups[0].steps) == 1 {
		return []*step{d}
	}
	return []*step{d, {op: "sigmoid", layer: groups[0].steps[1].layer}}
}

// groupWidth is the number of columns that a group gives.
func (c *call) groupWidth(g group) int {
	n := len(g.columns)
	for _, s := range g.steps {
		switch s.op {
		case "dense":
			n = s.matrix.Columns
		case "polynomial":
			n, _ = c.draft.Model.Outputs(s.layer, n) // it was checked when the step was made
		case "one_hot":
			n = len(s.operand)
		case "select":
			n = len(s.columns)
		case "argmax", sumStep, normStep, productStep:
			n = 1
		}
	}
	return n
}
