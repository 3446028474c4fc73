package driver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"
)

// Options say what a Server simulates.
type Options struct {
	Board    Board
	Failures []Failure
	Log      io.Writer // gets a Report a line when a process ends; nil: nobody does
	Errors   io.Writer // gets faults and breaches of the protocol; nil: nobody does
	Once     bool      // Serve returns when the first process has ended
}

// A Server answers driver calls of any number of processes, each with a state
// of its own.
type Server struct {
	options Options

	mu          sync.Mutex
	listener    net.Listener
	open        map[net.Conn]*failures
	ledgers     []*ledger
	faults      int
	asked       []Failure // by Fail: they hold for later connections, too
	closed      bool
	connections sync.WaitGroup
}

const maxConnections = 64

// NewServer returns a server that waits for Serve.
func NewServer(o Options) *Server {
	return &Server{options: o, open: map[net.Conn]*failures{}, asked: o.Failures}
}

// Serve answers connections until Close, or until the first process has ended
// where the options say so. It returns nil then.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	s.listener = l
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return l.Close()
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			s.connections.Wait()
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("driver: %w", err)
		}
		failures := s.admit(conn)
		if failures == nil {
			conn.Close()
			continue
		}
		go func() {
			defer s.connections.Done()
			process := s.converse(conn, failures)
			conn.Close()
			s.mu.Lock()
			delete(s.open, conn)
			s.mu.Unlock()
			if process && s.options.Once {
				s.Close()
			}
		}()
	}
}

// admit returns the failures of a new connection, or nil where it is refused.
func (s *Server) admit(conn net.Conn) *failures {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= maxConnections {
		return nil
	}
	f := &failures{}
	f.add(s.asked...)
	s.open[conn] = f
	s.connections.Add(1)
	return f
}

// Close ends every connection and makes Serve return.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	for conn := range s.open {
		conn.Close()
	}
	if s.listener == nil {
		return nil
	}
	return s.listener.Close()
}

// Faults is how many faults there were: what a kernel did wrong, a breach of
// the protocol, memory of a process that could not be reached. Failures on
// request are none.
func (s *Server) Faults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// Reports returns what each process did, as far as they have got.
func (s *Server) Reports() []Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	reports := make([]Report, len(s.ledgers))
	for i, l := range s.ledgers {
		reports[i] = l.snapshot()
	}
	return reports
}

// Fail asks for a failure, of the processes there are and of later ones. Calls
// are counted from now on.
func (s *Server) Fail(f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked[:len(s.asked):len(s.asked)], f)
	for _, of := range s.open {
		of.add(f)
	}
}

func (s *Server) fault(connection int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults++
	if s.options.Errors != nil {
		fmt.Fprintf(s.options.Errors, "libcuda: process %d: %s\n", connection, text)
	}
}

func (s *Server) newLedger() (*ledger, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := newLedger(len(s.ledgers)+1, s.options.Board.Name)
	s.ledgers = append(s.ledgers, l)
	return l, len(s.ledgers)
}

// converse answers one connection to its end and reports whether it was a
// process, rather than a test that asks for reports.
func (s *Server) converse(conn io.ReadWriter, f *failures) bool {
	c := newCaller(conn)
	q, err := ReadRequest(c.in)
	if err != nil {
		s.breach(0, err)
		return false
	}
	switch {
	case q.Name == "simReports" && len(q.Arguments) == 2, q.Name == "simFail" && len(q.Arguments) == 2:
		s.control(c, q)
		return false
	case q.Name != "simHello" || len(q.Arguments) != 1:
		s.breach(0, fmt.Errorf("%w: %s with %d arguments before simHello", errRequest, q.Name, len(q.Arguments)))
		return false
	case q.Arguments[0] != Version:
		s.breach(0, fmt.Errorf("%w: version %d of the protocol: expected %d", errRequest, q.Arguments[0], Version))
		c.reply(DriverMismatch, 0)
		return false
	}
	c.reply(Success, 0)

	ledger, number := s.newLedger()
	p := newProcess(&s.options.Board, c, f, ledger, func(text string) { s.fault(number, text) })
	for err == nil {
		if q, err = ReadRequest(c.in); err == nil {
			err = p.answer(q)
		}
	}
	s.breach(number, err)
	ledger.update(func(r *Report) { r.Ended = true })
	s.log(ledger.snapshot())
	return true
}

// breach makes a fault of an error that ended a connection, unless the caller
// or this server has gone away.
func (s *Server) breach(connection int, err error) {
	for _, gone := range []error{io.EOF, net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, gone) {
			return
		}
	}
	s.fault(connection, err.Error())
}

func (s *Server) log(r Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.options.Log == nil {
		return
	}
	if err := json.NewEncoder(s.options.Log).Encode(r); err != nil {
		s.faults++
	}
}
