package mqtt

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/tlstest"
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

func TestOverTLS(t *testing.T) {
	ca := tlstest.New(t)
	config := ca.Server("broker.test")
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.MinVersion = tls.VersionTLS13
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	var b broker
	b.listen(t, l)

	t.Setenv("TEST_MQTT_USER", "jetson")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("opensesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := testOptions(t)
	cert, key := ca.Issue("client")
	o.Broker = "mqtts://" + l.Addr().String()
	o.TLS = secure.TLS{CA: ca.CA(), Cert: cert, Key: key, ServerName: "broker.test", MinVersion: "1.3"}
	o.User, o.Password = secure.Secret{Env: "TEST_MQTT_USER"}, secure.Secret{File: password}
	o.Status, o.Vars, o.Retained = "status/{host}", map[string]string{"host": "nano"}, true
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	send(t, s, 0, 100)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	checkAll(t, &b, 100)
	if got := b.received("status/nano", false); !slices.Equal(got, []string{"online", "offline"}) {
		t.Errorf("status: %q", got)
	}
	for _, p := range b.publishes() {
		if p.Qos != 1 || !p.Retain || p.Dup {
			t.Fatalf("quality of service %d, retained %v, repeated %v", p.Qos, p.Retain, p.Dup)
		}
	}
	c := b.connects[0]
	if c.ProtocolVersion != 4 || c.ClientIdentifier != "board" || !c.CleanSession || c.Username != "jetson" ||
		string(c.Password) != "opensesame" || c.WillTopic != "status/nano" || string(c.WillMessage) != "offline" || c.WillQos != 1 || !c.WillRetain || c.Keepalive != 31 {
		t.Errorf("CONNECT: %+v", c)
	}
	if len(b.wills) != 0 {
		t.Errorf("the last will was due after a goodbye")
	}
	want := Stats{Connections: 1, Published: 100, Acknowledged: 100}
	got := s.Stats()
	if got.Bytes = 0; got != want {
		t.Errorf("stats %+v, expected %+v", got, want)
	}
}

func TestUntrustedBroker(t *testing.T) {
	ca, other := tlstest.New(t), tlstest.New(t)
	for name, trust := range map[string]secure.TLS{
		"another authority": {CA: other.CA(), ServerName: "broker.test"},
		"another name":      {CA: ca.CA(), ServerName: "elsewhere.test"},
		"the address":       {CA: ca.CA()},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := tls.Listen("tcp", "127.0.0.1:0", ca.Server("broker.test"))
			if err != nil {
				t.Fatal(err)
			}
			var b broker
			b.listen(t, l)
			failed := make(chan error, 1)
			o := testOptions(t)
			o.Broker, o.TLS, o.Report = "mqtts://"+l.Addr().String(), trust, func(err error) { failed <- err }
			s, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			err = <-failed
			if err == nil || !strings.Contains(err.Error(), "x509") {
				t.Errorf("reported %v", err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if len(b.connects) != 0 {
				t.Error("an untrusted broker was spoken to")
			}
		})
	}
}

// TestKilled kills the connection at every stage of a message's way, again and again.
func TestKilled(t *testing.T) {
	const n = 300
	for name, on := range map[string]func(int) verdict{
		"before the acknowledgement": func(i int) verdict {
			if i%37 == 36 {
				return kill
			}
			return acknowledge
		},
		"after the acknowledgement": func(i int) verdict {
			if i%41 == 40 {
				return killAfter
			}
			return acknowledge
		},
		"with acknowledgements missing": func(i int) verdict {
			switch {
			case i%50 == 49:
				return kill
			case i%3 == 1 && i%50 > 30:
				return forget
			}
			return acknowledge
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{on: on}
				var log errorLog
				o := testOptions(t)
				o.Window, o.Report = 16, log.report
				s := mustStart(t, o, b)
				send(t, s, 0, n/2)
				time.Sleep(time.Minute)
				send(t, s, n/2, n)
				time.Sleep(time.Hour)
				checkAll(t, b, n)
				if got := s.Stats(); got.Waiting != 0 || got.Dropped != 0 || got.Connections < 3 || got.Acknowledged != n {
					t.Errorf("stats %+v", got)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				b.servers.Wait()
				if len(log.lines()) == 0 {
					t.Error("the failures were not reported")
				}
			})
		})
	}
}

