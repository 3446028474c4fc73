package sensor_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"github.com/edge-infer/edge-infer/boards/sensor/sensortest"
)

// sht4x is a simulated sensor at 25 °C and 50 %RH.
func sht4x() *sensortest.Commands {
	d := &sensortest.Commands{}
	d.Answer([]byte{0x94})
	d.Answer([]byte{0xfd}, 0x66, 0x66, 0x93, 0x72, 0xb0, 0xdc)
	return d
}

// accelerometer is a simulated ADXL345 that tells nothing before it is woken.
type accelerometer struct{ sensortest.Registers }

func newAccelerometer() *accelerometer {
	d := &accelerometer{}
	d.Set(0x00, 0xe5)
	d.Set(0x32, 0, 0, 0, 0, 0, 0)
	return d
}

func (d *accelerometer) Tx(w, r []byte) error {
	if err := d.Registers.Tx(w, nil); err != nil {
		return err
	}
	if d.Get(0x2d)&0x08 != 0 {
		d.Set(0x36, 0, 1) // 1 g
	}
	return d.Registers.Tx(nil, r)
}

var kinds = []error{sensor.ErrGone, sensor.ErrTemporary, sensor.ErrIdentity, sensor.ErrCRC, sensor.ErrInUse}

// only fails unless an error is of one kind and no other.
func only(t *testing.T, err, want error) {
	t.Helper()
	for _, kind := range kinds {
		if errors.Is(err, kind) != (kind == want) {
			t.Errorf("%v: is it %q: %v", err, kind, errors.Is(err, kind))
		}
	}
}

func TestFaults(t *testing.T) {
	nak, timeout, short, corrupt, lost := sensortest.NAK, sensortest.Timeout, sensortest.Short, sensortest.Corrupt, sensortest.Lost
	for _, test := range []struct {
		name   string
		sensor string
		fault  sensortest.Fault // after the sensor is open
		want   error
	}{
		{"a trigger is not acknowledged", "sht4x", sensortest.Fault{Kind: nak}, sensor.ErrGone},
		{"an answer is not acknowledged", "sht4x", sensortest.Fault{Kind: nak, After: 1}, sensor.ErrGone},
		{"a timeout", "sht4x", sensortest.Fault{Kind: timeout, After: 1}, sensor.ErrTemporary},
		{"a short answer", "sht4x", sensortest.Fault{Kind: short, After: 1}, sensor.ErrTemporary},
		{"a flipped bit", "sht4x", sensortest.Fault{Kind: corrupt, After: 1}, sensor.ErrCRC},
		{"a lost arbitration", "sht4x", sensortest.Fault{Kind: lost}, sensor.ErrTemporary},
		{"a NAK of a register", "adxl345", sensortest.Fault{Kind: nak}, sensor.ErrGone},
		{"a short burst", "adxl345", sensortest.Fault{Kind: short}, sensor.ErrTemporary},
		{"a NAK that a driver rewords", "ina219", sensortest.Fault{Kind: nak, After: 2}, sensor.ErrGone},
		{"a timeout that a driver rewords", "ina219", sensortest.Fault{Kind: timeout}, sensor.ErrTemporary},
		{"a NAK that a driver puts in a text", "bmxx80", sensortest.Fault{Kind: nak}, sensor.ErrGone},
		{"a NAK in the background of a driver", "periph:sgp30", sensortest.Fault{Kind: nak}, sensor.ErrGone},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus := sensortest.NewBus(1)
				populate(bus)
				s, err := sensor.Open(t.Context(), hostWith(t, bus), test.sensor, sensor.Options{Bus: "I2C1"})
				if err != nil {
					t.Fatal(err)
				}
				values := make([]float64, len(s.Channels()))
				if _, err := s.Read(t.Context(), values); err != nil {
					t.Fatalf("without a fault: %v", err)
				}
				bus.Inject(test.fault)
				if test.sensor == "periph:sgp30" {
					time.Sleep(1100 * time.Millisecond) // it measures by itself, each second
				}
				_, err = s.Read(t.Context(), values)
				only(t, err, test.want)
				if test.sensor == "periph:sgp30" {
					time.Sleep(time.Second)
				}
				if _, err := s.Read(t.Context(), values); err != nil {
					t.Errorf("after the fault: %v", err)
				}
				if err := s.Close(); err != nil || bus.Opened() != 0 {
					t.Errorf("closing: %v, %d handles are open", err, bus.Opened())
				}
			})
		})
	}
}

