package tflite

import "math"

// idiom is a function that converters write as several operators.
type idiom struct {
	name    string
	pattern expression
}

// expression is what the operators of an idiom look like.
type expression struct {
	code     opcode
	operands []expression // of an operator, in order; ADD and MUL take theirs in either
	leaf     leaf
	number   float64 // of a leaf that is a number
}

// leaf tells what stands at the end of an expression.
type leaf int

const (
	noLeaf        leaf = iota
	leafRow            // the row that the idiom takes, the same one everywhere
	leafNumber         // a certain number
	leafParameter      // any number
	leafAxis           // the last dimension
)

func call(code opcode, operands ...expression) expression {
	return expression{code: code, operands: operands}
}

func constantOf(v float64) expression { return expression{leaf: leafNumber, number: v} }

// idioms lists what is known. The constants of selu are those of its publication.
func idioms() []idiom {
	x, alpha := expression{leaf: leafRow}, expression{leaf: leafParameter}
	positive := call(opGreater, x, constantOf(0))
	root := call(opRSqrt, call(opSum, call(opSquare, x), expression{leaf: leafAxis}))
	return []idiom{
		{"silu", call(opMul, x, call(opLogistic, x))},
		{"softplus", call(opLog, call(opAdd, call(opExp, x), constantOf(1)))},
		{"selu", call(opSelectV2, positive,
			call(opMul, x, constantOf(1.0507009873554805)),
			call(opMul, call(opSub, call(opExp, x), constantOf(1)), constantOf(1.7580993408473766)))},
		{"elu", call(opSelectV2, positive, call(opELU, x), call(opMul, call(opELU, x), alpha))},
		{"normalize", call(opMul, x, call(opMinimum, root, alpha))},
	}
}

// match is what an expression was found to stand for.
type match struct {
	graph  *graph
	row    int // tensor, -1 until it is met
	alpha  float64
	merged []operator
}

// findIdiom returns the idiom that makes a tensor.
func (g *graph) findIdiom(t int) (step, bool) {
	for _, known := range idioms() {
		m := match{graph: g, row: -1}
		if m.tensor(known.pattern, t) {
			return step{last: m.merged[0], row: m.row, idiom: &known, merged: m.merged, alpha: m.alpha}, true
		}
	}
	return step{}, false
}

// tensor tells whether a tensor is what an expression says.
func (m *match) tensor(e expression, t int) bool {
	switch {
	case t < 0:
		return false
	case e.leaf == leafRow:
		if m.row < 0 && m.graph.varies[t] {
			m.row = t
		}
		return m.row == t
	case e.leaf != noLeaf:
		return m.constant(e, t)
	case m.graph.producer[t] < 0:
		return false
	}
	o := m.graph.operator(m.graph.producer[t])
	if o.code != e.code || o.inputs.len != len(e.operands) || fused(o) != 0 {
		return false
	}
	before := *m
	m.merged = append(m.merged, o)
	if m.operands(e, o, false) {
		return true
	}
	if e.code != opAdd && e.code != opMul {
		return false
	}
	*m = before
	m.merged = append(m.merged, o)
	return m.operands(e, o, true)
}

// operands matches an operator's operands, or the two that it has the other way round.
func (m *match) operands(e expression, o operator, swapped bool) bool {
	for k, operand := range e.operands {
		if swapped {
			k = 1 - k
		}
		if !m.tensor(operand, o.operand(k)) {
			return false
		}
	}
	return true
}

// constant matches a tensor of one number.
func (m *match) constant(e expression, t int) bool {
	dims, err := m.graph.tensor(t).dims()
	if err != nil || product(dims) != 1 || m.graph.varies[t] {
		return false
	}
	c, err := m.graph.constant(t)
	if err != nil {
		return false
	}
	v := c.values[0]
	switch e.leaf {
	case leafNumber:
		// As far as float32, or the 8 bits of a quantised constant, hold it: quantisation gives a
		// constant a range of its own, at whose end it lies.
		return math.Abs(v-e.number) <= 1e-6*math.Abs(e.number)
	case leafAxis:
		return v == -1
	}
	m.alpha = v
	return true
}

// fused is the activation that an operator applies to its result, 0 for none.
func fused(o operator) byte {
	switch o.code {
	case opFullyConnected, opAdd, opSub, opMul, opDiv:
		return o.options().byte(0)
	}
	return 0
}
