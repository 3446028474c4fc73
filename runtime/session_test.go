package runtime

import (
	"fmt"
	"math"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// sameBits compares two rows, any NaN being equal to any other.
func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
	})
}

// checkModel holds a session of every backend against interpret, which uses the
// reference kernels, at batches around the size of a chunk, and against its own
// answers for one row at a time.
func checkModel(t *testing.T, m *format.Model, seed uint64) {
	t.Helper()
	for _, b := range Backends()[1:] {
		t.Run(string(b), func(t *testing.T) { checkSession(t, m, b, seed) })
	}
}

func checkSession(t *testing.T, m *format.Model, b Backend, seed uint64) {
	s, err := New(m, Options{Backend: b})
	if err != nil {
		t.Fatal(err)
	}
	if s.Backend() != b {
		t.Fatalf("backend %s runs where %s was asked for", s.Backend(), b)
	}
	g := newInputs(seed)
	in, out := s.Inputs(), s.Outputs()
	for _, rows := range []int{0, 1, 2, s.arena.rows - 1, s.arena.rows, s.arena.rows + 1, 2*s.arena.rows + 3} {
		src := g.values(rows * in)
		before := slices.Clone(src)
		dst := make([]float32, rows*out)
		if err := s.Run(dst, src); err != nil {
			t.Fatal(err)
		}
		if !sameBits(src, before) {
			t.Fatalf("%d rows: Run wrote to its source", rows)
		}
		one := make([]float32, out)
		for r := range rows {
			want := interpret(m, src[r*in:][:in])
			if got := dst[r*out:][:out]; !sameBits(got, want) {
				t.Fatalf("%d rows, row %d: %v, want %v", rows, r, got, want)
			}
			if err := s.Run(one, src[r*in:][:in]); err != nil {
				t.Fatal(err)
			}
			if !sameBits(one, want) {
				t.Fatalf("row %d alone: %v, want %v", r, one, want)
			}
		}
	}
}

func TestRunRandomModels(t *testing.T) {
	for seed := range uint64(150) {
		m := randomModel(seed, int(seed%7))
		t.Run(fmt.Sprint(seed), func(t *testing.T) { checkModel(t, m, seed) })
	}
}

func FuzzRun(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, layers uint8) {
		checkModel(t, randomModel(seed, int(layers%12)), seed+1)
	})
}

// TestEveryLayerDrawn makes sure that the random models above leave nothing out.
func TestEveryLayerDrawn(t *testing.T) {
	drawn := map[string]bool{}
	var note func(layers []format.Layer)
	note = func(layers []format.Layer) {
		for _, l := range layers {
			drawn[l.Op()] = true
			if c, ok := l.(*format.Columns); ok {
				for _, g := range c.Groups {
					note(g.Layers)
				}
			}
		}
	}
	for seed := range uint64(150) {
		note(randomModel(seed, int(seed%7)).Steps())
	}
	want := strings.Fields(`dense add subtract multiply divide prelu softmax normalize clip argmax threshold one_hot select
		polynomial columns relu relu6 sigmoid tanh softplus exp erf gelu gelu_tanh silu selu step elu leaky_relu hard_sigmoid`)
	for _, op := range want {
		if !drawn[op] {
			t.Errorf("no random model has a layer %s", op)
		}
	}
}

