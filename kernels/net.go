package kernels

import (
	"fmt"
	"math"
	"slices"
)

// Net is a whole network whose rows fit into one vector register after each of its steps: the 2-2-1 and the
// 4-5-3 of the textbooks. One call computes any number of rows from the first step to the last, and between
// the steps of a row nothing is written to memory but what a dense layer broadcasts from. It computes the bits
// of [Dense], [Map], [Affine], [PReLU] and [Softmax], one after the other.
//
// Nothing writes to it after [NetBuilder.Net], so any number of goroutines may run it at once.
type Net struct {
	isa     ISA
	in, out int
	steps   []netStep
}

// netInputs is the most that the first dense layer takes: from here on its order may be the dot order.
const netInputs = 63

// A netStep is one step as the kernels read it.
type netStep struct {
	op          uint64   // a Func, netAffine + an Arithmetic, or one of the other constants
	w           *float32 // dense: [k][lanes]; affine, prelu: [lanes]; load, softmax, store: mask [lanes] of the values that are there
	bias        *float32 // dense: [lanes]
	k           int      // dense: inputs; load, store: values
	alpha, beta float32  // of a Func
}

// What a step does that is no Func.
const (
	netStore      = 0  // the end: write the row, and go on with the next one
	netAffine     = 32 // + Arithmetic
	netPReLU      = 40
	netSoftmax    = 41
	netLoad       = 42 // the beginning, where the first step is not dense: read the row
	netDenseFirst = 43 // the beginning: a dense layer that reads x itself
	netDense      = 44
)

// A NetBuilder compiles a [Net] step by step. Its methods return the builder, or nil if there is no kernel for
// what they are to add; on a nil builder they do nothing and return nil.
type NetBuilder struct {
	net   *Net
	lanes int // values of the register that holds a row
	width int // values in a row after the steps so far
}

// NewNet begins a network of so many inputs, or returns nil where i has no kernel for it.
func (i ISA) NewNet(inputs int) *NetBuilder {
	if !slices.Contains(ISAs(), i) {
		panic(fmt.Sprintf("kernels: NewNet: %s is not among the ISAs of this processor", i))
	}
	lanes := i.netLanes()
	if lanes == 0 || inputs < 1 || inputs > netInputs {
		return nil
	}
	return &NetBuilder{&Net{isa: i, in: inputs}, lanes, inputs}
}

// Dense appends a dense layer: w is [inputs][outputs] row-major, b is [outputs] and holds no −0 (see
// [NormalizeBias]).
func (b *NetBuilder) Dense(w, bias []float32, outputs int) *NetBuilder {
	if b == nil || outputs < 1 || outputs > b.lanes {
		return nil
	}
	mustHold("NetBuilder.Dense", "w", len(w), b.width, outputs)
	mustHold("NetBuilder.Dense", "bias", len(bias), 1, outputs)
	s := netStep{op: netDense, k: b.width, bias: b.register(bias)}
	if len(b.net.steps) == 0 {
		s.op = netDenseFirst
	}
	packed := alignedFloats(b.width * b.lanes)
	for k := range b.width {
		copy(packed[k*b.lanes:], w[k*outputs:(k+1)*outputs])
	}
	s.w = &packed[0]
	b.net.steps = append(b.net.steps, s)
	b.width = outputs
	return b
}

// Map appends a function of each value.
func (b *NetBuilder) Map(f Func, alpha, beta float32) *NetBuilder {
	if f < FuncReLU || f > FuncGreaterEqual {
		panicUndefined("NetBuilder.Map", f)
	}
	return b.add(netStep{op: uint64(f), alpha: alpha, beta: beta})
}

// Affine appends an operation with a constant for each column, or with one for all.
func (b *NetBuilder) Affine(op Arithmetic, operand []float32) *NetBuilder {
	if op < Add || op > Divide {
		panicUndefined("NetBuilder.Affine", op)
	}
	return b.addColumns(netAffine+uint64(op), "Affine", operand)
}

// PReLU appends a leaky ReLU with a slope for each column, or with one for all.
func (b *NetBuilder) PReLU(slope []float32) *NetBuilder {
	return b.addColumns(netPReLU, "PReLU", slope)
}

// Softmax appends a softmax of the row.
func (b *NetBuilder) Softmax() *NetBuilder {
	if b == nil {
		return nil
	}
	return b.add(netStep{op: netSoftmax, w: b.mask()})
}

// Net returns the network, or nil if a step did not fit.
func (b *NetBuilder) Net() *Net {
	if b = b.add(netStep{op: netStore}); b == nil {
		return nil
	}
	end := &b.net.steps[len(b.net.steps)-1]
	end.w, end.k = b.mask(), b.width
	b.net.out = b.width
	return b.net
}

// add appends a step that takes the row from a register and leaves as many values there.
func (b *NetBuilder) add(s netStep) *NetBuilder {
	if b == nil || b.width > b.lanes {
		return nil
	}
	if len(b.net.steps) == 0 {
		b.net.steps = append(b.net.steps, netStep{op: netLoad, k: b.width, w: b.mask()})
	}
	b.net.steps = append(b.net.steps, s)
	return b
}

func (b *NetBuilder) addColumns(op uint64, what string, operand []float32) *NetBuilder {
	if b == nil || b.width > b.lanes {
		return nil
	}
	if len(operand) == 1 {
		operand = slices.Repeat(operand, b.width)
	}
	mustHold("NetBuilder."+what, "operand", len(operand), 1, b.width)
	return b.add(netStep{op: op, w: b.register(operand)})
}

// register returns values padded with zeros to a register.
func (b *NetBuilder) register(values []float32) *float32 {
	padded := alignedFloats(b.lanes)
	copy(padded, values)
	return &padded[0]
}

// mask returns a register of ones in all bits for each value of a row, and of zeros beside them.
func (b *NetBuilder) mask() *float32 {
	return b.register(slices.Repeat([]float32{math.Float32frombits(math.MaxUint32)}, b.width))
}

// Run computes rows: x is [rows][inputs], dst is [rows][outputs], both row-major; they must not overlap.
func (n *Net) Run(dst, x []float32, rows int) {
	mustHold("Net.Run", "dst", len(dst), rows, n.out)
	mustHold("Net.Run", "x", len(x), rows, n.in)
	if rows == 0 {
		return
	}
	raceRead(x)
	raceWrite(dst)
	n.isa.netKernel(&n.steps[0], &dst[0], &x[0], rows)
}
