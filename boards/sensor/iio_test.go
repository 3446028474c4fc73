package sensor_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards/sensor"
)

const device0 = "sys/bus/iio/devices/iio:device0/"

// tree writes files given as name and text, below the first IIO device.
func tree(t *testing.T, h *sensor.Host, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		write(t, h.Root, device0+files[i], files[i+1]+"\n")
	}
}

func TestIIO(t *testing.T) {
	for _, test := range []struct {
		name     string
		files    []string
		only     []string
		channels string
		values   []float64
	}{
		{"an accelerometer: a scale for all axes, m/s² into g",
			[]string{"in_accel_x_raw", "0", "in_accel_y_raw", "-1024", "in_accel_z_raw", "1024", "in_accel_scale", "0.009576806"}, nil,
			"[{accel_x g} {accel_y g} {accel_z g}]", []float64{0, -1024 * 0.009576806 / 9.80665, 1024 * 0.009576806 / 9.80665}},
		{"a thermometer: an offset that is added before the scale, m°C into °C",
			[]string{"in_temp_raw", "1000", "in_temp_offset", "-200", "in_temp_scale", "62.5"}, nil, "[{temp °C}]", []float64{50}},
		{"what the driver has worked out is taken as it is",
			[]string{"in_pressure_input", "101.325", "in_pressure_raw", "7", "in_pressure_scale", "3", "in_humidityrelative_input", "45500"}, nil,
			"[{humidityrelative %RH} {pressure Pa}]", []float64{45.5, 101325}},
		{"voltages: each its own scale, and a difference", []string{
			"in_voltage0_raw", "100", "in_voltage0_scale", "0.5", "in_voltage2_raw", "10", "in_voltage_scale", "2", "in_voltage10_raw", "1",
			"in_voltage0-voltage1_raw", "-5", "in_voltage-voltage_scale", "1000"}, nil,
			"[{voltage0 V} {voltage0-voltage1 V} {voltage2 V} {voltage10 V}]", []float64{0.05, -5, 0.02, 0.002}},
		{"only some, in the order asked for", []string{
			"in_anglvel_x_raw", "1", "in_anglvel_y_raw", "2", "in_anglvel_z_raw", "3", "in_anglvel_scale", "1"}, []string{"anglvel_z", "anglvel_x"},
			"[{anglvel_z °/s} {anglvel_x °/s}]", []float64{540 / math.Pi, 180 / math.Pi}},
		{"no scale", []string{"in_proximity_raw", "42", "in_magn_x_raw", "3"}, nil, "[{magn_x µT} {proximity }]", []float64{300, 42}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := hostWith(t)
			tree(t, h, "name", "thing")
			tree(t, h, test.files...)
			s, err := sensor.Open(t.Context(), h, "iio:thing", sensor.Options{Channels: test.only})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(s.Channels()); got != test.channels {
				t.Errorf("%s, want %s", got, test.channels)
			}
			values := make([]float64, len(s.Channels()))
			if _, err := s.Read(t.Context(), values); err != nil {
				t.Fatal(err)
			}
			for i, want := range test.values {
				if math.Abs(values[i]-want) > 1e-12*math.Max(1, math.Abs(want)) {
					t.Errorf("%s is %v, want %v", s.Channels()[i].Name, values[i], want)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestIIOChangesAndFails(t *testing.T) {
	h := hostWith(t)
	tree(t, h, "name", "thermo", "in_temp_input", "25000")
	s, err := sensor.Open(t.Context(), h, "iio:device0", sensor.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	value := make([]float64, 1)
	for _, test := range []struct {
		text string
		want float64
		kind error
		ok   bool
	}{{"25000\n", 25, nil, true}, {"-40125\n", -40.125, nil, true}, {"nonsense\n", 0, nil, false}, {"", 0, sensor.ErrTemporary, false}, {strings.Repeat("1", 200), 0, nil, false}, {"1e3", 1, nil, true}} {
		write(t, h.Root, device0+"in_temp_input", test.text)
		_, err := s.Read(t.Context(), value)
		if (err == nil) != test.ok || test.ok && value[0] != test.want {
			t.Errorf("%.10q: %v, %v", test.text, value, err)
		}
		only(t, err, test.kind)
	}
	for name, options := range map[string]sensor.Options{"channel \"x\" is not there": {Channels: []string{"x"}}, "asked for twice": {Channels: []string{"temp", "temp"}}, "it has no buffer": {Buffered: true}} {
		if _, err := sensor.Open(t.Context(), h, "iio:thermo", options); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
	// A pipe in the place of an attribute would wait for ever.
	file := filepath.Join(h.Root, device0, "in_light_raw")
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sensor.Open(t.Context(), h, "iio:thermo", sensor.Options{}); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Error(err)
	}
}

// buffered is an IIO device with a buffer, whose device file is a pipe that a test writes samples into.
func buffered(t *testing.T, clock string) (*sensor.Host, *os.File) {
	t.Helper()
	h := hostWith(t)
	tree(t, h, "name", "imu", "current_timestamp_clock", clock, "in_accel_scale", "9.80665", "in_accel_x_raw", "0",
		"buffer/enable", "0", "buffer/length", "2", "trigger/current_trigger", "",
		"scan_elements/in_accel_x_en", "0", "scan_elements/in_accel_x_index", "0", "scan_elements/in_accel_x_type", "le:s12/16>>4",
		"scan_elements/in_accel_y_en", "0", "scan_elements/in_accel_y_index", "1", "scan_elements/in_accel_y_type", "be:s16/16>>0",
		"scan_elements/in_temp_en", "1", "scan_elements/in_temp_index", "2", "scan_elements/in_temp_type", "le:u8/8>>0",
		"scan_elements/in_timestamp_en", "0", "scan_elements/in_timestamp_index", "3", "scan_elements/in_timestamp_type", "le:s64/64>>0")
	node := filepath.Join(h.Root, "dev/iio:device0")
	if err := os.MkdirAll(filepath.Dir(node), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(node, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(node, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pipe.Close() })
	return h, pipe
}

// text reads a file of the first IIO device.
func text(t *testing.T, h *sensor.Host, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(h.Root, device0+name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// sample is one of two axes, 16 bytes: x, y, padding, time.
func sample(x, y int16, at int64) []byte {
	b := make([]byte, 16)
	binary.LittleEndian.PutUint16(b, uint16(x)<<4|0xf)
	binary.BigEndian.PutUint16(b[2:], uint16(y))
	binary.LittleEndian.PutUint64(b[8:], uint64(at))
	return b
}

func TestIIOBuffer(t *testing.T) {
	h, pipe := buffered(t, "realtime")
	options := sensor.Options{Buffered: true, Channels: []string{"accel_x", "accel_y"}, Trigger: "hrtimer0", Length: 128}
	s, err := sensor.Open(t.Context(), h, "iio:imu", options)
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"buffer/enable": "1", "buffer/length": "128", "trigger/current_trigger": "hrtimer0", "scan_elements/in_accel_x_en": "1",
		"scan_elements/in_accel_y_en": "1", "scan_elements/in_temp_en": "0", "scan_elements/in_timestamp_en": "1",
	} {
		if got := text(t, h, file); got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
	if got := fmt.Sprint(s.Channels()); got != "[{accel_x g} {accel_y g}]" {
		t.Error(got)
	}

	// Two samples, the second of which comes in two pieces, each 50 ms old.
	values := make([]float64, 2)
	now := time.Now()
	age := 50 * time.Millisecond
	two := append(sample(-5, 300, now.Add(-age).UnixNano()), sample(2047, -300, now.Add(-age).UnixNano())...)
	pipe.Write(two[:21])
	at, err := s.Read(t.Context(), values)
	if err != nil || values[0] != -5 || values[1] != 300 {
		t.Errorf("%v, %v", values, err)
	}
	if d := now.Add(-age).Sub(at); d < -time.Second || d > time.Second {
		t.Errorf("the sample is of %v beside its time", d)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = s.Read(ctx, values)
	only(t, err, sensor.ErrTemporary)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	pipe.Write(two[21:])
	if _, err := s.Read(t.Context(), values); err != nil || math.Round(values[0]) != 2047 || values[1] != -300 {
		t.Errorf("after a wait that ended within a sample: %v, %v", values, err)
	}

	// A wait that is cancelled from beside.
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err = s.Read(ctx, values)
	only(t, err, nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	pipe.Close()
	_, err = s.Read(t.Context(), values)
	only(t, err, sensor.ErrGone)
	if err := s.Close(); err != nil || text(t, h, "buffer/enable") != "0" {
		t.Errorf("closing: %v, the buffer is %s", err, text(t, h, "buffer/enable"))
	}
}

// TestIIOBufferAllocatesNothing reads samples, and single values, under a context that may end.
func TestIIOBufferAllocatesNothing(t *testing.T) {
	h, pipe := buffered(t, "realtime")
	s, err := sensor.Open(t.Context(), h, "iio:imu", sensor.Options{Buffered: true, Trigger: "t", Channels: []string{"accel_x", "accel_y"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	single, err := sensor.Open(t.Context(), h, "iio:imu", sensor.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer single.Close()
	ctx, values, one, b := t.Context(), make([]float64, 2), make([]float64, 1), sample(1, 2, 0)
	if n := testing.AllocsPerRun(100, func() {
		pipe.Write(b)
		s.Read(ctx, values)
		single.Read(ctx, one)
	}); n != 0 || values[1] != 2 {
		t.Errorf("%v allocations a reading of %v", n, values)
	}
}

func TestIIOBufferClocks(t *testing.T) {
	for clock, stamp := range map[string]func() int64{
		"realtime":     func() int64 { return time.Now().UnixNano() - 2e9 },
		"a new clock":  func() int64 { return 7 },
		"monotonic":    func() int64 { return time.Now().UnixNano() - 2e9 }, // of another clock than it says: not believed
		"realtime\n\n": func() int64 { return time.Now().UnixNano() + 5e9 }, // of the future
	} {
		h, pipe := buffered(t, clock)
		s, err := sensor.Open(t.Context(), h, "iio:imu", sensor.Options{Buffered: true, Trigger: "t", Channels: []string{"accel_x", "accel_y"}})
		if err != nil {
			t.Fatal(err)
		}
		pipe.Write(sample(1, 2, stamp()))
		at, err := s.Read(t.Context(), make([]float64, 2))
		want := time.Duration(0)
		if clock == "realtime" {
			want = 2 * time.Second
		}
		if age := time.Since(at); err != nil || age < want || age > want+time.Second || !strings.Contains(at.String(), "m=") {
			t.Errorf("%q: %v old, %v, %v", clock, age, at, err)
		}
		s.Close()
	}
}

func TestIIOBufferRefused(t *testing.T) {
	for name, test := range map[string]struct {
		file, text, want string
		kind             error
	}{
		"in use":                    {"buffer/enable", "1", "in use by another program", sensor.ErrTemporary},
		"no trigger":                {"trigger/current_trigger", "", "needs a trigger", nil},
		"a type of another world":   {"scan_elements/in_accel_x_type", "le:f32/32>>0", "no s or u", nil},
		"an index of another":       {"scan_elements/in_accel_y_index", "0", "the same index", nil},
		"an index that is none":     {"scan_elements/in_accel_y_index", "one", "is no number", nil},
		"a time of half the bits":   {"scan_elements/in_timestamp_type", "le:s32/32", "64 bits are expected", nil},
		"a type of an odd size":     {"scan_elements/in_accel_x_type", "le:s24/24", "no power of two", nil},
		"a scale that is no number": {"in_accel_scale", "0.1 dB", "is no number", nil},
	} {
		h, _ := buffered(t, "realtime")
		tree(t, h, test.file, test.text)
		options := sensor.Options{Buffered: true, Trigger: "t"}
		if test.file == "trigger/current_trigger" {
			options.Trigger = ""
		}
		_, err := sensor.Open(t.Context(), h, "iio:imu", options)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
			continue
		}
		only(t, err, test.kind)
		if got := text(t, h, "buffer/enable"); test.file != "buffer/enable" && got != "0" {
			t.Errorf("%s: the buffer is %s", name, got)
		}
	}
	// A regular file cannot be waited for, and is no device.
	h, _ := buffered(t, "realtime")
	node := filepath.Join(h.Root, "dev/iio:device0")
	os.Remove(node)
	write(t, h.Root, "dev/iio:device0", "")
	if _, err := sensor.Open(t.Context(), h, "iio:imu", sensor.Options{Buffered: true, Trigger: "t"}); err == nil || text(t, h, "buffer/enable") != "0" {
		t.Errorf("%v, the buffer is %s", err, text(t, h, "buffer/enable"))
	}
}
