package runtime

import (
	"errors"
	"fmt"
	goruntime "runtime"
	"slices"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/format"
)

// A fakeGPU computes on the processor, fails where it is told to, and takes as long
// as it is told to: it puts its own clock on.
type fakeGPU struct {
	open, load, session error // what fails
	good                int   // so many calls succeed; all if it is 0
	err                 error // what the others answer

	call, row time.Duration // what a call takes, and each row of it
	clock     time.Duration
	tick      time.Duration // what reading the clock takes; 0: a microsecond

	driver string

	models, sessions int   // that are open
	calls            []int // the rows of each call
	bytes            int   // calls of RunUint8 among them
}

// host is where it is the GPU. Whatever runs on the processor takes as long as reading
// the clock.
func (f *fakeGPU) host() host {
	return host{
		openGPU: func() (gpu, error) {
			if f.open != nil {
				return nil, f.open
			}
			return fakeDevice{f}, nil
		},
		now: func() time.Time {
			f.clock += max(f.tick, time.Microsecond)
			return time.Unix(0, int64(f.clock))
		},
	}
}

type fakeDevice struct{ *fakeGPU }

func (d fakeDevice) about() GPU { return GPU{Name: "fake", Compute: 53, Driver: d.driver} }
func (d fakeDevice) close()     {}

func (d fakeDevice) load(m *format.Model) (gpuModel, error) {
	if d.fakeGPU.load != nil {
		return nil, d.fakeGPU.load
	}
	d.models++
	cpu, err := New(m, Options{Backend: Reference, Threads: 1})
	return fakeModel{d.fakeGPU, cpu}, err
}

type fakeModel struct {
	*fakeGPU
	cpu *Session
}

func (m fakeModel) session() (gpuSession, error) {
	if m.fakeGPU.session != nil {
		return nil, m.fakeGPU.session
	}
	m.sessions++
	return &fakeSession{m.fakeGPU, m.cpu.Clone()}, nil
}

func (m fakeModel) Close() error { m.models--; return nil }

type fakeSession struct {
	*fakeGPU
	cpu *Session
}

func (s *fakeSession) Close() error { s.sessions--; return nil }

// began notes a call, and returns its error. One that fails leaves dst half written.
func (s *fakeSession) began(dst []float32, rows int) error {
	s.clock += s.call + time.Duration(rows)*s.row
	s.calls = append(s.calls, rows)
	if s.good > 0 && len(s.calls) > s.good {
		for i := range dst[:len(dst)/2] {
			dst[i] = -12345
		}
		return s.err
	}
	return nil
}

func (s *fakeSession) Run(dst, src []float32, rows int) error {
	if err := s.began(dst, rows); err != nil {
		return err
	}
	return s.cpu.Run(dst, src)
}

func (s *fakeSession) RunUint8(dst []float32, src []uint8, rows int) error {
	s.bytes++
	if err := s.began(dst, rows); err != nil {
		return err
	}
	return s.cpu.RunUint8(dst, src)
}

func (s *fakeSession) timed(dst, src []float32, rows int) (GPUTimes, error) {
	return GPUTimes{Kernels: s.call}, s.Run(dst, src, rows)
}

// fast is a GPU that beats the processor of its host at any number of rows, since
// that takes a microsecond; slow is one that never does.
func fast() *fakeGPU { return &fakeGPU{call: -time.Microsecond} }
func slow() *fakeGPU { return &fakeGPU{call: time.Millisecond} }

// news returns a Notify, and what it was told.
func news() (func(error), *[]error) {
	told := new([]error)
	return func(err error) { *told = append(*told, err) }, told
}

// checkAnswers runs rows of a session and compares them with interpret.
func checkAnswers(t *testing.T, s *Session, m *format.Model, rows int) {
	t.Helper()
	src, dst := newInputs(3).values(rows*s.Inputs()), make([]float32, rows*s.Outputs())
	if err := s.Run(dst, src); err != nil {
		t.Fatal(err)
	}
	for r := range rows {
		if got, want := dst[r*s.Outputs():][:s.Outputs()], interpret(m, src[r*s.Inputs():][:s.Inputs()]); !sameBits(got, want) {
			t.Fatalf("%d rows, row %d: %v, want %v", rows, r, got, want)
		}
	}
}

