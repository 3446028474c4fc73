package sensor_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"periph.io/x/conn/v3/gpio"
)

// line is a simulated pin that can be pulled out and knows that it was closed. Its other methods are those of periph's
// pin that is not there.
type line struct {
	gpio.PinIO
	level  gpio.Level
	pull   gpio.Pull
	input  bool
	err    error
	closed bool
}

func (p *line) In(pull gpio.Pull, edge gpio.Edge) error {
	p.pull, p.input = pull, p.err == nil && edge == gpio.NoEdge
	return p.err
}

func (p *line) Read() gpio.Level { return p.level && gpio.Level(p.input) }
func (p *line) Close()           { p.closed = true }

func TestGPIO(t *testing.T) {
	door, window := &line{PinIO: gpio.INVALID}, &line{PinIO: gpio.INVALID}
	h := hostWith(t)
	h.OpenPin = func(name string) (gpio.PinIn, error) {
		return map[string]gpio.PinIn{"DOOR": door, "WINDOW": window}[name], nil
	}
	s, err := sensor.Open(t.Context(), h, "gpio:DOOR,WINDOW", sensor.Options{Pull: "up"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Channels()); got != "[{DOOR } {WINDOW }]" || door.pull != gpio.PullUp {
		t.Errorf("%s, pulled %v", got, door.pull)
	}
	values := []float64{7, 7}
	for _, want := range []string{"[0 1]", "[1 0]"} {
		door.level = want == "[1 0]"
		window.level = want == "[0 1]"
		if _, err := s.Read(t.Context(), values); err != nil || fmt.Sprint(values) != want {
			t.Errorf("%v, %v; want %s", values, err, want)
		}
	}
	window.err = syscall.ENODEV
	_, err = s.Read(t.Context(), values)
	only(t, err, sensor.ErrGone)
	if s.Close(); !door.closed || !window.closed {
		t.Error("a line is still open")
	}
	if _, err := sensor.Open(t.Context(), h, "gpio:DOOR", sensor.Options{Pull: "left"}); err == nil || !strings.Contains(err.Error(), "up, down or none") {
		t.Error(err)
	}
}

// TestGPIOKernel asks the real opener on trees of other kernels.
func TestGPIOKernel(t *testing.T) {
	for release, old := range map[string]bool{
		"4.9.337-tegra\n": true, "5.9.16\n": true, "3.10\n": true, "5.10.104-tegra\n": false, "5.15.148-tegra\n": false, "6.8.0\n": false, "nonsense\n": false,
	} {
		h := sensor.NewHost()
		h.Root = t.TempDir()
		write(t, h.Root, "proc/sys/kernel/osrelease", release)
		_, err := sensor.OpenGPIO(h, []string{"NO.SUCH.LINE"}, "")
		if err == nil || strings.Contains(err.Error(), "needs Linux 5.10") != old {
			t.Errorf("%q: %v", release, err)
		}
		for _, kind := range kinds {
			if errors.Is(err, kind) {
				t.Errorf("%q: %v would be tried again", release, err)
			}
		}
	}
}
