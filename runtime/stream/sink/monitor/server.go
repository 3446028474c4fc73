package monitor

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// Options say what is served. A nil function leaves its page out, but for Health: a process that answers is alive.
type Options struct {
	Addr    string              // host:port or :port; without a host, 127.0.0.1; port 0 takes a free one
	Metrics func(e *Exposition) // fills e; several may run at once
	Health  func() error        // an error says what hangs
	Ready   func() error        // an error says what is not there yet, or no more
}

const (
	maxConnections = 8
	answerTime     = 5 * time.Second
)

// A Server listens until it is closed.
type Server struct {
	options  Options
	listener net.Listener
	slots    chan struct{}
	running  sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

// Serve starts to listen.
func Serve(o Options) (*Server, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("monitor: address %q: expected HOST:PORT or :PORT", o.Addr)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("monitor: %w", err)
	}
	s := &Server{options: o, listener: l, slots: make(chan struct{}, maxConnections), open: map[net.Conn]struct{}{}}
	s.running.Add(1)
	go s.accept()
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Close stops listening and cuts off who is being answered.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	err := s.listener.Close()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
	return err
}

func (s *Server) accept() {
	defer s.running.Done()
	for {
		// Whoever comes when all places are taken waits in the kernel's queue.
		s.slots <- struct{}{}
		c, err := s.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // Out of file descriptors, mostly: this passes.
			<-s.slots
			time.Sleep(100 * time.Millisecond)
			continue
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			c.Close()
			return
		}
		s.open[c] = struct{}{}
		s.running.Add(1)
		s.mu.Unlock()
		go s.serve(c)
	}
}

func (s *Server) serve(c net.Conn) {
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
		<-s.slots
		s.running.Done()
	}()
	if c.SetDeadline(time.Now().Add(answerTime)) != nil {
		return
	}
	method, path, status := readRequest(c)
	var body []byte
	contentType := "text/plain; charset=utf-8"
	if status == 200 {
		status, contentType, body = s.page(path, contentType)
	}
	if status == 0 {
		return // Nobody is there to be told.
	}
	if body == nil {
		body = []byte(reasons[status] + "\n")
	}
	writeResponse(c, status, contentType, body, method == "HEAD")
}

func (s *Server) page(path, plain string) (status int, contentType string, body []byte) {
	switch o := &s.options; {
	case path == "/metrics" && o.Metrics != nil:
		var e Exposition
		o.Metrics(&e)
		text, err := e.Text()
		if err != nil {
			return 500, plain, []byte(err.Error() + "\n")
		}
		return 200, "text/plain; version=0.0.4; charset=utf-8", text
	case path == "/healthz":
		return judge(o.Health, plain)
	case path == "/readyz" && o.Ready != nil:
		return judge(o.Ready, plain)
	}
	return 404, plain, nil
}

func judge(check func() error, plain string) (status int, contentType string, body []byte) {
	if check != nil {
		if err := check(); err != nil {
			return 503, plain, []byte(strings.ToValidUTF8(err.Error(), "\uFFFD") + "\n")
		}
	}
	return 200, plain, []byte("ok\n")
}
