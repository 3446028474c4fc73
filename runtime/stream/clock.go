package stream

import (
	"context"
	"time"
)

// A Clock tells the time and waits for it. A loop's clock is a parameter so that
// a test does not sleep.
type Clock interface {
	Now() time.Time

	// WaitUntil returns at a time, at once if it has passed, or with the context's
	// error when that ends first. It is for one goroutine at a time and does not
	// allocate.
	WaitUntil(ctx context.Context, t time.Time) error
}

// systemClock is the machine's clock. Its times have a monotonic part, so setting
// the wall clock moves no tick.
type systemClock struct{ timer *time.Timer }

// NewClock returns the machine's clock.
func NewClock() Clock {
	timer := time.NewTimer(0)
	timer.Stop()
	return &systemClock{timer}
}

func (c *systemClock) Now() time.Time { return time.Now() }

// preciseWait is the end of a wait, which the kernel does: Go's timers may come a
// millisecond late, since an idle program waits for them in whole milliseconds.
const preciseWait = 2 * time.Millisecond

func (c *systemClock) WaitUntil(ctx context.Context, t time.Time) error {
	if wait := time.Until(t) - preciseWait; wait > 0 {
		c.timer.Reset(wait)
		select {
		case <-ctx.Done():
			c.timer.Stop()
			return ctx.Err()
		case <-c.timer.C:
		}
	}
	sleepUntil(t)
	return ctx.Err()
}
