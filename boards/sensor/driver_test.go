package sensor_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"periph.io/x/conn/v3/conntest"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/spi/spitest"
)

// The conversations in which periph's drivers are played back, with one reading each, in the notation of testdata/sensors. The
// bytes of calibration and of a measurement are those of the example in the BMP280's datasheet (section 3.12).
const (
	bmp280Calibration = "706b 4367 18fc 7d8e 43d6 d00b 270b 8c00 f9ff 8c3c f8c6 7017 0000"
	bmp280Sample      = "65 5a c0 7e ed 00"
)

var played = []struct {
	name, bus string
	address   uint16
	talk      string // to open, to read, to close
	values    []float64
	tolerance float64
}{
	{"bmxx80", "I2C1", 0x76, `
		d0 > 58
		d0 > 58
		88 > ` + bmp280Calibration + `
		f4 6c f5 a0 f4 6c >
		f4 6d >
		f3 > 08
		f3 > 00
		f7 > ` + bmp280Sample, []float64{25.08, 100653.27}, 0.02},
	{"bmxx80", "SPI0.0", 0, `
		d0 00 > 00 58
		88 ` + strings.Repeat("00", 26) + ` > 00 ` + bmp280Calibration + `
		74 6c 75 a0 74 6c >
		74 6d >
		f3 00 > 00 00
		f7 000000000000 > 00 ` + bmp280Sample, []float64{25.08, 100653.27}, 0.02},
	{"aht20", "I2C1", 0x38, `
		71 > 18
		ac 33 00 >
		> 1c 80 00 08 00 00 b9`, []float64{50, 50}, 1e-3},
	{"am2320", "I2C1", 0x5c, `
		00 >
		03 00 04 > 03 04 01 f4 00 fa 31 a5`, []float64{25, 50}, 1e-9},
	{"periph:hdc302x", "I2C1", 0x44, `
		27 37 >
		e0 00 > 80 00 a2 80 00 a2
		30 93 >`, []float64{42.50133, 50.00076}, 1e-4},
	{"periph:mcp9808", "I2C1", 0x18, `
		06 > 0054
		07 > 0400
		08 03 >
		01 0000 >
		05 > c194
		01 0100 >`, []float64{25.25}, 1e-9},
	{"tmp102", "I2C1", 0x48, `
		01 > 60a0
		01 60a0 >
		00 > 1900
		01 > 60a0`, []float64{25}, 1e-9},
	{"scd4x", "I2C1", 0x62, `
		36 f6 >
		21 b1 >
		e4 b8 > 80 06 04
		ec 05 > 01 f4 33 66 67 a2 5e b9 3c
		3f 86 >`, []float64{500, 25, 37}, 0.01},
	{"mpu9250", "I2C1", 0x68, `
		75 > 71
		6b 00 >
		6c 01 >
		1a 03 >
		19 04 >
		6c 00 >
		1b 00 >
		1c 00 >
		6c > 00
		3b > 40
		3c > 00
		6c > 00
		3d > c0
		3e > 00
		6c > 00
		3f > 00
		40 > 01
		6c > 00
		43 > 00
		44 > 83
		6c > 00
		45 > ff
		46 > 7d
		6c > 00
		47 > 00
		48 > 00`, []float64{1, -1, 1.0 / 16384, 1, -1, 0}, 1e-12},
	{"periph:adxl345", "SPI0.0", 0, `
		2d 08 >
		80 00 > 00 e5
		b2 00 > 00 00
		b3 00 > 00 01
		b4 00 > 00 00
		b5 00 > 00 ff
		b6 00 > 00 00
		b7 00 > 00 00
		2d 00 >`, []float64{1, -1, 0}, 1e-12},
	{"ads1015", "I2C1", 0x48, `
		01 c3c3 >
		00 > 7ff0
		01 d3c3 >
		00 > 4000
		01 e3c3 >
		00 > 0000
		01 f3c3 >
		00 > 8000`, []float64{4.094, 2.048, 0, -4.096}, 1e-9},
	{"periph:ads1115", "I2C1", 0x48, `
		01 c3e3 >
		00 > 7fff
		01 d3e3 >
		00 > 4000
		01 e3e3 >
		00 > 0001
		01 f3e3 >
		00 > 8000`, []float64{4.095875, 2.048, 0.000125, -4.096}, 1e-9},
	{"ina219", "I2C1", 0x40, `
		05 1062 >
		00 1fff >
		01 > 0fa0
		02 > 5d98
		04 > 2710
		03 > 0320`, []float64{11.98, 0.04, 0.97656, 1.5625}, 1e-9},
	{"bh1750", "I2C1", 0x23, `
		07 >
		10 >
		07 >
		10 >
		10 > 8390
		07 >`, []float64{28066}, 0.5},
	{"ccs811", "I2C1", 0x5a, `
		20 > 81
		f4 >
		01 10 >
		02 > 0190 0019 98 00 0000`, []float64{400, 25}, 0},
	{"periph:sgp30", "I2C1", 0x58, `
		20 03 >
		20 08 >
		> 01 90 4c 00 00 81`, []float64{400, 0}, 0},
	{"as7262", "I2C1", 0x49, as7262Talk(), []float64{45, 90, 135, 180, 225, 270}, 0},
}

