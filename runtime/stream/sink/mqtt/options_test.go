package mqtt

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

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
