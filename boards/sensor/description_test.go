package sensor

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"periph.io/x/conn/v3/conntest"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// fewestShipped are expected, so that a build that has lost its files fails.
const fewestShipped = 15

func TestShipped(t *testing.T) {
	list, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < fewestShipped {
		t.Fatalf("%d descriptions are shipped, fewer than %d", len(list), fewestShipped)
	}
	for _, d := range list {
		if d.Title == "" || d.Source == "" {
			t.Errorf("%s has no title or names no source", d.Name)
		}
		if named, err := shipped(d.Name); err != nil || named.Name != d.Name {
			t.Errorf("%s is not in the file of its name: %v", d.Name, err)
		}
	}
}

// start of a good description, seven lines, to put faults below.
const good = `name: x
i2c:
  addresses: [0x48]
crc: {polynomial: 0x31, initial: 0xFF, words: 2}
reply: 4
trigger: {write: [0xFD], wait: 9ms}
channels:
`

var malformed = []struct{ name, text, want string }{
	{"nothing", "", "one YAML document"},
	{"a comment", "# nothing\n", "one YAML document"},
	{"unknown key", "name: x\nadress: 3\n", `:2: unknown field "adress"`},
	{"unknown key below", good + "  - {name: a, at: 0, type: le:u8/8}\n  - {name: b, at: 0, typ: le:u8/8}\n", `:9: unknown field "typ"`},
	{"a key twice", "name: x\nname: y\n", `:2: mapping key "name" already defined`},
	{"no YAML", "name: [\n", ":1: "},
	{"a list", "- x\n", ":1: "},
	{"two documents", "name: x\n---\nname: y\n", "one YAML document"},
	{"an anchor", "name: &a x\n", `:1: "&": anchors`},
	{"an alias", "name: x\ntitle: *a\n", `:2: "*": anchors`},
	{"a tag", "name: x\ninit:\n  - write: !!binary aGVsbG8=\n", `:3: "!!binary": anchors`},
	{"too deep", "name: " + strings.Repeat("[", 50) + strings.Repeat("]", 50) + "\n", ":1: nested too deep"},
	{"too large", strings.Repeat("# comment\n", 10_000), "at most 65536"},
	{"a bad name", "name: X-1\ni2c: {addresses: [0x48]}\n", ":1: name"},
	{"no bus", "name: x\nchannels: []\n", "neither i2c nor spi"},
	{"no address", "name: x\ni2c:\n  addresses: []\n", ":3: the number of addresses 0"},
	{"a reserved address", "name: x\ni2c:\n  addresses: [0x48, 0x78]\n", ":3: address 120"},
	{"a byte too large", good + "  - {name: a, at: 0, type: le:u16/16}\ninit:\n  - {write: [256]}\n", ":10: "},
	{"a wait too long", good + "  - {name: a, at: 0, type: le:u16/16}\ninit:\n  - {write: [1]}\n  - {wait: 1h}\n", ":11: wait 1h0m0s"},
	{"a negative wait", good + "  - {name: a, at: 0, type: le:u16/16}\ninit:\n  - {wait: -1ms}\n", ":10: wait"},
	{"an empty command", good + "  - {name: a, at: 0, type: le:u16/16}\ninit:\n  - {register: 1}\n", ":10: nothing to write"},
	{"no channels", good, ":7: "},
	{"a bad type", good + "  - name: a\n    at: 0\n    type: le:s16\n", ":10: type \"le:s16\""},
	{"at past the reply", good + "  - name: a\n    at: 3\n    type: le:u16/16\n", ":9: at 3 is not among 0 to 2"},
	{"at before the reply", good + "  - name: a\n    at: -1\n    type: le:u16/16\n", ":9: at -1"},
	{"a register too high", good + "  - name: a\n    register: 256\n    type: le:u16/16\n", ":9: register 256"},
	{"two sources", good + "  - name: a\n    register: 0\n    at: 0\n    type: le:u16/16\n", ":8: channel a: it has either"},
	{"no source", good + "  - name: a\n    type: le:u16/16\n", ":8: channel a: it has either"},
	{"a transfer over I2C", good + "  - name: a\n    transfer: [1, 2]\n    at: 0\n    type: le:u16/16\n", ":9: only a sensor that is on SPI"},
	{"a name twice", good + "  - {name: a, at: 0, type: le:u16/16}\n  - {name: a, at: 2, type: le:u16/16}\n", ":9: channel a is there twice"},
	{"scale 0", good + "  - {name: a, at: 0, type: le:u16/16, scale: 0}\n", ":8: scale \"0\""},
	{"scale over 0", good + "  - {name: a, at: 0, type: le:u16/16, scale: 1/0}\n", ":8: scale \"1/0\""},
	{"scale of words", good + "  - {name: a, at: 0, type: le:u16/16, scale: one}\n", ":8: scale \"one\""},
	{"an empty mask", good + "  - {name: a, at: 0, type: le:u8/16, mask: 0xFF00}\n", ":8: mask 0xff00"},
	{"an offset of nothing", good + "  - {name: a, at: 0, type: le:u16/16, offset: .nan}\n", ":8: offset"},
	{"a unit of lines", good + "  - {name: a, at: 0, type: le:u16/16, unit: \"a\\nb\"}\n", ":8: unit"},
	{"half a checksum", strings.Replace(good, "reply: 4", "reply: 3", 1) + "  - {name: a, at: 0, type: le:u16/16}\n", ":5: 3 bytes are no multiple"},
	{"a signed identity", good + "  - {name: a, at: 0, type: le:u16/16}\nexpect_id:\n  - {register: 0, type: be:s16/16, values: [1]}\n", ":10: type"},
	{"an identity of nothing", good + "  - {name: a, at: 0, type: le:u16/16}\nexpect_id:\n  - {register: 0, type: be:u16/16}\n", ":10: the number of values 0"},
	{"a clock of nothing", "name: x\nspi:\n  hertz: 5\n  mode: 0\n", ":3: hertz 5"},
	{"a fifth mode", "name: x\nspi:\n  hertz: 5000\n  mode: 4\n", ":4: mode 4"},
	{"long register addresses", "name: x\nregister_bits: 12\ni2c: {addresses: [0x48]}\n", ":2: register_bits 12"},
	{"a late trigger", "name: x\ni2c: {addresses: [0x48]}\nburst: [{register: 0, bytes: 4}]\nchannels:\n  - {name: a, register: 0, type: le:u8/8, trigger: {write: [1]}}\n", ":5: a trigger comes too late"},
}

