package driver

import (
	"fmt"
	"strings"
)

// queue holds the work of a context that nothing has waited for yet, in the
// order in which it was enqueued.
type queue struct {
	pending []pending
}

type pending struct {
	stream *stream
	operation
}

func (q *queue) clear() { q.pending = nil }

func (q *queue) takeAll() []operation {
	return q.take(func(int) bool { return true })
}

// takeFor takes the work of a stream among the first n entries, with all that
// it must come after: a blocking stream waits for what the default stream was
// given before, and the default stream for what blocking ones were given.
func (q *queue) takeFor(s *stream, n int) []operation {
	standard := s.context.standard
	wanted := map[*stream]bool{s: true}
	blocking := s == standard
	needed := make([]bool, n)
	for i := n - 1; i >= 0; i-- {
		of := q.pending[i].stream
		if !wanted[of] && !(blocking && of.blocking) {
			continue
		}
		needed[i] = true
		switch {
		case of == standard:
			blocking = true
		case of.blocking:
			wanted[standard] = true
		}
	}
	return q.take(func(i int) bool { return i < n && needed[i] })
}

// take takes the entries whose positions are wanted.
func (q *queue) take(wanted func(int) bool) []operation {
	var taken []operation
	kept := q.pending[:0:0]
	for i, w := range q.pending {
		if wanted(i) {
			taken = append(taken, w.operation)
		} else {
			kept = append(kept, w)
		}
	}
	q.pending = kept
	return taken
}

// of returns how many entries a stream has.
func (q *queue) of(s *stream) int {
	n := 0
	for _, w := range q.pending {
		if w.stream == s {
			n++
		}
	}
	return n
}

// after returns the position after a record of an event, 0 if none waits.
func (q *queue) after(e *event) int {
	for i := len(q.pending) - 1; i >= 0; i-- {
		if r, is := q.pending[i].operation.(*record); is && r.event == e {
			return i + 1
		}
	}
	return 0
}

// String names the first few entries, for an error that one of them may
// explain.
func (q *queue) String() string {
	var b strings.Builder
	for i, w := range q.pending {
		if i == 4 {
			fmt.Fprintf(&b, " and %d more", len(q.pending)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s on %s", w.operation, w.stream)
	}
	return b.String()
}

// enqueue gives work to a stream: to its graph where it is being captured.
func (c *call) enqueue(s *stream, o operation) Result {
	if s.capture != nil {
		return c.capture(s, o)
	}
	if s == c.context.standard && invalidate(c.capturing(true)) {
		return StreamCaptureImplicit
	}
	if len(s.context.queue.pending) >= maxObjects {
		return OutOfMemory
	}
	s.context.queue.pending = append(s.context.queue.pending, pending{s, o})
	return Success
}

// execute runs work now. A fault ends the driver for the process.
func (p *process) execute(work []operation) Result {
	if len(work) == 0 {
		return Success
	}
	if !p.fetchMapped() {
		return Unknown
	}
	for _, o := range work {
		if err := o.run(p); err != nil {
			return p.fail(o, err)
		}
		if p.caller.err != nil {
			return Unknown
		}
	}
	if !p.storeMapped() {
		return Unknown
	}
	return Success
}

// fail makes a fault known and the device lost.
func (p *process) fail(o operation, err error) Result {
	p.lost = resultOf(err)
	text := fmt.Sprintf("%s: %v", o, err)
	for _, x := range p.contexts {
		if len(x.queue.pending) > 0 {
			text += fmt.Sprintf("\n\twhat was enqueued and not waited for: %s", &x.queue)
		}
		x.queue.clear()
	}
	p.ledger.update(func(r *Report) { r.Faults = append(r.Faults, text) })
	p.fault(text)
	return p.lost
}
