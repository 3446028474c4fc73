package sensor

import (
	"time"

	"golang.org/x/sys/unix"
)

// clockNow reads a clock by the name that IIO has for it, in nanoseconds.
func clockNow(name string, now time.Time) (int64, bool) {
	ids := map[string]int32{
		"monotonic": unix.CLOCK_MONOTONIC, "monotonic_raw": unix.CLOCK_MONOTONIC_RAW,
		"monotonic_coarse": unix.CLOCK_MONOTONIC_COARSE, "realtime_coarse": unix.CLOCK_REALTIME_COARSE,
		"boottime": unix.CLOCK_BOOTTIME, "tai": unix.CLOCK_TAI,
	}
	if name == "realtime" {
		return now.UnixNano(), true
	}
	id, known := ids[name]
	if !known {
		return 0, false
	}
	var at unix.Timespec
	err := unix.ClockGettime(id, &at)
	return at.Nano(), err == nil
}
