package monitor

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestExposition(t *testing.T) {
	var e Exposition
	e.Counter("readings_total", "Readings taken.", 7, Label{"sensor", "imu"})
	e.Gauge("temperature_celsius", `A \ and
a line.`, -1.5)
	e.Counter("readings_total", "Readings taken.", 1<<63, Label{"sensor", `a "quoted" \ name` + "\n\xff"}, Label{"bus", "1"})
	e.Histogram("latency_seconds", "Time of a prediction.", Histogram{[]float64{0.001, 0.01}, []uint64{3, 0, 2}, 0.25}, Label{"model", "m"})
	e.Gauge("odd", "Odd numbers.", math.NaN(), Label{"n", "1"})
	e.Gauge("odd", "Odd numbers.", math.Inf(1), Label{"n", "2"})
	e.Gauge("odd", "Odd numbers.", math.Inf(-1), Label{"n", "3"})
	want := `# HELP readings_total Readings taken.
# TYPE readings_total counter
readings_total{sensor="imu"} 7
readings_total{sensor="a \"quoted\" \\ name\n` + "\uFFFD" + `",bus="1"} 9223372036854775808
# HELP temperature_celsius A \\ and\na line.
# TYPE temperature_celsius gauge
temperature_celsius -1.5
# HELP latency_seconds Time of a prediction.
# TYPE latency_seconds histogram
latency_seconds_bucket{model="m",le="0.001"} 3
latency_seconds_bucket{model="m",le="0.01"} 3
latency_seconds_bucket{model="m",le="+Inf"} 5
latency_seconds_sum{model="m"} 0.25
latency_seconds_count{model="m"} 5
# HELP odd Odd numbers.
# TYPE odd gauge
odd{n="1"} NaN
odd{n="2"} +Inf
odd{n="3"} -Inf
`
	got, err := e.Text()
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestExpositionErrors(t *testing.T) {
	for name, fill := range map[string]func(e *Exposition){
		"no name":            func(e *Exposition) { e.Counter("", "", 1) },
		"a space":            func(e *Exposition) { e.Gauge("a b", "", 1) },
		"a digit first":      func(e *Exposition) { e.Gauge("1a", "", 1) },
		"label with a colon": func(e *Exposition) { e.Gauge("a", "", 1, Label{"x:y", ""}) },
		"reserved label":     func(e *Exposition) { e.Gauge("a", "", 1, Label{"__x", ""}) },
		"le":                 func(e *Exposition) { e.Gauge("a", "", 1, Label{"le", "1"}) },
		"two types": func(e *Exposition) {
			e.Gauge("a", "", 1)
			e.Counter("a", "", 1)
		},
		"counts":         func(e *Exposition) { e.Histogram("a", "", Histogram{[]float64{1}, []uint64{1}, 0}) },
		"falling bounds": func(e *Exposition) { e.Histogram("a", "", Histogram{[]float64{2, 1}, []uint64{1, 1, 1}, 0}) },
		"NaN":            func(e *Exposition) { e.Histogram("a", "", Histogram{[]float64{math.NaN()}, []uint64{1, 1}, 0}) },
	} {
		var e Exposition
		fill(&e)
		e.Counter("fine", "", 1)
		if text, err := e.Text(); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func mustServe(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Addr == "" {
		o.Addr = ":0"
	}
	s, err := Serve(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestPages asks with net/http's client.
func TestPages(t *testing.T) {
	ready := errors.New("no reading yet")
	s := mustServe(t, Options{
		Metrics: func(e *Exposition) { e.Counter("n_total", "Numbers.", 1) },
		Ready:   func() error { return ready },
	})
	if host, _, _ := net.SplitHostPort(s.Addr().String()); host != "127.0.0.1" {
		t.Errorf("listens on %v", s.Addr())
	}
	bad := mustServe(t, Options{
		Metrics: func(e *Exposition) { e.Counter("a b", "", 1) },
		Health:  func() error { return errors.New("the loop hangs") },
	})
	for _, c := range []struct {
		server       *Server
		method, path string
		status       int
		body         string
	}{
		{s, "GET", "/metrics", 200, "# HELP n_total Numbers.\n# TYPE n_total counter\nn_total 1\n"},
		{s, "GET", "/metrics?x=/y", 200, "# HELP n_total Numbers.\n# TYPE n_total counter\nn_total 1\n"},
		{s, "HEAD", "/metrics", 200, ""},
		{s, "GET", "/healthz", 200, "ok\n"},
		{s, "GET", "/readyz", 503, "no reading yet\n"},
		{s, "GET", "/", 404, "Not Found\n"},
		{s, "GET", "/metrics/..", 404, "Not Found\n"},
		{s, "POST", "/metrics", 405, "Method Not Allowed\n"},
		{s, "DELETE", "/healthz", 405, "Method Not Allowed\n"},
		{bad, "GET", "/metrics", 500, "monitor: \"a b\" is no name of a metric\n"},
		{bad, "GET", "/healthz", 503, "the loop hangs\n"},
		{bad, "GET", "/readyz", 404, "Not Found\n"},
	} {
		request, err := http.NewRequest(c.method, "http://"+c.server.Addr().String()+c.path, strings.NewReader(strings.Repeat("x", 3000)))
		if err != nil {
			t.Fatal(err)
		}
		if c.method != "POST" {
			request.Body = nil
			request.ContentLength = 0
		}
		r, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatalf("%s %s: %v", c.method, c.path, err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != c.status || string(body) != c.body || !r.Close || c.method == "HEAD" && r.ContentLength == 0 {
			t.Errorf("%s %s: %d %q, %v, length %d", c.method, c.path, r.StatusCode, body, err, r.ContentLength)
		}
		if allow := r.Header.Get("Allow"); (allow != "") != (c.status == 405) {
			t.Errorf("%s %s: Allow: %s", c.method, c.path, allow)
		}
	}
	ready = nil
	r, err := http.Get("http://" + s.Addr().String() + "/readyz")
	if err != nil || r.StatusCode != 200 {
		t.Errorf("%v, %v", r, err)
	}
	r.Body.Close()
}

func TestRequests(t *testing.T) {
	long := strings.Repeat("x", 9000)
	for text, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n":                "GET / 200",
		"HEAD /a?b HTTP/1.0\r\n\r\n":                       "HEAD /a 200",
		"GET / HTTP/1.1\n\n":                               "GET / 200",
		"POST / HTTP/1.1\r\n\r\n":                          "POST  405",
		"GET / HTTP/2\r\n\r\n":                             "  400",
		"GET http://x/ HTTP/1.1\r\n\r\n":                   "  400",
		"GET /\r\n\r\n":                                    "  400",
		"GET / x HTTP/1.1\r\n\r\n":                         "  400",
		"\x16\x03\x01\n\n":                                 "  400",
		"":                                                 "  0",
		"GET / HTTP/1.1\r\nHost":                           "  0",
		"GET /" + long + " HTTP/1.1\r\n\r\n":               "  431",
		"GET / HTTP/1.1\r\nA: " + long + "\r\n\r\n":        "  431",
		"GET / HTTP/1.1\r\n" + strings.Repeat("A\n", 9000): "  431",
	} {
		method, path, status := readRequest(strings.NewReader(text))
		if got := fmt.Sprint(method, " ", path, " ", status); got != want {
			t.Errorf("%.40q: %q, expected %q", text, got, want)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("GET /metrics?x HTTP/1.1\r\nHost: x\r\n\r\n")
	f.Add("POST / HTTP/1.1\r\n\r\n")
	f.Add("GET")
	f.Fuzz(func(t *testing.T, text string) {
		method, path, status := readRequest(strings.NewReader(text))
		if _, known := reasons[status]; status != 0 && !known {
			t.Fatalf("%q: status %d", text, status)
		}
		if status == 200 && (method != "GET" && method != "HEAD" || path == "" || path[0] != '/' || strings.ContainsAny(path, "? \n")) {
			t.Fatalf("%q: %s %q", text, method, path)
		}
	})
}

// TestIdlersAreBounded opens more connections than are served: the first to be answered is one that asks.
func TestIdlersAreBounded(t *testing.T) {
	s := mustServe(t, Options{})
	var idle []net.Conn
	for range maxConnections {
		c, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		idle = append(idle, c)
	}
	answered := make(chan string, 1)
	go func() {
		c, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer c.Close()
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\n\r\n")
		b, err := io.ReadAll(c)
		answered <- fmt.Sprintf("%s %v", b, err)
	}()
	select {
	case got := <-answered:
		t.Errorf("answered beside %d idlers: %q", maxConnections, got)
	case <-time.After(50 * time.Millisecond):
	}
	idle[0].Close()
	if got := <-answered; !strings.HasSuffix(got, "\r\n\r\nok\n <nil>") {
		t.Errorf("%q", got)
	}
	// Close cuts the idlers off, and leaves no goroutine.
	begun := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > answerTime/2 {
		t.Errorf("Close took %v", took)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := net.Dial("tcp", s.Addr().String()); err == nil {
		t.Error("still listening")
	}
}

func TestAddresses(t *testing.T) {
	s := mustServe(t, Options{Addr: "localhost:0"})
	for _, addr := range []string{"", "9100", "127.0.0.1", "127.0.0.1:x", s.Addr().String()} {
		if other, err := Serve(Options{Addr: addr}); err == nil {
			other.Close()
			t.Errorf("%q: accepted", addr)
		}
	}
}
