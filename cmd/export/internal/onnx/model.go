package onnx

import "fmt"

// Bounds on what a file may hold many of, far above what models for the boards have. An entry of two
// bytes in the file becomes a hundred in memory.
const (
	maxNodes      = 1 << 16
	maxAttributes = 64 // of a node
	maxPorts      = 1 << 14
	maxDimensions = 16 // of a tensor
)

// model is a ModelProto, as far as it says what is computed.
type model struct {
	irVersion       int64
	producer        string
	producerVersion string
	description     string
	opsets          map[string]int64 // by domain; the neural one has none
	metadata        []property
	functions       map[string]bool // domain and name of the file's own functions
	graph           *graph
}

type property struct{ key, value string }

// graph is a GraphProto. Subgraphs, the attributes of nodes, are not parsed at all.
type graph struct {
	name         string
	nodes        []*node
	initializers []*tensor
	sparse       bool // it has sparse initializers
	inputs       []port
	outputs      []port
}

// node is a NodeProto: an operation between named values.
type node struct {
	index           int
	name            string
	op, domain      string
	inputs, outputs []string // an empty name is a parameter left out
	attributes      [][]byte // parsed when the node is evaluated
}

// String names a node in messages: its place, its type and its name.
func (n *node) String() string {
	op := n.op
	if n.domain != "" {
		op = n.domain + "." + op
	}
	if n.name == "" {
		return fmt.Sprintf("%d: %.64s", n.index, op)
	}
	return fmt.Sprintf("%d: %.64s %.128q", n.index, op, n.name)
}

// port is a ValueInfoProto: an input or output of the graph.
type port struct {
	name    string
	tensor  bool
	element int64
	shaped  bool
	shape   []int // 0 for a size that is left open
}
