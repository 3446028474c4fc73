package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Options says how a loop drives a pipeline.
type Options struct {
	// Paced makes the source set the pace: Read waits for the next reading. Else the
	// loop reads at the ticks of the configured rate.
	Paced bool

	// Deadline is the time after a tick at which its work is to be done, up to the end
	// of Emit. It is counted, not enforced. 0 means none. Without ticks it counts from the
	// end of the read.
	Deadline time.Duration

	// StaleAfter is the age at which a reading is too old to be used, and the time
	// without a good reading after which the stream is stale. 0 means never, which a
	// replay needs: its times are old.
	StaleAfter time.Duration

	// Open opens the source again when Retries reads running have failed. It should
	// return within a second or so. Where it is nil, that failure ends Run.
	Open    func(context.Context) (Source, error)
	Retries int           // 0 means 3
	Backoff time.Duration // the first pause before opening; 0 means 100 ms
	// MaxBackoff is the longest pause: each is twice the one before. 0 means 30 s.
	MaxBackoff time.Duration

	// Recorder keeps every reading that the source gives; nil for none. Closing it is
	// the caller's.
	Recorder *Recorder

	// Emit takes each result, in the loop's goroutine: the result is valid until it
	// returns, and what takes long belongs into a queue of its own. An error ends Run.
	Emit func(*Result) error

	Notify func(Event) // is told what happens, in the loop's goroutine; may be nil
	Clock  Clock       // nil means the machine's
}

// A Loop reads a source at a rate, and pushes the readings through a pipeline. It
// is one goroutine without queues: what it has no time for is passed over and
// counted.
type Loop struct {
	pipeline *Pipeline
	options  Options
	source   Source
	stats    *Stats
	values   []float64
	ticks    ticks
	failures int           // reads that failed, running
	pause    time.Duration // before the source is opened again
	stale    bool          // whether Stale was told
	health   health
}

// ErrNoTicks says that a loop without a rate was asked to make ticks.
var ErrNoTicks = errors.New("stream: a loop needs a rate, or a source that sets the pace")

// NewLoop makes a loop that reads a source. Its channels are those that the
// pipeline was made for. The loop closes it, if it is an io.Closer, when it is
// opened again or Run ends.
func NewLoop(p *Pipeline, source Source, o Options) (*Loop, error) {
	switch {
	case !o.Paced && p.config.Rate == 0:
		return nil, ErrNoTicks
	case o.Emit == nil:
		return nil, errors.New("stream: a loop needs an Emit, for its results")
	case o.Deadline < 0 || o.StaleAfter < 0 || o.Retries < 0 || o.Backoff < 0 || o.MaxBackoff < 0:
		return nil, fmt.Errorf("stream: deadline %v, stale after %v, %d retries, back-off from %v to %v: none is negative",
			o.Deadline, o.StaleAfter, o.Retries, o.Backoff, o.MaxBackoff)
	}
	if err := sameChannels(source.Channels(), p.config.Channels); err != nil {
		return nil, err
	}
	o.Retries = cmp.Or(o.Retries, 3)
	o.Backoff = cmp.Or(o.Backoff, 100*time.Millisecond)
	o.MaxBackoff = cmp.Or(o.MaxBackoff, 30*time.Second)
	if o.Notify == nil {
		o.Notify = func(Event) {}
	}
	if o.Clock == nil {
		o.Clock = NewClock()
	}
	l := &Loop{
		pipeline: p, options: o, source: source, stats: p.stats,
		values: make([]float64, len(p.config.Channels)), pause: o.Backoff,
	}
	l.health.epoch = o.Clock.Now()
	return l, nil
}

func sameChannels(got, want []Channel) error {
	if !slices.Equal(got, want) {
		return fmt.Errorf("stream: the source has channels %s: the pipeline was made for %s, with the same units", channelNames(got), channelNames(want))
	}
	return nil
}

// Health is how the loop fares now. It may be called from any goroutine.
func (l *Loop) Health() Health { return l.health.at(l.options.Clock.Now(), l.options.StaleAfter) }

