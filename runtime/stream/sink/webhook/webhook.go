package webhook

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/backoff"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/outage"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/queue"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// A Sink posts to one URL.
type Sink struct {
	options  Options
	endpoint *endpoint
	dial     dialer
	lines    *queue.Queue[[]byte]
	outage   outage.Outage

	closing chan struct{}
	closed  bool
	stop    context.CancelFunc
	done    chan struct{}

	posted, requests, refused, dropped atomic.Uint64
}

// Stats say how a sink is doing. All but Requests count lines.
type Stats struct {
	Posted   uint64 // accepted by the server
	Requests uint64 // attempts, whatever became of them
	Refused  uint64 // lost: the server will not have them
	Dropped  uint64 // lost: the queue was full, they were given up, or Close ran out of time
	Waiting  int
}

// New starts the goroutine that posts. No connection is made yet.
func New(o Options) (*Sink, error) {
	e, err := o.endpoint()
	if err != nil {
		return nil, err
	}
	return start(o, e, func(ctx context.Context) (net.Conn, error) {
		return secure.Dial(ctx, e.address, e.config)
	})
}

func start(o Options, e *endpoint, dial dialer) (*Sink, error) {
	if err := o.setDefaults(); err != nil {
		return nil, err
	}
	// A secret that is not there is better said at the start than in a log at night.
	if _, err := o.Secret.Read(); err != nil {
		return nil, fmt.Errorf("webhook: header %s: %w", o.Header, err)
	}
	s := &Sink{
		options:  o,
		endpoint: e,
		dial:     dial,
		lines:    queue.New[[]byte](o.Queue),
		outage:   outage.Outage{Tell: o.Report},
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.run(ctx)
	return s, nil
}

// Send puts the line into the queue, in place of the oldest where the queue is full. It does not wait, and fails only
// after Close.
func (s *Sink) Send(_ context.Context, m *sink.Message) error {
	if s.closed {
		return fmt.Errorf("webhook: %w", os.ErrClosed)
	}
	if s.lines.Put(func(line *[]byte) { *line = append((*line)[:0], m.Line...) }) {
		s.dropped.Add(1)
	}
	return nil
}

// Stats may be called at any time.
func (s *Sink) Stats() Stats {
	return Stats{s.posted.Load(), s.requests.Load(), s.refused.Load(), s.dropped.Load(), s.lines.Len()}
}

// Close posts what waits, for at most [Options].Drain; what is left is dropped and counted.
func (s *Sink) Close() error {
	if s.closed {
		return fmt.Errorf("webhook: %w", os.ErrClosed)
	}
	s.closed = true
	close(s.closing)
	limit := time.AfterFunc(s.options.Drain, s.stop)
	defer limit.Stop()
	<-s.done
	s.stop()
	return nil
}

func (s *Sink) run(ctx context.Context) {
	defer close(s.done)
	var body, line []byte
	for {
		var n int
		body, line, n = s.collect(ctx, body[:0], line)
		if n == 0 {
			return
		}
		s.deliver(ctx, body, n)
	}
}

// collect waits for a batch of n lines; none is the end.
func (s *Sink) collect(ctx context.Context, body, line []byte) ([]byte, []byte, int) {
	n := 0
	closing := s.closing
	var late <-chan time.Time // since the first line
	for {
		for n < s.options.Batch && s.lines.Take(&line) {
			body = append(append(body, line...), '\n')
			n++
		}
		if n == s.options.Batch || closing == nil {
			return body, line, n
		}
		if n > 0 && late == nil {
			timer := time.NewTimer(s.options.BatchWait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-s.lines.Ready():
		case <-late:
			return body, line, n
		case <-closing:
			closing = nil // What waits now is all that will.
		case <-ctx.Done():
			return body, line, n
		}
	}
}

// deliver posts a batch of n lines until it is accepted, refused, given up or out of time.
func (s *Sink) deliver(ctx context.Context, body []byte, n int) {
	contentType := "application/x-ndjson"
	if s.options.Batch == 1 {
		contentType, body = "application/json", body[:len(body)-1]
	}
	lines := uint64(n)
	pause := backoff.Backoff{First: s.options.RetryMin, Most: s.options.RetryMax}
	begun := time.Now()
	for ctx.Err() == nil {
		s.requests.Add(1)
		r, err := s.post(ctx, body, contentType)
		switch {
		case err != nil:
		case r.status >= 200 && r.status < 300:
			s.posted.Add(lines)
			s.outage.Note(nil)
			return
		case !again(r.status):
			s.refused.Add(lines)
			s.outage.Note(fmt.Errorf("webhook: %s: the server refuses with status %d", s.endpoint.host, r.status))
			return
		default:
			err = fmt.Errorf("webhook: %s: status %d", s.endpoint.host, r.status)
		}
		s.outage.Note(err)
		wait := min(max(pause.Next(), r.after), s.options.RetryMax)
		if s.options.GiveUp > 0 && time.Since(begun)+wait > s.options.GiveUp {
			break
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
	s.dropped.Add(lines)
}
