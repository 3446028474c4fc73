package mqtt

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// errorLog collects what is reported.
type errorLog struct {
	mu   sync.Mutex
	list []string
}

func (l *errorLog) report(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, fmt.Sprint(err))
}

func (l *errorLog) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

func testOptions(t *testing.T) Options {
	return Options{ClientID: "board", Topic: "test/{class}", QoS: 1, Dir: filepath.Join(t.TempDir(), "buffer")}
}

func mustStart(t *testing.T, o Options, b *broker) *Sink {
	t.Helper()
	s, err := start(o, b.dial)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// send puts the numbers from..to-1 in, in turn on the topics test/0, test/1, test/2.
func send(t *testing.T, s *Sink, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		m := sink.Message{Line: fmt.Appendf(nil, `{"n":%d}`, i), Class: i % 3}
		if err := s.Send(t.Context(), &m); err != nil {
			t.Fatal(err)
		}
	}
}

// checkAll fails unless every number below n arrived, the first time in the order of its topic.
func checkAll(t *testing.T, b *broker, n int) {
	t.Helper()
	for class := range 3 {
		var want []string
		for i := class; i < n; i += 3 {
			want = append(want, fmt.Sprintf(`{"n":%d}`, i))
		}
		if got := b.received(fmt.Sprintf("test/%d", class), true); !slices.Equal(got, want) {
			t.Errorf("test/%d: %d of %d messages arrived, or not in order: %v", class, len(got), len(want), got)
		}
	}
}

func TestBufferIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		b.stop()
		o := testOptions(t)
		o.MaxBytes, o.Topic = 64<<10, "t"
		s := mustStart(t, o, b)
		const n = 5000
		send(t, s, 0, n)
		stats := s.Stats()
		if stats.Bytes > o.MaxBytes || stats.Dropped == 0 || stats.Dropped+stats.Waiting != n {
			t.Errorf("%+v after %d messages", stats, n)
		}
		b.start()
		time.Sleep(time.Hour)
		got := b.received("t", false)
		if len(got) != int(stats.Waiting) || got[len(got)-1] != fmt.Sprintf(`{"n":%d}`, n-1) || got[0] != fmt.Sprintf(`{"n":%d}`, stats.Dropped) {
			t.Errorf("%d messages from %s to %s arrived", len(got), got[0], got[len(got)-1])
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.servers.Wait()
	})
}

func TestIdleConnectionLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		s := mustStart(t, testOptions(t), b)
		time.Sleep(24 * time.Hour)
		if b.dials != 1 || !s.Stats().Connected {
			t.Errorf("%d connections in a quiet day", b.dials)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.servers.Wait()
	})
}

func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{refuse: 4}
		t.Setenv("TEST_MQTT_USER", "jetson")
		t.Setenv("TEST_MQTT_PASSWORD", "opensesame")
		var log errorLog
		o := testOptions(t)
		o.User, o.Password, o.Report = secure.Secret{Env: "TEST_MQTT_USER"}, secure.Secret{Env: "TEST_MQTT_PASSWORD"}, log.report
		s := mustStart(t, o, b)
		send(t, s, 0, 3)
		time.Sleep(time.Minute)
		got := strings.Join(log.lines(), "\n")
		if !strings.Contains(got, "password are wrong") || strings.Contains(got, "opensesame") || len(log.lines()) != 1 {
			t.Errorf("reported: %s", got)
		}
		b.set(func() { b.refuse = 0 })
		time.Sleep(2 * time.Minute)
		checkAll(t, b, 3)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.servers.Wait()
	})
}

func TestOneProcess(t *testing.T) {
	b := &broker{}
	b.stop()
	o := testOptions(t)
	s := mustStart(t, o, b)
	if second, err := start(o, b.dial); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second sink in the folder: %v, %v", second, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestQoS0(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		o := testOptions(t)
		o.QoS, o.Window = 0, 7
		s := mustStart(t, o, b)
		send(t, s, 0, 100)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.servers.Wait()
		checkAll(t, b, 100)
		for _, p := range b.publishes() {
			if p.Qos != 0 {
				t.Fatalf("quality of service %d", p.Qos)
			}
		}
		if got := s.Stats(); got.Acknowledged != 100 || got.Waiting != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestCloseIsBounded closes while the broker hangs: in time, without goodbye, and with everything still there.
func TestCloseIsBounded(t *testing.T) {
	for name, hang := range map[string]struct {
		dial dialer
		mute bool
	}{
		"in the network": {dial: func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}},
		"in the handshake": {dial: func(ctx context.Context) (net.Conn, error) {
			ours, theirs := net.Pipe()
			context.AfterFunc(ctx, func() { theirs.Close() })
			return ours, nil
		}},
		"in the acknowledgement": {mute: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{}
				o := testOptions(t)
				o.Status, o.Connect = "status", time.Hour
				if hang.dial == nil {
					hang.dial = b.dial
				}
				s, err := start(o, hang.dial)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				b.set(func() { b.mute = hang.mute })
				send(t, s, 0, 10)
				begun := time.Now()
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				if took := time.Since(begun); took != 3*time.Second {
					t.Errorf("Close took %v", took)
				}
				b.servers.Wait()
				if hang.mute && !slices.Equal(b.wills, []string{"offline"}) {
					t.Errorf("last wills %q", b.wills)
				}
				b.set(func() { b.mute = false })
				s = mustStart(t, o, b)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				checkAll(t, b, 10)
				b.servers.Wait()
			})
		})
	}
}

func TestTooLargeMessage(t *testing.T) {
	b := &broker{}
	b.stop()
	s := mustStart(t, testOptions(t), b)
	if err := s.Send(t.Context(), &sink.Message{Line: make([]byte, 4<<20)}); err == nil {
		t.Error("taken")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Send(t.Context(), &sink.Message{Line: []byte("1")}); err == nil {
		t.Error("taken after Close")
	}
}
