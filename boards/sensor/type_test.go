package sensor

import (
	"math"
	"testing"
)

func TestType(t *testing.T) {
	for _, test := range []struct {
		text  string
		bytes []byte
		value float64
	}{
		{"be:u8/8", []byte{0xff}, 255},
		{"le:s8/8>>0", []byte{0xff}, -1},
		{"le:s12/16>>4", []byte{0xe0, 0x15}, 350},
		{"le:s12/16>>4", []byte{0x2f, 0xea}, -350},
		{"be:s12/16>>4", []byte{0x80, 0x0f}, -2048},
		{"be:s13/16", []byte{0xff, 0xff}, -1},
		{"be:s13/16", []byte{0xe1, 0x94}, 0x194},
		{"be:u10/16", []byte{0xff, 0xff}, 1023},
		{"be:u20/24>>4", []byte{0xab, 0xcd, 0xef}, 0xabcde},
		{"le:u24/32>>8", []byte{0x99, 0x01, 0x02, 0x03}, 0x030201},
		{"le:s40/40", []byte{0, 0, 0, 0, 0x80}, -(1 << 39)},
		{"le:s64/64", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, -1},
		{"be:u64/64", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, math.MaxUint64},
		{"le:s1/8>>7", []byte{0x80}, -1},
		{"le:s16/16X3>>0", []byte{0x01, 0x80}, -32767},
	} {
		typ, err := ParseType(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := typ.Decode(test.bytes); got != test.value {
			t.Errorf("%s of % x: %v, want %v", test.text, test.bytes, got, test.value)
		}
		if got := float64(typ.Int(test.bytes)); typ.Bits < 64 && got != test.value {
			t.Errorf("%s of % x as an integer: %v, want %v", test.text, test.bytes, got, test.value)
		}
	}
}

// malformedTypes are seeds of the fuzzing too.
var malformedTypes = []string{
	"", "le", "le:", "xe:s16/16", "le:16/16", "le:f32/32", "le:s/16", "le:s16", "le:s16/", "le:s16/12", "le:s16/72", "le:s0/16",
	"le:s17/16", "le:s13/16>>4", "le:s16/16>>", "le:s16/16X", "le:s16/16X0", "le:s16/16X17", "le:s16/16X2X2", "le:s16/16>>0>>0",
	"le:s-1/16", "le:s+1/16", "le:s999/999", "le:s16/16 ", " le:s16/16", "LE:s16/16",
}

func TestTypeMalformed(t *testing.T) {
	for _, text := range malformedTypes {
		if typ, err := ParseType(text); err == nil {
			t.Errorf("%q is read as %v", text, typ)
		}
	}
}

func FuzzType(f *testing.F) {
	for _, text := range append(malformedTypes, "le:s12/16>>4", "be:u20/24>>4", "le:s16/16X4>>0", "be:u64/64") {
		f.Add(text, []byte{1, 2, 3, 4, 5, 6, 7, 0x80})
	}
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		typ, err := ParseType(text)
		if err != nil {
			return
		}
		again, err := ParseType(typ.String())
		if err != nil || again != typ {
			t.Fatalf("%q is %+v, and its notation %s is %+v, %v", text, typ, typ, again, err)
		}
		if len(data) < typ.Bytes() {
			return
		}
		limit := math.Ldexp(1, typ.Bits)
		if v := typ.Decode(data); v >= limit && typ.Bits < 64 || v < -limit/2 || !typ.Signed && v < 0 {
			t.Fatalf("%s of % x is %v", typ, data, v)
		}
	})
}

func TestCRC(t *testing.T) {
	sensirion := CRC{Polynomial: 0x31, Initial: 0xff, Words: 2}
	for _, test := range []struct {
		crc  CRC
		data string
		sum  byte
	}{
		{sensirion, "\xbe\xef", 0x92},                                        // datasheets of Sensirion
		{sensirion, "\x00\x00", 0x81},                                        // the same
		{CRC{Polynomial: 0x07}, "123456789", 0xf4},                           // CRC-8/SMBUS, the catalogue's check value
		{CRC{Polynomial: 0x1d, Initial: 0xff, Xor: 0xff}, "123456789", 0x4b}, // CRC-8/SAE-J1850
	} {
		if got := test.crc.Sum([]byte(test.data)); got != test.sum {
			t.Errorf("%+v of %q is %#02x, want %#02x", test.crc, test.data, got, test.sum)
		}
	}
}
