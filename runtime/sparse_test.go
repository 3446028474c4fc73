package runtime

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// sparse draws rows of which about one element in so many is present; 0 stands for
// none. A present element may be a zero all the same.
func (g *generator) sparse(rows, inputs, oneIn int) SparseRows {
	x := SparseRows{Offsets: []int32{0}}
	for range rows {
		for i := range inputs {
			if oneIn > 0 && g.IntN(oneIn) == 0 {
				x.Columns, x.Values = append(x.Columns, int32(i)), append(x.Values, g.value())
			}
		}
		x.Offsets = append(x.Offsets, int32(len(x.Columns)))
	}
	return x
}

// dense is what sparse rows stand for.
func (x SparseRows) dense(inputs int) []float32 {
	rows := len(x.Offsets) - 1
	values := make([]float32, rows*inputs)
	for r := range rows {
		for i := x.Offsets[r]; i < x.Offsets[r+1]; i++ {
			values[r*inputs+int(x.Columns[i])] = x.Values[i]
		}
	}
	return values
}

// checkSparse holds RunSparse against interpret, on every backend, at batches
// around the size of a chunk. It returns whether the rows stay sparse.
func checkSparse(t *testing.T, m *format.Model, seed uint64) (direct bool) {
	t.Helper()
	for _, b := range Backends()[1:] {
		s, err := New(m, Options{Backend: b})
		if err != nil {
			t.Fatal(err)
		}
		g := newInputs(seed)
		in, out := s.Inputs(), s.Outputs()
		for i, rows := range []int{1, 0, 2, s.arena.rows + 1, 2*s.arena.rows + 3} {
			src := g.sparse(rows, in, []int{3, 1, 0, 8, 1}[(i+int(seed))%5])
			x, dst := src.dense(in), make([]float32, rows*out)
			if err := s.RunSparse(dst, src); err != nil {
				t.Fatal(err)
			}
			for r := range rows {
				if got, want := dst[r*out:][:out], interpret(m, x[r*in:][:in]); !sameBits(got, want) {
					t.Fatalf("backend %s, %d rows, row %d: %v, want %v", b, rows, r, got, want)
				}
			}
		}
		direct = s.sparse.direct
	}
	return direct
}

func TestRunSparseRandomModels(t *testing.T) {
	direct, notFinite, other := 0, 0, 0
	for seed := range uint64(500) {
		m := randomModel(seed, 1+int(seed%5))
		p, err := newPlan(m, kernels.Portable)
		if err != nil {
			t.Fatal(err)
		}
		dense := p.steps[0].op == opDense
		if !dense && other == 60 {
			continue // enough of these
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			switch {
			case checkSparse(t, m, seed):
				direct++
			case dense:
				notFinite++
			default:
				other++
			}
		})
	}
	if direct < 20 || notFinite < 20 || other < 60 {
		t.Errorf("%d models take sparse rows, %d have weights that are not finite, %d begin with something else: more expected", direct, notFinite, other)
	}
}

// bagOfWords is a layer of so many inputs and outputs with finite weights, and ReLU
// and softmax after it.
func bagOfWords(inputs, outputs int) *format.Model {
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{inputs}, DType: format.F32, Layout: format.Vector},
		Layers:   []format.Layer{&format.Dense{Weight: "w", Bias: "b"}, &format.Activation{Function: format.ReLU}, &format.Softmax{}},
		Output:   format.Output{Kind: format.Value},
	}
	g, w := newInputs(1), make([]float32, inputs*outputs)
	for i := range w {
		w[i] = float32(g.NormFloat64())
	}
	m.AddTensor(format.NewTensor("b", []int{outputs}, w[:outputs]))
	m.AddTensor(format.NewTensor("w", []int{inputs, outputs}, w))
	return m
}

