package runtime

import (
	"fmt"
	"math"
	goruntime "runtime"
	"time"

	"github.com/edge-infer/edge-infer/format"
)

// Options says how a model is to be run. The zero value is the best choice here.
type Options struct {
	Backend Backend // Auto when empty

	// Threads is how many goroutines may share the rows of a large batch, or the
	// outputs of a large dense layer when there is a single row; 0 means one for
	// each processor that Go uses (GOMAXPROCS). Work is shared only where each
	// gets some 40 µs of it, or 1 µs where calls follow each other closely. It
	// changes no bit.
	Threads int

	// The rest is for Auto where there is a GPU. Auto then measures from how many
	// rows a call on is faster there, in some 200 ms beside loading the model, and
	// keeps to that. Session.Tuning says what it found.

	// Batch is how many rows calls will mostly have; 0 means 64.
	Batch int

	// CacheDir is a folder for files of what was measured, one for each model and
	// machine; New makes it if need be. Where it is empty nothing is kept, and
	// every New measures.
	CacheDir string

	// Tune measures anew what CacheDir holds already.
	Tune bool

	// Notify is told, once for a session and its clones, that a GPU which is there
	// is not used since it failed, in New or in a call. The call that failed is
	// repeated on the processor, so nothing else is to be done. It is not told that
	// there is no GPU. It may be nil.
	Notify func(error)
}

// MaxThreads is the greatest number of threads that Options may ask for.
const MaxThreads = 1024

// MaxBatch is the greatest batch that Options may name.
const MaxBatch = 1 << 24

// A Session runs one model. It is for one goroutine at a time, and is not to be
// copied; see Clone.
type Session struct {
	plan   *plan
	arena  *arena
	pool   *pool       // nil where one goroutine does all
	sparse *sparsePath // made by the first RunSparse

	gpuRows int        // calls with so many rows or more run on the GPU
	gpu     gpuSession // nil until one does
	shared  *shared    // with clones
}

var nan = float32(math.NaN())

// New makes a session for a model. The model is not needed afterwards. Errors
// are those of [format.Model.Validate], or say that the backend cannot run here.
// A GPU that fails is an error with the backend CUDA; with Auto the processor is
// used, see [Options.Notify].
func New(m *format.Model, o Options) (*Session, error) {
	return newSession(m, o, host{openGPU, time.Now})
}

// A host is what New finds around it.
type host struct {
	openGPU func() (gpu, error)
	now     func() time.Time
}

func newSession(m *format.Model, o Options, h host) (*Session, error) {
	isa, err := o.Backend.isa()
	if err != nil {
		return nil, err
	}
	if o.Threads < 0 || o.Threads > MaxThreads {
		return nil, fmt.Errorf("runtime: %d threads: choose from 1 to %d, or 0 for one a processor", o.Threads, MaxThreads)
	}
	if o.Batch < 0 || o.Batch > MaxBatch {
		return nil, fmt.Errorf("runtime: batches of %d rows: choose from 1 to %d, or 0 for the usual", o.Batch, MaxBatch)
	}
	if err := checkFloats(); err != nil {
		return nil, err
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("runtime: %w", err)
	}
	p, err := newPlan(m, isa)
	if err != nil {
		return nil, err
	}
	s := &Session{plan: p, arena: newArena(p, arenaBytes), gpuRows: never, shared: &shared{notify: o.Notify}}
	threads := o.Threads
	if threads == 0 {
		threads = goruntime.GOMAXPROCS(0)
	}
	if threads > 1 {
		s.pool = newPool(p, threads-1)
		goruntime.AddCleanup(s, (*pool).stop, s.pool)
	}
	switch o.Backend {
	case CUDA:
		err = s.requireGPU(m, h)
	case Auto, "":
		s.considerGPU(m, o, h)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Clone returns a session of the same model for another goroutine, which does
// all its work there. The two share the weights and cost one arena more, and on a
// GPU buffers of their own from the first call on.
func (s *Session) Clone() *Session {
	return &Session{plan: s.plan, arena: newArena(s.plan, arenaBytes), gpuRows: s.gpuRows, shared: s.shared}
}

// Inputs is the number of values in an input row.
func (s *Session) Inputs() int { return s.plan.inputs }

// Outputs is the number of values in an output row.
func (s *Session) Outputs() int { return s.plan.outputs }

// Backend is the backend that runs. Where the number of rows decides, it is that
// for one row: see BackendFor.
func (s *Session) Backend() Backend { return s.BackendFor(1) }

// BackendFor is the backend that runs a call of Run or RunUint8 with so many rows.
func (s *Session) BackendFor(rows int) Backend {
	if rows >= s.gpuRows {
		return CUDA
	}
	return Backend(s.plan.isa.String())
}

// Threads is the number of goroutines that may share a batch.
func (s *Session) Threads() int {
	if s.pool == nil {
		return 1
	}
	return 1 + len(s.pool.helpers)
}

// WeightBytes is the number of bytes of parameters that a pass over the model
// reads.
func (s *Session) WeightBytes() int { return s.plan.weights }

// Run computes the outputs of any number of rows: src is [rows][Inputs], dst is
// [rows][Outputs], and they do not overlap. It does not allocate, on a GPU after the
// first calls with a number of rows. An error means that the lengths do not fit, and
// that nothing was written; or with the backend CUDA that the GPU has failed, and
// that dst holds nothing of use.
func (s *Session) Run(dst, src []float32) error {
	if p := s.plan; p.net != nil && len(src) == p.inputs && len(dst) == p.outputs && s.gpuRows > 1 {
		p.net.Run(dst, src, 1) // what follows would take as long as the arithmetic
		return nil
	}
	rows, err := s.count(len(dst), len(src))
	if err != nil {
		return err
	}
	return s.runAnywhere(&batch{dst: dst, src: src, rows: rows})
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
	return s.runAnywhere(&batch{dst: dst, bytes: src, rows: rows})
}

// runAnywhere runs a batch on the GPU or the processor.
func (s *Session) runAnywhere(b *batch) error {
	if b.rows >= s.gpuRows {
		if done, err := s.runOnGPU(b); done {
			return err
		}
	}
	s.run(b)
	return nil
}

// run runs a batch on the processor, and shares it among as many goroutines as have enough to do.
func (s *Session) run(b *batch) {
	parts := 1
	if b.rows > 1 && s.pool != nil {
		parts = s.pool.shares(b.cost(s.plan), b.rows)
	}
	if parts > 1 {
		s.pool.run(s.arena, b, parts)
	} else {
		s.arena.run(b, s.pool)
	}
	goruntime.KeepAlive(s) // whose end is the pool's
}

// count returns the number of rows in a call.
func (s *Session) count(dst, src int) (int, error) {
	in, out := s.plan.inputs, s.plan.outputs
	if src%in != 0 {
		return 0, fmt.Errorf("runtime: %d source values are no whole rows: the model takes %d a row", src, in)
	}
	rows := src / in
	if int64(dst) != int64(rows)*int64(out) {
		return 0, fmt.Errorf("runtime: room for %d results: %d rows give %d each", dst, rows, out)
	}
	return rows, nil
}
