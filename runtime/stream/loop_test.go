package stream

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

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
