package sink

import (
	"context"
	"time"
)

// A Message is one decision on its way out.
type Message struct {
	Time   time.Time // when the last reading that it rests on was taken
	Line   []byte    // one JSON value without a newline
	Active bool      // the decision holds
	Class  int       // the decided class, -1 for none
}

// A Sink takes messages to one place. Its methods are called by one goroutine at a time.
type Sink interface {
	// Send takes charge of a message. An error means that this sink has lost it. Neither m nor m.Line is kept after
	// Send returns, so the caller may use them again.
	Send(ctx context.Context, m *Message) error
	// Close delivers what it can within a time of its own and lets go of everything. Nothing is sent afterwards.
	Close() error
}

// copyFrom makes m a copy of other, in the memory that m has.
func (m *Message) copyFrom(other *Message) {
	line := append(m.Line[:0], other.Line...)
	*m = *other
	m.Line = line
}
