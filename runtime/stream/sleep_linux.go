package stream

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepUntil sleeps on the clock that Go's monotonic times are of. Signals, which
// Go sends itself, wake it early.
func sleepUntil(t time.Time) {
	var now unix.Timespec
	for {
		wait := time.Until(t)
		if wait <= 0 || unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
			return
		}
		until := unix.NsecToTimespec(now.Nano() + int64(wait))
		if err := unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &until, nil); err != unix.EINTR {
			return
		}
	}
}