// TestRestarts lets the broker go away for a night while messages come in, and then the program too.
func TestRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		var log errorLog
		o := testOptions(t)
		o.Status, o.Report = "status", log.report
		s := mustStart(t, o, b)
		send(t, s, 0, 50)
		synctest.Wait()
		b.stop()
		send(t, s, 50, 100)
		time.Sleep(8 * time.Hour)
		if s.Stats().Connected || s.Stats().Waiting != 50 {
			t.Errorf("stats while the broker is away: %+v", s.Stats())
		}
		if b.dials > 8*60*2+10 {
			t.Errorf("%d attempts to connect in 8 hours", b.dials)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = mustStart(t, o, b)
		send(t, s, 100, 150)
		synctest.Wait()
		b.start()
		time.Sleep(2 * time.Minute)
		checkAll(t, b, 150)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		b.servers.Wait()
		if got := b.received("status", false); !slices.Equal(got, []string{"online", "online", "offline"}) || len(b.wills) != 1 {
			t.Errorf("status %q, last wills %q", got, b.wills)
		}
		if got := log.lines(); len(got) != 3 || got[1] == "<nil>" || got[2] != "<nil>" {
			t.Errorf("an outage is reported at its beginning and its end: %q", got)
		}
	})
}

// TestCrash goes on from a copy of the folder, as it was in the middle of things.
func TestCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{on: func(n int) verdict {
			if n >= 40 {
				return forget
			}
			return acknowledge
		}}
		o := testOptions(t)
		s := mustStart(t, o, b)
		send(t, s, 0, 120)
		synctest.Wait()
		crashed := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(crashed, os.DirFS(o.Dir)); err != nil {
			t.Fatal(err)
		}
		before := len(b.publishes())
		b.stop() // The first program is dead to the world.
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		b.set(func() { b.on = nil })
		b.start()
		o.Dir = crashed
		s = mustStart(t, o, b)
		send(t, s, 120, 150)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		checkAll(t, b, 150)
		if got := len(b.publishes()) - before; got != 110 {
			t.Errorf("%d messages were sent after the crash, expected the 80 that were not acknowledged and 30 new ones", got)
		}
		b.servers.Wait()
	})
}

// TestAnyFailures lets chance decide when the network, the broker and the program fail.
func TestAnyFailures(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng, brokers := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
			chance := func(n int) bool { return rng.IntN(n) == 0 }
			b := &broker{on: func(int) verdict {
				if brokers.IntN(15) == 0 {
					return verdict(brokers.IntN(4))
				}
				return acknowledge
			}}
			o := testOptions(t)
			o.Window, o.MaxBytes = 1+rng.IntN(40), 64<<10
			s := mustStart(t, o, b)
			const n = 300
			for i := range n {
				send(t, s, i, i+1)
				if chance(4) {
					time.Sleep(time.Duration(rng.IntN(2000)) * time.Millisecond)
				}
				if chance(40) {
					b.stop()
					time.Sleep(time.Duration(rng.IntN(3)) * time.Minute)
					b.start()
				}
				if chance(60) { // A crash: what is on disk now is all that is left.
					crashed := filepath.Join(t.TempDir(), "copy")
					if err := os.CopyFS(crashed, os.DirFS(o.Dir)); err != nil {
						t.Fatal(err)
					}
					b.stop()
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					b.start()
					o.Dir = crashed
					s = mustStart(t, o, b)
				}
			}
			b.set(func() { b.on = nil })
			time.Sleep(time.Hour)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			b.servers.Wait()
			checkAll(t, b, n)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		})
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

func TestSilentBroker(t *testing.T) {
	for name, silence := range map[string]func(b *broker){
		"answers nothing":      func(b *broker) { b.mute = true },
		"answers pings alone":  func(b *broker) { b.on = func(int) verdict { return forget } },
		"forgets one of three": func(b *broker) { b.on = func(n int) verdict { return verdict(min(n%3, 1)) } },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{}
				o := testOptions(t)
				o.KeepAlive = 10 * time.Second
				s := mustStart(t, o, b)
				synctest.Wait()
				b.set(func() { silence(b) })
				send(t, s, 0, 3)
				time.Sleep(16 * time.Second)
				if got := s.Stats().Connections; got < 2 {
					t.Errorf("%d connections after a silence of more than one and a half times KeepAlive", got)
				}
				b.set(func() { b.mute, b.on = false, nil })
				time.Sleep(time.Minute)
				checkAll(t, b, 3)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				b.servers.Wait()
			})
		})
	}
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

