package webhook

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

// server notes what is posted and answers as it is told.
type server struct {
	mu     sync.Mutex
	bodies []string
	times  []time.Time
	header http.Header
	answer func(n int, w http.ResponseWriter)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, string(body))
	s.times = append(s.times, time.Now())
	s.header = r.Header.Clone()
	s.header.Set("Request", r.Method+" "+r.Host+" "+r.RequestURI)
	if s.answer != nil {
		s.answer(len(s.bodies)-1, w)
	}
}

func (s *server) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// pipe serves net/http's server over pipes, for tests with a clock of their own.
type pipe struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error   { return nil }
func (p *pipe) Addr() net.Addr { return &net.TCPAddr{} }

// onPipe starts a sink whose server is reached over pipes.
func onPipe(t *testing.T, o Options, h http.Handler) (s *Sink, stop func()) {
	t.Helper()
	p := &pipe{make(chan net.Conn), make(chan struct{})}
	web := &http.Server{Handler: h}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = web.Serve(p)
	}()
	o.URL = "http://hook.test/in"
	e, err := o.endpoint()
	if err != nil {
		t.Fatal(err)
	}
	s, err = start(o, e, func(ctx context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case p.conns <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		close(p.done)
		web.Close()
		<-served
	}
}

func send(t *testing.T, s *Sink, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := s.Send(t.Context(), &sink.Message{Line: fmt.Appendf(nil, `{"n":%d}`, i)}); err != nil {
			t.Fatal(err)
		}
	}
}

func mustClose(t *testing.T, s *Sink) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

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

func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &server{}
		s, stop := onPipe(t, Options{Batch: 3, BatchWait: 2 * time.Second}, h)
		defer stop()
		begun := time.Now()
		send(t, s, 0, 7)
		time.Sleep(10 * time.Second)
		send(t, s, 7, 8)
		mustClose(t, s)
		want := []string{"{'n':0}\n{'n':1}\n{'n':2}\n", "{'n':3}\n{'n':4}\n{'n':5}\n", "{'n':6}\n", "{'n':7}\n"}
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], "'", `"`)
		}
		if got := h.got(); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if h.header.Get("Content-Type") != "application/x-ndjson" {
			t.Errorf("%v", h.header)
		}
		for i, after := range []time.Duration{0, 0, 2 * time.Second, 10 * time.Second} {
			if got := h.times[i].Sub(begun); got != after {
				t.Errorf("request %d after %v, expected %v", i, got, after)
			}
		}
	})
}

func TestRetries(t *testing.T) {
	hijack := func(w http.ResponseWriter) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			c.Close()
		}
	}
	for name, c := range map[string]struct {
		failure func(w http.ResponseWriter)
		least   time.Duration // the pause before the second request
		most    time.Duration
	}{
		"broken":            {func(w http.ResponseWriter) { w.WriteHeader(500) }, 500 * time.Millisecond, time.Second},
		"unavailable":       {func(w http.ResponseWriter) { w.WriteHeader(503) }, 500 * time.Millisecond, time.Second},
		"too many requests": {func(w http.ResponseWriter) { w.WriteHeader(429) }, 500 * time.Millisecond, time.Second},
		"timeout":           {func(w http.ResponseWriter) { w.WriteHeader(408) }, 500 * time.Millisecond, time.Second},
		"cut off":           {hijack, 500 * time.Millisecond, time.Second},
		"asks for 20 s": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "20")
			w.WriteHeader(429)
		}, 20 * time.Second, 20 * time.Second},
		"asks for a year": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(503)
		}, 5 * time.Minute, 5 * time.Minute},
		"asks for a date": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", time.Now().Add(30*time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(503)
		}, 29 * time.Second, 30 * time.Second},
		"hangs": {func(w http.ResponseWriter) { time.Sleep(time.Minute) }, 10500 * time.Millisecond, 11 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var once sync.Once
				h := &server{}
				var told []string
				s, stop := onPipe(t, Options{Report: func(err error) { told = append(told, fmt.Sprint(err)) }}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					fail := false
					once.Do(func() { fail = true })
					h.ServeHTTP(w, r)
					if fail {
						c.failure(w)
					}
				}))
				defer stop()
				send(t, s, 0, 1)
				time.Sleep(time.Hour)
				if got := h.got(); !slices.Equal(got, []string{`{"n":0}`, `{"n":0}`}) {
					t.Fatalf("%q", got)
				}
				if pause := h.times[1].Sub(h.times[0]); pause < c.least || pause > c.most {
					t.Errorf("tried again after %v, expected %v to %v", pause, c.least, c.most)
				}
				mustClose(t, s)
				if got := s.Stats(); got != (Stats{Posted: 1, Requests: 2}) {
					t.Errorf("%+v", got)
				}
				if len(told) != 2 || told[1] != "<nil>" || strings.Contains(told[0], "/in") {
					t.Errorf("told %q", told)
				}
			})
		})
	}
}

