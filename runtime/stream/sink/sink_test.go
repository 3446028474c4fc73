package sink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func line(i int) *Message { return &Message{Line: fmt.Appendf(nil, `{"n":%d}`, i), Class: -1} }

// tearing writes at most limit bytes of each write while it is full.
type tearing struct {
	bytes.Buffer
	full  bool
	limit int
}

func (w *tearing) Write(b []byte) (int, error) {
	if w.full {
		n, _ := w.Buffer.Write(b[:min(w.limit, len(b))])
		return n, errors.New("full")
	}
	return w.Buffer.Write(b)
}

func TestLines(t *testing.T) {
	for limit, want := range map[int]string{
		0: "{'n':0}\n{'n':3}\n",
		1: "{'n':0}\n{\n{'n':3}\n",
		4: "{'n':0}\n{'n'\n{'n\n{'n':3}\n",
		8: "{'n':0}\n{'n':1}\n{'n':2}\n{'n':3}\n",
	} {
		w := &tearing{limit: limit}
		l := NewLines(w)
		for i := range 4 {
			w.full = i == 1 || i == 2
			if err := l.Send(t.Context(), line(i)); (err != nil) != w.full {
				t.Errorf("line %d: %v", i, err)
			}
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if got := strings.ReplaceAll(w.String(), `"`, "'"); got != want {
			t.Errorf("torn after %d bytes: %q, expected %q", limit, got, want)
		}
	}
	if err := NewLines(shortWriter{}).Send(t.Context(), line(0)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a short write: %v", err)
	}
}

type shortWriter struct{}

func (shortWriter) Write(b []byte) (int, error) { return len(b) - 1, nil }

type fakePin struct {
	levels []bool
	err    error
}

func (p *fakePin) Out(level bool) error {
	if p.err == nil {
		p.levels = append(p.levels, level)
	}
	return p.err
}

func TestGPIO(t *testing.T) {
	on, off := Message{Active: true, Class: 2}, Message{Class: 2}
	other := Message{Active: true, Class: 1}
	for _, c := range []struct {
		name string
		o    GPIOOptions
		send []Message
		want []bool
	}{
		{"off at both ends", GPIOOptions{}, nil, []bool{false, false}},
		{"changes only", GPIOOptions{}, []Message{off, on, other, on, off, off}, []bool{false, true, false, false}},
		{"low", GPIOOptions{Low: true}, []Message{on, off}, []bool{true, false, true, true}},
		{"classes", GPIOOptions{Classes: []int{2, 5}}, []Message{other, on, other}, []bool{false, true, false, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p fakePin
			g, err := NewGPIO(&p, c.o)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range c.send {
				if err := g.Send(t.Context(), &m); err != nil {
					t.Error(err)
				}
			}
			if err := g.Close(); err != nil {
				t.Error(err)
			}
			if !slices.Equal(p.levels, c.want) {
				t.Errorf("levels %v, expected %v", p.levels, c.want)
			}
		})
	}
	p := fakePin{}
	g, err := NewGPIO(&p, GPIOOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.err = errors.New("line is busy")
	if err := g.Send(t.Context(), &on); !errors.Is(err, p.err) {
		t.Error(err)
	}
	p.err = nil
	if err := g.Send(t.Context(), &on); err != nil || !slices.Equal(p.levels, []bool{false, true}) {
		t.Errorf("after a failure: %v, levels %v", err, p.levels)
	}
	p.err = errors.New("line is busy")
	if _, err := NewGPIO(&p, GPIOOptions{}); !errors.Is(err, p.err) {
		t.Error(err)
	}
}

// recorder is a sink that can be slow, stuck or broken.
type recorder struct {
	mu     sync.Mutex
	lines  []string
	wait   time.Duration
	stuck  chan struct{} // not nil: Send waits for it, and for nothing else
	err    error
	closed bool
}

func (r *recorder) Send(ctx context.Context, m *Message) error {
	if r.stuck != nil {
		<-r.stuck
	}
	if r.wait > 0 {
		select {
		case <-time.After(r.wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.lines = append(r.lines, string(m.Line))
	}
	return r.err
}

func (r *recorder) Close() error {
	r.closed = true
	return nil
}

func (r *recorder) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}

func (r *recorder) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func TestFanoutNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quick, slow := &recorder{}, &recorder{wait: time.Second}
		f := NewFanout([]Output{{"quick", quick, 0}, {"slow", slow, 10}}, FanoutOptions{Drain: time.Minute})
		begun := time.Now()
		m := line(0)
		for i := range 100 {
			m.Line = fmt.Appendf(m.Line[:0], "%d", i) // The caller's memory is its own again.
			if err := f.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if time.Since(begun) != 0 || len(quick.got()) != 100 {
			t.Errorf("100 messages took %v, and %d have arrived", time.Since(begun), len(quick.got()))
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		want := []Stats{{"quick", 100, 0, 0, 0}, {"slow", 11, 0, 89, 0}}
		if got := f.Stats(); !slices.Equal(got, want) {
			t.Errorf("%+v, expected %+v", got, want)
		}
		if got := slow.got(); got[0] != "0" || got[1] != "90" || got[10] != "99" || !quick.closed || !slow.closed {
			t.Errorf("the slow one has %v; closed: %v, %v", got, quick.closed, slow.closed)
		}
		if err := f.Send(t.Context(), m); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		if err := f.Close(); !errors.Is(err, ErrClosed) {
			t.Errorf("second Close: %v", err)
		}
	})
}

func TestFanoutCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, stuck := &recorder{wait: time.Minute}, &recorder{stuck: make(chan struct{})}
		f := NewFanout([]Output{{"slow", slow, 10}, {"stuck", stuck, 10}}, FanoutOptions{Drain: 2 * time.Second})
		for i := range 5 {
			if err := f.Send(t.Context(), line(i)); err != nil {
				t.Fatal(err)
			}
		}
		begun := time.Now()
		err := f.Close()
		if took := time.Since(begun); took != 7*time.Second {
			t.Errorf("Close took %v", took)
		}
		if err == nil || !strings.Contains(err.Error(), "stuck") || strings.Contains(err.Error(), "slow") {
			t.Errorf("Close: %v", err)
		}
		if got := f.Stats()[0]; got != (Stats{"slow", 0, 1, 4, 0}) || !slow.closed {
			t.Errorf("%+v, closed %v", got, slow.closed)
		}
		close(stuck.stuck)
		synctest.Wait()
		if !stuck.closed {
			t.Error("the sink that came loose was not closed")
		}
	})
}