func TestAutoTakesTheFaster(t *testing.T) {
	m := perceptron(1, 4, 5, 3)
	for name, test := range map[string]struct {
		gpu  *fakeGPU
		from int
	}{
		"a fast one":                        {fast(), 1},
		"a slow one":                        {slow(), 0},
		"one that takes a second for a row": {&fakeGPU{row: time.Second}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			notify, told := news()
			s, err := newSession(m, Options{Notify: notify}, test.gpu.host())
			if err != nil {
				t.Fatal(err)
			}
			tuning := s.Tuning()
			if tuning.FromRows != test.from || tuning.GPU.Name != "fake" || tuning.Measured == nil || tuning.Kept || (tuning.Unused == nil) != (test.from > 0) {
				t.Errorf("tuning %+v", tuning)
			}
			if got := s.BackendFor(64) == CUDA; got != (test.from > 0) {
				t.Errorf("64 rows run on %s", s.BackendFor(64))
			}
			if want := min(test.from, 1); test.gpu.models != want || test.gpu.sessions != want {
				t.Errorf("%d models and %d sessions are on the GPU", test.gpu.models, test.gpu.sessions)
			}
			before := len(test.gpu.calls)
			checkAnswers(t, s, m, 70)
			if got := len(test.gpu.calls) - before; got != min(test.from, 1) {
				t.Errorf("the call made %d on the GPU", got)
			}
			if len(*told) > 0 {
				t.Errorf("what is no failure was told: %v", *told)
			}
		})
	}
}

// A call takes the GPU by its number of rows.
func TestRowsChooseTheBackend(t *testing.T) {
	m, dir, g := perceptron(1, 4, 5, 3), t.TempDir(), fast()
	keep(t, dir, m, g, Measured{Rows: 64, CPUOne: 10, CPUMany: 640, GPUOne: 100, GPUMany: 163})
	s, err := newSession(m, Options{CacheDir: dir}, g.host())
	if err != nil {
		t.Fatal(err)
	}
	const from = 12 // 10 + 10·(n−1) crosses 100 + (n−1) at n = 11
	if got := s.Tuning(); got.FromRows != from || !got.Kept || len(g.calls) > 0 {
		t.Fatalf("tuning %+v after the calls %v", got, g.calls)
	}
	for _, rows := range []int{0, 1, from - 1, from, 100} {
		g.calls = nil
		checkAnswers(t, s, m, rows)
		if rows > 0 && rows >= from != slices.Equal(g.calls, []int{rows}) {
			t.Errorf("%d rows make the calls %v on the GPU", rows, g.calls)
		}
		if (s.BackendFor(rows) == CUDA) != (rows >= from) {
			t.Errorf("%d rows: backend %s", rows, s.BackendFor(rows))
		}
	}
	if s.Backend() == CUDA {
		t.Error("the backend for one row is the GPU")
	}
}

// With the backend CUDA every dense row runs on the GPU; sparse rows do not.
func TestCUDARunsAllOnTheGPU(t *testing.T) {
	for name, m := range map[string]*format.Model{"floats": pixels(format.F32), "bytes": pixels(format.U8)} {
		t.Run(name, func(t *testing.T) {
			g := slow()
			s, err := newSession(m, Options{Backend: CUDA, Batch: 1}, g.host())
			if err != nil {
				t.Fatal(err)
			}
			if s.Backend() != CUDA || s.Tuning().FromRows != 1 || len(g.calls) > 0 {
				t.Fatalf("backend %s, tuning %+v, calls %v", s.Backend(), s.Tuning(), g.calls)
			}
			checkAnswers(t, s, m, 1)
			checkAnswers(t, s.Clone(), m, 5)
			got := make([]float32, 2)
			if m.Input.DType == format.U8 {
				if err := s.RunUint8(got, []uint8{1, 2, 3, 4, 5, 6, 7, 8}); err != nil || got[0] != 4321 || g.bytes != 1 {
					t.Errorf("bytes give %v, %v after %d calls with bytes", got, err, g.bytes)
				}
			}
			g.calls = nil
			sparse := SparseRows{Offsets: []int32{0, 1, 1}, Columns: []int32{2}, Values: []float32{3}}
			if err := s.RunSparse(got, sparse); err != nil || got[0] != 300 || len(g.calls) > 0 {
				t.Errorf("sparse rows give %v, %v with the calls %v on the GPU", got, err, g.calls)
			}
			times, err := s.RunTimed(got, make([]float32, 8))
			if err != nil || times.Kernels != g.call {
				t.Errorf("timed: %+v, %v", times, err)
			}
			if _, err := s.RunTimed(got, make([]float32, 7)); err == nil {
				t.Error("part of a row is timed")
			}
			if err := s.Run(got, make([]float32, 9)); err == nil {
				t.Error("part of a row runs")
			}
		})
	}
	s, err := newSession(pixels(format.F32), Options{Backend: Reference}, fast().host())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RunTimed(make([]float32, 1), make([]float32, 4)); err == nil {
		t.Error("the reference is timed as a GPU")
	}
	if got := s.Tuning(); got != (Tuning{}) {
		t.Errorf("the reference has looked for a GPU: %+v", got)
	}
}

var errBroken = errors.New("cuda: device lost: broken")

