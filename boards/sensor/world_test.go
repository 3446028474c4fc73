package sensor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"github.com/edge-infer/edge-infer/boards/sensor/sensortest"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/spi"
)

// write puts a file below a root.
func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// hostWith is a host with simulated I2C buses and nothing else.
func hostWith(t *testing.T, buses ...*sensortest.Bus) *sensor.Host {
	t.Helper()
	root := t.TempDir()
	for _, b := range buses {
		write(t, root, fmt.Sprintf("dev/i2c-%d", b.Number), "")
		write(t, root, fmt.Sprintf("sys/bus/i2c/devices/i2c-%d/name", b.Number), "simulated adapter\n")
	}
	return &sensor.Host{
		Root: root,
		OpenI2C: func(n int) (sensor.I2CBus, error) {
			for _, b := range buses {
				if b.Number == n {
					return b.Open()
				}
			}
			return nil, fmt.Errorf("sysfs-i2c: bus #%d is not configured: %v", n, syscall.ENOENT)
		},
		OpenSPI: func(bus, chip int) (spi.PortCloser, error) { return nil, syscall.ENOENT },
		OpenPin: func(name string) (gpio.PinIn, error) { return nil, syscall.ENOENT },
	}
}

// playbackI2C is periph's playback as a bus.
type playbackI2C struct{ *i2ctest.Playback }

func (playbackI2C) Probe(uint16, bool) error { return syscall.EOPNOTSUPP }

// hostPlaying is a host whose I2C buses or SPI ports are played back.
func hostPlaying(t *testing.T, bus *i2ctest.Playback, port spi.PortCloser) *sensor.Host {
	h := hostWith(t)
	h.OpenI2C = func(int) (sensor.I2CBus, error) { return playbackI2C{bus}, nil }
	h.OpenSPI = func(int, int) (spi.PortCloser, error) { return port, nil }
	write(t, h.Root, "dev/i2c-1", "")
	write(t, h.Root, "dev/spidev0.0", "")
	write(t, h.Root, "dev/spidev1.0", "")
	return h
}