// populate puts a sensor of many kinds on a bus.
func populate(bus *sensortest.Bus) {
	bus.Attach(0x44, sht4x())
	bus.Attach(0x53, newAccelerometer())
	bus.Attach(0x40, &sensortest.Words{})
	bmp := &sensortest.Registers{}
	bmp.Set(0xd0, 0x58)
	bmp.Set(0x88, 0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc, 0x7d, 0x8e)
	bus.Attach(0x76, bmp)
	air := &sensortest.Commands{}
	air.Answer([]byte{0x20, 0x03})
	air.Answer([]byte{0x20, 0x08}, 0x01, 0x90, 0x4c, 0x00, 0x00, 0x81)
	bus.Attach(0x58, air)
}

func TestIdentity(t *testing.T) {
	bus := sensortest.NewBus(1)
	other := newAccelerometer()
	other.Set(0x00, 0xe6)
	bus.Attach(0x53, other)
	_, err := sensor.Open(t.Context(), hostWith(t, bus), "adxl345", sensor.Options{Bus: "1"})
	only(t, err, sensor.ErrIdentity)
	for _, w := range bus.Writes() {
		if len(w.Data) > 1 {
			t.Errorf("% x was written into a device that is not the sensor", w.Data)
		}
	}
	if bus.Opened() != 0 {
		t.Error("the bus is still open")
	}
}

// TestHotUnplug pulls out the sensor, and then the adapter, under a sensor that is read, and opens it again as a
// caller would.
func TestHotUnplug(t *testing.T) {
	for _, adapter := range []bool{false, true} {
		bus := sensortest.NewBus(1)
		bus.Attach(0x53, newAccelerometer())
		h := hostWith(t, bus)
		node := filepath.Join(h.Root, "dev/i2c-1")
		options := sensor.Options{Bus: "i2c-1"}
		s, err := sensor.Open(t.Context(), h, "adxl345", options)
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float64, 3)
		if _, err := s.Read(t.Context(), values); err != nil || values[2] != 1 {
			t.Fatalf("%v, %v", values, err)
		}
		before := len(bus.Writes())

		if adapter {
			bus.Unplug()
			os.Remove(node)
		} else {
			bus.Detach(0x53)
		}
		_, err = s.Read(t.Context(), values)
		only(t, err, sensor.ErrGone)
		if err := s.Close(); err != nil || bus.Opened() != 0 {
			t.Errorf("closing: %v, %d handles are open", err, bus.Opened())
		}
		_, err = sensor.Open(t.Context(), h, "adxl345", options)
		only(t, err, sensor.ErrGone)

		bus.Attach(0x53, newAccelerometer()) // one that has lost its settings
		bus.Plug()
		os.WriteFile(node, nil, 0o644)
		s, err = sensor.Open(t.Context(), h, "adxl345", options)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(t.Context(), values); err != nil || values[2] != 1 {
			t.Errorf("after it has come back: %v, %v", values, err)
		}
		if again := len(bus.Writes()); again != before {
			t.Errorf("%d writes to start it again, where there were %d", again, before)
		}
		s.Close()
	}
}