func TestRunSparseWideRows(t *testing.T) {
	for _, c := range []struct{ inputs, outputs int }{{100000, 2}, {20001, 16}, {5000, 33}, {64, 15}, {1, 1}} {
		m := bagOfWords(c.inputs, c.outputs)
		for _, b := range Backends()[1:] {
			s, err := New(m, Options{Backend: b})
			if err != nil {
				t.Fatal(err)
			}
			g := newInputs(2)
			src := g.sparse(3, c.inputs, 1+c.inputs/30)
			got, want := make([]float32, 3*c.outputs), make([]float32, 3*c.outputs)
			if err := errors.Join(s.RunSparse(got, src), s.Run(want, src.dense(c.inputs))); err != nil {
				t.Fatal(err)
			}
			if !sameBits(got, want) || !s.sparse.direct || s.sparse.scattered != nil {
				t.Errorf("backend %s, %v: %v, want %v", b, c, got, want)
			}
		}
	}
}

// An absent element is 0, and 0·Inf is NaN: weights that are not finite must be met.
func TestRunSparseMeetsInfiniteWeights(t *testing.T) {
	for _, weight := range []float32{float32(math.Inf(1)), float32(math.Inf(-1)), nan} {
		m := pixels(format.F32)
		m.Tensors = nil
		m.AddTensor(format.NewTensor("w", []int{4, 1}, []float32{1, 10, weight, 1000}))
		for _, b := range Backends()[1:] {
			s, err := New(m, Options{Backend: b})
			if err != nil {
				t.Fatal(err)
			}
			got := make([]float32, 1)
			if err := s.RunSparse(got, SparseRows{[]int32{0, 1}, []int32{0}, []float32{5}}); err != nil {
				t.Fatal(err)
			}
			if got[0] == got[0] {
				t.Errorf("backend %s: 5·1 + 0·%g is %g: NaN expected", b, weight, got[0])
			}
		}
	}
}

// What a call scatters must be gone in the next one, whose rows have other columns.
func TestRunSparseForgets(t *testing.T) {
	m := pixels(format.F32)
	m.Layers = append([]format.Layer{&format.Clip{Low: -100, High: 100}}, m.Layers...)
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		src  SparseRows
		want []float32
	}{
		{SparseRows{[]int32{0, 4, 5}, []int32{0, 1, 2, 3, 1}, []float32{1, 2, 3, 4, 5}}, []float32{4321, 50}},
		{SparseRows{[]int32{0, 1, 1}, []int32{2}, []float32{7}}, []float32{700, 0}},
	} {
		got := make([]float32, len(c.want))
		if err := s.RunSparse(got, c.src); err != nil {
			t.Fatal(err)
		}
		if !sameBits(got, c.want) {
			t.Errorf("%v gives %v, want %v", c.src, got, c.want)
		}
	}
}

func TestRunSparseErrors(t *testing.T) {
	s, err := New(pixels(format.F32), Options{})
	if err != nil {
		t.Fatal(err)
	}
	offsets := func(v ...int32) []int32 { return v }
	for _, c := range []struct {
		name    string
		results int
		src     SparseRows
		want    string // in the message
	}{
		{"no offsets", 0, SparseRows{}, "without offsets"},
		{"a value too few", 1, SparseRows{offsets(0, 2), offsets(0, 1), make([]float32, 1)}, "2 columns and 1 values"},
		{"a later start", 1, SparseRows{offsets(1, 2), offsets(0, 1), make([]float32, 2)}, "row 0 starts at element 1"},
		{"an earlier end", 1, SparseRows{offsets(0, 1), offsets(0, 1), make([]float32, 2)}, "1 sparse rows end at element 1: there are 2"},
		{"an end beyond all", 1, SparseRows{offsets(0, 3), offsets(0, 1), make([]float32, 2)}, "1 sparse rows end at element 3: there are 2"},
		{"a row beyond all", 2, SparseRows{offsets(0, 9, 2), offsets(0, 1), make([]float32, 2)}, "row 0 is elements 0 to 9"},
		{"a row backwards", 3, SparseRows{offsets(0, 2, 1, 2), offsets(0, 1), make([]float32, 2)}, "row 1 is elements 2 to 1"},
		{"a negative offset", 3, SparseRows{offsets(0, -1, 1, 2), offsets(0, 1), make([]float32, 2)}, "row 0 is elements 0 to -1"},
		{"a column twice", 2, SparseRows{offsets(0, 1, 3), offsets(3, 2, 2), make([]float32, 3)}, "row 1: column 2 follows 2"},
		{"a column backwards", 1, SparseRows{offsets(0, 2), offsets(3, 1), make([]float32, 2)}, "row 0: column 1 follows 3"},
		{"a column too many", 2, SparseRows{offsets(0, 1, 2), offsets(3, 4), make([]float32, 2)}, "row 1: column 4: the model takes columns 0 to 3"},
		{"a negative column", 1, SparseRows{offsets(0, 1), offsets(-1), make([]float32, 1)}, "row 0: column -1"},
		{"too few results", 1, SparseRows{Offsets: offsets(0, 0, 0)}, "room for 1 results: 2 sparse rows"},
		{"too many results", 3, SparseRows{Offsets: offsets(0, 0, 0)}, "room for 3 results: 2 sparse rows"},
	} {
		dst := slices.Repeat([]float32{7}, c.results)
		err := s.RunSparse(dst, c.src)
		if err == nil || !strings.HasPrefix(err.Error(), "runtime: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, which should say %q", c.name, err, c.want)
		}
		if slices.ContainsFunc(dst, func(v float32) bool { return v != 7 }) {
			t.Errorf("%s: something was written: %v", c.name, dst)
		}
	}
}

