package driver

import (
	"fmt"
	"net"
	"os"
)

// Listen listens on a Unix socket, which is there only when connections will
// be accepted: whoever waits for the file need not try again. The caller
// removes it.
func Listen(socket string) (net.Listener, error) {
	early := socket + ".new"
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: early, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("driver: %w", err)
	}
	l.SetUnlinkOnClose(false)
	if err := os.Rename(early, socket); err != nil {
		l.Close()
		os.Remove(early)
		return nil, fmt.Errorf("driver: %w", err)
	}
	return l, nil
}
