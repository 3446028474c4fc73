package stream

import (
	"fmt"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// A stage is what depends on the model: the columns that it takes, the session,
// and the decision from its outputs. A swap replaces it as a whole.
type stage struct {
	columns   []Column
	extractor *Extractor
	session   *runtime.Session
	output    format.Output
	decider   *decider
	input     []float32
	row       []float32
	state     int
}

func newStage(c *Config, m *format.Model, s *runtime.Session) (*stage, error) {
	if m.InputSize() != s.Inputs() {
		return nil, fmt.Errorf("stream: a model of %d inputs with a session of %d: they belong to each other", m.InputSize(), s.Inputs())
	}
	columns, err := mapColumns(&m.Input, s.Inputs(), c.Columns, c.Channels, c.Window.Count)
	if err != nil {
		return nil, err
	}
	st := &stage{
		columns: columns, session: s, output: m.Output,
		input: make([]float32, s.Inputs()), row: make([]float32, s.Outputs()), state: Undecided,
	}
	if st.extractor, err = NewExtractor(columns, c.Window, c.Rate, c.Taper); err != nil {
		return nil, err
	}
	if st.decider, err = newDecider(c.Decision, &st.output, s.Outputs()); err != nil {
		return nil, err
	}
	return st, nil
}

// predict fills a result from the window that a buffer holds.
func (st *stage) predict(r *Result, b *Buffer) error {
	st.extractor.Extract(st.input, b)
	if err := st.session.Run(st.row, st.input); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	class, state := st.decider.next(st.row)
	r.Input, r.Output = st.input, st.row
	r.Class, r.State, r.Active, r.Changed = class, state, st.decider.isActive(state), state != st.state
	r.Label = st.label(state)
	st.state = state
	return nil
}

// label is the name of a state: the model's, or on and off for a level.
func (st *stage) label(state int) string {
	switch {
	case state < 0:
		return ""
	case st.decider.level != nil:
		return [...]string{"off", "on"}[state]
	case state < len(st.output.Labels):
		return st.output.Labels[state]
	}
	return ""
}
