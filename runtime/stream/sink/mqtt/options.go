package mqtt

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/spool"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// Options describe a connection and what is published over it.
type Options struct {
	Broker   string        // mqtt://host[:1883] or mqtts://host[:8883], the latter with TLS
	ClientID string        // unique among the broker's clients: a second one with this name throws the first out
	User     secure.Secret // with mqtt:// user and password cross the network in clear
	Password secure.Secret
	TLS      secure.TLS

	Topic    string            // a template: plant/{host}/pump/{class}
	Vars     map[string]string // what the names in templates stand for
	QoS      int               // 0 or 1
	Retained bool              // the broker keeps the last message of a topic for later subscribers
	Status   string            // a topic that holds "online" or, also when the connection breaks, "offline"; "" for none

	Dir       string        // where the buffer is; of this sink alone
	MaxBytes  int64         // the most that it takes; 0 means 16 MiB, and 64 KiB are the least
	SyncAfter time.Duration // how long a message may be lost to a power cut; 0: as long as the kernel likes; below 1 ms: Send waits for an fsync

	Window    int           // messages under way to the broker; 0 means 64
	KeepAlive time.Duration // a broker that is silent for so long is given up; 0 means 30 s, at least 1 s
	Connect   time.Duration // what an attempt to connect may take; 0 means 10 s
	RetryMin  time.Duration // the pause after a failed attempt, doubled each time; 0 means 500 ms
	RetryMax  time.Duration // the longest pause; 0 means 1 min
	Drain     time.Duration // how long Close waits for acknowledgements; 0 means 3 s

	// Report is told when the broker or the disk begins to fail, and with a nil error when it works again. It is called from
	// another goroutine and may be nil.
	Report func(error)
}

const (
	online  = "online"
	offline = "offline"
)

// setDefaults fills in what was left 0 and checks the rest.
func (o *Options) setDefaults() error {
	o.KeepAlive = cmp.Or(o.KeepAlive, 30*time.Second)
	o.Connect = cmp.Or(o.Connect, 10*time.Second)
	o.RetryMin = cmp.Or(o.RetryMin, 500*time.Millisecond)
	o.RetryMax = cmp.Or(o.RetryMax, time.Minute)
	o.Drain = cmp.Or(o.Drain, 3*time.Second)
	o.MaxBytes = cmp.Or(o.MaxBytes, 16<<20)
	o.Window = cmp.Or(o.Window, 64)
	switch {
	case o.QoS != 0 && o.QoS != 1:
		return fmt.Errorf("mqtt: quality of service %d: 0 and 1 are known", o.QoS)
	case o.ClientID == "" || len(o.ClientID) > maxTopic || !utf8.ValidString(o.ClientID) || strings.ContainsFunc(o.ClientID, isControl):
		return fmt.Errorf("mqtt: client identifier %q: a name is needed, in UTF-8 and without control characters", o.ClientID)
	case o.Password.Given() && !o.User.Given():
		return errors.New("mqtt: a password without a user name, which MQTT 3.1.1 does not allow")
	case o.Dir == "":
		return errors.New("mqtt: no folder for the buffer: on a board without a disk to spare, one below /run will do")
	case o.MaxBytes < spool.MinBytes:
		return fmt.Errorf("mqtt: a buffer of %d bytes, at least %d are needed", o.MaxBytes, spool.MinBytes)
	case o.Window < 1 || o.Window > 1000:
		return fmt.Errorf("mqtt: a window of %d messages: from 1 to 1000", o.Window)
	case o.KeepAlive < time.Second || o.KeepAlive > 18*time.Hour:
		return fmt.Errorf("mqtt: keep alive %v: from 1 s to 18 h", o.KeepAlive)
	case o.Connect < 0 || o.RetryMin < 0 || o.RetryMax < o.RetryMin || o.Drain < 0 || o.SyncAfter < 0:
		return errors.New("mqtt: a time is negative, or the longest pause is shorter than the first")
	}
	return nil
}

// endpoint returns the address to dial, and the settings of TLS where the broker wants it. Errors do not quote the
// broker's URL: people write passwords into it, which is one of the errors.
func (o *Options) endpoint() (address string, t *tls.Config, err error) {
	u, err := url.Parse(o.Broker)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", nil, errors.New("mqtt: broker: expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT]")
	}
	if u.User != nil {
		return "", nil, fmt.Errorf("mqtt: broker %s: a user name in the URL: it belongs into a file or the environment", u.Host)
	}
	port := u.Port()
	switch u.Scheme {
	case "mqtt", "tcp":
		if o.TLS != (secure.TLS{}) {
			return "", nil, fmt.Errorf("mqtt: broker %s: settings for TLS, but %s:// is without: write mqtts://", u.Host, u.Scheme)
		}
		if port == "" {
			port = "1883"
		}
	case "mqtts", "ssl", "tls":
		if port == "" {
			port = "8883"
		}
		if t, err = o.TLS.Config(u.Hostname()); err != nil {
			return "", nil, fmt.Errorf("mqtt: broker %s: %w", u.Host, err)
		}
	default:
		return "", nil, fmt.Errorf("mqtt: broker %s: scheme %q: mqtt and mqtts are known", u.Host, u.Scheme)
	}
	return net.JoinHostPort(u.Hostname(), port), t, nil
}
