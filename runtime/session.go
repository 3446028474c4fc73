package runtime

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// Options says how a model is to be run. The zero value is the best choice here.
type Options struct {
	Backend Backend // Auto when empty
}

// A Session runs one model. It is for one goroutine at a time; see Clone.
type Session struct {
	plan    *plan
	rows    int               // rows that the arena holds: longer batches run in chunks
	buffers [arenas][]float32 // [rows][width of the buffer]
	pixels  []float32         // [rows][inputs], the widened input of RunUint8
	scratch []int8
}

// Rows go through the whole model a chunk at a time, so that what one layer
// writes is still in cache when the next one reads it. Wide models get shorter
// chunks: the arena stays below arenaBytes, or holds a single row.
const (
	chunkRows  = 64
	arenaBytes = 16 << 20
)

var nan = float32(math.NaN())

// New makes a session for a model. The model is not needed afterwards. Errors
// are those of [format.Model.Validate], or say that the backend cannot run here.
func New(m *format.Model, o Options) (*Session, error) {
	backend, err := o.Backend.resolve()
	if err != nil {
		return nil, err
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("runtime: %w", err)
	}
	p, err := newPlan(m, backend)
	if err != nil {
		return nil, err
	}
	return newSession(p), nil
}

func newSession(p *plan) *Session {
	width := 0
	for _, w := range p.widths {
		width += w
	}
	if p.pixels {
		width += p.inputs
	}
	s := &Session{plan: p, rows: chunkRows}
	if width > 0 {
		s.rows = min(max(arenaBytes/(4*width), 1), chunkRows)
	}
	for i, w := range p.widths {
		s.buffers[i] = make([]float32, s.rows*w)
	}
	if p.pixels {
		s.pixels = make([]float32, s.rows*p.inputs)
	}
	s.scratch = make([]int8, p.scratch)
	return s
}

// Clone returns a session of the same model for another goroutine. The two share
// the weights and cost one arena more.
func (s *Session) Clone() *Session { return newSession(s.plan) }

// Inputs is the number of values in an input row.
func (s *Session) Inputs() int { return s.plan.inputs }

// Outputs is the number of values in an output row.
func (s *Session) Outputs() int { return s.plan.outputs }

// Backend is the backend that runs.
func (s *Session) Backend() Backend { return s.plan.backend }

// WeightBytes is the number of bytes of parameters that a pass over the model
// reads.
func (s *Session) WeightBytes() int { return s.plan.weights }

// Run computes the outputs of any number of rows: src is [rows][Inputs], dst is
// [rows][Outputs], and they do not overlap. It does not allocate. An error means
// that the lengths do not fit, and that nothing was written.
func (s *Session) Run(dst, src []float32) error {
	rows, err := s.count(len(dst), len(src))
	if err != nil {
		return err
	}
	in, out := s.plan.inputs, s.plan.outputs
	for first := 0; first < rows; first += s.rows {
		n := min(s.rows, rows-first)
		s.chunk(dst[first*out:][:n*out], src[first*in:][:n*in], n)
	}
	return nil
}

// RunUint8 is Run for a model whose input is of dtype u8, with the pixels as
// bytes: each is widened exactly.
func (s *Session) RunUint8(dst []float32, src []uint8) error {
	if !s.plan.pixels {
		return fmt.Errorf("runtime: the model's input is of dtype f32, not u8: use Run")
	}
	rows, err := s.count(len(dst), len(src))
	if err != nil {
		return err
	}
	in, out := s.plan.inputs, s.plan.outputs
	for first := 0; first < rows; first += s.rows {
		n := min(s.rows, rows-first)
		pixels := s.pixels[:n*in]
		kernels.FromUint8(pixels, src[first*in:][:n*in])
		s.chunk(dst[first*out:][:n*out], pixels, n)
	}
	return nil
}

// count returns the number of rows in a call.
func (s *Session) count(dst, src int) (int, error) {
	in, out := s.plan.inputs, s.plan.outputs
	if src%in != 0 {
		return 0, fmt.Errorf("runtime: %d source values are no whole rows: the model takes %d a row", src, in)
	}
	if rows := src / in; dst != rows*out {
		return 0, fmt.Errorf("runtime: room for %d results: %d rows give %d each, %d in all", dst, rows, out, rows*out)
	}
	return src / in, nil
}

// chunk runs the plan over rows that the arena can hold.
func (s *Session) chunk(dst, src []float32, rows int) {
	var buffers [arenas + 2][]float32
	copy(buffers[:arenas], s.buffers[:])
	buffers[input], buffers[output] = src, dst
	for i := range s.plan.steps {
		st := &s.plan.steps[i]
		x := buffers[st.src][:rows*st.in]
		y := buffers[st.dst][:rows*st.out]
		switch st.op {
		case opDense:
			kernels.Dense(y, x, st.w, st.v, rows, st.in, st.out)
		case opDenseInt8:
			kernels.DenseInt8(y, x, st.q, st.scale, st.v, rows, st.in, st.out, s.scratch[:st.in])
		case opMap:
			kernels.Map(st.function, y, x, st.alpha, st.beta)
		case opAffine:
			kernels.Affine(st.arithmetic, y, x, st.v, rows, st.in)
		case opPReLU:
			kernels.PReLU(y, x, st.v, rows, st.in)
		case opSoftmax:
			kernels.Softmax(y, x, rows, st.in)
		case opNormalize:
			kernels.Normalize(st.norm, y, x, rows, st.in)
		case opArgMax:
			kernels.ArgMax(y, x, rows, st.in)
		case opSelect:
			kernels.Select(y, x, st.columns, rows, st.in)
		case opOneHot:
			kernels.OneHot(y, x, st.v, st.alpha, rows)
		case opPolynomial:
			kernels.Polynomial(y, x, st.terms, rows, st.in)
		case opPlace:
			for r := range rows {
				copy(y[r*st.out+st.offset:][:st.in], x[r*st.in:])
			}
		}
	}
}
