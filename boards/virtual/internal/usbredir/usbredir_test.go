package usbredir

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// echo is a device that returns what was last written to it.
type echo struct{ last []byte }

func (*echo) Descriptor() [18]byte {
	return [18]byte{18, 1, 0x10, 1, 0xff, 2, 3, 8, 0x03, 0x04, 0x31, 0xc6, 0, 1, 0, 0, 0, 1}
}

func (*echo) Configuration() []byte { return []byte{9, 2, 9, 0, 1, 1, 0, 0x80, 50} }

func (e *echo) Control(s Setup, data []byte) ([]byte, error) {
	if !s.Vendor() || s.Request != 7 {
		return nil, ErrStall
	}
	if !s.In() {
		e.last = data
	}
	return e.last, nil
}

func control(number uint64, setup Setup, data ...byte) packet {
	b := []byte{setup.Type & 0x80, setup.Request, setup.Type, 0}
	for _, v := range []uint16{setup.Value, setup.Index, setup.Length} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return packet{typeControl, number, append(b, data...)}
}

// answered is the control packet that comes back for one that was sent.
func answered(sent packet, status byte, data ...byte) packet {
	b := slices.Clone(sent.payload[:controlHeader])
	b[3] = status
	if b[2]&0x80 != 0 {
		binary.LittleEndian.PutUint16(b[8:], uint16(len(data)))
	}
	return packet{typeControl, sent.number, append(b, data...)}
}

// anyPacket reads what a server sends, which is of other types than what it reads.
func anyPacket(in io.Reader, long bool) (packet, error) {
	header := make([]byte, 12)
	if _, err := io.ReadFull(in, header); err != nil {
		return packet{}, err
	}
	p := packet{kind: binary.LittleEndian.Uint32(header), number: uint64(binary.LittleEndian.Uint32(header[8:]))}
	if long {
		high := make([]byte, 4)
		if _, err := io.ReadFull(in, high); err != nil {
			return packet{}, err
		}
		p.number |= uint64(binary.LittleEndian.Uint32(high)) << 32
	}
	p.payload = make([]byte, binary.LittleEndian.Uint32(header[4:]))
	_, err := io.ReadFull(in, p.payload)
	return p, err
}

type emulator struct {
	t    *testing.T
	conn net.Conn
	long bool
}

func (e *emulator) send(p packet) {
	e.t.Helper()
	if _, err := e.conn.Write(p.bytes(e.long)); err != nil {
		e.t.Fatal(err)
	}
}

func (e *emulator) expect(want ...packet) {
	e.t.Helper()
	for _, w := range want {
		got, err := anyPacket(e.conn, e.long)
		if err != nil {
			e.t.Fatalf("waiting for type %d: %v", w.kind, err)
		}
		if w.payload == nil {
			w.payload = []byte{}
		}
		if !reflect.DeepEqual(got, w) {
			e.t.Fatalf("got %+v, want %+v", got, w)
		}
	}
}

func greeting(caps uint32) packet {
	return packet{kind: typeHello, payload: binary.LittleEndian.AppendUint32(make([]byte, helloVersion), caps)}
}

var connected = []packet{
	{kind: typeEndpoints, payload: endpoints()},
	{kind: typeInterfaces, payload: interfaces()},
	{kind: typeConnect, payload: []byte{1, 0xff, 2, 3, 0x03, 0x04, 0x31, 0xc6}},
}

func start(t *testing.T, caps uint32) (*emulator, *Server, chan error) {
	t.Helper()
	ours, theirs := net.Pipe()
	ours.SetDeadline(time.Now().Add(10 * time.Second))
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	s := NewServer(theirs, &echo{})
	done := make(chan error, 1)
	go func() { done <- s.Serve() }()
	e := &emulator{t: t, conn: ours}
	e.expect(packet{kind: typeHello, payload: hello()})
	e.send(greeting(caps))
	e.long = caps>>canLongNumbers&1 != 0
	e.expect(connected...)
	return e, s, done
}

