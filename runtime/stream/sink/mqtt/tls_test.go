package mqtt

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/tlstest"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

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