// Whatever fails, Auto goes on with the processor and says so once, unless there is
// no GPU at all; CUDA is an error.
func TestGPUFails(t *testing.T) {
	m := perceptron(2, 4, 5, 3)
	broken := func(f fakeGPU) func() *fakeGPU {
		f.call, f.err = -time.Microsecond, errBroken
		return func() *fakeGPU { g := f; return &g }
	}
	measured := fast()
	if _, err := newSession(m, Options{}, measured.host()); err != nil {
		t.Fatal(err)
	}
	measuring := len(measured.calls)
	for name, test := range map[string]struct {
		gpu      func() *fakeGPU
		told     bool
		required bool // the backend CUDA fails, in New or in the first call
	}{
		"built without":      {broken(fakeGPU{open: ErrWithoutCUDA}), false, true},
		"no driver":          {broken(fakeGPU{open: fmt.Errorf("%w: it is not there", ErrNoDriver)}), false, true},
		"a failing driver":   {broken(fakeGPU{open: errBroken}), true, true},
		"no room":            {broken(fakeGPU{load: errBroken}), true, true},
		"no buffers":         {broken(fakeGPU{session: errBroken}), true, true},
		"at the second call": {broken(fakeGPU{good: 1}), true, false},
		"while it measures":  {broken(fakeGPU{good: measuring - 1}), true, false},
		"later":              {broken(fakeGPU{good: measuring + 1}), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			notify, told := news()
			g := test.gpu()
			s, err := newSession(m, Options{Notify: notify}, g.host())
			if err != nil {
				t.Fatal(err)
			}
			clone := s.Clone()
			for range 3 {
				checkAnswers(t, s, m, 9)
				checkAnswers(t, clone, m, 9)
			}
			if got := len(*told); test.told != (got == 1) || got > 1 {
				t.Errorf("told %v", *told)
			}
			if tuning := s.Tuning(); tuning.FromRows != 0 || tuning.Unused == nil {
				t.Errorf("tuning %+v", tuning)
			}
			if s.BackendFor(1000) == CUDA || clone.Clone().BackendFor(1000) == CUDA {
				t.Error("the GPU is still used")
			}
			if g.sessions != 0 {
				t.Errorf("%d sessions are left on the GPU", g.sessions)
			}

			g = test.gpu()
			s, err = newSession(m, Options{Backend: CUDA, Notify: notify}, g.host())
			if err == nil {
				if err = s.Run(make([]float32, 3), make([]float32, 4)); test.required != (err != nil) {
					t.Errorf("the first call with backend cuda gives %v", err)
				}
				for range g.good { // until it fails
					err = s.Run(make([]float32, 3), make([]float32, 4))
				}
			}
			if err == nil || !errors.Is(err, errBroken) && !errors.Is(err, g.open) {
				t.Errorf("backend cuda gives the error %v", err)
			}
			if len(*told) > 1 {
				t.Errorf("backend cuda tells %v", *told)
			}
		})
	}
}

// Clones share the weights on the GPU and have buffers of their own.
func TestClonesOnTheGPU(t *testing.T) {
	m, g := perceptron(1, 4, 5, 3), fast()
	s, err := newSession(m, Options{Backend: CUDA}, g.host())
	if err != nil {
		t.Fatal(err)
	}
	clones := []*Session{s.Clone(), s.Clone(), s.Clone()}
	if g.sessions != 1 {
		t.Errorf("%d sessions on the GPU before a clone has run", g.sessions)
	}
	for _, c := range clones {
		checkAnswers(t, c, m, 2)
	}
	if g.models != 1 || g.sessions != 4 {
		t.Errorf("%d models and %d sessions on the GPU", g.models, g.sessions)
	}
	g.session = errBroken
	if err := s.Clone().Run(make([]float32, 3), make([]float32, 4)); !errors.Is(err, errBroken) {
		t.Errorf("a clone without buffers gives %v", err)
	}
	if _, err := s.Clone().RunTimed(make([]float32, 3), make([]float32, 4)); !errors.Is(err, errBroken) {
		t.Errorf("a clone without buffers is timed: %v", err)
	}
	goruntime.KeepAlive(clones)
}

func TestBatchOption(t *testing.T) {
	for _, batch := range []int{-1, MaxBatch + 1} {
		if _, err := New(pixels(format.F32), Options{Batch: batch}); err == nil {
			t.Errorf("batches of %d rows are accepted", batch)
		}
	}
	for batch, want := range map[int]int{0: usualBatch, 1: usualBatch, 2: 2, 300: 300, MaxBatch: 1000} {
		g := &fakeGPU{tick: measuring / 4 / 1000}
		s, err := newSession(pixels(format.F32), Options{Batch: batch}, g.host())
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Tuning().Measured.Rows; got != want {
			t.Errorf("batch %d: %d rows are measured", batch, got)
		}
	}
}
