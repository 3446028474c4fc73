package webhook

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

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