func TestRefusedIsNotTriedAgain(t *testing.T) {
	for status, location := range map[int]string{
		400: "", 401: "", 404: "", 413: "",
		301: "http://elsewhere.test/", 303: "/other", 307: "http://elsewhere.test/in", 308: "/in/",
	} {
		synctest.Test(t, func(t *testing.T) {
			var told []string
			h := &server{answer: func(n int, w http.ResponseWriter) {
				if n == 0 {
					w.Header().Set("Location", location)
					w.WriteHeader(status)
				}
			}}
			s, stop := onPipe(t, Options{Report: func(err error) { told = append(told, fmt.Sprint(err)) }}, h)
			defer stop()
			send(t, s, 0, 2)
			time.Sleep(time.Hour)
			mustClose(t, s)
			if got := h.got(); !slices.Equal(got, []string{`{"n":0}`, `{"n":1}`}) {
				t.Errorf("%d: %q", status, got)
			}
			if got := s.Stats(); got != (Stats{Posted: 1, Requests: 2, Refused: 1}) {
				t.Errorf("%d: %+v", status, got)
			}
			if len(told) != 2 || !strings.Contains(told[0], fmt.Sprint("status ", status)) {
				t.Errorf("%d: told %q", status, told)
			}
		})
	}
}

func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &server{answer: func(n int, w http.ResponseWriter) {
			if n < 10 {
				w.WriteHeader(500)
			}
		}}
		s, stop := onPipe(t, Options{Batch: 10, Queue: 20}, h)
		defer stop()
		send(t, s, 0, 10)
		synctest.Wait()
		send(t, s, 10, 100)
		time.Sleep(time.Hour)
		mustClose(t, s)
		got := h.got()
		if len(got) != 13 || !strings.HasPrefix(got[10], `{"n":0}`) || !strings.HasPrefix(got[11], `{"n":80}`) || !strings.HasSuffix(got[12], "{\"n\":99}\n") {
			t.Errorf("%q", got[10:])
		}
		if got := s.Stats(); got != (Stats{Posted: 30, Requests: 13, Dropped: 70}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestGivingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &server{answer: func(n int, w http.ResponseWriter) { w.WriteHeader(500) }}
		s, stop := onPipe(t, Options{GiveUp: time.Minute}, h)
		defer stop()
		send(t, s, 0, 1)
		time.Sleep(2 * time.Minute)
		if got := s.Stats(); got.Dropped != 1 || got.Requests < 5 || got.Requests > 9 {
			t.Errorf("%+v", got)
		}
		mustClose(t, s)
	})
}

