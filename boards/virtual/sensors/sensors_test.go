package sensors

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"
)

// bench is a bus with a clock that stands still until it is moved.
type bench struct {
	t   *testing.T
	now time.Duration
	bus Bus
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, now: time.Second}
	b.bus = NewBus(func() time.Duration { return b.now })
	return b
}

func (b *bench) write(address uint16, bytes ...byte) {
	b.t.Helper()
	if err := b.bus.Transfer(address, bytes, nil); err != nil {
		b.t.Fatal(err)
	}
}

// read takes n bytes from where the sensor's pointer is.
func (b *bench) read(address uint16, n int) []byte {
	b.t.Helper()
	out := make([]byte, n)
	if err := b.bus.Transfer(address, nil, out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) word(address uint16, register byte) uint16 {
	b.t.Helper()
	b.write(address, register)
	return binary.BigEndian.Uint16(b.read(address, 2))
}

func (b *bench) near(what string, got, want, tolerance float64) {
	b.t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		b.t.Errorf("%s: %v, want %v, give or take %v", what, got, want, tolerance)
	}
}

func (b *bench) same(what string, got, want uint16) {
	b.t.Helper()
	if got != want {
		b.t.Errorf("%s: %#04x, want %#04x", what, got, want)
	}
}

func TestBus(t *testing.T) {
	b := newBench(t)
	for address := range uint16(128) {
		_, there := b.bus[address]
		err := b.bus.Transfer(address, nil, nil)
		if there != (err == nil) || !there && !errors.Is(err, ErrNoAcknowledge) {
			t.Errorf("address %#02x, a sensor there: %v: error %v", address, there, err)
		}
	}
}

func TestTMP102(t *testing.T) {
	const at = 0x48
	b := newBench(t)
	celsius := func() float64 { return float64(int16(b.word(at, 0))>>4) / 16 }

	b.same("config", b.word(at, 1), 0x60a0)
	b.same("low", b.word(at, 2), 0x4b00)
	b.same("high", b.word(at, 3), 0x5000)
	b.near("at 1 s", celsius(), 25+2*math.Sin(2*math.Pi/60), 1./32)
	b.now = 15*time.Second + 200*time.Millisecond
	b.near("at its warmest", celsius(), 27, 1./16)
	b.now = 45 * time.Second
	b.near("at its coldest", celsius(), 23, 1./16)

	if got := b.read(at, 4); got[0] != got[2] || got[1] != got[3] {
		t.Errorf("a long read is % x, want one register over and over", got)
	}
	b.write(at, 1, 0x00)
	b.same("config after half a word", b.word(at, 1), 0x60a0)
	b.write(at, 1, 0xff, 0xff)
	b.same("config with every bit set, converting", b.word(at, 1), 0x7ff0)
	b.write(at, 0, 0x12, 0x34)
	b.write(at, 2, 0x19, 0x00)
	b.same("low when set", b.word(at, 2), 0x1900)
}

func TestTMP102Modes(t *testing.T) {
	const at = 0x48
	b := newBench(t)
	b.write(at, 1, 0x61, 0xa0) // shutdown
	held := b.word(at, 0)
	b.now = 15 * time.Second
	b.same("in shutdown", b.word(at, 0), held)
	b.write(at, 1, 0xe1, 0xa0) // one shot
	b.same("config while it converts", b.word(at, 1), 0x61a0)
	b.now += 26 * time.Millisecond
	b.same("config when it is done", b.word(at, 1), 0xe1a0)
	b.near("one shot", float64(int16(b.word(at, 0))>>4)/16, 27, 1./16)
	b.write(at, 1, 0x60, 0xb0) // extended, continuous
	b.near("extended", float64(int16(b.word(at, 0))>>3)/16, 27, 1./16)
	b.same("extended, lowest bit", b.word(at, 0)&1, 1)
}

func TestADS1115(t *testing.T) {
	const at = 0x49
	b := newBench(t)
	b.same("config", b.word(at, 1), 0x8583)
	b.same("conversion before any", b.word(at, 0), 0)
	for _, test := range []struct {
		name  string
		high  byte // of the configuration: start, input, range, single
		volts float64
		span  float64
	}{
		{"input 2, 4.096 V", 0xe3, 2.5, 4.096},
		{"input 2, 6.144 V", 0xe1, 2.5, 6.144},
		{"input 2, beyond 2.048 V", 0xe5, 2.048, 2.048},
		{"input 3", 0xf3, 0, 4.096},
		{"input 2 against 3", 0xb3, 2.5, 4.096},
		{"input 0 in mid-swing", 0xc3, 1.65, 4.096},
		{"input 0 against 1, from 0.256 V", 0x8b, 0.256, 0.256},
	} {
		b.now = time.Minute - time.Second/128 // so that the conversion ends on the minute
		b.write(at, 1, test.high, 0x83)       // 128 a second
		b.same(test.name+": busy", b.word(at, 1)&0x8000, 0)
		b.now = time.Minute
		b.same(test.name+": done", b.word(at, 1), uint16(test.high)<<8|0x83)
		b.near(test.name, float64(int16(b.word(at, 0)))/32768*test.span, test.volts, test.span/32767)
	}
	b.now += 250 * time.Millisecond
	before := b.word(at, 0)
	b.now += 250 * time.Millisecond
	b.same("single: the result", b.word(at, 0), before)
}

func TestADS1115Continuous(t *testing.T) {
	const at = 0x49
	b := newBench(t)
	b.write(at, 1, 0x42, 0x83) // input 0, 4.096 V
	volts := func() float64 { return float64(int16(b.word(at, 0))) / 32768 * 4.096 }
	// The sine moves by at most 2π·1 V/s, and a value is up to 1/128 s old.
	for range 20 {
		b.now += 61 * time.Millisecond
		b.near("continuous", volts(), 1.65+math.Sin(2*math.Pi*b.now.Seconds()), 2*math.Pi/128+0.001)
	}
}

