package runtime

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/edge-infer/edge-infer/format"
)

// Tuning is what a session knows of the GPU, and from how many rows on it takes it.
type Tuning struct {
	GPU      GPU   // its zero value where there is none, or none was looked for
	FromRows int   // calls with so many rows or more run on the GPU; 0 if none does
	Unused   error // why none does; nil if some do, or if a backend of the processor was asked for

	Measured *Measured // nil where nothing was measured
	Kept     bool      // it was measured by an earlier New, and read from Options.CacheDir
	Unkept   error     // why it could not be written there
}

// Measured is how long calls took: of one row, and of many.
type Measured struct {
	Rows            int // how many are many
	CPUOne, CPUMany time.Duration
	GPUOne, GPUMany time.Duration // GPUMany is 0 where one row took the GPU too long already
}

// Tuning returns what the session knows of the GPU.
func (s *Session) Tuning() Tuning {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	return s.shared.tuning
}

var errSlower = errors.New("runtime: the processor is faster")

// usualBatch is how many rows calls have where nobody says so.
const usualBatch = 64

// considerGPU brings a model to the GPU for the calls that are faster there.
func (s *Session) considerGPU(m *format.Model, o Options, h host) {
	g, err := h.openGPU()
	if err != nil {
		s.shared.unused(err)
		return
	}
	defer g.close()
	t := &s.shared.tuning
	t.GPU = g.about()
	rows := o.Batch
	if rows < 2 { // one row is measured in any case
		rows = usualBatch
	}
	var kept *keptTuning
	if o.CacheDir != "" {
		if kept, t.Unkept = newKeptTuning(o.CacheDir, m, s, rows); kept != nil && !o.Tune {
			t.Measured = kept.read()
			t.Kept = t.Measured != nil
		}
	}
	if t.Kept && t.Measured.breakEven() == 0 {
		s.shared.unused(t.Measured.slower())
		return
	}
	if err := s.load(g, m); err != nil {
		s.leaveGPU(err)
		return
	}
	if !t.Kept {
		if t.Measured, err = s.measure(rows, h.now); err != nil {
			s.leaveGPU(err)
			s.shared.forget()
			return
		}
		if kept != nil {
			t.Unkept = kept.write(t.Measured, t.GPU)
		}
	}
	if t.FromRows = t.Measured.breakEven(); t.FromRows == 0 {
		s.leaveGPU(t.Measured.slower())
		s.shared.forget()
		return
	}
	s.gpuRows = t.FromRows
}

// breakEven returns from how many rows on a call takes the GPU less time, taking the
// time of a call for a line over its rows; 0 if it never does.
func (m *Measured) breakEven() int {
	// Beyond some times the rows that were measured, a line says little.
	const reach = 4
	if m.GPUMany == 0 {
		return 0
	}
	one, many := m.GPUOne-m.CPUOne, m.GPUMany-m.CPUMany // by how much the GPU takes longer
	switch {
	case one < 0 && many < 0:
		return 1
	case one < 0 || one <= many:
		return 0
	}
	rows := 2 + int(float64(one)*float64(m.Rows-1)/float64(one-many)) // the first one behind where the lines cross
	if rows > reach*m.Rows {
		return 0
	}
	return rows
}

// slower says that the GPU is.
func (m *Measured) slower() error {
	if m.GPUMany == 0 {
		return fmt.Errorf("%w: a call of 1 row takes it %v, and the GPU %v", errSlower, m.CPUOne, m.GPUOne)
	}
	return fmt.Errorf("%w: a call of 1 row takes it %v, and the GPU %v; one of %d rows %v and %v",
		errSlower, m.CPUOne, m.GPUOne, m.Rows, m.CPUMany, m.GPUMany)
}

// measuring is how long New measures; the GPU's first calls, which take memory and
// load kernels, are not in it.
const measuring = 200 * time.Millisecond

// measure measures calls of one row and of many on the processor and the GPU.
func (s *Session) measure(rows int, now func() time.Time) (*Measured, error) {
	const share = measuring / 4
	onCPU := func(b *batch) (time.Duration, error) {
		return measureCall(func() error { s.run(b); return nil }, share, now)
	}
	onGPU := func(b *batch) (time.Duration, error) {
		call := func() error { return s.gpu.Run(b.dst, b.src, b.rows) }
		if err := call(); err != nil {
			return 0, err
		}
		return measureCall(call, share, now)
	}
	var m Measured
	var err error
	one := s.someRows(1)
	if m.CPUOne, err = onCPU(one); err != nil {
		return nil, err
	}
	// So many rows as fit into the time, if each takes as long as one, and into memory.
	const most = 1 << 24 // values
	m.Rows = max(2, min(rows, int(share/m.CPUOne), most/max(s.Inputs(), s.Outputs())))
	many := s.someRows(m.Rows)
	if m.CPUMany, err = onCPU(many); err != nil {
		return nil, err
	}
	if m.GPUOne, err = onGPU(one); err != nil {
		return nil, err
	}
	if m.GPUOne > share && m.GPUOne > m.CPUMany {
		return &m, nil
	}
	if m.GPUMany, err = onGPU(many); err != nil {
		return nil, err
	}
	return &m, nil
}

// someRows returns a batch of rows of ordinary numbers.
func (s *Session) someRows(rows int) *batch {
	b := &batch{dst: make([]float32, rows*s.Outputs()), src: make([]float32, rows*s.Inputs()), rows: rows}
	for i := range b.src {
		b.src[i] = float32(i%7) - 3
	}
	return b
}

// measureCall returns the median of what calls take that fit into a time, at least
// one of them.
func measureCall(call func() error, limit time.Duration, now func() time.Time) (time.Duration, error) {
	const enough = 1000
	var times []time.Duration
	for spent := time.Duration(0); len(times) == 0 || len(times) < enough && spent < limit; {
		start := now()
		if err := call(); err != nil {
			return 0, err
		}
		took := max(now().Sub(start), 1)
		times = append(times, took)
		spent += took
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
