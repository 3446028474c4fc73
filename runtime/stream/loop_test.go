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

func TestLoop(t *testing.T) {
	l := newLooped(t, 300, Options{Deadline: ms}, nil)
	l.run(t, map[Counter]uint64{Readings: 300, Windows: 11, Predictions: 11})
	if l.results != 11 || l.source.closed != 1 || l.events != nil {
		t.Errorf("%d results, closed %d times, events %v", l.results, l.source.closed, l.events)
	}
	if d := l.clock.Now().Sub(someTime); d != 3*time.Second {
		t.Errorf("300 readings took %v", d)
	}
	stats := l.pipeline.Stats()
	if stats.Jitter.Count() != 301 || stats.Jitter.Max() != 0 || stats.Latency.Count() != 11 || stats.Compute.Count() != 11 {
		t.Errorf("jitter %d, latency %d, compute %d", stats.Jitter.Count(), stats.Latency.Count(), stats.Compute.Count())
	}
}

// TestLoopIsLate: waits that end late and work that takes long move no later tick.
func TestLoopIsLate(t *testing.T) {
	l := newLooped(t, 300, Options{Deadline: 2 * ms}, func(l *looped, c *Config, o *Options) {
		l.clock.late = 300 * time.Microsecond
		o.Emit = func(*Result) error { l.clock.work(1800 * time.Microsecond); return nil }
	})
	l.run(t, map[Counter]uint64{Readings: 300, Windows: 11, Predictions: 11, MissedDeadlines: 11})
	if d := l.clock.Now().Sub(someTime); d != 3*time.Second+l.clock.late {
		t.Errorf("300 readings took %v", d)
	}
	stats := l.pipeline.Stats()
	if stats.Jitter.Max() != l.clock.late || stats.Latency.Max() != 2100*time.Microsecond || stats.Latency.Quantile(0) < 2100*time.Microsecond {
		t.Errorf("jitter up to %v, latency %v to %v", stats.Jitter.Max(), stats.Latency.Quantile(0), stats.Latency.Max())
	}
}

