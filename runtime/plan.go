package runtime

import (
	"fmt"
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
	b := builder{model: m, plan: p, net: isa.NewNet(p.inputs)}
	layers := m.Steps()
	at, width := input, p.inputs
	var err error
	for i, l := range layers {
		if at, width, err = b.layer(l, at, width, 0, i == len(layers)-1); err != nil {
			return nil, err
		}
	}
	if len(layers) == 0 {
		b.add(step{op: opPlace, src: input, dst: output, in: width, out: width})
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

// A builder appends the steps of layers to a plan.
type builder struct {
	model *format.Model
	plan  *plan
	net   *kernels.NetBuilder // nil once a step has not fitted
}

func (b *builder) add(s step) {
	b.plan.steps = append(b.plan.steps, s)
	switch s.op {
	case opDense: // dense has added it
	case opMap:
		b.net = b.net.Map(s.function, s.alpha, s.beta)
	case opAffine:
		b.net = b.net.Affine(s.arithmetic, s.v)
	case opPReLU:
		b.net = b.net.PReLU(s.v)
	case opSoftmax:
		b.net = b.net.Softmax()
	default:
		b.net = nil
	}
}

// layer appends the steps of one layer, whose rows lie in src, and returns where
// its results lie and their width. The pair of arena buffers to use starts at
// pair. The last layer of a model writes to the caller's results.
func (b *builder) layer(l format.Layer, src buffer, in int, pair buffer, last bool) (buffer, int, error) {
	out, err := b.model.Outputs(l, in)
	if err != nil {
		return 0, 0, fmt.Errorf("runtime: %w", err)
	}
	s := step{src: src, in: in, out: out}
	inPlace := false // whether dst may be src
	switch l := l.(type) {
	case *format.Columns:
		dst := choose(src, pair, false, last)
		return dst, out, b.columns(l, src, dst, in, out)
	case *format.Dense:
		b.dense(&s, l)
	case *format.Activation:
		if l.Function == format.ReLU && b.fuse(src, last) {
			return b.plan.steps[len(b.plan.steps)-1].dst, out, nil
		}
		s.op, s.alpha, s.beta, inPlace = opMap, l.Alpha, l.Beta, true
		s.function = named(kernels.FuncReLU, l.Op())
	case *format.Clip:
		s.op, s.alpha, s.beta, inPlace = opMap, l.Low, l.High, true
		s.function = kernels.FuncClip
	case *format.Threshold:
		s.op, s.alpha, inPlace = opMap, l.Cut.Value, true
		s.function = kernels.FuncGreater
		if l.Cut.Comparison == format.GreaterOrEqual {
			s.function = kernels.FuncGreaterEqual
		}
	case *format.PReLU:
		s.op, s.v, inPlace = opPReLU, b.values(l.Slope), true
	case *format.Affine:
		s.op, s.v, inPlace = opAffine, b.values(l.Operand), true
		s.arithmetic = named(kernels.Add, l.Op())
	case *format.Softmax:
		s.op, inPlace = opSoftmax, true
	case *format.Normalize:
		s.op, inPlace = opNormalize, true
		s.norm = named(kernels.L1, string(l.Norm))
	case *format.ArgMax:
		s.op = opArgMax
	case *format.Select:
		s.op, s.columns = opSelect, slices.Clone(l.Columns)
	case *format.OneHot:
		s.op, s.v = opOneHot, b.values(l.Categories)
		if l.Unknown == format.UnknownNaN {
			s.alpha = nan
		}
	case *format.Polynomial:
		s.op, s.terms = opPolynomial, l.Terms(in)
	default:
		panic(fmt.Sprintf("runtime: a layer of type %T", l))
	}
	s.dst = choose(src, pair, inPlace, last)
	b.add(s)
	return s.dst, out, nil
}

// choose picks the buffer for a step's results.
func choose(src, pair buffer, inPlace, last bool) buffer {
	switch {
	case last:
		return output
	case inPlace && src != input:
		return src
	case src == pair:
		return pair + 1
	}
	return pair
}

// fuse makes ReLU part of the dense step whose results lie in src, if the step
// before is one.
func (b *builder) fuse(src buffer, last bool) bool {
	n := len(b.plan.steps)
	if n == 0 {
		return false
	}
	before := &b.plan.steps[n-1]
	if before.op != opDense || before.dst != src {
		return false
	}
	before.relu = true
	b.net = b.net.Map(kernels.FuncReLU, 0, 0)
	if last {
		before.dst = output
	}
	return true
}

func (b *builder) dense(s *step, l *format.Dense) {
	bias := make([]float32, s.out)
	if l.Bias != "" {
		kernels.NormalizeBias(bias, b.values(l.Bias))
	}
	w := b.model.Tensor(l.Weight)
	if w.DType == format.I8 {
		s.op, s.q, s.v, s.scale = opDenseInt8, w.Int8s(), bias, b.model.Scales(l.Weight)
		return
	}
	weights := wide(w)
	s.op, s.dense = opDense, b.plan.isa.Pack(weights, bias, s.in, s.out)
	b.net = b.net.Dense(weights, bias, s.out)
}

// wide returns the elements of a tensor of f32 or f16.
func wide(t *format.Tensor) []float32 {
	if t.DType == format.F32 {
		return t.Float32s()
	}
	values := make([]float32, t.Len())
	kernels.FromFloat16(values, t.Float16Bits())
	return values
}

// columns appends the steps of each group: pick its columns, run its layers, put
// the result into its place.
func (b *builder) columns(l *format.Columns, src, dst buffer, in, out int) error {
	const pair = 2
	offset := 0
	for _, g := range l.Groups {
		at, width := buffer(pair), len(g.Columns)
		b.add(step{op: opSelect, src: src, dst: at, in: in, out: width, columns: slices.Clone(g.Columns)})
		for _, inner := range g.Layers {
			var err error
			if at, width, err = b.layer(inner, at, width, pair, false); err != nil {
				return err
			}
		}
		b.add(step{op: opPlace, src: at, dst: dst, in: width, out: out, offset: offset})
		offset += width
	}
	return nil
}

func (b *builder) values(tensor string) []float32 { return b.model.Tensor(tensor).Float32s() }

// named returns the kernels' constant of that name, looking from the first one
// on. Functions, operators and norms have the same names in a model file and in
// package kernels.
func named[T interface {
	~uint8
	String() string
}](first T, name string) T {
	for v := first; v != 0; v++ {
		if v.String() == name {
			return v
		}
	}
	panic(fmt.Sprintf("runtime: package kernels has no %q", name))
}
