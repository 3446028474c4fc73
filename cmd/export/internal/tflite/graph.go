package tflite

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds on a graph, far above any model that becomes a chain of layers.
const (
	maxTensors   = 1 << 16
	maxOperators = 1 << 14
	maxOperands  = 64 // of one operator
)

// graph is a model's first subgraph, in which every operator reads only what is constant, the
// input, or what operators before it wrote.
type graph struct {
	flat          *flatbuffer
	root          table
	codes         vector // tables
	buffers       vector // tables
	tensors       vector // tables
	operators     vector // tables
	input, output int    // tensors
	producer      []int  // of each tensor: the operator that writes it, or -1
	varies        []bool // of each tensor: whether it depends on the input
	budget        int    // how many more values may be decoded
}

// operator is one operator of the graph.
type operator struct {
	table
	index           int
	code            opcode
	custom          string // the name of an operator that is none of the schema's
	inputs, outputs vector // of tensors; an input of -1 is one that is left out
}

func (o operator) String() string {
	if o.code == opCustom {
		return fmt.Sprintf("operator %d (custom %q)", o.index, o.custom)
	}
	return fmt.Sprintf("operator %d (%s)", o.index, o.code)
}

// options are the operator's own parameters, a table whose fields depend on its code. A table of
// another kind counts as none, as it does when the source runs.
func (o operator) options() table {
	if kind, ok := optionKinds[o.code]; !ok || o.byte(3) != kind {
		return table{}
	}
	return o.table.table(4)
}

// newGraph checks the first subgraph of a model.
func newGraph(f *flatbuffer) (*graph, error) {
	root := f.root()
	if v := root.uint32(0); v != 3 && f.err == nil {
		return nil, fmt.Errorf("schema version %d: version 3 is read", v)
	}
	subgraphs := root.vector(2, 4)
	if subgraphs.len == 0 {
		return nil, errors.New("there is no subgraph in it")
	}
	main := subgraphs.table(0)
	g := &graph{
		flat: f, root: root,
		codes: root.vector(1, 4), buffers: root.vector(4, 4),
		tensors: main.vector(0, 4), operators: main.vector(3, 4),
		// Weights are shared by layers now and then. A file that has every operator read the same
		// large buffer is made to fill memory.
		budget: 8*len(f.data) + 1<<16,
	}
	if n := g.tensors.len; n > maxTensors {
		return nil, fmt.Errorf("%d tensors: at most %d are read", n, maxTensors)
	}
	if n := g.operators.len; n > maxOperators {
		return nil, fmt.Errorf("%d operators: at most %d are read", n, maxOperators)
	}
	var err error
	if g.input, err = g.only("input", main.vector(1, 4)); err != nil {
		return nil, err
	}
	if g.output, err = g.only("output", main.vector(2, 4)); err != nil {
		return nil, err
	}
	return g, g.order()
}

// only returns the tensor of a list that must hold one.
func (g *graph) only(what string, list vector) (int, error) {
	if list.len == 1 {
		if i := list.int32(0); i >= 0 && i < g.tensors.len {
			return i, nil
		}
		return 0, fmt.Errorf("the %s is tensor %d of %d", what, list.int32(0), g.tensors.len)
	}
	var names []string
	for i := range min(list.len, 8) {
		if t := list.int32(i); t >= 0 && t < g.tensors.len {
			names = append(names, fmt.Sprintf("%.64q", g.tensors.table(t).bytes(3)))
		}
	}
	return 0, fmt.Errorf("%d %ss (%s): a model with one %s is read", list.len, what, strings.Join(names, ", "), what)
}

// order fills in producer and varies, and with that makes sure that operators stand in the order in
// which they run, which rules out cycles.
func (g *graph) order() error {
	g.producer, g.varies = make([]int, g.tensors.len), make([]bool, g.tensors.len)
	for i := range g.producer {
		g.producer[i] = -1
	}
	g.varies[g.input] = true
	for i := range g.operators.len {
		o := g.operator(i)
		if o.inputs.len > maxOperands || o.outputs.len > maxOperands {
			return fmt.Errorf("%v reads %d tensors and writes %d: at most %d are possible", o, o.inputs.len, o.outputs.len, maxOperands)
		}
		varies := false
		for k := range o.inputs.len {
			switch t := o.inputs.int32(k); {
			case t < -1 || t >= g.tensors.len:
				return fmt.Errorf("%v reads tensor %d of %d", o, t, g.tensors.len)
			case t >= 0:
				varies = varies || g.varies[t]
			}
		}
		for k := range o.outputs.len {
			t := o.outputs.int32(k)
			if t < 0 || t >= g.tensors.len || t == g.input || g.producer[t] >= 0 {
				return fmt.Errorf("%v writes tensor %d of %d, which is out of range, the input, or written already", o, t, g.tensors.len)
			}
			g.producer[t], g.varies[t] = i, varies
		}
	}
	return g.checkOrder()
}

// checkOrder finds an operator that reads what a later one writes.
func (g *graph) checkOrder() error {
	for i := range g.operators.len {
		o := g.operator(i)
		for k := range o.inputs.len {
			if t := o.inputs.int32(k); t >= 0 && g.producer[t] >= i {
				return fmt.Errorf("%v reads tensor %d, which operator %d has yet to write", o, t, g.producer[t])
			}
		}
	}
	return nil
}

// operator returns an operator by its index.
func (g *graph) operator(i int) operator {
	t := g.operators.table(i)
	o := operator{table: t, index: i, inputs: t.vector(1, 4), outputs: t.vector(2, 4)}
	k := int(t.uint32(0))
	if k < 0 || k >= g.codes.len {
		g.flat.failf(t.at, "an operator of kind %d of %d", k, g.codes.len)
		return o
	}
	code := g.codes.table(k)
	// Codes once had one byte; a file has the old field, the new one, or both.
	o.code = max(opcode(int8(code.byte(0))), opcode(int32(code.uint32(3))))
	if o.code == opCustom {
		o.custom = fmt.Sprintf("%.64s", code.bytes(1))
	}
	return o
}

// operand returns input k of an operator, or -1 if it is left out.
func (o operator) operand(k int) int {
	if k < o.inputs.len {
		return o.inputs.int32(k)
	}
	return -1
}