// TestLoopMissesTicks: a read that takes two periods and a half costs two ticks, which nobody makes up for.
func TestLoopMissesTicks(t *testing.T) {
	for _, test := range []struct {
		name string
		gap  time.Duration
		want map[Counter]uint64
	}{
		{"and begins anew", 0, map[Counter]uint64{Readings: 298, MissedTicks: 2, Gaps: 1, Windows: 9, Predictions: 9, MissedDeadlines: 1}},
		{"and fills", 40 * ms, map[Counter]uint64{Readings: 298, MissedTicks: 2, Filled: 2, Windows: 11, Predictions: 11, MissedDeadlines: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLooped(t, 298, Options{Deadline: 5 * ms}, func(l *looped, c *Config, o *Options) {
				c.Window.MaxGap = test.gap
				l.source.after = func(read int) {
					if read == 120 {
						l.clock.work(27 * ms)
					}
				}
			})
			l.run(t, test.want)
			if d := l.clock.Now().Sub(someTime); d != 3*time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

// TestLoopHalfAPeriodLate: a tick that passed less than half a period ago is taken late. Work of 14 ms
// makes reads begin at 0, 14 (for the tick of 10), 30 (at 28, that of 20 was over), 44, 60, …
func TestLoopHalfAPeriodLate(t *testing.T) {
	l := newLooped(t, 100, Options{}, func(l *looped, c *Config, o *Options) {
		c.Window.MaxGap = 25 * ms
		l.source.after = func(read int) { l.clock.work(14 * ms) }
	})
	l.run(t, map[Counter]uint64{Readings: 100, MissedTicks: 50, Filled: 49, Windows: 4, Predictions: 4})
	if late := l.pipeline.Stats().Jitter.Max(); late != 4*ms {
		t.Errorf("up to %v late", late)
	}
}

func TestLoopStaleReadings(t *testing.T) {
	l := newLooped(t, 100, Options{StaleAfter: 50 * ms}, func(l *looped, c *Config, o *Options) {
		l.source.before = func(read int) error {
			l.source.age = 0
			if read > 60 && read <= 80 {
				l.source.age = 51 * ms
			}
			return nil
		}
	})
	l.run(t, map[Counter]uint64{Readings: 100, StaleReadings: 20, Windows: 1, Predictions: 1, Gaps: 1})
	l.checkEvents(t, "640ms the readings are stale", "800ms the readings are fresh again")
}

// TestLoopFrozen: a sensor whose time stands still gives no good readings.
func TestLoopFrozen(t *testing.T) {
	l := newLooped(t, 100, Options{StaleAfter: 50 * ms}, func(l *looped, c *Config, o *Options) {
		l.source.before = func(read int) error {
			if read > 60 {
				l.source.age = l.clock.Now().Sub(someTime.Add(590 * ms))
			}
			return nil
		}
	})
	l.run(t, map[Counter]uint64{Readings: 100, LateReadings: 5, StaleReadings: 35, Windows: 1, Predictions: 1})
	l.checkEvents(t, "640ms the readings are stale")
}

func TestLoopSensorDisappears(t *testing.T) {
	gone := errors.New("no acknowledge")
	for _, test := range []struct {
		name   string
		open   func(l *looped) error // what opening does
		failed func(read int) bool
		want   map[Counter]uint64
		events []string
	}{
		{"once", nil, func(read int) bool { return read == 70 },
			map[Counter]uint64{Readings: 99, ReadErrors: 1, Gaps: 1, Windows: 1, Predictions: 1},
			[]string{"690ms the sensor gave no reading: no acknowledge", "700ms the sensor gives readings again"}},
		{"and is opened", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 73 },
			map[Counter]uint64{Readings: 97, ReadErrors: 3, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 9},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor gives readings again"}},
		{"for longer", func(l *looped) error {
			if l.source.opened < 3 {
				return errors.New("no such device")
			}
			return nil
		}, func(read int) bool { return read >= 70 && read < 73 },
			map[Counter]uint64{Readings: 97, ReadErrors: 3, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 69},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor cannot be opened: no such device", "1.01s the sensor cannot be opened: no such device",
				"1.18s the readings are stale", "1.41s the sensor gives readings again", "1.41s the readings are fresh again"}},
		{"opens but does not answer", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 75 },
			map[Counter]uint64{Readings: 95, ReadErrors: 5, Gaps: 1, Windows: 1, Predictions: 1, Lost: 3, AbsentTicks: 67},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor is given up and opened again: no acknowledge", "1.01s the sensor is given up and opened again: no acknowledge",
				"1.18s the readings are stale", "1.41s the sensor gives readings again", "1.41s the readings are fresh again"}},
		{"twice, after which the pause is short again", func(l *looped) error { return nil }, func(read int) bool { return read >= 70 && read < 73 || read >= 80 && read < 83 },
			map[Counter]uint64{Readings: 94, ReadErrors: 6, Gaps: 2, Windows: 1, Predictions: 1, Lost: 2, AbsentTicks: 18},
			[]string{"690ms the sensor gave no reading: no acknowledge", "710ms the sensor is given up and opened again: no acknowledge",
				"810ms the sensor gives readings again",
				"880ms the sensor gave no reading: no acknowledge", "900ms the sensor is given up and opened again: no acknowledge",
				"1s the sensor gives readings again"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLooped(t, 100, Options{StaleAfter: 500 * ms, Backoff: 100 * ms}, func(l *looped, c *Config, o *Options) {
				l.source.before = func(read int) error {
					if test.failed(read) {
						return gone
					}
					return nil
				}
				o.Open = func(context.Context) (Source, error) {
					l.source.opened++
					if !l.loop.Health().Away {
						t.Error("it is opened while it is not away")
					}
					if err := test.open(l); err != nil {
						return nil, err
					}
					return l.source, nil
				}
			})
			l.run(t, test.want)
			l.checkEvents(t, test.events...)
			if l.loop.Health().Away {
				t.Error("it is away at the end")
			}
			if want := int(test.want[Lost]) + 1; l.source.closed != want {
				t.Errorf("closed %d times, want %d", l.source.closed, want)
			}
		})
	}
}

// TestLoopOpensAnother: what is opened must have the same channels.
func TestLoopOpensAnother(t *testing.T) {
	other := &otherSource{}
	l := newLooped(t, 100, Options{Retries: 1}, func(l *looped, c *Config, o *Options) {
		l.source.before = func(read int) error {
			if read == 70 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		o.Open = func(context.Context) (Source, error) {
			if l.source.opened++; l.source.opened == 1 {
				return other, nil
			}
			return l.source, nil
		}
	})
	l.run(t, map[Counter]uint64{Readings: 99, ReadErrors: 1, Gaps: 1, Windows: 1, Predictions: 1, Lost: 1, AbsentTicks: 29})
	if !other.closed || len(l.events) != 4 || !strings.Contains(l.events[2], "the source has channels pressure: the pipeline was made for accel_x, temperature") {
		t.Errorf("closed %v, events %q", other.closed, l.events)
	}
}

type otherSource struct {
	Source
	closed bool
}

func (*otherSource) Channels() []Channel { return []Channel{{"pressure", "Pa"}} }
func (s *otherSource) Close() error      { s.closed = true; return nil }

// TestLoopEnds: what ends Run, and with which error.
func TestLoopEnds(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, test := range []struct {
		name   string
		change func(l *looped, c *Config, o *Options, cancel func())
		want   error // nil for a clean end
		reads  int
	}{
		{"source", func(*looped, *Config, *Options, func()) {}, nil, 100},
		{"context, in a read", func(l *looped, c *Config, o *Options, cancel func()) {
			l.source.before = func(read int) error {
				if read == 60 {
					cancel()
					return errors.New("interrupted")
				}
				return nil
			}
		}, nil, 60},
		{"context, in Emit, which is finished", func(l *looped, c *Config, o *Options, cancel func()) {
			o.Emit = func(*Result) error { cancel(); l.results++; return nil }
		}, nil, 50},
		{"emit", func(l *looped, c *Config, o *Options, cancel func()) { o.Emit = func(*Result) error { return broken } }, broken, 50},
		{"an emit that ends is no end of the source", func(l *looped, c *Config, o *Options, cancel func()) {
			o.Emit = func(*Result) error { return io.EOF }
		}, io.EOF, 50},
		{"bad reading", func(l *looped, c *Config, o *Options, cancel func()) {
			c.Guard = Guard{Policy: Stop, Ranges: map[string]Range{"temperature": {-40, 15}}}
		}, ErrBadReading, 1},
		{"lost", func(l *looped, c *Config, o *Options, cancel func()) {
			l.source.before = func(read int) error { return broken }
		}, ErrSensorLost, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			l := newLooped(t, 100, Options{}, func(l *looped, c *Config, o *Options) { test.change(l, c, o, cancel) })
			if err := l.loop.Run(ctx); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			if l.source.reads != test.reads || l.source.closed != 1 {
				t.Errorf("%d reads, closed %d times; want %d and 1", l.source.reads, l.source.closed, test.reads)
			}
		})
	}
}

// TestLoopPaced: a source that sets the pace is read without ticks.
func TestLoopPaced(t *testing.T) {
	l := newLooped(t, 200, Options{Paced: true, Deadline: ms}, func(l *looped, c *Config, o *Options) {
		l.source.before = func(int) error { l.clock.work(10 * ms); return nil }
		o.Emit = func(*Result) error { l.clock.work(2 * ms); return nil }
	})
	l.run(t, map[Counter]uint64{Readings: 200, Windows: 7, Predictions: 7, MissedDeadlines: 7})
	stats := l.pipeline.Stats()
	if stats.Jitter.Count() != 0 || stats.Latency.Max() != 2*ms {
		t.Errorf("jitter of %d ticks, latency up to %v", stats.Jitter.Count(), stats.Latency.Max())
	}
}

func TestLoopHealth(t *testing.T) {
	l := newLooped(t, 10, Options{StaleAfter: 50 * ms}, nil)
	check := func(want Health) {
		t.Helper()
		if h := l.loop.Health(); h != want {
			t.Errorf("%+v, want %+v", h, want)
		}
	}
	check(Health{State: Starting})
	l.source.before = func(read int) error {
		if read == 5 {
			check(Health{State: Live, Age: 10 * ms})
			l.clock.work(60 * ms) // it hangs
			check(Health{State: Old, Age: 70 * ms})
		}
		return nil
	}
	if err := l.loop.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestNewLoopErrors(t *testing.T) {
	emit := func(*Result) error { return nil }
	c := shakeConfig(100)
	rated := shakePipeline(t, c)
	for _, test := range []struct {
		name    string
		source  Source
		options Options
		says    string
	}{
		{"no emit", &fakeSource{}, Options{}, "Emit"},
		{"negative", &fakeSource{}, Options{Emit: emit, Deadline: -1}, "negative"},
		{"channels", &otherSource{}, Options{Emit: emit}, "channels pressure"},
	} {
		if _, err := NewLoop(rated, test.source, test.options); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
	c.Rate, c.Columns = 0, []Naming{{"accel_x.peak_frequency(1)", "accel_x.max"}, {"", "accel_x.std"}, {"", "accel_x.mean"}}
	c.Window = Window{Count: 4}
	if _, err := NewLoop(shakePipeline(t, c), &fakeSource{}, Options{Emit: emit}); !errors.Is(err, ErrNoTicks) {
		t.Errorf("without a rate: error %v", err)
	}
}
