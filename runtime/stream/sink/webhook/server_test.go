package webhook

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
)

// server notes what is posted and answers as it is told.
type server struct {
	mu     sync.Mutex
	bodies []string
	times  []time.Time
	header http.Header
	answer func(n int, w http.ResponseWriter)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, string(body))
	s.times = append(s.times, time.Now())
	s.header = r.Header.Clone()
	s.header.Set("Request", r.Method+" "+r.Host+" "+r.RequestURI)
	if s.answer != nil {
		s.answer(len(s.bodies)-1, w)
	}
}

func (s *server) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// pipe serves net/http's server over pipes, for tests with a clock of their own.
type pipe struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error   { return nil }
func (p *pipe) Addr() net.Addr { return &net.TCPAddr{} }

// onPipe starts a sink whose server is reached over pipes.
func onPipe(t *testing.T, o Options, h http.Handler) (s *Sink, stop func()) {
	t.Helper()
	p := &pipe{make(chan net.Conn), make(chan struct{})}
	web := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = web.Serve(p)
	}()
	o.URL = "http://hook.test/in"
	e, err := o.endpoint()
	if err != nil {
		t.Fatal(err)
	}
	s, err = start(o, e, func(ctx context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case p.conns <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		close(p.done)
		web.Close()
		<-served
	}
}

func send(t *testing.T, s *Sink, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := s.Send(t.Context(), &sink.Message{Line: fmt.Appendf(nil, `{"n":%d}`, i)}); err != nil {
			t.Fatal(err)
		}
	}
}

func mustClose(t *testing.T, s *Sink) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
