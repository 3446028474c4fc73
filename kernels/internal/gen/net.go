package gen

import (
	"fmt"
	"strings"
)

// The kernel of kernels.Net: a whole network in one function, a row of it in registers from step to step. Each
// step is a piece of the function that ends by going on to the next one: the bodies of the elementwise kernels
// without their loops, and the four steps that move between lanes or memory, which each instruction set writes
// for itself.

// A netPiece is what one elementwise step does.
type netPiece struct {
	label  string
	op     string // what netStep.op is compared with
	bodies []netBody
}

// A netBody is a body over some of the registers of a row.
type netBody struct {
	body
	row []string // where its values are before and after
}

// minusInfinity is where the search for a row's greatest value starts.
const minusInfinity = 0xff800000

// netAssembly returns the file of the network kernel of an instruction set.
func netAssembly(set instructionSet, known map[string]uint32) []byte {
	table, offsets := constantsOf(set, known)
	offsets[minusInfinity] = set.constantBytes() * len(table)
	table = append(table, &value{op: opConstant, name: "-Inf", bits: minusInfinity})
	n := net{set: set, known: known, offsets: offsets}
	text := generated + "#include \"go_asm.h\"\n#include \"textflag.h\"\n" + set.netIncludes() + "\n" + set.netConstants(table) +
		"\n// func netF32" + set.name() + "(steps *netStep, dst, x *float32, rows int)\n" + set.netKernel(&n)
	return []byte(text)
}

// A net writes the network kernel of one instruction set.
type net struct {
	set     instructionSet
	known   map[string]uint32
	offsets map[uint32]int
}

// pieces returns the elementwise steps: the functions first, then the others.
func (n *net) pieces() (functions, others []netPiece) {
	for _, k := range kernels() {
		switch {
		case k.when.function == switchMap:
			functions = append(functions, netPiece{k.name, "const_" + k.when.constant, n.bodies(k)})
		case k.when.function == switchAffine:
			others = append(others, netPiece{k.name, "(const_netAffine+const_" + k.when.constant + ")", n.bodies(k)})
		case k.name == "prelu":
			others = append(others, netPiece{k.name, "const_netPReLU", n.bodies(k)})
		}
	}
	return functions, others
}

// exponential is the body of a softmax: e^(x−y) where y is in the lanes of greatest.
func (n *net) exponential() []netBody {
	for _, k := range kernels() {
		if k.name == "expOfDifference" {
			return n.bodies(k)
		}
	}
	panic("gen: there is no kernel for the exponentials of a softmax")
}

// bodies lowers k over all registers of a row at once, or over one after the other if they do not fit.
func (n *net) bodies(k kernel) []netBody {
	row := n.set.netRow()
	if b, ok := n.lower(k, row); ok {
		return []netBody{b}
	}
	var list []netBody
	for _, r := range row {
		b, ok := n.lower(k, []string{r})
		if !ok {
			panic(fmt.Sprintf("gen: %s does not fit into the registers of %s beside a row", k.name, n.set.name()))
		}
		list = append(list, b)
	}
	return list
}

func (n *net) lower(k kernel, row []string) (netBody, bool) {
	p, args := define(k, n.known)
	result := k.define(p, args)
	l := newLowering(n.set, k, n.offsets, p.prune(result))
	l.operand = n.set.netOperand
	for _, r := range n.set.netRow() {
		l.vectors.claim(r)
	}
	b := l.body(p, result, nil, len(row))
	return netBody{b, row}, !l.vectors.exhausted && !l.masks.exhausted
}

// moving are the steps that move between lanes or memory, and how their pieces are reached.
func moving() []netPiece {
	return []netPiece{{label: "dense", op: "const_netDense"}, {label: "denseFirst", op: "const_netDenseFirst"},
		{label: "softmax", op: "const_netSoftmax"}, {label: "load", op: "const_netLoad"}}
}

// A text is assembly in the making.
type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, "\t"+format+"\n", args...) }

func (t *text) label(name string) { fmt.Fprintf(t, "\n%s:\n", name) }

// jumps goes on at the piece whose op is in a register: compare and branch are instructions with a
// place for the op and for the label.
func (t *text) jumps(compare, branch string, pieces []netPiece) {
	for _, p := range pieces {
		t.line(compare, p.op)
		t.line(branch, p.label)
	}
}

func (t *text) lines(list []string) {
	for _, line := range list {
		t.WriteString(line + "\n")
	}
}