func TestFanoutReportsOutages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := &recorder{}
		var told []string
		f := NewFanout([]Output{{"broken", broken, 10}}, FanoutOptions{Report: func(name string, err error) {
			told = append(told, fmt.Sprint(name, ": ", err))
		}})
		for _, err := range []error{nil, errors.New("full"), errors.New("still full"), nil, nil} {
			broken.fail(err)
			if err := f.Send(t.Context(), line(0)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if want := []string{"broken: full", "broken: <nil>"}; !slices.Equal(told, want) {
			t.Errorf("told %q, expected %q", told, want)
		}
		if got := f.Stats()[0]; got.Sent != 3 || got.Failed != 2 {
			t.Errorf("%+v", got)
		}
	})
}

type nothing struct{}

func (nothing) Send(context.Context, *Message) error { return nil }
func (nothing) Close() error                         { return nil }

func TestFanoutAllocatesNothing(t *testing.T) {
	f := NewFanout([]Output{{"a", nothing{}, 4}, {"b", NewLines(io.Discard), 4}}, FanoutOptions{})
	m := line(1)
	for range 100 {
		if err := f.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if got := testing.AllocsPerRun(1000, func() { _ = f.Send(t.Context(), m) }); got != 0 {
		t.Errorf("%v allocations for each message", got)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
