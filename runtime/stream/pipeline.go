package stream

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// A Config says how readings become predictions.
type Config struct {
	Channels []Channel // of the source, in its order
	Rate     float64   // readings a second, nominal; 0 if unknown
	Window   Window
	Taper    Taper    // of spectra; Hann when empty
	Columns  []Naming // empty: those that the model names
	Guard    Guard
	Decision Decision
}

// A Result is a prediction and what was made of it. It and its slices are valid
// until the next reading.
type Result struct {
	Number     uint64 // of the window, from 1
	Start, End time.Time
	Readings   int       // in the window, with those that were filled
	Input      []float32 // the features, in the model's order
	Output     []float32 // the model's answer

	Class   int    // of this prediction; Undecided where it decides for none
	State   int    // what Decision made of it and of those before
	Label   string // of the state; empty where it has none
	Active  bool   // whether the state is one to act on
	Changed bool   // whether the state is another than before
}

// A Pipeline turns readings into results. It has no clock: the same readings with
// the same times give the same results. Push is for one goroutine at a time; the
// other methods may be called from any.
type Pipeline struct {
	config  Config
	stats   *Stats
	guard   *guard
	buffer  *Buffer
	values  []float64
	taken   bool // whether the last reading was: not bad, not late
	result  Result
	stage   *stage                // Push's own
	pending atomic.Pointer[stage] // the one to be taken up by the next Push
}

// NewPipeline makes a pipeline that runs a session of a model. Errors name what
// in the configuration cannot be, or what the model takes and the channels do not
// give (a *MappingError).
func NewPipeline(c Config, m *format.Model, s *runtime.Session) (*Pipeline, error) {
	if err := checkChannels(c.Channels); err != nil {
		return nil, err
	}
	c.Channels, c.Columns = slices.Clone(c.Channels), slices.Clone(c.Columns)
	p := &Pipeline{config: c, stats: new(Stats), values: make([]float64, len(c.Channels))}
	var err error
	if p.guard, err = newGuard(c.Guard, c.Channels, p.stats); err != nil {
		return nil, err
	}
	if p.buffer, err = NewBuffer(c.Window, len(c.Channels), c.Rate); err != nil {
		return nil, err
	}
	if p.stage, err = newStage(&p.config, m, s); err != nil {
		return nil, err
	}
	return p, nil
}

// Stats is what the pipeline, and a loop that drives it, counts and measures.
func (p *Pipeline) Stats() *Stats { return p.stats }

// Push takes a reading in, with a value for each channel, and returns a result if
// a window became due, else nil. An error is ErrBadReading, by the policy Stop, or
// the session's.
func (p *Pipeline) Push(t time.Time, values []float64) (*Result, error) {
	if len(values) != len(p.values) {
		return nil, fmt.Errorf("stream: a reading of %d values: there are %d channels", len(values), len(p.values))
	}
	if next := p.pending.Swap(nil); next != nil {
		p.stage = next
		p.stats.add(Swaps, 1)
	}
	p.stats.add(Readings, 1)
	p.taken = false
	copy(p.values, values)
	if use, err := p.guard.check(t, p.values); !use {
		return nil, err
	}
	a := p.buffer.Push(t, p.values)
	p.taken = !a.Late
	p.count(a)
	if !a.Ready {
		return nil, nil
	}
	r := &p.result
	r.Number++
	r.Start, r.End, r.Readings = p.buffer.Start(), p.buffer.End(), p.buffer.Len()
	if err := p.stage.predict(r, p.buffer); err != nil {
		return nil, err
	}
	p.stats.add(Predictions, 1)
	return r, nil
}

// count counts what a reading did to the window.
func (p *Pipeline) count(a Arrival) {
	one := func(c Counter, happened bool) {
		if happened {
			p.stats.add(c, 1)
		}
	}
	one(LateReadings, a.Late)
	one(Gaps, a.Emptied)
	one(Crowded, a.Crowded)
	one(Windows, a.Ready)
	p.stats.add(Filled, a.Filled)
	p.stats.add(SkippedWindows, a.Skipped)
}

// Swap replaces the model, between two readings. It first proves the new session
// with the model's golden vectors, and makes all that the model needs: on an error
// nothing has changed, and the model that ran goes on. A model without golden
// vectors is refused.
//
// The window is kept, so the next prediction is not delayed. Decisions begin anew,
// since classes may mean something else.
func (p *Pipeline) Swap(m *format.Model, s *runtime.Session) error {
	next, err := p.prove(m, s)
	if err != nil {
		p.stats.add(Refused, 1)
		return fmt.Errorf("stream: the model is not taken, the one before goes on: %w", err)
	}
	p.pending.Store(next)
	return nil
}

func (p *Pipeline) prove(m *format.Model, s *runtime.Session) (*stage, error) {
	report, err := runtime.Verify(m, s)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		return nil, err
	}
	return newStage(&p.config, m, s)
}