func TestDescriptionMalformed(t *testing.T) {
	for _, test := range malformed {
		d, err := ParseDescription("f.yaml", []byte(test.text))
		switch {
		case err == nil:
			t.Errorf("%s: taken as %+v", test.name, d)
		case !strings.HasPrefix(err.Error(), "sensor: f.yaml:") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: %q, want it to have %q", test.name, err, test.want)
		}
	}
}

// zeros is a bus on which everything is acknowledged and every bit is low.
type zeros struct{}

func (zeros) String() string                  { return "zeros" }
func (zeros) SetSpeed(physic.Frequency) error { return nil }
func (zeros) Tx(_ uint16, _, r []byte) error  { clear(r); return nil }

type zerosSPI struct{ conntest.Discard }

func (*zerosSPI) TxPackets([]spi.Packet) error { return nil }

func zerosLink(overSPI bool) *link {
	l := &link{spi: overSPI, shut: func() error { return nil }, alive: func() bool { return true }}
	if overSPI {
		l.conn = &zerosSPI{}
	} else {
		l.bus = i2c.Bus(zeros{})
	}
	return l
}

// FuzzDescription reads whatever is taken as a description once, over each bus that it names.
func FuzzDescription(f *testing.F) {
	list, err := Shipped()
	if err != nil || len(list) < fewestShipped {
		f.Fatalf("%d descriptions, %v", len(list), err)
	}
	for _, d := range list {
		f.Add(d.Text())
	}
	for _, test := range malformed {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ParseDescription("f", text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") && !strings.Contains(string(text), "\n") {
				t.Fatalf("an error of several lines: %q", err)
			}
			return
		}
		if d.Trigger != nil {
			d.Trigger.Wait = 0 // for the fuzzing's sake
		}
		for i := range d.Channels {
			if d.Channels[i].Trigger != nil {
				d.Channels[i].Trigger.Wait = 0
			}
		}
		d.Init = nil
		d.ExpectID = nil
		d.CRC = nil
		for overSPI, on := range map[bool]bool{false: d.I2C != nil, true: d.SPI != nil} {
			if !on {
				continue
			}
			s, err := openDescribed(context.Background(), d, zerosLink(overSPI))
			if err != nil {
				t.Fatal(err)
			}
			values := make([]float64, len(s.Channels()))
			if _, err := s.Read(context.Background(), values); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				if v != d.Channels[i].Offset {
					t.Fatalf("%s is %v where all bits are 0, and its offset is %v", d.Channels[i].Name, v, d.Channels[i].Offset)
				}
			}
		}
	})
}

func TestReadAllocatesNothing(t *testing.T) {
	for _, name := range []string{"lsm6ds", "ina226", "adxl345"} {
		for _, overSPI := range []bool{false, true} {
			d, err := shipped(name)
			if err != nil {
				t.Fatal(err)
			}
			if overSPI && d.SPI == nil {
				continue
			}
			d.ExpectID, d.Init = nil, nil
			ctx := context.Background()
			s, err := openDescribed(ctx, d, zerosLink(overSPI))
			if err != nil {
				t.Fatal(err)
			}
			values := make([]float64, len(s.Channels()))
			if n := testing.AllocsPerRun(100, func() { s.Read(ctx, values) }); n != 0 {
				t.Errorf("%s, over SPI %v: %v allocations a reading", name, overSPI, n)
			}
		}
	}
}

func TestRatio(t *testing.T) {
	for text, want := range map[string]float64{"": 1, "0.5": 0.5, "175/65535": 175.0 / 65535, "1 / 4": 0.25, "-2": -2, "1e-3": 0.001} {
		scale, divide, err := ratio(text)
		if got := scale / divide; err != nil || math.Abs(got-want) > 1e-15 {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestRegisterAddresses(t *testing.T) {
	d := Description{RegisterBits: 16, I2C: &I2CWiring{IncrementBit: 0x80}, SPI: &SPIWiring{ReadBit: 0x80, IncrementBit: 0x40}}
	for _, test := range []struct {
		spi     bool
		n       int
		reading bool
		want    string
	}{
		{false, 1, true, "12 34"}, {false, 2, true, "92 34"}, {true, 1, true, "92 34"}, {true, 1, false, "12 34"}, {true, 2, true, "d2 34"}, {true, 2, false, "52 34"},
	} {
		if got := fmt.Sprintf("% x", d.address(test.spi, 0x1234, test.n, test.reading)); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
