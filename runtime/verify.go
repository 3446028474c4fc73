package runtime

import (
	"errors"
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// ErrNoGolden says that a model file holds nothing to verify with.
var ErrNoGolden = errors.New("runtime: the model holds no golden vectors: export it again with edge-export, which adds them")

// Report is what Verify found.
type Report struct {
	Backend Backend // what ran
	Vectors int
	Outputs int // values a vector

	// Bit for bit against the canonical outputs.
	Differing int        // values with other bits
	Worst     Difference // the one that is most ULP away

	// Against the outputs that the source framework computed.
	Compared      bool       // whether the file holds them
	MaxError      float64    // greatest |ours − theirs|
	WorstError    Difference // where
	Outside       int        // values beyond the tolerance
	WorstOutside  Difference // the one furthest beyond it
	Disagree      int        // vectors of which the two decide for other classes
	FirstDisagree int
}

// Difference is one output value of one golden vector.
type Difference struct {
	Vector, Output int
	Got, Want      float32
	ULP            uint32 // floats between them; MaxUint32 when one is NaN
}

func (d Difference) String() string {
	place := fmt.Sprintf("vector %d, output %d: %g where %g is right", d.Vector, d.Output, d.Got, d.Want)
	if d.ULP == math.MaxUint32 {
		return place
	}
	return fmt.Sprintf("%s, %d ULP away", place, d.ULP)
}

// OK tells whether every check passed.
func (r *Report) OK() bool { return r.Differing == 0 && r.Outside == 0 && r.Disagree == 0 }

// Err returns nil if every check passed, else an error that says in one line
// what failed and where.
func (r *Report) Err() error {
	switch {
	case r.Differing > 0:
		return fmt.Errorf("runtime: backend %s: %d of %d values differ from the canonical ones, the worst in %v",
			r.Backend, r.Differing, r.Vectors*r.Outputs, r.Worst)
	case r.Outside > 0:
		return fmt.Errorf("runtime: %d of %d values are beyond the tolerance to the source framework's, the worst in %v",
			r.Outside, r.Vectors*r.Outputs, r.WorstOutside)
	case r.Disagree > 0:
		return fmt.Errorf("runtime: %d of %d vectors get another class than the source framework gave them, the first is vector %d",
			r.Disagree, r.Vectors, r.FirstDisagree)
	}
	return nil
}

// Verify runs a model's golden vectors through a session made from it and holds the
// results against the canonical outputs, bit for bit (any NaN stands for any
// other), and against the source framework's, within the file's tolerance and
// class by class. The error is ErrNoGolden, or says that the session is of
// another model; what the checks found is in the report.
func Verify(m *format.Model, s *Session) (*Report, error) {
	g := m.Golden
	if g == nil {
		return nil, ErrNoGolden
	}
	if s.Inputs() != m.InputSize() || s.Outputs() != m.OutputSize() {
		return nil, fmt.Errorf("runtime: a session of %d inputs and %d outputs for a model of %d and %d",
			s.Inputs(), s.Outputs(), m.InputSize(), m.OutputSize())
	}
	inputs := m.Tensor(g.Inputs).Float32s()
	r := &Report{Vectors: len(inputs) / s.Inputs(), Outputs: s.Outputs()}
	got := make([]float32, r.Vectors*r.Outputs)
	if err := s.Run(got, inputs); err != nil {
		return nil, err
	}
	r.Backend = s.BackendFor(r.Vectors)
	r.compareBits(got, m.Tensor(g.Canonical).Float32s())
	if g.Expected != "" {
		r.compareFramework(got, m.Tensor(g.Expected).Float32s(), &m.Output, g)
	}
	return r, nil
}

func (r *Report) compareBits(got, canonical []float32) {
	for i := range got {
		d := r.difference(i, got[i], canonical[i])
		if math.Float32bits(d.Got) == math.Float32bits(d.Want) || d.Got != d.Got && d.Want != d.Want {
			continue
		}
		if r.Differing == 0 || d.ULP > r.Worst.ULP {
			r.Worst = d
		}
		r.Differing++
	}
}

func (r *Report) compareFramework(got, expected []float32, o *format.Output, g *format.Golden) {
	r.Compared = true
	beyond := -1.0 // how far the worst value is outside the tolerance
	for i := range got {
		d := r.difference(i, got[i], expected[i])
		e := distance(got[i], expected[i])
		if e > r.MaxError {
			r.MaxError, r.WorstError = e, d
		}
		// Beside an infinity or a NaN nothing is near: it must be met itself.
		allowed := 0.0
		if v := math.Abs(float64(expected[i])); v <= math.MaxFloat32 {
			allowed = g.Absolute + float64(g.Relative*v)
		}
		if e > allowed {
			if e-allowed > beyond {
				beyond, r.WorstOutside = e-allowed, d
			}
			r.Outside++
		}
	}
	if !Decides(o, r.Outputs) {
		return
	}
	for v := range r.Vectors {
		row := func(values []float32) []float32 { return values[v*r.Outputs:][:r.Outputs] }
		if ClassOf(o, row(got)) != ClassOf(o, row(expected)) {
			if r.Disagree == 0 {
				r.FirstDisagree = v
			}
			r.Disagree++
		}
	}
}

// distance is |a − b|: 0 for two NaNs or two equal infinities, +Inf where only
// one is.
func distance(a, b float32) float64 {
	if a == b || a != a && b != b {
		return 0
	}
	if d := math.Abs(float64(a) - float64(b)); d == d {
		return d
	}
	return math.Inf(1)
}

func (r *Report) difference(i int, got, want float32) Difference {
	return Difference{i / r.Outputs, i % r.Outputs, got, want, ulps(got, want)}
}

// ulps counts the floats from a to b; +0 and -0 are one apart.
func ulps(a, b float32) uint32 {
	if a != a || b != b {
		if a != a && b != b {
			return 0
		}
		return math.MaxUint32
	}
	// In this order the integers ascend as the floats do, -0 just below +0.
	place := func(v float32) int64 {
		bits := int64(math.Float32bits(v))
		if bits >= 1<<31 {
			return 1<<31 - 1 - bits
		}
		return bits
	}
	return uint32(max(place(a)-place(b), place(b)-place(a)))
}
