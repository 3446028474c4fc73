//go:build !linux

package notify

// monotonic is 0 where there is no systemd to be told.
func monotonic() (int64, error) { return 0, nil }