// TestRefusals puts the configurations together that cannot work. None of the errors may hold the secret.
func TestRefusals(t *testing.T) {
	t.Setenv("TEST_MQTT_EMPTY", "")
	for name, change := range map[string]func(o *Options){
		"password in the URL":      func(o *Options) { o.Broker = "mqtts://user:opensesame@broker.test" },
		"password in a bad URL":    func(o *Options) { o.Broker = "mqtts://user:opensesame@broker.test:x" },
		"no scheme":                func(o *Options) { o.Broker = "user:opensesame@broker.test" },
		"scheme":                   func(o *Options) { o.Broker = "ws://broker.test" },
		"path":                     func(o *Options) { o.Broker = "mqtt://broker.test/opensesame" },
		"TLS without TLS":          func(o *Options) { o.TLS.ServerName = "x" },
		"no authority":             func(o *Options) { o.Broker, o.TLS.CA = "mqtts://x", "/nonexistent" },
		"version":                  func(o *Options) { o.Broker, o.TLS.MinVersion = "mqtts://x", "1.1" },
		"no client":                func(o *Options) { o.ClientID = "" },
		"client with a newline":    func(o *Options) { o.ClientID = "a\nb" },
		"quality 2":                func(o *Options) { o.QoS = 2 },
		"no folder":                func(o *Options) { o.Dir = "" },
		"small buffer":             func(o *Options) { o.MaxBytes = 1 },
		"window":                   func(o *Options) { o.Window = 1001 },
		"keep alive":               func(o *Options) { o.KeepAlive = time.Millisecond },
		"pauses":                   func(o *Options) { o.RetryMin, o.RetryMax = time.Hour, time.Minute },
		"wildcard":                 func(o *Options) { o.Topic = "a/#" },
		"status of each message":   func(o *Options) { o.Status = "{class}" },
		"password without user":    func(o *Options) { o.Password.Env = "TEST_MQTT_EMPTY" },
		"user that is not there":   func(o *Options) { o.User.Env = "TEST_MQTT_EMPTY" },
		"user from two places":     func(o *Options) { o.User = secure.Secret{Env: "A", File: "B"} },
		"folder that is a file":    func(o *Options) { o.Dir = "mqtt_test.go" },
		"negative time of an sync": func(o *Options) { o.SyncAfter = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			o := testOptions(t)
			o.Broker = "mqtt://broker.test"
			change(&o)
			s, err := New(o)
			if err == nil {
				s.Close()
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), "opensesame") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
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

func TestTopics(t *testing.T) {
	vars := map[string]string{"host": "nano", "slash": "a/b", "none": ""}
	m := &sink.Message{Class: 3, Active: true}
	for _, c := range []struct{ template, want string }{
		{"plain", "plain"},
		{"a/b/c", "a/b/c"},
		{"{host}", "nano"},
		{"x/{host}/y{host}z", "x/nano/ynanoz"},
		{"{class}", "3"},
		{"c{class}-{active}/{host}", "c3-true/nano"},
		{"größe/µ", "größe/µ"},
		{"", ""}, {"a/+/b", ""}, {"a/#", ""}, {"$SYS/x", ""}, {"a\x00b", ""}, {"a\nb", ""}, {"\xff", ""},
		{"{", ""}, {"}", ""}, {"{a{host}", ""}, {"{host", ""}, {"{}", ""}, {"{unknown}", ""}, {"{slash}", ""}, {"{none}", ""},
		{strings.Repeat("x", 70000), ""},
	} {
		got, err := parseTopic(c.template, vars)
		switch {
		case err != nil && c.want != "":
			t.Errorf("%.40q: %v", c.template, err)
		case err == nil && string(got.append(nil, m)) != c.want:
			t.Errorf("%.40q: %q, expected %q", c.template, got.append(nil, m), c.want)
		}
	}
	if got, err := parseTopic("{class}", nil); err != nil || string(got.append(nil, &sink.Message{Class: -1})) != "none" {
		t.Errorf("no class: %q, %v", got, err)
	}
}

func TestConnectDefaultsAreWhatTheDocumentationSays(t *testing.T) {
	o := Options{ClientID: "x", Dir: "y"}
	if err := o.setDefaults(); err != nil {
		t.Fatal(err)
	}
	want := Options{
		ClientID: "x", Dir: "y", MaxBytes: 16 << 20, Window: 64, KeepAlive: 30 * time.Second, Connect: 10 * time.Second,
		RetryMin: 500 * time.Millisecond, RetryMax: time.Minute, Drain: 3 * time.Second,
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("%+v", o)
	}
}
