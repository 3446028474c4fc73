package sensor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mostNames of a directory of sysfs are looked at.
const mostNames = 4096

// OpenIIO opens a device of Linux' Industrial I/O subsystem by its name, such as bmi160, or its number, device0.
// Sample by sample, each reading asks the driver for every channel in turn. From the buffer (Buffered), a reading is the
// next sample that the kernel has taken, all channels at one moment and with its time; readings wait for samples.
//
// Channels are called as the kernel's files without in_ and _raw: accel_x, temp, voltage0.
func OpenIIO(h *Host, device string, o Options) (Sensor, error) {
	name := "iio device " + device
	dir, err := findIIO(h, device)
	if err != nil {
		return nil, &Error{name, "open", kindOf(err), err}
	}
	var s Sensor
	if o.Buffered {
		s, err = openBuffer(h, name, dir, o)
	} else {
		s, err = openSysfs(h, name, dir, o.Channels)
	}
	if err != nil {
		return nil, &Error{name, "open", kindOf(err), err}
	}
	return s, nil
}

const iioDevices = "sys/bus/iio/devices"

// listIIO returns the directories of the IIO devices, with their names.
func listIIO(h *Host) (dirs, called []string) {
	for _, entry := range list(h.path(iioDevices)) {
		if strings.HasPrefix(entry, "iio:device") {
			text, _ := readText(filepath.Join(h.path(iioDevices), entry, "name"))
			dirs = append(dirs, entry)
			called = append(called, text)
		}
	}
	return dirs, called
}

// list returns the names in a directory in order.
func list(dir string) []string {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, _ := f.Readdirnames(mostNames)
	slices.SortFunc(names, inOrder)
	return names
}

