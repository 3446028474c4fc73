package driver

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is a log that a test may read while the server writes.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) first(t *testing.T) Report {
	t.Helper()
	for range 200 {
		l.mu.Lock()
		line, err := l.text.ReadBytes('\n')
		l.mu.Unlock()
		if err == nil {
			var r Report
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			return r
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no line in the log")
	return Report{}
}

func TestReportOfAProcess(t *testing.T) {
	b, err := FindBoard("orin-nx")
	if err != nil {
		t.Fatal(err)
	}
	log := new(lines)
	p := startWith(t, Options{Board: b, Log: log})
	p.must("cuInit", 0)
	p.must("cuCtxSetCurrent", p.get("cuDevicePrimaryCtxRetain", 0))
	_, twice := p.twice()
	stream := p.get("cuStreamCreate", 0)
	device := p.get("cuMemAlloc_v2", 400)
	host, _ := p.pinnedFloats(0, make([]float32, 100)...)
	for range 3 {
		p.must("cuMemcpyHtoDAsync_v2", device, host, 400, stream)
		p.must("cuLaunchKernel", p.launch(twice, stream, device, device, 100)...)
		p.must("cuMemcpyDtoHAsync_v2", host, device, 400, stream)
		p.must("cuStreamSynchronize", stream)
	}
	p.must("cuMemsetD8_v2", device, 0, 8)
	during, err := Reports(p.socket)
	if err != nil || len(during) != 1 || during[0].Launches != 3 || during[0].Ended {
		t.Errorf("reports while the process runs: %+v, %v", during, err)
	}
	p.client.Close()

	r := log.first(t)
	if r.Connection != 1 || r.Board != "orin-nx" || !r.Ended || r.Launches != 3 || r.GraphLaunches != 0 ||
		r.HostToDevice != (Copies{3, 1200}) || r.DeviceToHost != (Copies{3, 1200}) || r.OnDevice != (Copies{}) || r.Mapped != (Copies{}) {
		t.Errorf("report %+v", r)
	}
	if r.Calls["cuStreamSynchronize"] != 3 || r.Calls["cuInit"] != 1 {
		t.Errorf("calls %v", r.Calls)
	}
	if k := r.Kernels["twice"]; k.Launches != 3 || k.Blocks != 12 || k.Threads != 384 || k.GlobalRead != 1200 || k.GlobalWritten != 1200 || k.Instructions == 0 || k.WarpInstructions == 0 {
		t.Errorf("kernel %+v", k)
	}
	if want := (Left{DeviceMemory: Copies{1, 400}, HostMemory: Copies{1, 400}, Modules: 1, Streams: 1, Contexts: 1, Work: 1}); r.Left != want {
		t.Errorf("left %+v: expected %+v", r.Left, want)
	}
	after, err := Reports(p.socket)
	if err != nil || len(after) != 1 || !after[0].Ended {
		t.Errorf("reports after its end: %+v, %v", after, err)
	}
}

func TestProcessesAreApart(t *testing.T) {
	p := begin(t, "nano")
	device := p.get("cuMemAlloc_v2", 1<<20)
	client, err := Dial(p.socket, NewArena(1<<10))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	other := &program{t: t, client: client, thread: 1}
	at, _ := other.client.Memory.Take(8)
	other.want(NotInitialized, "cuDeviceGetCount", at)
	other.must("cuInit", 0)
	other.must("cuCtxSetCurrent", other.get("cuDevicePrimaryCtxRetain", 0))
	other.want(InvalidValue, "cuMemFree_v2", device)
	other.get("cuMemAlloc_v2", 1<<20)
}

func TestServerThatServesOnce(t *testing.T) {
	b, err := FindBoard("nano")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(Options{Board: b, Once: true})
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	if _, err := Reports(socket); err != nil { // is no process
		t.Fatal(err)
	}
	client, err := Dial(socket, NewArena(8))
	if err != nil {
		t.Fatal(err)
	}
	client.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := Dial(socket, NewArena(8)); err == nil {
		t.Error("it answers a second process")
	}
}

func TestBreachesOfTheProtocol(t *testing.T) {
	hello := Request{Name: "simHello", Arguments: []uint64{Version}}
	for _, c := range []struct {
		name string
		say  []byte
		want string // in the server's errors; empty: no fault
	}{
		{"nothing", nil, ""},
		{"hello and nothing", hello.Append(nil), ""},
		{"no hello", Request{Name: "cuInit", Arguments: []uint64{0}}.Append(nil), "before simHello"},
		{"another version", Request{Name: "simHello", Arguments: []uint64{99}}.Append(nil), "version 99"},
		{"an unknown call", Request{Name: "cuNothing"}.Append(hello.Append(nil)), "has no cuNothing"},
		{"too few arguments", Request{Name: "cuInit"}.Append(hello.Append(nil)), "cuInit has 0 arguments: expected 1"},
		{"half a request", append(hello.Append(nil), "cuInit"...), "unexpected EOF"},
		{"memory that never comes", Request{Name: "simFail", Arguments: []uint64{8, 100}}.Append(nil), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := FindBoard("nano")
			if err != nil {
				t.Fatal(err)
			}
			var errors bytes.Buffer
			server := NewServer(Options{Board: b, Errors: &errors})
			server.converse(recording{bytes.NewReader(c.say)}, new(failures))
			if have := errors.String(); !strings.Contains(have, c.want) || (c.want == "") != (server.Faults() == 0) {
				t.Errorf("%d faults, %q: expected %q", server.Faults(), have, c.want)
			}
		})
	}
}