// TestVanishedBus has an adapter that, as some do, fails with EIO after it was pulled out.
func TestVanishedBus(t *testing.T) {
	bus := sensortest.NewBus(1)
	bus.Attach(0x53, newAccelerometer())
	h := hostWith(t, bus)
	s, err := sensor.Open(t.Context(), h, "adxl345", sensor.Options{Bus: "I2C1"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	bus.Inject(sensortest.Fault{Kind: sensortest.Short, Times: 2})
	_, err = s.Read(t.Context(), make([]float64, 3))
	only(t, err, sensor.ErrTemporary)
	os.Remove(filepath.Join(h.Root, "dev/i2c-1"))
	_, err = s.Read(t.Context(), make([]float64, 3))
	if !errors.Is(err, sensor.ErrGone) {
		t.Errorf("%v, want %v", err, sensor.ErrGone)
	}
}

func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := sensortest.NewBus(1)
		populate(bus)
		s, err := sensor.Open(t.Context(), hostWith(t, bus), "sht4x", sensor.Options{Bus: "I2C1"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		values := make([]float64, 2)
		start := time.Now()
		at, err := s.Read(t.Context(), values)
		if took := time.Since(start); err != nil || took != 9*time.Millisecond {
			t.Errorf("a reading takes %v, %v", took, err)
		}
		if middle := at.Sub(start); middle != 4500*time.Microsecond {
			t.Errorf("the reading is of %v after its start, which is not the middle", middle)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
		defer cancel()
		start = time.Now()
		_, err = s.Read(ctx, values)
		only(t, err, sensor.ErrTemporary)
		if took := time.Since(start); took != 3*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a reading with 3 ms takes %v: %v", took, err)
		}
		// A cancelled context is no fault of the sensor.
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = s.Read(ended, values)
		only(t, err, nil)
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// TestEndlessDriver has a BMP280 that never gets ready, for which periph's driver would wait in a loop without end.
func TestEndlessDriver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := sensortest.NewBus(1)
		populate(bus)
		s, err := sensor.Open(t.Context(), hostWith(t, bus), "bmxx80", sensor.Options{Bus: "I2C1"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		busy := &sensortest.Registers{}
		busy.Set(0xf3, 0x08)
		bus.Attach(0x76, busy)
		_, err = s.Read(t.Context(), make([]float64, 2))
		only(t, err, sensor.ErrTemporary)
	})
}

func TestOpenFails(t *testing.T) {
	bus := sensortest.NewBus(1)
	populate(bus)
	h := hostWith(t, bus)
	write(t, h.Root, "sys/bus/i2c/devices/1-0048/name", "tmp102\n")
	write(t, h.Root, "sys/bus/i2c/drivers/tmp102/bind", "")
	if err := os.Symlink("../../drivers/tmp102", filepath.Join(h.Root, "sys/bus/i2c/devices/1-0048/driver")); err != nil {
		t.Fatal(err)
	}
	write(t, h.Root, "mine.yaml", "name: mine\nadress: 3\n")
	for _, test := range []struct {
		name    string
		options sensor.Options
		kind    error
		text    string
	}{
		{"sht4x", sensor.Options{}, nil, "on which bus?"},
		{"sht4x", sensor.Options{Bus: "0.0"}, nil, "an SPI bus SPI0.0"},
		{"sht4x", sensor.Options{Bus: "SPI0"}, nil, "is written SPI0.0"},
		{"sht4x", sensor.Options{Bus: "SPI0.0"}, nil, "not read over SPI"},
		{"mcp3008", sensor.Options{Bus: "I2C1"}, nil, "not read over I2C"},
		{"mcp3008", sensor.Options{Bus: "SPI0.0"}, sensor.ErrGone, "SPI0.0"},
		{"periph:adxl345", sensor.Options{Bus: "I2C1"}, nil, "not read over I2C"},
		{"sht4x", sensor.Options{Bus: "I2C2"}, sensor.ErrGone, "I2C2"},
		{"sht4x", sensor.Options{Bus: "I2C1", Address: 0x45}, sensor.ErrGone, "0x45"},
		{"sht4x", sensor.Options{Bus: "I2C1", Address: 0x80}, nil, "not among"},
		{"tmp102", sensor.Options{Bus: "I2C1"}, sensor.ErrInUse, "driver tmp102"},
		{"nothing", sensor.Options{Bus: "I2C1"}, nil, "there are ads1015, ads1115, adxl345,"},
		{"usb:x", sensor.Options{}, nil, "before the colon"},
		{filepath.Join(h.Root, "mine.yaml"), sensor.Options{Bus: "I2C1"}, nil, "mine.yaml:2: unknown field"},
		{filepath.Join(h.Root, "none.yaml"), sensor.Options{Bus: "I2C1"}, nil, "no such file"},
		{"iio:none", sensor.Options{}, sensor.ErrGone, "there are []"},
		{"gpio:NONE", sensor.Options{}, sensor.ErrGone, "gpio NONE"},
	} {
		_, err := sensor.Open(t.Context(), h, test.name, test.options)
		if err == nil || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s at %q: %v, want %q", test.name, test.options.Bus, err, test.text)
			continue
		}
		only(t, err, test.kind)
	}
	if bus.Opened() != 0 {
		t.Errorf("%d handles are open", bus.Opened())
	}
}

// TestRealHost opens buses that no machine has, through periph as it is.
func TestRealHost(t *testing.T) {
	h := sensor.NewHost()
	for _, options := range []sensor.Options{{Bus: "I2C32000"}, {Bus: "SPI32000.0"}} {
		_, err := sensor.Open(t.Context(), h, "adxl345", options)
		only(t, err, sensor.ErrGone)
	}
}
