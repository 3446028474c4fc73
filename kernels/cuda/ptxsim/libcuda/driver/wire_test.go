package driver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

func TestRequestSurvivesTheWire(t *testing.T) {
	for _, q := range []Request{
		{Name: "cuInit", Thread: 7, Arguments: []uint64{0}},
		{Name: "cuCtxSynchronize", Thread: 1 << 63, Arguments: []uint64{}},
		{Name: "cuLaunchKernel", Thread: 1, Arguments: []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1<<64 - 1}},
	} {
		wire := q.Append(nil)
		have, err := ReadRequest(bytes.NewReader(wire))
		if err != nil || !reflect.DeepEqual(have, q) {
			t.Errorf("%+v, %v: expected %+v", have, err, q)
		}
		for n := 1; n < len(wire); n++ {
			if _, err := ReadRequest(bytes.NewReader(wire[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("%s cut after %d bytes: %v: expected an unexpected end", q.Name, n, err)
			}
		}
	}
	if _, err := ReadRequest(bytes.NewReader(nil)); err != io.EOF {
		t.Errorf("nothing: %v: expected the end", err)
	}
}

// The bytes of a request, as the C library lays them out.
func TestRequestBytes(t *testing.T) {
	have := Request{Name: "cuMemFree_v2", Thread: 3, Arguments: []uint64{0x0102030405060708}}.Append(nil)
	want := "cuMemFree_v2" + strings.Repeat("\x00", 28) + "\x01\x00\x00\x00\x00\x00\x00\x00" + "\x03\x00\x00\x00\x00\x00\x00\x00" + "\x08\x07\x06\x05\x04\x03\x02\x01"
	if string(have) != want {
		t.Errorf("%q: expected %q", have, want)
	}
}

func TestBadRequests(t *testing.T) {
	good := Request{Name: "cuInit", Thread: 1, Arguments: []uint64{0}}.Append(nil)
	for _, c := range []struct {
		name  string
		spoil func([]byte)
	}{
		{"no name", func(b []byte) { b[0] = 0 }},
		{"a name that goes on after its end", func(b []byte) { b[20] = 'x' }},
		{"a name of other letters", func(b []byte) { b[2] = '-' }},
		{"too many arguments", func(b []byte) { b[40] = 13 }},
		{"very many arguments", func(b []byte) { b[43] = 0xff }},
		{"something where zeros are", func(b []byte) { b[47] = 1 }},
	} {
		wire := bytes.Clone(good)
		c.spoil(wire)
		if _, err := ReadRequest(bytes.NewReader(wire)); !errors.Is(err, errRequest) {
			t.Errorf("%s: %v: expected a bad request", c.name, err)
		}
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add(Request{Name: "cuInit", Thread: 1, Arguments: []uint64{0}}.Append(nil))
	f.Add(Request{Name: "cuLaunchKernel", Arguments: make([]uint64, 11)}.Append(nil))
	f.Add([]byte("cuInit"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		q, err := ReadRequest(bytes.NewReader(wire))
		if err != nil {
			return
		}
		if again := q.Append(nil); !bytes.HasPrefix(wire, again) {
			t.Errorf("%q becomes %q", wire, again)
		}
	})
}

// FuzzConversation lets a process say anything: calls in any order with any
// arguments, and its memory in the same stream of bytes.
func FuzzConversation(f *testing.F) {
	hello := Request{Name: "simHello", Arguments: []uint64{Version}}
	say := func(requests ...Request) []byte {
		wire := hello.Append(nil)
		for _, q := range requests {
			wire = q.Append(wire)
		}
		return wire
	}
	initialise := Request{Name: "cuInit", Arguments: []uint64{0}}
	create := Request{Name: "cuCtxCreate_v2", Arguments: []uint64{8, 0, 0}}
	f.Add(say(initialise, create, Request{Name: "cuMemAlloc_v2", Arguments: []uint64{8, 1000}}, Request{Name: "cuMemFree_v2", Arguments: []uint64{0}}))
	f.Add(append(say(initialise, create, Request{Name: "cuModuleLoadData", Arguments: []uint64{8, 8, uint64(len(emptyKernel))}}), emptyKernel...))
	f.Add(say(initialise, create, Request{Name: "cuMemHostAlloc", Arguments: []uint64{4096, 1 << 12, 2}},
		Request{Name: "cuMemHostGetDevicePointer_v2", Arguments: []uint64{8, 4096, 0}}, Request{Name: "cuMemsetD8_v2", Arguments: []uint64{0, 0, 1}},
		Request{Name: "cuCtxSynchronize", Arguments: nil}))
	f.Add(say(initialise, create, Request{Name: "cuStreamCreate", Arguments: []uint64{8, 1}},
		Request{Name: "cuStreamBeginCapture_v2", Arguments: []uint64{0x5ced<<44 + 2<<4, 1}},
		Request{Name: "cuStreamEndCapture", Arguments: []uint64{0x5ced<<44 + 2<<4, 8}},
		Request{Name: "cuGraphInstantiateWithFlags", Arguments: []uint64{8, 0x5ced<<44 + 3<<4, 0}},
		Request{Name: "cuGraphLaunch", Arguments: []uint64{0x5ced<<44 + 4<<4, 0}}))
	f.Add(binary.LittleEndian.AppendUint64(Request{Name: "simFail", Arguments: []uint64{8, 8}}.Append(nil), 1))
	board, err := FindBoard("nano")
	if err != nil {
		f.Fatal(err)
	}
	board.Memory = 1 << 16
	f.Fuzz(func(t *testing.T, said []byte) {
		NewServer(Options{Board: board}).converse(recording{bytes.NewReader(said)}, new(failures))
	})
}

// recording is a connection whose other end has said everything beforehand.
type recording struct{ io.Reader }

func (recording) Write(b []byte) (int, error) { return len(b), nil }
