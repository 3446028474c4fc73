package runtime

import (
	"slices"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// A plan is a model ready to run. It is never written after it is built, so
// sessions share it.
type plan struct {
	isa     kernels.ISA
	steps   []step
	net     *kernels.Net // all steps in one call; nil where a row does not fit into registers
	netRows int          // the most rows for which that is the faster way, 0 if there is none
	inputs  int          // values in an input row
	outputs int          // values in an output row
	pixels  bool
	widths  [arenas]int // values in a row of each buffer of the arena
	scratch int         // int8 values that a step needs beside its buffers
	weights int         // bytes of parameters that a pass reads
	cost    float64     // of a row, roughly, in multiply-adds
}

// A step is one kernel call. Which fields it uses follows from its op.
type step struct {
	op       op
	src, dst buffer
	in, out  int // values in a row of src and of dst

	function   kernels.Func
	arithmetic kernels.Arithmetic
	norm       kernels.Norm
	alpha      float32
	beta       float32

	dense   *kernels.Packed
	relu    bool      // dense: whether ReLU follows
	q       []int8    // dense of int8: [in][out]
	v       []float32 // dense of int8: bias [out]; else operand, slope or categories
	scale   []float32 // dense of int8: [out]
	columns []int     // select
	terms   [][]int   // polynomial
	offset  int       // place: column of dst where src goes
}

type op uint8

const (
	opDense op = iota + 1
	opDenseInt8
	opMap
	opAffine
	opPReLU
	opSoftmax
	opNormalize
	opArgMax
	opSelect
	opOneHot
	opPolynomial
	opPlace // copy src into some columns of dst
)

// A buffer holds the rows between two steps.
type buffer uint8

// The buffers of the arena come first. Layers alternate between the first two;
// the layers of a columns step between the other two.
const (
	arenas        = 4
	input  buffer = arenas     // the caller's rows, never written
	output buffer = arenas + 1 // the caller's results
)

func newPlan(m *format.Model, isa kernels.ISA) (*plan, error) {
	p := &plan{
		isa:     isa,
		inputs:  m.InputSize(),
		outputs: m.OutputSize(),
		pixels:  m.Input.DType == format.U8,
	}
	b := builder{plan: p, net: isa.NewNet(p.inputs), at: input, width: p.inputs}
	if err := b.build(m); err != nil {
		return nil, err
	}
	if p.net = b.net.Net(); p.net != nil {
		p.netRows = netRows(p.steps)
	}
	p.measure()
	return p, nil
}

// netRows returns up to how many rows one call for the whole network is faster
// than one a step. Steps that act on each value alone fill their registers with
// the values of many rows, once there are many; a softmax takes one row at a time
// in any case.
func netRows(steps []step) int {
	const few = 6
	if slices.ContainsFunc(steps, func(s step) bool { return s.op == opSoftmax }) {
		return chunkRows
	}
	return few
}

// measure adds up what the steps need.
func (p *plan) measure() {
	for _, s := range p.steps {
		if s.dst < arenas {
			p.widths[s.dst] = max(p.widths[s.dst], s.out)
		}
		p.weights += 4*(len(s.v)+len(s.scale)) + len(s.q)
		switch s.op {
		case opDense:
			p.weights += s.dense.Bytes()
			p.cost += float64(s.in) * float64(s.out)
		case opDenseInt8:
			p.scratch = max(p.scratch, s.in)
			p.cost += float64(s.in) * float64(s.out)
		default: // a function of a value takes a few operations
			p.cost += 8 * float64(s.out)
		}
	}
}