func TestRunDoesNotAllocate(t *testing.T) {
	for _, b := range Backends() {
		for seed := range uint64(30) {
			m := randomModel(seed, 6)
			s, err := New(m, Options{Backend: b, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, rows := range []int{1, 70} {
				src, dst := make([]float32, rows*s.Inputs()), make([]float32, rows*s.Outputs())
				if n := testing.AllocsPerRun(10, func() { _ = s.Run(dst, src) }); n != 0 {
					t.Errorf("backend %s, seed %d, %d rows: %g allocations", b, seed, rows, n)
				}
			}
		}
	}
}

// TestClones runs clones in goroutines of their own, each on a part of the rows.
func TestClones(t *testing.T) {
	const rows = 400
	for seed := range uint64(10) {
		m := randomModel(seed, 5)
		s, err := New(m, Options{Backend: Reference})
		if err != nil {
			t.Fatal(err)
		}
		g := newInputs(seed)
		in, out := s.Inputs(), s.Outputs()
		src := g.values(rows * in)
		want := make([]float32, rows*out)
		if err := s.Run(want, src); err != nil {
			t.Fatal(err)
		}
		got := make([]float32, rows*out)
		var group sync.WaitGroup
		for first, n := 0, 1; first < rows; first, n = first+n, n*3 {
			n = min(n, rows-first)
			clone := s.Clone()
			group.Go(func() {
				if err := clone.Run(got[first*out:][:n*out], src[first*in:][:n*in]); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if !sameBits(got, want) {
			t.Errorf("seed %d: clones in goroutines give other bits", seed)
		}
	}
}

// shareAll makes every batch and layer of a session worth sharing, and waits until
// the helpers sleep: the first time they do, Go takes memory for it.
func shareAll(s *Session) {
	if s.pool == nil {
		return
	}
	s.pool.least, s.pool.leastAwake = 0.5, 0.5 // even a value copied is half a multiply-add
	for _, h := range s.pool.helpers {
		for !h.asleep.Load() {
			time.Sleep(lookout)
		}
	}
	time.Sleep(lookout) // from asleep to the channel
}

// TestThreads shares large batches, floats and bytes, among several goroutines.
func TestThreads(t *testing.T) {
	m := pixels(format.U8)
	one, err := New(m, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	const rows = 5003
	src, wide, want := make([]uint8, 4*rows), make([]float32, 4*rows), make([]float32, rows)
	for i := range src {
		src[i] = uint8(i * i >> 3)
	}
	kernels.FromUint8(wide, src)
	if err := one.Run(want, wide); err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{2, 3, 7} {
		s, err := New(m, Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		shareAll(s)
		if s.Threads() != threads {
			t.Errorf("%d threads where %d were asked for", s.Threads(), threads)
		}
		got := make([]float32, rows)
		for name, run := range map[string]func() error{
			"floats": func() error { return s.Run(got, wide) },
			"bytes":  func() error { return s.RunUint8(got, src) },
		} {
			clear(got)
			if n := testing.AllocsPerRun(5, func() { err = run() }); n != 0 || err != nil {
				t.Errorf("%s, %d threads: %g allocations, error %v", name, threads, n, err)
			}
			if !sameBits(got, want) {
				t.Errorf("%s, %d threads: other bits than one thread gives", name, threads)
			}
		}
	}
	if _, err := New(m, Options{Threads: -1}); err == nil {
		t.Error("-1 threads are accepted")
	}
}

// TestThreadsOfARow shares the outputs of a large layer of a single row, and the
// rows of batches that are hardly larger than the number of goroutines.
func TestThreadsOfARow(t *testing.T) {
	const in, out = 70, 250
	g := newInputs(1)
	g.model = &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{in}, DType: format.F32, Layout: format.Vector},
		Output:   format.Output{Kind: format.Value},
	}
	weight := func(i int) float32 { return float32(g.NormFloat64()) }
	g.model.Layers = []format.Layer{
		&format.Activation{Function: format.Tanh},
		&format.Dense{Weight: g.tensor([]int{in, out}, weight), Bias: g.tensor([]int{out}, weight)},
		&format.Activation{Function: format.ReLU},
		&format.Dense{Weight: g.tensor([]int{out, 5}, weight)},
	}
	for _, b := range Backends()[1:] {
		one, err := New(g.model, Options{Backend: b, Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, threads := range []int{2, 5} {
			s, err := New(g.model, Options{Backend: b, Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			shareAll(s)
			for rows := 1; rows <= threads+1; rows++ {
				src := g.values(rows * in)
				got, want := make([]float32, rows*5), make([]float32, rows*5)
				if n := testing.AllocsPerRun(3, func() { err = s.Run(got, src) }); n != 0 || err != nil {
					t.Errorf("backend %s, %d threads, %d rows: %g allocations, error %v", b, threads, rows, n, err)
				}
				if err := one.Run(want, src); err != nil {
					t.Fatal(err)
				}
				if !sameBits(got, want) {
					t.Errorf("backend %s, %d threads, %d rows: other bits than one thread gives", b, threads, rows)
				}
			}
		}
	}
}

// TestThreadsEnd checks that a forgotten session's goroutines end.
func TestThreadsEnd(t *testing.T) {
	before := goruntime.NumGoroutine()
	for range 20 {
		if _, err := New(pixels(format.F32), Options{Threads: 8}); err != nil {
			t.Fatal(err)
		}
	}
	for range 1000 {
		goruntime.GC()
		if goruntime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before the sessions", goruntime.NumGoroutine(), before)
}

// TestSessionLivesThroughItsRun collects garbage while the last call of a session
// runs: its pool must not end before the call does. The call is long, for a
// collection to fall into it: one layer, again and again.
func TestSessionLivesThroughItsRun(t *testing.T) {
	const width, calls = 512, 400
	g := newInputs(1)
	g.model = &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{width}, DType: format.F32, Layout: format.Vector},
		Output:   format.Output{Kind: format.Value},
	}
	weight := g.tensor([]int{width, width}, func(int) float32 { return float32(g.NormFloat64()) / width })
	g.model.Layers = []format.Layer{&format.Dense{Weight: weight}, &format.Dense{Weight: weight}, &format.Dense{Weight: weight}}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				goruntime.GC()
			}
		}
	}()
	src, dst := g.values(width), make([]float32, width)
	for range 3 {
		s, err := New(g.model, Options{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		shareAll(s)
		steps := s.plan.steps[:1:1]
		for range calls { // the layer in the middle lies between two buffers of the arena
			there, back := s.plan.steps[1], s.plan.steps[1]
			back.src, back.dst = there.dst, there.src
			steps = append(steps, there, back)
		}
		s.plan.steps = append(steps, s.plan.steps[2])
		s.plan.steps[len(s.plan.steps)-1].src = steps[len(steps)-1].dst
		if err := s.Run(dst, src); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-stopped
}

// TestWideArena checks that a wide model gets a shorter chunk, not a huge arena.
func TestWideArena(t *testing.T) {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{1 << 20}, DType: format.F32, Layout: format.Vector},
		Layers:   []format.Layer{&format.Activation{Function: format.ReLU}, &format.Activation{Function: format.ReLU6}},
		Output:   format.Output{Kind: format.Value},
	}
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if bytes := 4 * len(s.arena.buffers[0]); bytes > arenaBytes || s.arena.rows < 1 {
		t.Errorf("arena of %d bytes for %d rows", bytes, s.arena.rows)
	}
}

func TestRunErrors(t *testing.T) {
	s, err := New(pixels(format.F32), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"part of a row":    func() error { return s.Run(make([]float32, 1), make([]float32, 5)) },
		"too few results":  func() error { return s.Run(make([]float32, 1), make([]float32, 8)) },
		"too many results": func() error { return s.Run(make([]float32, 3), make([]float32, 8)) },
		"bytes for floats": func() error { return s.RunUint8(make([]float32, 2), make([]uint8, 8)) },
	} {
		if call() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(pixels(format.F32), Options{Backend: "abacus"}); err == nil || !strings.Contains(err.Error(), "reference") {
		t.Errorf("an unknown backend gives %v, which should list those that there are", err)
	}
	broken := pixels(format.F32)
	broken.Layers = append(broken.Layers, &format.Dense{Weight: "nowhere"})
	if _, err := New(broken, Options{}); err == nil {
		t.Error("a model that names a missing tensor is accepted")
	}
}

// pixels is a model of four inputs and one output: their weighted sum.
func pixels(dtype format.DType) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{2, 2, 1}, DType: dtype, Layout: format.HWCGray},
		Layers:   []format.Layer{&format.Dense{Weight: "w"}},
		Output:   format.Output{Kind: format.Value},
	}
	m.AddTensor(format.NewTensor("w", []int{4, 1}, []float32{1, 10, 100, 1000}))
	return m
}

func TestRunUint8(t *testing.T) {
	s, err := New(pixels(format.U8), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 2*s.arena.rows + 1
	src := make([]uint8, 4*rows)
	wide := make([]float32, 4*rows)
	for i := range src {
		src[i] = uint8(i * 7)
	}
	kernels.FromUint8(wide, src)
	got, want := make([]float32, rows), make([]float32, rows)
	if n := testing.AllocsPerRun(3, func() { _ = s.RunUint8(got, src) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
	if err := s.Run(want, wide); err != nil {
		t.Fatal(err)
	}
	if !sameBits(got, want) || got[0] != 0+70+1400+21000 {
		t.Errorf("bytes give %v, floats %v", got[:2], want[:2])
	}
}

func TestBackends(t *testing.T) {
	backends := Backends()
	if backends[0] != Auto || backends[len(backends)-1] != Reference {
		t.Errorf("backends %v: auto comes first and the reference last", backends)
	}
	for _, b := range []Backend{Auto, Reference, NEON, AVX2, AVX512, CUDA} {
		if got, err := ParseBackend(string(b)); got != b || err != nil {
			t.Errorf("%s: %v, %v", b, got, err)
		}
		_, err := New(pixels(format.F32), Options{Backend: b})
		if here := slices.Contains(backends, b); here != (err == nil) {
			t.Errorf("backend %s: it is among those here: %v, error %v", b, here, err)
		}
	}
	if _, err := ParseBackend("Auto"); err == nil {
		t.Error("a name in capitals is accepted")
	}
}
