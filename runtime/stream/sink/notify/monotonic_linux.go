package notify

import "golang.org/x/sys/unix"

// monotonic is CLOCK_MONOTONIC in microseconds, by which systemd tells a reload's messages from earlier ones.
func monotonic() (int64, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0, err
	}
	return t.Nano() / 1000, nil
}