// The first call of a session prepares; a model that takes sparse rows gets no memory
// for dense ones.
func TestRunSparseDoesNotAllocate(t *testing.T) {
	for _, b := range Backends() {
		for seed := range uint64(30) {
			s, err := New(randomModel(seed, 6), Options{Backend: b, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, rows := range []int{1, 70} {
				src, dst := newInputs(seed).sparse(rows, s.Inputs(), 3), make([]float32, rows*s.Outputs())
				if n := testing.AllocsPerRun(10, func() { _ = s.RunSparse(dst, src) }); n != 0 {
					t.Errorf("backend %s, seed %d, %d rows: %g allocations", b, seed, rows, n)
				}
			}
		}
	}
}

// A wide model that wants dense rows gets few of them at a time, not a huge buffer.
func TestRunSparseWideBuffer(t *testing.T) {
	const inputs = 1 << 20
	m := &format.Model{
		Numerics: format.Numerics,
		Input:    format.Input{Shape: []int{inputs}, DType: format.F32, Layout: format.Vector},
		Layers:   []format.Layer{&format.Select{Columns: []int{inputs - 1, 0}}},
		Output:   format.Output{Kind: format.Value},
	}
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	const rows = 9
	src := SparseRows{Offsets: []int32{0}}
	var want []float32
	for r := range rows {
		src.Columns, src.Values = append(src.Columns, inputs-1), append(src.Values, float32(r))
		src.Offsets, want = append(src.Offsets, int32(r+1)), append(want, float32(r), 0)
	}
	got := make([]float32, 2*rows)
	if err := s.RunSparse(got, src); err != nil {
		t.Fatal(err)
	}
	if !sameBits(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if bytes := 4 * len(s.sparse.scattered); bytes > arenaBytes || bytes < 4*inputs {
		t.Errorf("a buffer of %d bytes for rows of %d", bytes, 4*inputs)
	}
}

// Clones share the weights, and what a session of several goroutines does with
// sparse rows changes no bit.
func TestRunSparseClonesAndThreads(t *testing.T) {
	const rows, in, out = 200, 3000, 17
	for name, layers := range map[string][]format.Layer{
		"sparse":    nil,
		"scattered": {&format.Clip{Low: -2, High: 2}},
	} {
		m := bagOfWords(in, out)
		m.Layers = append(layers, m.Layers...)
		one, err := New(m, Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		several, err := New(m, Options{Threads: 3})
		if err != nil {
			t.Fatal(err)
		}
		shareAll(several)
		src := newInputs(5).sparse(rows, in, 50)
		want := make([]float32, rows*out)
		if err := one.Run(want, src.dense(in)); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for _, s := range []*Session{one, one.Clone(), several, several.Clone()} {
			group.Go(func() {
				got := make([]float32, rows*out)
				if err := s.RunSparse(got, src); err != nil || !sameBits(got, want) {
					t.Errorf("%s, %d threads: other bits, or error %v", name, s.Threads(), err)
				}
			})
		}
		group.Wait()
	}
}

// The layers after the first share the outputs of a single row, as those of Run do.
func TestRunSparseThreadsOfARow(t *testing.T) {
	const in, hidden, out = 500, 800, 700
	m := bagOfWords(in, hidden)
	m.Layers = append(m.Layers, &format.Dense{Weight: "x"})
	g, w := newInputs(8), make([]float32, hidden*out)
	for i := range w {
		w[i] = float32(g.NormFloat64())
	}
	m.AddTensor(format.NewTensor("x", []int{hidden, out}, w))
	s, err := New(m, Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	shareAll(s)
	src, got, want := g.sparse(1, in, 20), make([]float32, out), make([]float32, out)
	if err := errors.Join(s.RunSparse(got, src), s.Run(want, src.dense(in))); err != nil {
		t.Fatal(err)
	}
	last := s.plan.steps[len(s.plan.steps)-1]
	if of := s.pool.shares(hidden*out, last.dense.Shares()); of < 2 && s.Backend() != Reference {
		t.Fatalf("the last layer is computed in %d parts: the test shares nothing", of)
	}
	if !sameBits(got, want) {
		t.Error("other bits than Run's")
	}
}

// FuzzRunSparse takes any offsets and columns: they are refused, or they are rows.
func FuzzRunSparse(f *testing.F) {
	f.Add([]byte{0, 1, 3}, []byte{2, 0, 3}, false)
	f.Add([]byte{0, 0, 0, 2}, []byte{1, 2}, true)
	f.Add([]byte{0, 9, 2}, []byte{0, 1}, false)
	f.Add([]byte{0, 2, 1, 2}, []byte{0, 1}, true)
	f.Add([]byte{}, []byte{}, false)
	f.Add([]byte{0, 1}, []byte{255}, true)
	plain, err := New(pixels(format.F32), Options{})
	if err != nil {
		f.Fatal(err)
	}
	clipped := pixels(format.F32)
	clipped.Layers = append([]format.Layer{&format.Clip{Low: -1, High: 20}}, clipped.Layers...)
	scattering, err := New(clipped, Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, offsets, columns []byte, scatter bool) {
		s := plain
		if scatter {
			s = scattering
		}
		var src SparseRows
		for _, v := range offsets {
			src.Offsets = append(src.Offsets, int32(int8(v)))
		}
		for i, v := range columns {
			src.Columns, src.Values = append(src.Columns, int32(int8(v))), append(src.Values, float32(i)-1.5)
		}
		rows := max(len(offsets)-1, 0)
		got, want := make([]float32, rows), make([]float32, rows)
		if s.RunSparse(got, src) != nil {
			if !sameBits(got, want) {
				t.Fatalf("refused, but written to: %v", got)
			}
			return
		}
		if err := s.Run(want, src.dense(4)); err != nil || !sameBits(got, want) {
			t.Fatalf("%v gives %v, want %v: %v", src, got, want, err)
		}
	})
}

// BenchmarkRunSparse holds 30 present elements of 100000 against the dense row.
func BenchmarkRunSparse(b *testing.B) {
	const in = 100000
	for _, out := range []int{2, 16} {
		s, err := New(bagOfWords(in, out), Options{Threads: 1})
		if err != nil {
			b.Fatal(err)
		}
		src, dst := newInputs(3).sparse(1, in, in/30), make([]float32, out)
		dense := src.dense(in)
		for name, run := range map[string]func() error{
			"sparse": func() error { return s.RunSparse(dst, src) },
			"dense":  func() error { return s.Run(dst, dense) },
		} {
			b.Run(fmt.Sprintf("%d/%s", out, name), func(b *testing.B) {
				for b.Loop() {
					if err := run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
