package sensor

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	_ "periph.io/x/host/v3/gpioioctl" // the lines of /dev/gpiochip*
)

// mostLines of GPIO make one sensor.
const mostLines = 64

// pins are GPIO inputs.
type pins struct {
	name     string
	channels []Channel
	pins     []gpio.PinIn
	pull     gpio.Pull
}

// OpenGPIO makes inputs of GPIO lines by their names, such as PAC.06. A reading has 1 for high and 0 for low. The
// pull is up, down, none, or empty to leave it.
func OpenGPIO(h *Host, lines []string, pull string) (Sensor, error) {
	pulls := map[string]gpio.Pull{"": gpio.PullNoChange, "none": gpio.Float, "up": gpio.PullUp, "down": gpio.PullDown}
	s := &pins{name: "gpio " + strings.Join(lines, ",")}
	var known bool
	if s.pull, known = pulls[pull]; !known {
		return nil, fmt.Errorf("sensor: %.80s: pull %.20q: it is up, down or none", s.name, pull)
	}
	if len(lines) > mostLines {
		return nil, fmt.Errorf("sensor: %d GPIO lines; at most %d make a sensor", len(lines), mostLines)
	}
	for _, line := range lines {
		pin, err := h.OpenPin(line)
		if err == nil {
			s.pins = append(s.pins, pin)
			s.channels = append(s.channels, Channel{Name: line})
			err = pin.In(s.pull, gpio.NoEdge)
		}
		if err != nil {
			s.Close()
			return nil, newError(s.name, "open", err)
		}
	}
	return s, nil
}

func (s *pins) Channels() []Channel { return s.channels }

// Read makes each line an input again before it looks: periph keeps to itself that a look at a line has
// failed, and would show a line of an unplugged chip as low.
func (s *pins) Read(ctx context.Context, values []float64) (time.Time, error) {
	checkPlaces(values, s.channels)
	start := time.Now()
	for i, pin := range s.pins {
		err := ctx.Err()
		if err == nil {
			err = pin.In(s.pull, gpio.NoEdge)
		}
		if err != nil {
			return time.Time{}, newError(s.name, "read", err)
		}
		values[i] = 0
		if pin.Read() == gpio.High {
			values[i] = 1
		}
	}
	return between(start), nil
}

func (s *pins) Close() error {
	for _, pin := range s.pins {
		if closer, ok := pin.(interface{ Close() }); ok {
			closer.Close()
		}
	}
	return nil
}

// openPin finds a line by its name among those of the kernel.
func (h *Host) openPin(name string) (gpio.PinIn, error) {
	if err := h.pinsPossible(); err != nil {
		return nil, err
	}
	if _, err := driverreg.Init(); err != nil {
		return nil, err
	}
	if pin := gpioreg.ByName(name); pin != nil {
		return pin, nil
	}
	return nil, fmt.Errorf("no GPIO line is called %.40q: only lines with a name can be opened, and gpioinfo shows them; is /dev/gpiochip0 yours to open?", name)
}

// pinsPossible fails on kernels that lack what periph needs.
func (h *Host) pinsPossible() error {
	text, err := os.ReadFile(h.path("proc/sys/kernel/osrelease"))
	if err != nil {
		return nil // then opening will tell
	}
	release := strings.TrimSpace(string(text))
	major, minor, ok := kernelVersion(release)
	if ok && (major < 5 || major == 5 && minor < 10) {
		return fmt.Errorf("GPIO needs Linux 5.10 or newer, whose gpiochip devices speak version 2, and this is %.40s (JetPack 4 has 4.9); JetPack 5 and newer will do", release)
	}
	return nil
}

// kernelVersion reads the first two numbers of a release such as 4.9.337-tegra.
func kernelVersion(release string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(release, ".")
	major, err1 := strconv.Atoi(first)
	minor, err2 := strconv.Atoi(rest[:digits(rest)])
	return major, minor, err1 == nil && err2 == nil
}
