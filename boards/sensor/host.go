package sensor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/host/v3/sysfs"
)

// Host is the machine that sensors hang on. Tests put a tree and simulated buses in its place.
type Host struct {
	Root    string // what /sys, /proc and /dev are below
	OpenI2C func(bus int) (I2CBus, error)
	OpenSPI func(bus, chip int) (spi.PortCloser, error)
	OpenPin func(name string) (gpio.PinIn, error)
}

// I2CBus is an I2C bus that can also be asked who is there.
type I2CBus interface {
	i2c.BusCloser
	// Probe addresses a device without any data: by a write of nothing (quick), or by reading one byte. The
	// error is nil if it answers, ENXIO or EREMOTEIO if none does and EBUSY if a driver of the kernel owns it.
	Probe(addr uint16, quick bool) error
}

// NewHost is the machine that the program runs on.
func NewHost() *Host {
	h := &Host{Root: "/"}
	h.OpenI2C = openI2C
	h.OpenSPI = func(bus, chip int) (spi.PortCloser, error) { return sysfs.NewSPI(bus, chip) }
	h.OpenPin = h.openPin
	return h
}

// i2cBus is the kernel's bus, through periph, with the probing that periph lacks.
type i2cBus struct {
	*sysfs.I2C
	number int
}

func openI2C(number int) (I2CBus, error) {
	bus, err := sysfs.NewI2C(number)
	if err != nil {
		return nil, err
	}
	return &i2cBus{bus, number}, nil
}

func (b *i2cBus) Probe(addr uint16, quick bool) error { return probeI2C(b.number, addr, quick) }

// path is a file below the root.
func (h *Host) path(name string) string { return filepath.Join(h.Root, name) }

// exists reports whether there is something of that name below the root.
func (h *Host) exists(name string) bool {
	_, err := os.Lstat(h.path(name))
	return err == nil
}

// claimed returns the name of a kernel driver that uses an address, or "".
func (h *Host) claimed(bus int, addr uint16) string {
	target, err := os.Readlink(h.path(fmt.Sprintf("sys/bus/i2c/devices/%d-%04x/driver", bus, addr)))
	if err != nil {
		return ""
	}
	return filepath.Base(target)
}

// linkI2C opens an I2C bus for one sensor.
func (h *Host) linkI2C(sensor string, bus int, addr uint16) (*link, error) {
	name := fmt.Sprintf("%s at I2C%d, address %#02x", sensor, bus, addr)
	if driver := h.claimed(bus, addr); driver != "" {
		err := fmt.Errorf("%w: its driver %s has the address; read the sensor through IIO, or unbind the driver first", ErrInUse, driver)
		return nil, newError(name, "open", err)
	}
	opened, err := h.OpenI2C(bus)
	if err != nil {
		return nil, newError(name, "open", err)
	}
	file := fmt.Sprintf("dev/i2c-%d", bus)
	return &link{name: name, bus: opened, addr: addr, shut: opened.Close, alive: func() bool { return h.exists(file) }}, nil
}

// linkSPI opens an SPI port for one sensor.
func (h *Host) linkSPI(sensor string, bus, chip int) (*link, error) {
	name := fmt.Sprintf("%s at SPI%d.%d", sensor, bus, chip)
	port, err := h.OpenSPI(bus, chip)
	if err != nil {
		return nil, newError(name, "open", err)
	}
	file := fmt.Sprintf("dev/spidev%d.%d", bus, chip)
	return &link{name: name, spi: true, port: port, shut: port.Close, alive: func() bool { return h.exists(file) }}, nil
}

// busName is the bus of a sensor as people write it.
type busName struct {
	spi          bool
	number, chip int
}

// parseBus reads 1, i2c-1, I2C1 or /dev/i2c-1, and SPI0.0, spidev0.0 or /dev/spidev0.0.
func parseBus(text string) (busName, error) {
	name := strings.ToLower(strings.TrimPrefix(text, "/dev/"))
	for _, prefix := range []string{"spidev", "spi"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		first, second, _ := strings.Cut(rest, ".")
		bus, err1 := number(first)
		chip, err2 := number(second)
		if err := errors.Join(err1, err2); err != nil {
			return busName{}, fmt.Errorf("sensor: bus %.40q: an SPI bus is written SPI0.0, its number and its chip select", text)
		}
		return busName{true, bus, chip}, nil
	}
	n, err := number(strings.TrimPrefix(strings.TrimPrefix(name, "i2c"), "-"))
	if err != nil {
		return busName{}, fmt.Errorf("sensor: bus %.40q: an I2C bus is written I2C1 and an SPI bus SPI0.0", text)
	}
	return busName{number: n}, nil
}

// number reads a small number without a sign.
func number(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 15)
	return int(n), err
}
