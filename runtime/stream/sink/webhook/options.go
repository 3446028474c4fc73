package webhook

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// Options describe a webhook.
type Options struct {
	URL string // https:// or http://; errors quote its host alone, since many a path is itself a secret
	TLS secure.TLS

	// A header with a secret, such as "Authorization", "Bearer " and the file of a token; no Header, no secret.
	Header string
	Prefix string
	Secret secure.Secret

	Batch     int           // the most lines of a request; 0 means 1
	BatchWait time.Duration // how long an incomplete batch waits for more; 0 means 1 s
	Queue     int           // the lines that may wait; 0 means 1024

	Timeout  time.Duration // of one request; 0 means 10 s
	RetryMin time.Duration // the pause after a failed request, doubled each time; 0 means 1 s
	RetryMax time.Duration // the longest pause, also where Retry-After asks for more; 0 means 5 min
	GiveUp   time.Duration // a batch that has been tried for so long is dropped; 0 means never
	Drain    time.Duration // how long Close keeps posting what waits; 0 means 3 s

	// Report is told when posting begins to fail, and with a nil error when it works again. It is called from another
	// goroutine and may be nil.
	Report func(error)
}

func (o *Options) setDefaults() error {
	o.BatchWait = cmp.Or(o.BatchWait, time.Second)
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	o.RetryMin = cmp.Or(o.RetryMin, time.Second)
	o.RetryMax = cmp.Or(o.RetryMax, 5*time.Minute)
	o.Drain = cmp.Or(o.Drain, 3*time.Second)
	o.Batch = cmp.Or(o.Batch, 1)
	o.Queue = cmp.Or(o.Queue, 1024)
	switch {
	case o.Batch < 0 || o.Queue < o.Batch:
		return fmt.Errorf("webhook: batches of %d lines from a queue of %d: the queue holds at least one batch, of at least 1 line", o.Batch, o.Queue)
	case o.BatchWait < 0 || o.Timeout < 0 || o.RetryMin < 0 || o.RetryMax < o.RetryMin || o.GiveUp < 0 || o.Drain < 0:
		return errors.New("webhook: a time is negative, or the longest pause is shorter than the first")
	case (o.Header != "") != o.Secret.Given():
		return errors.New("webhook: a header without its secret, or a secret without its header")
	case strings.Trim(o.Header, tokenCharacters) != "":
		return fmt.Errorf("webhook: header %q: not the name of a header", o.Header)
	case strings.ContainsFunc(o.Prefix, func(r rune) bool { return r < ' ' || r >= 0x7f }):
		return fmt.Errorf("webhook: header %s: its prefix is not plain ASCII", o.Header)
	}
	for _, reserved := range []string{"Host", "Content-Length", "Content-Type", "Connection", "Transfer-Encoding", "User-Agent"} {
		if strings.EqualFold(o.Header, reserved) {
			return fmt.Errorf("webhook: header %s is written by the webhook itself", reserved)
		}
	}
	return nil
}

// tokenCharacters are those of a header's name (RFC 9110, section 5.6.2).
const tokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// An endpoint is a URL, taken apart.
type endpoint struct {
	address string // to dial
	host    string // for the Host line and for errors
	target  string // path and query
	config  *tls.Config
}

func (o *Options) endpoint() (*endpoint, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("webhook: the URL is not of the form https://HOST/PATH")
	}
	if u.User != nil {
		return nil, fmt.Errorf("webhook: %s: a user name in the URL: use a header whose secret is in a file", u.Host)
	}
	e := &endpoint{host: u.Host, target: u.RequestURI()}
	port := u.Port()
	switch u.Scheme {
	case "https":
		if e.config, err = o.TLS.Config(u.Hostname()); err != nil {
			return nil, fmt.Errorf("webhook: %s: %w", u.Host, err)
		}
		e.config.NextProtos = []string{"http/1.1"}
		if port == "" {
			port = "443"
		}
	case "http":
		if o.TLS != (secure.TLS{}) {
			return nil, fmt.Errorf("webhook: %s: settings for TLS, but http:// is without: write https://", u.Host)
		}
		if port == "" {
			port = "80"
		}
	default:
		return nil, fmt.Errorf("webhook: %s: scheme %q: https and http are known", u.Host, u.Scheme)
	}
	for _, c := range []byte(e.host + e.target) {
		if c <= ' ' || c >= 0x7f {
			return nil, errors.New("webhook: the URL holds characters that are not ASCII: write the host in punycode and the path with %")
		}
	}
	e.address = net.JoinHostPort(u.Hostname(), port)
	return e, nil
}