// inOrder compares names as people count: device2 before device10.
func inOrder(a, b string) int {
	for a != "" && b != "" {
		endA, endB := digits(a), digits(b)
		if endA == 0 || endB == 0 {
			if a[0] != b[0] {
				return int(a[0]) - int(b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		numberA, numberB := strings.TrimLeft(a[:endA], "0"), strings.TrimLeft(b[:endB], "0")
		if len(numberA) != len(numberB) {
			return len(numberA) - len(numberB)
		}
		if c := strings.Compare(numberA, numberB); c != 0 {
			return c
		}
		a, b = a[endA:], b[endB:]
	}
	return len(a) - len(b)
}

// digits counts those that a text begins with.
func digits(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return len(text)
	}
	return end
}

func findIIO(h *Host, device string) (string, error) {
	dirs, called := listIIO(h)
	for i := range dirs {
		if called[i] == device || dirs[i] == "iio:"+device || dirs[i] == device {
			return dirs[i], nil
		}
	}
	return "", fmt.Errorf("%w: there are [%s]", ErrGone, strings.Join(called, " "))
}

// meaning is what the kernel's number of a channel means.
type meaning struct {
	Channel
	scale, offset float64 // the kernel's value is (raw + offset) × scale
	factor        float64 // from the kernel's unit to ours
	divide        float64
}

func (m *meaning) value(raw float64) float64 {
	return float64(float64(raw+m.offset)*m.scale) * m.factor / m.divide
}

// units turns the units of the kernel's ABI into those of this package.
func units(kind string) (unit string, factor, divide float64) {
	switch kind {
	case "temp":
		return "°C", 1, 1000
	case "humidityrelative":
		return "%RH", 1, 1000
	case "pressure":
		return "Pa", 1000, 1
	case "accel", "gravity":
		return "g", 1, 9.80665
	case "anglvel":
		return "°/s", 180, math.Pi
	case "magn":
		return "µT", 100, 1
	case "voltage", "altvoltage":
		return "V", 1, 1000
	case "current":
		return "A", 1, 1000
	case "power":
		return "W", 1, 1000
	case "illuminance":
		return "lx", 1, 1
	case "resistance":
		return "Ω", 1, 1
	case "distance":
		return "m", 1, 1
	}
	return "", 1, 1
}

// kindOfChannel returns the first word of a channel's name: voltage of voltage0-voltage1, accel of accel_x.
func kindOfChannel(name string) string {
	end := strings.IndexFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		return name
	}
	return name[:end]
}

// meaningOf reads a channel's scale and offset: its own, or one for all channels of its kind.
func meaningOf(dir, name string) (meaning, error) {
	kind := kindOfChannel(name)
	m := meaning{Channel: Channel{Name: name}, scale: 1}
	m.Unit, m.factor, m.divide = units(kind)
	shared := kind
	if strings.Contains(name, "-") {
		shared = kind + "-" + kind // a difference of two inputs
	}
	for _, found := range []struct {
		word string
		to   *float64
	}{{"scale", &m.scale}, {"offset", &m.offset}} {
		for _, file := range []string{"in_" + name + "_" + found.word, "in_" + shared + "_" + found.word, "in_" + found.word} {
			v, err := readNumber(filepath.Join(dir, file))
			if errors.Is(err, os.ErrNotExist) {
				continue
			}
			if err != nil {
				return m, err
			}
			*found.to = v
			break
		}
	}
	return m, nil
}

// sysfsDevice is an IIO device that is read sample by sample.
type sysfsDevice struct {
	name     string
	channels []Channel
	meanings []meaning
	files    []*attribute
}

func openSysfs(h *Host, name, entry string, only []string) (s *sysfsDevice, err error) {
	dir := filepath.Join(h.path(iioDevices), entry)
	s = &sysfsDevice{name: name}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	there := map[string]bool{} // channel to whether the driver has made a value of it
	var order []string
	for _, file := range list(dir) {
		for _, suffix := range []string{"_input", "_raw"} {
			channel, ok := strings.CutSuffix(file, suffix)
			channel, in := strings.CutPrefix(channel, "in_")
			if !ok || !in {
				continue
			}
			if _, twice := there[channel]; !twice {
				order = append(order, channel)
			}
			there[channel] = there[channel] || suffix == "_input"
		}
	}
	slices.SortFunc(order, inOrder)
	if err := chosen(order, only); err != nil {
		return s, err
	}
	if len(only) > 0 {
		order = only
	}
	for _, channel := range order {
		m, err := meaningOf(dir, channel)
		if err != nil {
			return s, err
		}
		file := "in_" + channel + "_raw"
		if there[channel] {
			file, m.scale, m.offset = "in_"+channel+"_input", 1, 0
		}
		a, err := openAttribute(filepath.Join(dir, file))
		if err != nil {
			return s, err
		}
		s.files = append(s.files, a)
		s.meanings = append(s.meanings, m)
		s.channels = append(s.channels, m.Channel)
	}
	return s, nil
}

// chosen fails unless the channels that are asked for are there, and some are.
func chosen(there, only []string) error {
	if len(there) == 0 || len(there) > mostChannels {
		return fmt.Errorf("%d channels, where 1 to %d are read", len(there), mostChannels)
	}
	for i, name := range only {
		if !slices.Contains(there, name) || slices.Contains(only[:i], name) {
			return fmt.Errorf("channel %.40q is not there, or asked for twice; there are [%s]", name, strings.Join(there, " "))
		}
	}
	return nil
}

func (s *sysfsDevice) Channels() []Channel { return s.channels }

func (s *sysfsDevice) Read(ctx context.Context, values []float64) (time.Time, error) {
	checkPlaces(values, s.channels)
	start := time.Now()
	for i, file := range s.files {
		err := ctx.Err()
		var raw float64
		if err == nil {
			raw, err = file.number()
		}
		if err != nil {
			return time.Time{}, &Error{s.name, "read", kindOf(err), err}
		}
		values[i] = s.meanings[i].value(raw)
	}
	return between(start), nil
}

func (s *sysfsDevice) Close() error {
	for _, file := range s.files {
		file.close()
	}
	s.files = nil
	return nil
}
