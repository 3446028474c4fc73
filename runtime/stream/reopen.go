package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrSensorLost is wrapped by the error of a loop whose sensor fails and that has
// no way to open it again.
var ErrSensorLost = errors.New("sensor lost")

// failed deals with a read that gave nothing. The next tick tries again; after
// several the sensor is opened anew, which takes its time, and failed reports that.
func (l *Loop) failed(ctx context.Context, cause error) (absent bool, err error) {
	l.stats.add(ReadErrors, 1)
	if l.failures++; l.failures == 1 {
		l.options.Notify(Event{SensorFailed, cause})
	}
	if l.failures < l.options.Retries {
		return false, nil
	}
	if l.options.Open == nil {
		return false, fmt.Errorf("stream: %w after %d reads that failed: %w", ErrSensorLost, l.failures, cause)
	}
	l.stats.add(Lost, 1)
	l.health.away.Store(true)
	l.options.Notify(Event{SensorLost, cause})
	l.close()
	for opened := false; !opened; {
		if opened, err = l.reopen(ctx); err != nil {
			return false, err
		}
	}
	l.health.away.Store(false)
	return true, nil
}

// reopen waits and opens the source. The pause doubles each time, until there is a
// reading again: a sensor that can be opened need not answer.
func (l *Loop) reopen(ctx context.Context) (opened bool, err error) {
	clock := l.options.Clock
	until := clock.Now().Add(l.pause)
	l.pause = min(2*l.pause, l.options.MaxBackoff)
	if stale := l.staleAt(); l.options.StaleAfter > 0 && !l.stale && stale.Before(until) {
		if clock.WaitUntil(ctx, stale) != nil {
			return false, errEnded
		}
		l.watch(clock.Now())
	}
	if clock.WaitUntil(ctx, until) != nil {
		return false, errEnded
	}
	l.source, err = l.options.Open(ctx)
	if ctx.Err() != nil {
		return false, errEnded // Run closes the source, if there is one
	}
	if err == nil {
		err = sameChannels(l.source.Channels(), l.pipeline.config.Channels)
	}
	if err != nil {
		l.close()
		l.options.Notify(Event{OpenFailed, err})
	}
	return err == nil, nil
}

// close closes the source, if it can be closed. There is nothing to do about an
// error: the sensor is gone or given up.
func (l *Loop) close() {
	if c, ok := l.source.(io.Closer); ok {
		c.Close()
	}
	l.source = nil
}
