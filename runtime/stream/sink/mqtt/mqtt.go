package mqtt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/backoff"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/outage"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/spool"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// A Sink publishes to one broker.
type Sink struct {
	options Options
	topic   topic
	status  string // "" for none
	spool   *spool.Spool
	record  []byte
	dial    dialer
	disk    outage.Outage // of the session

	closing chan struct{}
	closed  bool
	stop    context.CancelFunc
	done    chan struct{}

	connected    atomic.Bool
	connections  atomic.Uint64
	published    atomic.Uint64
	acknowledged atomic.Uint64
}

// Stats say how a sink is doing.
type Stats struct {
	Connected    bool
	Connections  uint64 // since the start; more than 1 means that some were lost
	Published    uint64 // messages written to a connection, repetitions included
	Acknowledged uint64 // messages that are done: for quality of service 0, written
	Waiting      uint64 // messages in the buffer
	Bytes        int64  // what the buffer takes on disk
	Dropped      uint64 // messages lost because the buffer was full; some of them may have been under way
	Lost         uint64 // messages that the disk or a power cut has damaged
}

// dialer opens the connection to the broker, and shakes hands where there is TLS.
type dialer func(context.Context) (net.Conn, error)

// New opens the buffer and starts to connect. A broker that cannot be reached is not an error: it may come.
func New(o Options) (*Sink, error) {
	address, config, err := o.endpoint()
	if err != nil {
		return nil, err
	}
	return start(o, func(ctx context.Context) (net.Conn, error) {
		return secure.Dial(ctx, address, config)
	})
}

func start(o Options, dial dialer) (*Sink, error) {
	if err := o.setDefaults(); err != nil {
		return nil, err
	}
	s := &Sink{options: o, dial: dial, closing: make(chan struct{}), done: make(chan struct{})}
	var err error
	if s.topic, err = parseTopic(o.Topic, o.Vars); err != nil {
		return nil, err
	}
	if o.Status != "" {
		status, err := parseTopic(o.Status, o.Vars)
		if err != nil {
			return nil, err
		}
		if !status.constant() {
			return nil, fmt.Errorf("mqtt: status topic %q: no message fills in {class} or {active}", o.Status)
		}
		s.status = status[0].text
	}
	// A secret that is not there is better said at the start than in a log at night.
	if _, err := o.User.Read(); err != nil {
		return nil, fmt.Errorf("mqtt: user name: %w", err)
	}
	if _, err := o.Password.Read(); err != nil {
		return nil, fmt.Errorf("mqtt: password: %w", err)
	}
	if s.spool, err = spool.Open(spool.Options{Dir: o.Dir, MaxBytes: o.MaxBytes, SyncAfter: o.SyncAfter}); err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	s.disk.Tell = o.Report
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.run(ctx)
	return s, nil
}

// Send puts the message into the buffer. An error says that it is not there: the disk is full, or the message is larger
// than an eighth of the buffer.
func (s *Sink) Send(_ context.Context, m *sink.Message) error {
	s.record = appendTopic(s.record[:0], s.topic, m)
	s.record = append(s.record, m.Line...)
	if err := s.spool.Append(s.record); err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	return nil
}

// Stats may be called at any time.
func (s *Sink) Stats() Stats {
	b := s.spool.Stats()
	return Stats{
		s.connected.Load(), s.connections.Load(), s.published.Load(), s.acknowledged.Load(),
		b.Waiting, b.Bytes, b.Dropped, b.Lost,
	}
}

// Close waits up to [Options].Drain for the broker to acknowledge what is in the buffer, and says goodbye. What the
// broker does not take stays on disk for the next start. That is not an error.
func (s *Sink) Close() error {
	if s.closed {
		return fmt.Errorf("mqtt: %w", os.ErrClosed)
	}
	s.closed = true
	close(s.closing)
	limit := time.AfterFunc(s.options.Drain, s.stop)
	defer limit.Stop()
	<-s.done
	s.stop()
	if err := s.spool.Close(); err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	return nil
}

// steady is how long a connection must have lasted to be called a success, after which pauses begin short again. Two
// clients of one name, each throwing the other out, never get there.
const steady = 10 * time.Second

// errFinished ends the last session: everything is acknowledged, and the broker knows that we go.
var errFinished = errors.New("mqtt: finished")

// run connects, again and again.
func (s *Sink) run(ctx context.Context) {
	defer close(s.done)
	trouble := outage.Outage{Tell: s.options.Report}
	pause := backoff.Backoff{First: s.options.RetryMin, Most: s.options.RetryMax}
	for {
		begun := time.Now()
		err := s.session(ctx, &trouble)
		s.connected.Store(false)
		if err == errFinished || ctx.Err() != nil {
			return
		}
		trouble.Note(err)
		if time.Since(begun) >= steady {
			pause.Reset()
		}
		if s.isClosing() {
			return
		}
		wait := time.NewTimer(pause.Next())
		select {
		case <-wait.C:
		case <-s.closing:
			wait.Stop()
			if s.spool.Stats().Waiting == 0 {
				return
			}
			// One last attempt, within the time that Close gives it.
		}
	}
}

func (s *Sink) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
