package runtime

import (
	"fmt"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// A plan is a model ready to run. It is never written after it is built, so
// sessions share it.
type plan struct {
	backend Backend
	steps   []step
	inputs  int // values in an input row
	outputs int // values in an output row
	pixels  bool
	widths  [arenas]int // values in a row of each buffer of the arena
	scratch int         // int8 values that a step needs beside its buffers
	weights int         // bytes of parameters that a pass reads
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

	w       []float32 // dense: [in][out]
	q       []int8    // dense of int8: [in][out]
	v       []float32 // dense: bias [out]; else operand, slope or categories
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

func newPlan(m *format.Model, backend Backend) (*plan, error) {
	p := &plan{
		backend: backend,
		inputs:  m.InputSize(),
		outputs: m.OutputSize(),
		pixels:  m.Input.DType == format.U8,
	}
	b := builder{model: m, plan: p}
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
	return p, nil
}

// A builder appends the steps of layers to a plan.
type builder struct {
	model *format.Model
	plan  *plan
}

func (b *builder) add(s step) {
	p := b.plan
	p.steps = append(p.steps, s)
	if s.dst < arenas {
		p.widths[s.dst] = max(p.widths[s.dst], s.out)
	}
	p.weights += 4*(len(s.w)+len(s.v)+len(s.scale)) + len(s.q)
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
		s.op, s.columns = opSelect, l.Columns
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

func (b *builder) dense(s *step, l *format.Dense) {
	s.op = opDense
	s.v = make([]float32, s.out)
	if l.Bias != "" {
		kernels.NormalizeBias(s.v, b.values(l.Bias))
	}
	switch w := b.model.Tensor(l.Weight); w.DType {
	case format.I8:
		s.op = opDenseInt8
		s.q, s.scale = w.Int8s(), b.model.Scales(l.Weight)
		b.plan.scratch = max(b.plan.scratch, s.in)
	case format.F16:
		s.w = make([]float32, w.Len())
		kernels.FromFloat16(s.w, w.Float16Bits())
	default:
		s.w = w.Float32s()
	}
}

// columns appends the steps of each group: pick its columns, run its layers, put
// the result into its place.
func (b *builder) columns(l *format.Columns, src, dst buffer, in, out int) error {
	const pair = 2
	offset := 0
	for _, g := range l.Groups {
		at, width := buffer(pair), len(g.Columns)
		b.add(step{op: opSelect, src: src, dst: at, in: in, out: width, columns: g.Columns})
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