func TestMPU6050(t *testing.T) {
	const at = 0x68
	b := newBench(t)
	field := func(data []byte, i int) float64 { return float64(int16(binary.BigEndian.Uint16(data[2*i:]))) }
	burst := func() []byte {
		b.write(at, 0x3b)
		return b.read(at, 14)
	}
	b.write(at, 0x75)
	if id := b.read(at, 1)[0]; id != 0x68 {
		t.Errorf("identity %#02x, want 0x68", id)
	}
	if z := field(burst(), 2); z != 0 {
		t.Errorf("asleep: z is %v, want nothing yet", z)
	}
	b.write(at, 0x6b, 0)
	b.now = time.Second + 125*time.Millisecond // a quarter of the shaking's swing
	data := burst()
	b.near("x", field(data, 0)/16384, 0.25, 1e-4)
	b.near("y", field(data, 1)/16384, 0, 0)
	b.near("z", field(data, 2)/16384, 1, 0)
	b.near("temperature", field(data, 3)/340+36.53, 30+math.Sin(2*math.Pi*b.now.Seconds()/60), 0.01)
	b.near("rotation about z", field(data, 6)/131, 90*math.Sin(math.Pi*b.now.Seconds()), 0.01)

	b.write(at, 0x1b, 0x18, 0x18) // two registers in one message: both ranges at their widest
	data = burst()
	b.near("z at 16 g", field(data, 2)/2048, 1, 0)
	b.near("rotation at 2000 °/s", field(data, 6)/(131./8), 90*math.Sin(math.Pi*b.now.Seconds()), 0.1)

	b.write(at, 0x3f, 1, 2)
	b.near("z after an attempt to write it", field(burst(), 2)/2048, 1, 0)
	b.write(at, 0x19, 99)
	b.write(at, 0x1a, 1) // ten samples a second
	b.now = 2 * time.Second
	before := field(burst(), 0)
	b.now += 99 * time.Millisecond
	b.near("x before the next sample", field(burst(), 0), before, 0)
	b.now += time.Millisecond
	if field(burst(), 0) == before {
		t.Error("x does not change with the next sample")
	}
	b.write(at, 0x6b, 0x80)
	if z := field(burst(), 2); z != 0 {
		t.Errorf("after a reset z is %v, want 0", z)
	}
}

func TestBMP280(t *testing.T) {
	const at = 0x76
	b := newBench(t)
	b.write(at, 0xd0)
	if id := b.read(at, 1)[0]; id != 0x58 {
		t.Errorf("identity %#02x, want 0x58", id)
	}
	b.write(at, 0x88)
	if c := b.read(at, 24); int16(binary.LittleEndian.Uint16(c[4:])) != -1000 || binary.LittleEndian.Uint16(c[22:]) != 6000 {
		t.Errorf("coefficients % x", c)
	}
	data := func() (pressure, temperature uint32) {
		b.write(at, 0xf7)
		d := b.read(at, 6)
		return uint32(d[0])<<12 | uint32(d[1])<<4 | uint32(d[2])>>4, uint32(d[3])<<12 | uint32(d[4])<<4 | uint32(d[5])>>4
	}
	if p, c := data(); p != 0x80000 || c != 0x80000 {
		t.Errorf("asleep: %#x, %#x", p, c)
	}

	// Two registers in pairs: on a chip that counts up, the second value would land in 0xf5 and the third in 0xf6.
	b.now = 45 * time.Second
	b.write(at, 0xf5, 0xa0, 0xf4, 0x25) // forced, one sample each
	b.write(at, 0xf3)
	if d := b.read(at, 3); d[0] != 0x08 || d[1] != 0x25 || d[2] != 0xa0 {
		t.Errorf("status, control, config while it measures: % x, want 08 25 a0", d)
	}
	b.now += 10 * time.Millisecond
	b.write(at, 0xf3)
	if d := b.read(at, 2); d[0] != 0 || d[1] != 0x24 {
		t.Errorf("status, control when it is done: % x, want 00 24", d)
	}
	p, c := data()
	b.near("celsius", bmp280Fine(float64(c))/5120, 24, 0.01)
	b.near("pascal", bmp280Pascal(float64(p), bmp280Fine(float64(c))), 101300+1000*math.Sin(2*math.Pi*45/120), 1)

	b.write(at, 0xf4, 0x23) // normal, one sample of temperature, pressure skipped
	b.now += time.Minute
	if _, c := data(); c == 0x80000 {
		t.Error("normal: no temperature")
	}
	if p, _ := data(); p != 0x80000 {
		t.Errorf("normal: pressure %#x, want it skipped", p)
	}
	_, first := data()
	b.now += 10 * time.Millisecond
	if _, c := data(); c != first {
		t.Error("the value changes within the pause of a second")
	}
	b.now += 10 * time.Second
	if _, c := data(); c == first {
		t.Error("the value does not change")
	}
	b.write(at, 0xe0, 0xb6)
	if _, c := data(); c != 0x80000 {
		t.Errorf("after a reset: %#x", c)
	}
}

// The data sheet's own example of a calculation, table 19 of section 3.12.
func TestBMP280Example(t *testing.T) {
	b := &bench{t: t}
	fine := bmp280Fine(519888)
	b.near("celsius", fine/5120, 25.08247793, 1e-6)
	b.near("pascal", bmp280Pascal(415148, fine), 100653.27, 0.01)
}
