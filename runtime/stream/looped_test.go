package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A fakeClock passes only when somebody waits or works.
type fakeClock struct {
	mutex sync.Mutex
	now   time.Time
	late  time.Duration // by which each wait ends too late
}

func newFakeClock() *fakeClock { return &fakeClock{now: someTime} }

func (c *fakeClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *fakeClock) work(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(d)
}

func (c *fakeClock) WaitUntil(ctx context.Context, t time.Time) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if t.After(c.now) {
		c.now = t.Add(c.late)
	}
	return ctx.Err()
}

// A fakeSource gives readings of accel_x and temperature at its clock's time. It
// ends after a number of reads.
type fakeSource struct {
	clock  *fakeClock
	reads  int
	end    int
	before func(read int) error // is called first, if it is there
	after  func(read int)       // is called last
	age    time.Duration        // of the readings
	opened int
	closed int
}

func (s *fakeSource) Channels() []Channel { return shakeConfig(1).Channels }

func (s *fakeSource) Close() error {
	s.closed++
	return errors.New("closing is an error too")
}

func (s *fakeSource) Read(ctx context.Context, values []float64) (time.Time, error) {
	if s.reads == s.end {
		return time.Time{}, io.EOF
	}
	s.reads++
	if s.before != nil {
		if err := s.before(s.reads); err != nil {
			return time.Time{}, err
		}
	}
	now := s.clock.Now()
	values[0], values[1] = shake(now.Sub(someTime)), 20
	if s.after != nil {
		s.after(s.reads)
	}
	return now.Add(-s.age), nil
}

// looped is a loop over a fakeSource, and what became of it.
type looped struct {
	clock    *fakeClock
	source   *fakeSource
	pipeline *Pipeline
	loop     *Loop
	results  int
	events   []string
}

// newLooped makes a loop at 100 readings a second that ends after so many.
func newLooped(t testing.TB, reads int, options Options, change func(*looped, *Config, *Options)) *looped {
	t.Helper()
	l := &looped{clock: newFakeClock()}
	l.source = &fakeSource{clock: l.clock, end: reads}
	c := shakeConfig(100)
	options.Clock = l.clock
	options.Emit = func(r *Result) error {
		l.results++
		return nil
	}
	options.Notify = func(e Event) { l.events = append(l.events, fmt.Sprintf("%v %v", l.clock.Now().Sub(someTime), e)) }
	if change != nil {
		change(l, &c, &options)
	}
	l.pipeline = shakePipeline(t, c)
	var err error
	if l.loop, err = NewLoop(l.pipeline, l.source, options); err != nil {
		t.Fatal(err)
	}
	return l
}

// run runs it and checks what it counted; what is not listed is 0.
func (l *looped) run(t *testing.T, want map[Counter]uint64) {
	t.Helper()
	if err := l.loop.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if h := l.loop.Health(); h.State != Ended {
		t.Errorf("at the end it is %s", h.State)
	}
	for c, n := range l.pipeline.Stats().Counts() {
		if n != want[c] {
			t.Errorf("%s is %d, want %d", c, n, want[c])
		}
	}
}

func (l *looped) checkEvents(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(l.events, want) {
		t.Errorf("events:\n\t%s\nwant\n\t%s", strings.Join(l.events, "\n\t"), strings.Join(want, "\n\t"))
	}
}
