package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Notifier sends to one socket. Its methods may be called by several goroutines.
type Notifier struct {
	socket   string // "" for nobody
	watchdog time.Duration
}

// New reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
func New() (*Notifier, error) { return fromEnvironment(os.Getenv, os.Getpid()) }

func fromEnvironment(getenv func(string) string, pid int) (*Notifier, error) {
	n := &Notifier{socket: getenv("NOTIFY_SOCKET")}
	// A path, or a name in Linux' abstract space, which Go too writes with an @. systemd knows sockets to the host of a
	// virtual machine besides, which no board has.
	if n.socket != "" && n.socket[0] != '/' && n.socket[0] != '@' {
		return nil, fmt.Errorf("notify: NOTIFY_SOCKET is %q: neither a path nor an abstract name", n.socket)
	}
	usec := getenv("WATCHDOG_USEC")
	if usec == "" || n.socket == "" {
		return n, nil
	}
	if p := getenv("WATCHDOG_PID"); p != "" && p != strconv.Itoa(pid) {
		return n, nil // Meant for a process that we are a child of.
	}
	v, err := strconv.ParseInt(usec, 10, 64)
	if err != nil || v <= 0 || v > int64(1<<63-1)/1000 {
		return nil, fmt.Errorf("notify: WATCHDOG_USEC is %q: not a number of microseconds", usec)
	}
	n.watchdog = time.Duration(v) * time.Microsecond
	return n, nil
}

// Ready says that the service is up, or that a reload is over.
func (n *Notifier) Ready() error { return n.send("READY=1") }

// Reloading says that a reload has begun, which [Notifier.Ready] ends.
func (n *Notifier) Reloading() error {
	usec, err := monotonic()
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return n.send("RELOADING=1\nMONOTONIC_USEC=" + strconv.FormatInt(usec, 10))
}

// Stopping says that the service is on its way out.
func (n *Notifier) Stopping() error { return n.send("STOPPING=1") }

// Status sets the one line that systemctl status shows. Line ends in it become spaces: each line is a message of its
// own, and a sensor's error text should not be able to send one.
func (n *Notifier) Status(text string) error {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return n.send("STATUS=" + clean)
}

// Watchdog says that work goes on.
func (n *Notifier) Watchdog() error { return n.send("WATCHDOG=1") }

// WatchdogTimeout is how long systemd waits for [Notifier.Watchdog] before it restarts the service, 0 for ever.
func (n *Notifier) WatchdogTimeout() time.Duration { return n.watchdog }

// Watch calls [Notifier.Watchdog] twice in each timeout, as long as alive returns nil. It returns when ctx ends, and at
// once where systemd does not watch. alive must not wait.
func (n *Notifier) Watch(ctx context.Context, alive func() error) {
	if n.watchdog == 0 {
		return
	}
	tick := time.NewTicker(max(n.watchdog/2, time.Microsecond))
	defer tick.Stop()
	for {
		if alive() == nil {
			_ = n.Watchdog() // A message that is lost is followed by the next, or by the restart it failed to prevent.
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendTime bounds the wait for a supervisor that does not read.
const sendTime = time.Second

func (n *Notifier) send(message string) error {
	if n.socket == "" {
		return nil
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: n.socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	err = c.SetWriteDeadline(time.Now().Add(sendTime))
	if err == nil {
		_, err = c.Write([]byte(message))
	}
	if err = errors.Join(err, c.Close()); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}
