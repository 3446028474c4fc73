package stream

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// A Decision says how predictions become a state that one can act on. What it asks
// for is done in this order: class or level, majority, debounce. The zero value is
// the class of each prediction as it comes.
type Decision struct {
	Level    *Level // where an output value decides; nil for the model's class
	Majority int    // over so many predictions; 0 or 1 for none
	Debounce int    // predictions that a new state must last; 0 or 1 for none
	Active   []int  // the states in which something is to be done; nil for all but 0 and Undecided
}

// A Level decides by one output value: state 1 where it is at On or beyond, state
// 0 where it has left Off.
type Level struct {
	Output  int // the column
	On, Off float32
	Below   bool // state 1 is below On, rather than above
}

// MaxMajority is the greatest number of predictions that a majority is taken of.
const MaxMajority = 4096

// A decider is a Decision at work.
type decider struct {
	output   *format.Output
	level    *hysteresis // nil for the class
	majority *majority   // nil for none
	debounce *debounce   // nil for none
	active   []int
}

func newDecider(d Decision, output *format.Output, width int) (*decider, error) {
	made := &decider{output: output, active: d.Active}
	states := len(output.Labels)
	if l := d.Level; l != nil {
		states = 2
		if l.Output < 0 || l.Output >= width {
			return nil, fmt.Errorf("stream: a level of output %d: the model has %d", l.Output, width)
		}
		if inOrder := l.Off <= l.On && !l.Below || l.Off >= l.On && l.Below; !inOrder {
			return nil, fmt.Errorf("stream: a level that is on at %g and off at %g: a value is to pass off on its way back from on", l.On, l.Off)
		}
		made.level = &hysteresis{Level: *l}
	} else if !runtime.Decides(output, width) && (d.Majority > 1 || d.Debounce > 1 || len(d.Active) > 0) {
		return nil, fmt.Errorf("stream: the model's %d outputs are quantities, which decide for no class: give a level", width)
	}
	if d.Majority < 0 || d.Majority > MaxMajority || d.Debounce < 0 {
		return nil, fmt.Errorf("stream: a majority over %d, a debounce of %d: at least 0, and a majority over at most %d",
			d.Majority, d.Debounce, MaxMajority)
	}
	for _, state := range d.Active {
		if state < 0 || states > 0 && state >= states {
			return nil, fmt.Errorf("stream: active state %d: there are %d", state, states)
		}
	}
	if d.Majority > 1 {
		made.majority = newMajority(d.Majority)
	}
	if d.Debounce > 1 {
		made.debounce = newDebounce(d.Debounce)
	}
	return made, nil
}

// next takes a prediction. It returns the class of it alone, and the state that
// holds.
func (d *decider) next(row []float32) (class, state int) {
	class = runtime.ClassOf(d.output, row)
	state = class
	if d.level != nil {
		state = d.level.next(row[d.level.Output])
	}
	if d.majority != nil {
		state = d.majority.next(state)
	}
	if d.debounce != nil {
		state = d.debounce.next(state)
	}
	return class, state
}

// isActive reports whether something is to be done in a state.
func (d *decider) isActive(state int) bool {
	if d.active == nil {
		return state > 0
	}
	return slices.Contains(d.active, state)
}
