package onnx

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// evaluation runs a graph's nodes once, in their order, with descriptions in the place of tensors: a
// constant has its values, whatever depends on the input has the chain of steps that computes it. A
// node that is not understood is no error yet, since it may belong to an output that is not wanted:
// its error goes where its values would.
type evaluation struct {
	model   *model
	folder  folder
	draft   *draft.Draft
	results map[string]result
	fates   []string // by node: what became of it
	budget  int      // values that may still be made from constants
	batch   int      // the size of the batch that the file fixes, or 0
}

// result is what a name of the graph stands for: one of these.
type result struct {
	constant *constant
	value    *value
	lazy     *tensor // an initializer that no node has asked for yet
	err      error
}

func (r result) known() bool { return r.constant != nil || r.value != nil }

// spend takes n values from the budget. It bounds what a small file can grow to by broadcasts.
func (e *evaluation) spend(n int) error {
	if n < 0 || n > e.budget {
		return errors.New("the file's constants grow beyond all proportion to it when they are computed")
	}
	e.budget -= n
	return nil
}

// run evaluates all nodes.
func (e *evaluation) run() {
	for _, n := range e.model.graph.nodes {
		results, err := e.node(n)
		if err != nil {
			e.fates[n.index] = "not understood"
		}
		for i, name := range n.outputs {
			if name == "" {
				continue
			}
			r := result{err: err}
			if _, twice := e.results[name]; twice && err == nil {
				err = fmt.Errorf("%s: %.128q is computed a second time", n, name)
				r.err = err
			}
			if err == nil && i < len(results) {
				r = results[i]
			}
			if err == nil && !r.known() {
				r.err = fmt.Errorf("%s: its output %d is not understood", n, i)
			}
			e.results[name] = r
		}
	}
}

// node evaluates a node. The error of an input is its own error: the first of a chain of errors is
// the one to tell.
func (e *evaluation) node(n *node) ([]result, error) {
	c := &call{evaluation: e, node: n}
	for _, name := range n.inputs {
		r, err := e.result(name)
		if err != nil {
			return nil, err
		}
		c.inputs = append(c.inputs, r)
	}
	var err error
	if c.attributes, err = parseAttributes(n); err != nil {
		return nil, fmt.Errorf("%s: %w", n, err)
	}
	results, err := c.run()
	if err == nil {
		if name := c.attributes.unused(); name != "" {
			err = fmt.Errorf("attribute %.64q is not understood", name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n, err)
	}
	return results, nil
}

// result returns what a name stands for. An empty name is a parameter left out.
func (e *evaluation) result(name string) (result, error) {
	if name == "" {
		return result{}, nil
	}
	r, ok := e.results[name]
	switch {
	case !ok && e.model.graph.sparse:
		return r, fmt.Errorf("%.128q is not computed before it is used, and sparse initializers are not read", name)
	case !ok:
		return r, fmt.Errorf("%.128q is used and nothing before computes it", name)
	case r.lazy != nil:
		c, err := r.lazy.decode(e.folder)
		if err == nil && r.lazy.location == 1 {
			e.budget += 8 * c.len() // its values are as much the file's as if they were in it
		}
		if err != nil {
			err = fmt.Errorf("initializer %.128q: %w", name, err)
		}
		r = result{constant: c, err: err}
		e.results[name] = r
	}
	return r, r.err
}

// call is a node with what its inputs stand for.
type call struct {
	*evaluation
	*node
	attributes attributes
	inputs     []result
}

// became notes what became of the node.
func (c *call) became(format string, args ...any) {
	c.fates[c.index] = fmt.Sprintf(format, args...)
}

// opset is the version of the node's domain that the file asks for.
func (c *call) opset() int64 { return c.model.opsets[c.domain] }

// input returns input i, empty if it was left out.
func (c *call) input(i int) result {
	if i >= len(c.inputs) {
		return result{}
	}
	return c.inputs[i]
}

// constantAt returns input i, which must be a constant, or nil if it was left out.
func (c *call) constantAt(i int) (*constant, error) {
	r := c.input(i)
	if r.value != nil {
		return nil, fmt.Errorf("input %d (%.128q) is computed from the input row, where a constant is needed", i, c.node.inputs[i])
	}
	return r.constant, nil
}

// anyValue returns input i, which must depend on the graph's input, whatever it holds.
func (c *call) anyValue(i int) (*value, error) {
	if v := c.input(i).value; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("input %d is a constant or left out, where a computed value is needed", i)
}

// wholeOrFloat returns input i: numbers that lie in the chain's columns as they are.
func (c *call) wholeOrFloat(i int) (*value, error) {
	v, err := c.anyValue(i)
	switch {
	case err != nil:
		return nil, err
	case v.pair:
		return nil, errors.New("a column for each of two classes goes on into another layer")
	case v.truncated:
		return nil, errors.New("numbers without their fractions go on into another layer: no layer cuts fractions off")
	case v.class():
		return nil, errors.New("the class that was decided goes on into another layer")
	}
	return v, nil
}

// floats returns input i: numbers on which a layer computes.
func (c *call) floats(i int) (*value, error) {
	v, err := c.wholeOrFloat(i)
	if err == nil && v.integer {
		err = errors.New("arithmetic on whole numbers, which rounds otherwise than on floats: cast them to float first")
	}
	return v, err
}

// one makes a value the node's only result.
func one(v *value, err error) ([]result, error) {
	if err != nil {
		return nil, err
	}
	return []result{{value: v}}, nil
}

// after is v with another step, which leaves the shape of a row as it is.
func (c *call) after(v *value, s *step) *value {
	s.nodes = append(s.nodes, c.node)
	if c.fates[c.index] == "" {
		c.became("%s", s.op)
	}
	return &value{chain: v.chain.then(s, v.chain.width), shape: v.shape, labels: v.labels}
}

// widened is v with a step that makes rows of n values, in one dimension.
func (c *call) widened(v *value, s *step, n int) *value {
	next := c.after(v, s)
	next.chain.width, next.shape, next.labels = n, []int{n}, nil
	return next
}

// absorbed takes the nodes of steps that have become part of another.
func (c *call) absorbed(into string, lists ...[]*step) []*node {
	var nodes []*node
	for _, list := range lists {
		for _, s := range list {
			for _, n := range s.nodes {
				if n.index >= 0 { // it is no input
					c.fates[n.index] = "part of the " + into
				}
				nodes = append(nodes, n)
			}
		}
	}
	return nodes
}