func TestConversation(t *testing.T) {
	for name, caps := range map[string]uint32{"long numbers": 0xffffffff, "short numbers": 0} {
		t.Run(name, func(t *testing.T) {
			e, s, done := start(t, caps)
			number := uint64(5)
			if e.long {
				number = 5 << 40
			}
			e.send(packet{kind: typeReset})
			e.send(packet{typeSetConfiguration, number, []byte{1}})
			e.expect(connected[:2]...)
			e.expect(packet{typeConfigurationStatus, number, []byte{0, 1}})
			e.send(packet{typeGetConfiguration, number, nil})
			e.expect(packet{typeConfigurationStatus, number, []byte{0, 1}})
			e.send(packet{typeSetSetting, number, []byte{0, 2}})
			e.expect(packet{typeSettingStatus, number, []byte{0, 0, 2}})
			e.send(packet{typeGetSetting, number, []byte{0}})
			e.expect(packet{typeSettingStatus, number, []byte{0, 0, 0}})

			for _, test := range []struct {
				name   string
				setup  Setup
				data   []byte
				status byte
				reply  []byte
			}{
				{"device descriptor, cut", Setup{0x80, 6, 0x0100, 0, 8}, nil, 0, []byte{18, 1, 0x10, 1, 0xff, 2, 3, 8}},
				{"configuration", Setup{0x80, 6, 0x0200, 0, 255}, nil, 0, (&echo{}).Configuration()},
				{"strings", Setup{0x80, 6, 0x0300, 0, 255}, nil, statusStall, nil},
				{"status", Setup{0x80, 0, 0, 0, 2}, nil, 0, []byte{0, 0}},
				{"written", Setup{0x40, 7, 0, 0, 3}, []byte{1, 2, 3}, 0, nil},
				{"read back", Setup{0xc0, 7, 0, 0, 9}, nil, 0, []byte{1, 2, 3}},
				{"unknown request", Setup{0xc0, 8, 0, 0, 9}, nil, statusStall, nil},
				{"class request", Setup{0x21, 7, 0, 0, 0}, nil, statusStall, nil},
			} {
				number++
				sent := control(number, test.setup, test.data...)
				e.send(sent)
				e.expect(answered(sent, test.status, test.reply...))
			}

			// Unplugged, a transfer that was under way fails, and plugged in again the device is as new. A pipe
			// without a buffer needs the plugging on its own goroutine.
			plugged := make(chan error, 1)
			go func() { plugged <- s.Unplug() }()
			e.expect(packet{kind: typeDisconnect})
			if err := errors.Join(<-plugged); err != nil {
				t.Fatal(err)
			}
			if s.Unplug() == nil {
				t.Error("unplugged twice")
			}
			sent := control(number, Setup{0xc0, 7, 0, 0, 3})
			e.send(sent)
			e.expect(answered(sent, statusFailed))
			go func() { plugged <- s.Plug() }()
			e.expect(connected...)
			if err := <-plugged; err != nil {
				t.Fatal(err)
			}
			if s.Plug() == nil {
				t.Error("plugged in twice")
			}
			e.send(packet{typeGetConfiguration, number, nil})
			e.expect(packet{typeConfigurationStatus, number, []byte{0, 0}})
			e.send(packet{kind: typeCancel, number: number})
			e.conn.Close()
			if err := <-done; err != nil {
				t.Errorf("Serve: %v", err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	raw := func(kind, size uint32) []byte {
		b := binary.LittleEndian.AppendUint32(nil, kind)
		b = binary.LittleEndian.AppendUint32(b, size)
		return append(b, make([]byte, 12)...)
	}
	hello := greeting(0).bytes(false)
	after := func(p packet) []byte { return append(slices.Clone(hello), p.bytes(false)...) }
	for _, test := range []struct {
		name string
		sent []byte
		want string
	}{
		{"no hello", packet{kind: typeReset}.bytes(false), "before all else"},
		{"transfer before the hello", control(1, Setup{0xc0, 7, 0, 0, 1}).bytes(false), "before the hello"},
		{"two hellos", append(slices.Clone(hello), hello...), "before all else"},
		{"short hello", raw(typeHello, 10), "10 bytes"},
		{"endless packet", raw(typeControl, 0xffffffff), "4294967295 bytes"},
		{"bulk", raw(101, 8), "type 101"},
		{"cut in the payload", hello[:40], "unexpected EOF"},
		{"read with data", after(control(1, Setup{0xc0, 7, 0, 0, 1}, 1)), "comes with 1"},
		{"written less than said", after(control(1, Setup{0x40, 7, 0, 0, 5}, 1)), "comes with 1"},
		{"setting without a number", after(packet{kind: typeSetSetting}), "expected 2 to 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := NewServer(&stream{Reader: bytes.NewReader(test.sent)}, &echo{})
			if err := s.Serve(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// stream reads from one place and counts what is written.
type stream struct {
	io.Reader
	written int
}

func (s *stream) Write(b []byte) (int, error) { s.written += len(b); return len(b), nil }

// FuzzServe: whatever an emulator sends, the server ends, and what it sends is in proportion to what it got.
func FuzzServe(f *testing.F) {
	var all []byte
	for i, p := range []packet{
		greeting(0), {kind: typeReset}, {typeSetConfiguration, 1, []byte{1}}, {typeGetSetting, 2, []byte{0}},
		control(3, Setup{0x80, 6, 0x0100, 0, 64}), control(4, Setup{0x40, 7, 0, 0, 2}, 1, 2), control(5, Setup{0xc0, 7, 0, 0, 2}),
		{kind: typeCancel, number: 6},
	} {
		all = append(all, p.bytes(false)...)
		if i > 0 {
			f.Add(append(greeting(0).bytes(false), p.bytes(false)...))
			f.Add(append(greeting(capabilities).bytes(false), p.bytes(true)...))
		}
	}
	f.Add(all)
	f.Fuzz(func(t *testing.T, sent []byte) {
		out := &stream{Reader: bytes.NewReader(sent)}
		NewServer(out, &echo{}).Serve()
		// The most for the least: a configuration of 13 bytes is answered by three packets.
		if most := 500 + 40*len(sent); out.written > most {
			t.Errorf("%d bytes for %d, expected at most %d", out.written, len(sent), most)
		}
	})
}
