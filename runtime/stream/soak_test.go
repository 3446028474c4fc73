package stream

import (
	"context"
	"flag"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"
)

var soak = flag.Duration("soak", 10*time.Second, "the time of the stream, by its own clock, that TestSoak runs for")

// TestSoak runs a stream at 1 kHz with a recorder, bad readings and a sensor that is lost now and then.
// Memory stays flat, and everything is counted.
func TestSoak(t *testing.T) {
	ticks := int(*soak / ms)
	recorder, err := NewRecorder(io.Discard, shakeConfig(1000).Channels, 1000, RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var begin runtime.MemStats
	l := newLooped(t, ticks, Options{Recorder: recorder, StaleAfter: 50 * ms, Deadline: ms}, func(l *looped, c *Config, o *Options) {
		*c = shakeConfig(1000)
		c.Window = Window{Count: 256, Hop: 16, MaxGap: 5 * ms}
		c.Guard.Policy = Hold
		l.source.after = func(read int) {
			l.clock.work(time.Duration(read%7) * 100 * time.Microsecond)
			if read == ticks/4 {
				runtime.ReadMemStats(&begin)
			}
		}
		o.Notify = nil
	})
	if err := l.loop.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	var end runtime.MemStats
	runtime.ReadMemStats(&end)
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	stats := l.pipeline.Stats()
	if n := stats.Count(Readings); n != uint64(ticks) {
		t.Errorf("%d readings: %d expected", n, ticks)
	}
	// The runtime and the recorder's goroutine may allocate a few times by themselves.
	if n := end.Mallocs - begin.Mallocs; n > uint64(100+ticks/1000) {
		t.Errorf("%d allocations in %d readings", n, ticks*3/4)
	}
	if want := (ticks - 256) / 16; int(stats.Count(Predictions)) < want {
		t.Errorf("%d predictions: %d expected", stats.Count(Predictions), want)
	}
}

// TestLoopDoesNotAllocate counts what ticks allocate, recorder and clock of the machine included.
func TestLoopDoesNotAllocate(t *testing.T) {
	recorder, err := NewRecorder(io.Discard, shakeConfig(1000).Channels, 1000, RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := shakeConfig(5000)
	c.Window = Window{Count: 64, Hop: 1, MaxGap: 5 * ms}
	source := &fakeSource{clock: newFakeClock(), end: -1}
	source.before = func(int) error { source.clock.work(200 * time.Microsecond); return nil }
	l, err := NewLoop(shakePipeline(t, c), source, Options{Recorder: recorder, Emit: func(*Result) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.ticks = newTicks(l.options.Clock.Now(), 5000)
	tick := func() {
		if err := l.tick(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		tick()
	}
	before := l.stats.Count(Predictions)
	if n := testing.AllocsPerRun(500, tick); n != 0 {
		t.Errorf("%g allocations a tick", n)
	}
	if n := l.stats.Count(Predictions) - before; n < 500 {
		t.Errorf("%d predictions only", n)
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestClock: the machine's clock waits as long as it is told, and not when it is told to stop.
func TestClock(t *testing.T) {
	clock := NewClock()
	ctx, cancel := context.WithCancel(context.Background())
	for _, wait := range []time.Duration{-time.Second, 0, 300 * time.Microsecond, 5 * ms} {
		until := clock.Now().Add(wait)
		if err := clock.WaitUntil(ctx, until); err != nil {
			t.Fatal(err)
		}
		if early := until.Sub(clock.Now()); early > 0 {
			t.Errorf("a wait of %v ends %v too early", wait, early)
		}
	}
	time.AfterFunc(5*ms, cancel)
	begin := clock.Now()
	if err := clock.WaitUntil(ctx, begin.Add(time.Hour)); err != context.Canceled || clock.Now().Sub(begin) > time.Minute {
		t.Errorf("a wait of an hour that is stopped: error %v after %v", err, clock.Now().Sub(begin))
	}
}

// TestWatched runs a loop while others swap its model and look at it, for the race detector.
func TestWatched(t *testing.T) {
	l := newLooped(t, 5000, Options{StaleAfter: time.Second}, nil)
	stop := make(chan struct{})
	var others sync.WaitGroup
	for _, look := range []func(){
		func() {
			m := shakeModel(t, true)
			if err := l.pipeline.Swap(m, shakeSession(t, m)); err != nil {
				t.Error(err)
			}
		},
		func() { l.loop.Health() },
		func() {
			for c, n := range l.pipeline.Stats().Counts() {
				_, _ = c.String(), n
			}
			l.pipeline.Stats().Latency.Quantile(0.99)
		},
	} {
		others.Go(func() {
			for {
				look()
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	err := l.loop.Run(context.Background())
	close(stop)
	others.Wait()
	if err != nil || l.pipeline.Stats().Count(Readings) != 5000 {
		t.Errorf("%d readings, error %v", l.pipeline.Stats().Count(Readings), err)
	}
}
