package sensor

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
)

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
