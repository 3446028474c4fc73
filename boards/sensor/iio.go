package sensor

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// OpenIIO opens a device of Linux' Industrial I/O subsystem by its name, such as bmi160, or its number, device0.
// Sample by sample, each reading asks the driver for every channel in turn. From the buffer (Buffered), a reading is the
// next sample that the kernel has taken, all channels at one moment and with its time; readings wait for samples.
//
// Channels are called as the kernel's files without in_ and _raw: accel_x, temp, voltage0.
func OpenIIO(h *Host, device string, o Options) (Sensor, error) {
	name := "iio device " + device
	dir, err := findIIO(h, device)
	if err != nil {
		return nil, newError(name, "open", err)
	}
	var s Sensor
	if o.Buffered {
		s, err = openBuffer(h, name, dir, o)
	} else {
		s, err = openSysfs(h, name, dir, o.Channels)
	}
	if err != nil {
		return nil, newError(name, "open", err)
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

func findIIO(h *Host, device string) (string, error) {
	dirs, called := listIIO(h)
	for i := range dirs {
		if called[i] == device || dirs[i] == "iio:"+device || dirs[i] == device {
			return dirs[i], nil
		}
	}
	return "", fmt.Errorf("%w: there are [%s]", ErrGone, strings.Join(called, " "))
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
	order, computed := sysfsChannels(dir)
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
		if computed[channel] {
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

// sysfsChannels lists the channels of a device in order, and those of which the driver has made a value.
func sysfsChannels(dir string) (names []string, computed map[string]bool) {
	names, computed = []string{}, map[string]bool{}
	for _, file := range list(dir) {
		for _, suffix := range []string{"_input", "_raw"} {
			name, ok := strings.CutSuffix(file, suffix)
			name, in := strings.CutPrefix(name, "in_")
			if !ok || !in {
				continue
			}
			if _, twice := computed[name]; !twice {
				names = append(names, name)
			}
			computed[name] = computed[name] || suffix == "_input"
		}
	}
	slices.SortFunc(names, inOrder)
	return names, computed
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
			return time.Time{}, newError(s.name, "read", err)
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
