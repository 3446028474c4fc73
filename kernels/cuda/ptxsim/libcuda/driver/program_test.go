package driver

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// program is a process that calls the driver of a test.
type program struct {
	t      *testing.T
	client *Client
	server *Server
	socket string
	errors *bytes.Buffer // what the server says
	thread uint64
}

// start makes a server and a program that has called nothing yet.
func start(t *testing.T, board string, failures ...string) *program {
	t.Helper()
	b, err := FindBoard(board)
	if err != nil {
		t.Fatal(err)
	}
	b.Memory = 1 << 20
	o := Options{Board: b, Errors: new(bytes.Buffer)}
	if o.Failures, err = ParseFailures(failures); err != nil {
		t.Fatal(err)
	}
	return startWith(t, o)
}

func startWith(t *testing.T, o Options) *program {
	t.Helper()
	folder, err := os.MkdirTemp("", "gpu") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(folder, "socket")
	listener, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, server: NewServer(o), socket: socket, thread: 1}
	p.errors, _ = o.Errors.(*bytes.Buffer)
	done := make(chan error)
	go func() { done <- p.server.Serve(listener) }()
	t.Cleanup(func() {
		p.server.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		os.RemoveAll(folder)
	})
	if p.client, err = Dial(socket, NewArena(1<<20)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.client.Close() })
	return p
}

// begin is start with a current context.
func begin(t *testing.T, board string, failures ...string) *program {
	t.Helper()
	p := start(t, board, failures...)
	p.must("cuInit", 0)
	p.must("cuCtxSetCurrent", p.get("cuDevicePrimaryCtxRetain", 0))
	return p
}

func (p *program) want(want Result, name string, arguments ...uint64) {
	p.t.Helper()
	have, err := p.client.Call(p.thread, name, arguments...)
	if err != nil {
		p.t.Fatal(err)
	}
	if have != want {
		p.t.Fatalf("%s: %s: expected %s", name, have, want)
	}
}

func (p *program) must(name string, arguments ...uint64) {
	p.t.Helper()
	p.want(Success, name, arguments...)
}

// get makes a call whose first argument is where it stores 64 bits.
func (p *program) get(name string, arguments ...uint64) uint64 {
	p.t.Helper()
	at, memory := p.client.Memory.Take(8)
	p.must(name, append([]uint64{at}, arguments...)...)
	return binary.LittleEndian.Uint64(memory)
}

func (p *program) text(s string) (address, length uint64) {
	at, memory := p.client.Memory.Take(len(s))
	copy(memory, s)
	return at, uint64(len(s))
}

// floats takes memory of the process for numbers.
func (p *program) floats(v ...float32) (uint64, []byte) {
	at, memory := p.client.Memory.Take(4 * len(v))
	put(memory, v...)
	return at, memory
}

func put(memory []byte, v ...float32) {
	for i, x := range v {
		binary.LittleEndian.PutUint32(memory[4*i:], math.Float32bits(x))
	}
}

func (p *program) wantFloats(what string, memory []byte, want ...float32) {
	p.t.Helper()
	have := make([]float32, len(memory)/4)
	for i := range have {
		have[i] = math.Float32frombits(binary.LittleEndian.Uint32(memory[4*i:]))
	}
	if !slices.Equal(have, want) {
		p.t.Fatalf("%s: %v: expected %v", what, have, want)
	}
}

// twice loads testdata/twice.ptx.
func (p *program) twice() (module, function uint64) {
	p.t.Helper()
	ptx, err := os.ReadFile("../testdata/twice.ptx")
	if err != nil {
		p.t.Fatal(err)
	}
	image, length := p.text(string(ptx))
	module = p.get("cuModuleLoadData", image, length)
	name, length := p.text("twice")
	return module, p.get("cuModuleGetFunction", module, name, length)
}

// launch is cuLaunchKernel of twice.
func (p *program) launch(function, stream, source, destination uint64, n int) []uint64 {
	values, memory := p.client.Memory.Take(24)
	for i, v := range []uint64{source, destination, uint64(n)} {
		binary.LittleEndian.PutUint64(memory[8*i:], v)
	}
	pointers, memory := p.client.Memory.Take(24)
	for i := range 3 {
		binary.LittleEndian.PutUint64(memory[8*i:], values+8*uint64(i))
	}
	blocks := uint64(n+31) / 32
	return []uint64{function, blocks, 1, 1, 32, 1, 1, 0, stream, pointers, 0}
}

// word reads 64 bits of the process's memory.
func (p *program) word(at uint64) uint64 {
	p.t.Helper()
	memory, err := p.client.Memory.At(at, 8)
	if err != nil {
		p.t.Fatal(err)
	}
	return binary.LittleEndian.Uint64(memory)
}
