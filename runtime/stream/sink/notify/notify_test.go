package notify

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// supervise listens as systemd does.
func supervise(t *testing.T, name string) (receive func() string) {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return func() string {
		t.Helper()
		b := make([]byte, 4096)
		if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

func TestMessages(t *testing.T) {
	sockets := map[string]string{"path": filepath.Join(t.TempDir(), "notify")}
	if runtime.GOOS == "linux" {
		sockets["abstract"] = "@edge-infer-test-" + filepath.Base(t.TempDir()) + "-" + time.Now().Format("150405.000000000")
	}
	for name, socket := range sockets {
		t.Run(name, func(t *testing.T) {
			receive := supervise(t, socket)
			n, err := fromEnvironment(environment("NOTIFY_SOCKET", socket), 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				send func() error
				want string
			}{
				{n.Ready, `READY=1`},
				{n.Reloading, `RELOADING=1\nMONOTONIC_USEC=\d+`},
				{n.Stopping, `STOPPING=1`},
				{n.Watchdog, `WATCHDOG=1`},
				{func() error { return n.Status("3 readings a second") }, `STATUS=3 readings a second`},
				{func() error { return n.Status("a\nREADY=1\r\x00\xff") }, "STATUS=a READY=1  \uFFFD"},
			} {
				if err := c.send(); err != nil {
					t.Fatal(err)
				}
				if got := receive(); !regexp.MustCompile("^" + c.want + "$").MatchString(got) {
					t.Errorf("%q, expected %s", got, c.want)
				}
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	n, err := fromEnvironment(environment("WATCHDOG_USEC", "1000"), 1)
	if err != nil {
		t.Fatal(err)
	}
	n.Watch(t.Context(), func() error { return errors.New("not asked") }) // Returns at once.
	if err := errors.Join(n.Ready(), n.Reloading(), n.Stopping(), n.Status("x"), n.Watchdog()); err != nil || n.WatchdogTimeout() != 0 {
		t.Errorf("%v, %v", err, n.WatchdogTimeout())
	}
	n, err = fromEnvironment(environment("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "gone")), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Ready(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestEnvironment(t *testing.T) {
	for _, c := range []struct {
		name, socket, usec, pid string
		want                    time.Duration
		err                     string
	}{
		{"no watchdog", "/run/n", "", "", 0, ""},
		{"watchdog", "/run/n", "30000000", "", 30 * time.Second, ""},
		{"ours", "@n", "1", "42", time.Microsecond, ""},
		{"another's", "/run/n", "30000000", "41", 0, ""},
		{"no number", "/run/n", "30s", "42", 0, "WATCHDOG_USEC"},
		{"none", "/run/n", "0", "42", 0, "WATCHDOG_USEC"},
		{"too large", "/run/n", "9223372036854775807", "42", 0, "WATCHDOG_USEC"},
		{"relative", "run/n", "", "", 0, "NOTIFY_SOCKET"},
		{"virtual machine", "vsock:2:1234", "", "", 0, "NOTIFY_SOCKET"},
	} {
		n, err := fromEnvironment(environment("NOTIFY_SOCKET", c.socket, "WATCHDOG_USEC", c.usec, "WATCHDOG_PID", c.pid), 42)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || err == nil && n.WatchdogTimeout() != c.want {
			t.Errorf("%s: %+v, %v", c.name, n, err)
		}
	}
}

// TestWatch counts the messages while the work goes on, and while it does not.
func TestWatch(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	receive := supervise(t, socket)
	n, err := fromEnvironment(environment("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "20000"), 1)
	if err != nil {
		t.Fatal(err)
	}
	var checks atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		n.Watch(ctx, func() error {
			if n := checks.Add(1); n > 3 {
				return errors.New("the loop hangs")
			}
			return nil
		})
	}()
	for range 3 {
		if got := receive(); got != "WATCHDOG=1" {
			t.Errorf("%q", got)
		}
	}
	for checks.Load() < 6 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-stopped
	if err := n.Stopping(); err != nil {
		t.Fatal(err)
	}
	if got := receive(); got != "STOPPING=1" {
		t.Errorf("%q came although the loop hung", got)
	}
}