// Run runs until the context ends or the source does (io.EOF), and returns nil
// then: the tick that was begun has been finished, and its result emitted. Any
// other error is one that nothing can be done about here. Run is called once.
func (l *Loop) Run(ctx context.Context) error {
	defer func() {
		l.close()
		l.health.ended.Store(true)
	}()
	if !l.options.Paced {
		l.ticks = newTicks(l.options.Clock.Now(), l.pipeline.config.Rate)
	}
	for {
		err := l.tick(ctx)
		switch {
		case err == nil:
		case errors.Is(err, errEnded):
			return nil
		default:
			return err
		}
	}
}

// errEnded says that the source or the context has ended.
var errEnded = errors.New("ended")

// tick waits for the next reading and does its work.
func (l *Loop) tick(ctx context.Context) error {
	clock := l.options.Clock
	if ctx.Err() != nil {
		return errEnded
	}
	var begin time.Time
	if !l.options.Paced {
		begin = l.ticks.due()
		if clock.WaitUntil(ctx, begin) != nil {
			return errEnded
		}
		l.stats.Jitter.Add(clock.Now().Sub(begin))
	}

	absent := false
	t, err := l.source.Read(ctx, l.values)
	switch {
	case err == nil:
		if l.options.Paced {
			begin = clock.Now()
		}
		if err := l.use(t, begin); err != nil {
			return err
		}
		if d := l.options.Deadline; d > 0 && clock.Now().Sub(begin) > d {
			l.stats.add(MissedDeadlines, 1)
		}
	case errors.Is(err, io.EOF) || ctx.Err() != nil:
		return errEnded
	default:
		if absent, err = l.failed(ctx, err); err != nil {
			return err
		}
	}

	now := clock.Now()
	l.watch(now)
	if !l.options.Paced {
		passed := MissedTicks
		if absent {
			passed = AbsentTicks // for want of a sensor, not of time
		}
		l.stats.add(passed, l.ticks.next(now))
	}
	return nil
}

// use takes a reading through the pipeline. begin is when its work began to count.
func (l *Loop) use(t, begin time.Time) error {
	clock := l.options.Clock
	if l.failures > 0 {
		l.failures, l.pause = 0, l.options.Backoff
		l.options.Notify(Event{Kind: SensorBack})
	}
	l.record(t)
	now := clock.Now()
	if l.options.StaleAfter > 0 && now.Sub(t) > l.options.StaleAfter {
		l.stats.add(Readings, 1)
		l.stats.add(StaleReadings, 1)
		return nil
	}
	r, err := l.pipeline.Push(t, l.values)
	if err != nil {
		return err
	}
	done := clock.Now()
	if l.pipeline.taken {
		l.health.note(done)
	}
	if r == nil {
		return nil
	}
	l.stats.Compute.Add(done.Sub(now))
	if err := l.options.Emit(r); err != nil {
		return err
	}
	l.stats.Latency.Add(clock.Now().Sub(begin))
	return nil
}

// record keeps a reading. A recorder that fails is told and left: the stream is
// worth more than its record.
func (l *Loop) record(t time.Time) {
	if l.options.Recorder == nil {
		return
	}
	kept, err := l.options.Recorder.Record(t, l.values)
	if !kept {
		l.stats.add(Unrecorded, 1)
	}
	if err != nil {
		l.options.Recorder = nil
		l.options.Notify(Event{RecorderFailed, err})
	}
}

// staleAt is when the readings become stale unless a good one comes.
func (l *Loop) staleAt() time.Time {
	return l.health.epoch.Add(time.Duration(l.health.arrived.Load()) + l.options.StaleAfter)
}

// watch tells when readings become stale, and when they are fresh again.
func (l *Loop) watch(now time.Time) {
	if l.options.StaleAfter == 0 {
		return
	}
	if stale := !now.Before(l.staleAt()); stale != l.stale {
		l.stale = stale
		kind := Fresh
		if stale {
			kind = Stale
		}
		l.options.Notify(Event{Kind: kind})
	}
}
