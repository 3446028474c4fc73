package webhook

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/tlstest"
	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

func TestOverTLS(t *testing.T) {
	ca := tlstest.New(t)
	h := &server{}
	web := httptest.NewUnstartedServer(h)
	web.TLS = ca.Server("hook.test")
	web.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	web.EnableHTTP2 = true // Offered, and not taken.
	web.StartTLS()
	defer web.Close()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("opensesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cert, key := ca.Issue("client")
	s, err := New(Options{
		URL:    web.URL + "/in/a%20b?x=1&y=2",
		TLS:    secure.TLS{CA: ca.CA(), Cert: cert, Key: key, ServerName: "hook.test"},
		Header: "Authorization", Prefix: "Bearer ", Secret: secure.Secret{File: token},
	})
	if err != nil {
		t.Fatal(err)
	}
	send(t, s, 0, 3)
	mustClose(t, s)
	if got := h.got(); !slices.Equal(got, []string{`{"n":0}`, `{"n":1}`, `{"n":2}`}) {
		t.Errorf("bodies %q", got)
	}
	for name, want := range map[string]string{
		"Request":       "POST " + strings.TrimPrefix(web.URL, "https://") + " /in/a%20b?x=1&y=2",
		"Authorization": "Bearer opensesame",
		"Content-Type":  "application/json",
		"User-Agent":    "edge-infer",
	} {
		if got := h.header.Get(name); got != want {
			t.Errorf("%s: %q, expected %q", name, got, want)
		}
	}
	if got := s.Stats(); got != (Stats{Posted: 3, Requests: 3}) {
		t.Errorf("%+v", got)
	}
	if err := s.Send(t.Context(), &sink.Message{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestUntrustedServer(t *testing.T) {
	h := &server{}
	web := httptest.NewUnstartedServer(h)
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	defer web.Close()
	t.Setenv("TEST_HOOK_TOKEN", "opensesame")
	failed := make(chan error, 1)
	s, err := New(Options{
		URL: web.URL + "/opensesame?token=opensesame", TLS: secure.TLS{CA: tlstest.New(t).CA()}, Drain: time.Millisecond,
		Header: "X-Token", Secret: secure.Secret{Env: "TEST_HOOK_TOKEN"}, Report: func(err error) { failed <- err },
	})
	if err != nil {
		t.Fatal(err)
	}
	send(t, s, 0, 1)
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "x509") || strings.Contains(err.Error(), "opensesame") {
		t.Errorf("reported %v", err)
	}
	mustClose(t, s)
	if len(h.got()) != 0 || s.Stats().Dropped != 1 {
		t.Errorf("%q was posted to a stranger, %+v", h.got(), s.Stats())
	}
}
