package sink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/outage"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/queue"
)

// ErrClosed is what a closed [Fanout] answers.
var ErrClosed = errors.New("sink: closed")

// An Output is a sink behind a queue.
type Output struct {
	Name  string // for counts and errors
	Sink  Sink
	Queue int // the messages that may wait; 0 means 1024
}

// FanoutOptions are common to all outputs.
type FanoutOptions struct {
	// Drain is how long Close lets the queues empty before it cancels what is being sent; 0 means 5 s.
	Drain time.Duration
	// Report is told when a sink begins to fail, and with a nil error when it works again. The sinks call it from
	// goroutines of their own. It may be nil.
	Report func(name string, err error)
}

// Stats counts what became of the messages of one output.
type Stats struct {
	Name    string
	Sent    uint64 // the sink has taken charge of them
	Failed  uint64 // lost, with an error from the sink
	Dropped uint64 // lost, because the queue was full or Close ran out of time
	Waiting int
}

// A Fanout is a sink that hands each message to several others. Each has its own queue and goroutine, so a slow one
// delays nobody: [Fanout.Send] never waits and, once the queues have grown, allocates nothing.
type Fanout struct {
	branches []*branch
	drain    time.Duration
	stop     context.CancelFunc

	mu     sync.Mutex // between Send and Close
	closed bool
}

// closeLimit is what a sink may take for its own Close after the queues had their time.
const closeLimit = 5 * time.Second

// NewFanout starts a goroutine for each output.
func NewFanout(outputs []Output, o FanoutOptions) *Fanout {
	o.Drain = cmp.Or(o.Drain, 5*time.Second)
	ctx, stop := context.WithCancel(context.Background())
	f := &Fanout{drain: o.Drain, stop: stop}
	for _, output := range outputs {
		b := &branch{
			name:    output.Name,
			sink:    output.Sink,
			queue:   queue.New[Message](cmp.Or(output.Queue, 1024)),
			closing: make(chan struct{}),
			done:    make(chan struct{}),
		}
		if o.Report != nil {
			b.outage.Tell = func(err error) { o.Report(b.name, err) }
		}
		f.branches = append(f.branches, b)
		go b.run(ctx)
	}
	return f
}

// Send copies the message into every queue. The only error is [ErrClosed].
func (f *Fanout) Send(_ context.Context, m *Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return ErrClosed
	}
	for _, b := range f.branches {
		if b.queue.Put(func(slot *Message) { slot.copyFrom(m) }) {
			b.dropped.Add(1)
		}
	}
	return nil
}

// Stats returns the counts of each output, in the order they were given.
func (f *Fanout) Stats() []Stats {
	list := make([]Stats, len(f.branches))
	for i, b := range f.branches {
		list[i] = Stats{b.name, b.sent.Load(), b.failed.Load(), b.dropped.Load(), b.queue.Len()}
	}
	return list
}

// Close empties the queues within [FanoutOptions].Drain, cancels what is still being sent then, and closes the sinks.
// It returns no later than 5 s after that: a sink that is stuck in a system call is left behind and named in the error.
func (f *Fanout) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return ErrClosed
	}
	f.closed = true
	f.mu.Unlock()

	for _, b := range f.branches {
		close(b.closing)
	}
	drained := time.AfterFunc(f.drain, f.stop)
	defer drained.Stop()
	defer f.stop()
	late := make(chan struct{})
	limit := time.AfterFunc(f.drain+closeLimit, func() { close(late) })
	defer limit.Stop()
	var errs []error
	for _, b := range f.branches {
		select {
		case <-b.done:
			if b.err != nil {
				errs = append(errs, fmt.Errorf("sink: closing %s: %w", b.name, b.err))
			}
		case <-late:
			errs = append(errs, fmt.Errorf("sink: closing %s: not done after %v, left behind", b.name, f.drain+closeLimit))
		}
	}
	return errors.Join(errs...)
}

// A branch is one output at work.
type branch struct {
	name    string
	sink    Sink
	queue   *queue.Queue[Message]
	outage  outage.Outage
	closing chan struct{} // closed when nothing is put any more
	done    chan struct{}
	err     error // of the sink's Close, once done is closed

	sent, failed, dropped atomic.Uint64
}

func (b *branch) run(ctx context.Context) {
	defer close(b.done)
	var m Message
	for open := true; open; {
		select {
		case <-b.queue.Ready():
		case <-b.closing:
			open = false // What waits now is all that will.
		}
		for ctx.Err() == nil && b.queue.Take(&m) {
			err := b.sink.Send(ctx, &m)
			if err != nil {
				b.failed.Add(1)
			} else {
				b.sent.Add(1)
			}
			b.outage.Note(err)
		}
	}
	for b.queue.Take(&m) {
		b.dropped.Add(1)
	}
	b.err = b.sink.Close()
}