func TestCloseIsBounded(t *testing.T) {
	for name, answer := range map[string]func(int, http.ResponseWriter){
		"the server hangs":   func(int, http.ResponseWriter) { time.Sleep(time.Hour) },
		"the server fails":   func(_ int, w http.ResponseWriter) { w.WriteHeader(500) },
		"the server is slow": func(int, http.ResponseWriter) { time.Sleep(1400 * time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, stop := onPipe(t, Options{}, &server{answer: answer})
				defer stop()
				send(t, s, 0, 5)
				begun := time.Now()
				mustClose(t, s)
				if took := time.Since(begun); took != 3*time.Second {
					t.Errorf("Close took %v", took)
				}
				if got := s.Stats(); got.Posted+got.Dropped != 5 || got.Dropped == 0 || got.Waiting != 0 {
					t.Errorf("%+v", got)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

func TestReplies(t *testing.T) {
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, text string
		want       reply
		err        string
	}{
		{"plain", "HTTP/1.1 200 OK\r\n\r\n", reply{200, 0}, ""},
		{"no reason", "HTTP/1.1 204\r\nA: b\r\n\r\n", reply{204, 0}, ""},
		{"old", "HTTP/1.0 500 Oops\r\n\r\nrest", reply{500, 0}, ""},
		{"interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\n\r\n", reply{201, 0}, ""},
		{"seconds", "HTTP/1.1 503 x\r\nretry-after: 7\r\n\r\n", reply{503, 7 * time.Second}, ""},
		{"date", "HTTP/1.1 503 x\r\nRetry-After: Wed, 01 May 2024 12:00:05 GMT\r\n\r\n", reply{503, 5 * time.Second}, ""},
		{"past", "HTTP/1.1 503 x\r\nRetry-After: Wed, 01 May 2024 11:00:00 GMT\r\n\r\n", reply{503, 0}, ""},
		{"rubbish after", "HTTP/1.1 503 x\r\nRetry-After: -99999999999999999999\r\n\r\n", reply{503, 0}, ""},
		{"nothing", "", reply{}, "unexpected EOF"},
		{"half", "HTTP/1.1 200 OK\r\nA: b", reply{}, "unexpected EOF"},
		{"another protocol", "SSH-2.0-OpenSSH\r\n", reply{}, "not HTTP"},
		{"another version", "HTTP/2 200\r\n\r\n", reply{}, "not HTTP"},
		{"no status", "HTTP/1.1 2x0 OK\r\n\r\n", reply{}, "not HTTP"},
		{"switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n", reply{}, "not asked for"},
		{"endless", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 20000), reply{}, "not HTTP"},
		{"an echo", "HTTP/1.1 200 OK\r\nopensesame\r\n\r\n", reply{}, "not HTTP"},
	} {
		got, err := readReply(strings.NewReader(c.text), now)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// FuzzReply compares with net/http's reading.
func FuzzReply(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\n\r\n")
	f.Add("HTTP/1.1 503 x\r\nRetry-After: 7\r\n\r\n")
	f.Add("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readReply(strings.NewReader(text), time.Now())
		if err != nil {
			return
		}
		if got.status < 200 || got.status > 999 || got.after < 0 {
			t.Fatalf("%q: %+v", text, got)
		}
		r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if err == nil && r.StatusCode >= 200 && r.StatusCode != got.status {
			t.Fatalf("%q: status %d, net/http reads %d", text, got.status, r.StatusCode)
		}
	})
}

// TestRefusals puts the configurations together that cannot work. None of the errors may hold the secret.
func TestRefusals(t *testing.T) {
	t.Setenv("TEST_HOOK_EMPTY", "")
	t.Setenv("TEST_HOOK_TOKEN", "opensesame")
	token := secure.Secret{Env: "TEST_HOOK_TOKEN"}
	for name, o := range map[string]Options{
		"no URL":                 {},
		"no host":                {URL: "https:///opensesame"},
		"no scheme":              {URL: "hook.test/opensesame"},
		"scheme":                 {URL: "ftp://hook.test/opensesame"},
		"bad URL":                {URL: "https://hook.test:x/opensesame"},
		"user":                   {URL: "https://user:opensesame@hook.test/"},
		"not ASCII":              {URL: "https://hök.test/opensesame"},
		"line in the path":       {URL: "https://hook.test/opensesame\r\nX: y"},
		"TLS without TLS":        {URL: "http://hook.test/", TLS: secure.TLS{CA: "x"}},
		"authority":              {URL: "https://hook.test/", TLS: secure.TLS{CA: "/nonexistent"}},
		"header without secret":  {URL: "https://hook.test/", Header: "X"},
		"secret without header":  {URL: "https://hook.test/", Secret: token},
		"header with a colon":    {URL: "https://hook.test/", Header: "X: y", Secret: token},
		"header of our own":      {URL: "https://hook.test/", Header: "content-length", Secret: token},
		"line in the prefix":     {URL: "https://hook.test/", Header: "X", Prefix: "a\r\nB: ", Secret: token},
		"empty secret":           {URL: "https://hook.test/", Header: "X", Secret: secure.Secret{Env: "TEST_HOOK_EMPTY"}},
		"batch beyond the queue": {URL: "https://hook.test/", Batch: 10, Queue: 9},
		"pauses":                 {URL: "https://hook.test/", RetryMin: time.Hour, RetryMax: time.Minute},
		"negative time":          {URL: "https://hook.test/", Timeout: -1},
	} {
		t.Run(name, func(t *testing.T) {
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
