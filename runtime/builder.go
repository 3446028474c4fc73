package runtime

import (
	"slices"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// A builder is the network that becomes a plan: each step it is given is appended,
// and gets its buffers.
type builder struct {
	plan *plan
	net  *kernels.NetBuilder // nil once a step has not fitted

	at    buffer // where the rows so far lie
	width int    // and how many values they have
	last  bool   // what comes is the last layer of the model: it writes to the caller's results

	// The columns step that is under way.
	grouping bool   // between Group and EndGroup
	around   buffer // where the rows lie that all groups take
	wide     int    // and how many values they have
	into     buffer // where the groups' results go
	begun    int    // the first step
	placed   int    // values that the groups so far give
}

// build appends the steps of a model.
func (b *builder) build(m *format.Model) error {
	layers := m.Steps()
	width := b.width
	var err error
	for i, l := range layers {
		b.last = i == len(layers)-1
		if width, err = appendLayer(b, m, l, width); err != nil {
			return err
		}
	}
	if len(layers) == 0 {
		b.net = nil
		b.plan.steps = []step{{op: opPlace, src: input, dst: output, in: width, out: width}}
	}
	return nil
}

// choose picks the buffer for a step's results.
func (b *builder) choose(inPlace bool) buffer {
	pair := buffer(0)
	if b.grouping {
		pair = 2
	}
	switch {
	case b.last && !b.grouping:
		return output
	case inPlace && b.at != input:
		return b.at
	case b.at == pair:
		return pair + 1
	}
	return pair
}

// add appends a step; in place, where that is possible, says that its results may
// lie where its source does.
func (b *builder) add(s step, inPlace bool) {
	s.src, s.dst, s.in = b.at, b.choose(inPlace), b.width
	b.plan.steps = append(b.plan.steps, s)
	b.at, b.width = s.dst, s.out
}

// Dense implements network, as all that follow do.
func (b *builder) Dense(w, bias []float32, outputs int) {
	b.net = b.net.Dense(w, bias, outputs)
	b.add(step{op: opDense, out: outputs, dense: b.plan.isa.Pack(w, bias, b.width, outputs)}, false)
}

func (b *builder) DenseInt8(w []int8, scale, bias []float32, outputs int) {
	b.net = nil
	b.add(step{op: opDenseInt8, out: outputs, q: w, scale: scale, v: bias}, false)
}

func (b *builder) Map(f kernels.Func, alpha, beta float32) {
	b.net = b.net.Map(f, alpha, beta)
	if f == kernels.FuncReLU && b.fuse() {
		return
	}
	b.add(step{op: opMap, out: b.width, function: f, alpha: alpha, beta: beta}, true)
}

// fuse makes ReLU part of the step before, if that is a dense one.
func (b *builder) fuse() bool {
	n := len(b.plan.steps)
	if n == 0 || b.plan.steps[n-1].op != opDense {
		return false
	}
	before := &b.plan.steps[n-1]
	before.relu = true
	before.dst = b.choose(true)
	b.at = before.dst
	return true
}

func (b *builder) Affine(op kernels.Arithmetic, operand []float32) {
	b.net = b.net.Affine(op, operand)
	b.add(step{op: opAffine, out: b.width, arithmetic: op, v: operand}, true)
}

func (b *builder) PReLU(slope []float32) {
	b.net = b.net.PReLU(slope)
	b.add(step{op: opPReLU, out: b.width, v: slope}, true)
}

func (b *builder) Softmax() {
	b.net = b.net.Softmax()
	b.add(step{op: opSoftmax, out: b.width}, true)
}

func (b *builder) Normalize(n kernels.Norm) {
	b.net = nil
	b.add(step{op: opNormalize, out: b.width, norm: n}, true)
}

func (b *builder) ArgMax() {
	b.net = nil
	b.add(step{op: opArgMax, out: 1}, false)
}

func (b *builder) Select(columns []int) {
	b.net = nil
	b.add(step{op: opSelect, out: len(columns), columns: slices.Clone(columns)}, false)
}

func (b *builder) OneHot(categories []float32, unknown float32) {
	b.net = nil
	b.add(step{op: opOneHot, out: len(categories), v: categories, alpha: unknown}, false)
}

func (b *builder) Polynomial(terms [][]int) {
	b.net = nil
	b.add(step{op: opPolynomial, out: len(terms), terms: terms}, false)
}

func (b *builder) Columns() {
	b.around, b.wide, b.into = b.at, b.width, b.choose(false)
	b.begun, b.placed = len(b.plan.steps), 0
}

func (b *builder) Group(columns []int) {
	b.at, b.width, b.grouping = b.around, b.wide, true
	b.Select(columns)
}

func (b *builder) EndGroup() {
	b.plan.steps = append(b.plan.steps, step{op: opPlace, src: b.at, dst: b.into, in: b.width, offset: b.placed})
	b.placed += b.width
	b.grouping = false
}

func (b *builder) EndColumns() {
	for i := b.begun; i < len(b.plan.steps); i++ {
		if s := &b.plan.steps[i]; s.op == opPlace { // how wide all are is known only now
			s.out = b.placed
		}
	}
	b.at, b.width = b.into, b.placed
}