// as7262Talk is a reading of a chip whose registers lie behind two others, one byte after the other. The calibrated counts
// are 45 to 270.
func as7262Talk() string {
	var b strings.Builder
	set := func(register, value string) {
		b.WriteString("00 > 00\n01 " + register + " >\n00 > 00\n01 " + value + " >\n")
	}
	get := func(register byte, value string) {
		const digits = "0123456789abcdef"
		b.WriteString("00 > 00\n01 " + string([]byte{digits[register>>4], digits[register&15]}) + " >\n00 > 01\n02 > " + value + "\n")
	}
	set("85", "32") // 140 ms are 50 steps of 2.8 ms
	set("87", "00")
	set("84", "2c")
	get(0x04, "02")
	set("87", "00")
	for r := byte(0x08); r < 0x14; r++ {
		get(r, "00")
	}
	r := byte(0x14)
	for _, float := range []string{"42340000", "42b40000", "43070000", "43340000", "43610000", "43870000"} {
		for i := range 4 {
			get(r, float[2*i:2*i+2])
			r++
		}
	}
	get(0x06, "19")
	return b.String()
}

func TestDriversPlayedBack(t *testing.T) {
	tested := map[string]bool{}
	for _, test := range played {
		name := strings.TrimPrefix(test.name, "periph:")
		tested[name] = true
		t.Run(name+" "+test.bus, func(t *testing.T) {
			var ops []conntest.IO
			for _, line := range strings.Split(strings.TrimSpace(test.talk), "\n") {
				io, err := transaction(line)
				if err != nil {
					t.Fatal(err)
				}
				ops = append(ops, io)
			}
			bus := &i2ctest.Playback{DontPanic: true}
			for _, op := range ops {
				bus.Ops = append(bus.Ops, i2ctest.IO{Addr: test.address, W: op.W, R: op.R})
			}
			port := &spitest.Playback{Playback: conntest.Playback{Ops: ops, DontPanic: true}}
			h := hostPlaying(t, bus, port)
			synctest.Test(t, func(t *testing.T) {
				s, err := sensor.Open(t.Context(), h, test.name, sensor.Options{Bus: test.bus, Address: test.address})
				if err != nil {
					t.Fatal(err)
				}
				values := make([]float64, len(s.Channels()))
				if _, err := s.Read(t.Context(), values); err != nil {
					t.Fatal(err)
				}
				if len(values) != len(test.values) {
					t.Fatalf("%v, want %v", values, test.values)
				}
				for i, want := range test.values {
					if !(math.Abs(values[i]-want) <= test.tolerance) {
						t.Errorf("%s is %v %s, want %v", s.Channels()[i].Name, values[i], s.Channels()[i].Unit, want)
					}
				}
				// Closing fails here if not all was played back.
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
	for _, d := range sensor.Drivers() {
		if !tested[d.Name] {
			t.Errorf("%s is not tested", d.Name)
		}
	}
}

// TestDriversFail looks for what is behind the errors of drivers: most reword those of the bus or drop them.
func TestDriversFail(t *testing.T) {
	for _, test := range []struct {
		name, sensor string
		address      uint16
		talk         string
		open         bool // whether opening fails
		kind         error
	}{
		{"another chip", "bmxx80", 0x76, "d0 > 42", true, sensor.ErrIdentity},
		{"another chip behind the same address", "mpu9250", 0x68, "75 > 68", true, sensor.ErrIdentity},
		{"damaged bytes", "aht20", 0x38, "71 > 18\nac 33 00 >\n> 1c 80 00 08 00 00 b8", false, sensor.ErrCRC},
		{"damaged words", "hdc302x", 0x44, "27 37 >\ne0 00 > 80 00 a3 80 00 a2\n30 93 >", false, sensor.ErrCRC},
		{"nothing new", "ccs811", 0x5a, "20 > 81\nf4 >\n01 10 >\n02 > 0190 0019 90 00 0000", false, sensor.ErrTemporary},
		{"a fault of the chip", "ccs811", 0x5a, "20 > 81\nf4 >\n01 10 >\n02 > 0190 0019 99 10 0000", false, sensor.ErrTemporary},
	} {
		t.Run(test.name, func(t *testing.T) {
			bus := &i2ctest.Playback{DontPanic: true}
			for _, line := range strings.Split(test.talk, "\n") {
				op, err := transaction(line)
				if err != nil {
					t.Fatal(err)
				}
				bus.Ops = append(bus.Ops, i2ctest.IO{Addr: test.address, W: op.W, R: op.R})
			}
			h := hostPlaying(t, bus, nil)
			synctest.Test(t, func(t *testing.T) {
				s, err := sensor.Open(t.Context(), h, "periph:"+test.sensor, sensor.Options{Bus: "I2C1", Address: test.address})
				if err == nil && !test.open {
					_, err = s.Read(t.Context(), make([]float64, len(s.Channels())))
					s.Close()
				}
				if !errors.Is(err, test.kind) {
					t.Errorf("%v, want %v", err, test.kind)
				}
			})
		})
	}
}
