package sensor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// Options say where a sensor is and how to read it. Bus and Address are for sensors on I2C and SPI, the others for
// IIO and GPIO.
type Options struct {
	Bus     string // I2C1, SPI0.0
	Address uint16 // on I2C; the sensor's usual one if 0

	Channels []string // of an IIO device: only these, if any
	Buffered bool     // an IIO device: every sample, through the kernel's buffer
	Trigger  string   // of an IIO buffer: the name to set, or what is set already
	Length   int      // of an IIO buffer, in samples; what is set already if 0
	Pull     string   // of a GPIO input: up, down, none, or as it is
}

// Open finds a sensor by its name, checks that it is there and what it claims to be, and initialises it. The name is
//
//	sht4x                       of a shipped description, or else of a driver
//	periph:bmxx80               of a driver
//	./mine.yaml                 of a file with a description (it has a slash, or ends in .yaml)
//	iio:bmi160, iio:device0     of an IIO device, by its name or number
//	gpio:PAC.06,PH.00           of GPIO lines
//
// Waits that a driver of periph makes while starting are not cut short by the context.
func Open(ctx context.Context, h *Host, name string, o Options) (Sensor, error) {
	kind, rest, found := strings.Cut(name, ":")
	switch {
	case found && kind == "iio":
		return OpenIIO(h, rest, o)
	case found && kind == "gpio":
		return OpenGPIO(h, strings.Split(rest, ","), o.Pull)
	case found && kind == "periph":
		return openDriver(ctx, h, rest, o)
	case found:
		return nil, fmt.Errorf("sensor: %.80q: before the colon is periph, iio or gpio", name)
	case strings.ContainsRune(name, '/'), strings.HasSuffix(name, ".yaml"):
		d, err := ReadDescription(name)
		if err != nil {
			return nil, err
		}
		return OpenDescription(ctx, h, d, o)
	}
	d, err := shipped(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return openDriver(ctx, h, name, o)
	}
	if err != nil {
		return nil, err
	}
	return OpenDescription(ctx, h, d, o)
}

// OpenDescription opens a sensor by its description.
func OpenDescription(ctx context.Context, h *Host, d *Description, o Options) (Sensor, error) {
	var addresses []uint16
	if d.I2C != nil {
		addresses = d.I2C.Addresses
	}
	l, err := h.open(d.Name, addresses, d.SPI != nil, o)
	if err != nil {
		return nil, err
	}
	if l.spi {
		speed := physic.Frequency(d.SPI.Hertz) * physic.Hertz
		if l.conn, err = l.port.Connect(speed, spi.Mode(d.SPI.Mode), 8); err != nil {
			l.close()
			return nil, newError(l.name, "open", err)
		}
	}
	return openDescribed(ctx, d, l)
}

func openDriver(ctx context.Context, h *Host, name string, o Options) (Sensor, error) {
	d, found := driverNamed(name)
	if !found {
		return nil, fmt.Errorf("sensor: no description and no driver is called %.80q; there are %s", name, strings.Join(names(), ", "))
	}
	l, err := h.open(d.Name, d.Addresses, d.SPI, o)
	if err != nil {
		return nil, err
	}
	return openDriven(ctx, d, l)
}

// open opens the bus of a sensor that may be on I2C at some addresses, and on SPI or not.
func (h *Host) open(sensor string, addresses []uint16, spi bool, o Options) (*link, error) {
	if o.Bus == "" {
		return nil, fmt.Errorf("sensor: %s: on which bus? Such as I2C1 or SPI0.0", sensor)
	}
	bus, err := parseBus(o.Bus)
	switch {
	case err != nil:
		return nil, err
	case bus.spi && !spi:
		return nil, fmt.Errorf("sensor: %s is not read over SPI but over I2C", sensor)
	case bus.spi:
		return h.linkSPI(sensor, bus.number, bus.chip)
	case len(addresses) == 0:
		return nil, fmt.Errorf("sensor: %s is not read over I2C but over SPI", sensor)
	}
	addr := o.Address
	if addr == 0 {
		addr = addresses[0]
	}
	if addr < firstAddress || addr > lastAddress {
		return nil, fmt.Errorf("sensor: %s: address %#02x is not among %#02x to %#02x", sensor, addr, firstAddress, lastAddress)
	}
	return h.linkI2C(sensor, bus.number, addr)
}

// The addresses of I2C that devices may have; the others are the bus's own.
const (
	firstAddress = 0x08
	lastAddress  = 0x77
)

// names lists the descriptions and drivers that there are.
func names() []string {
	var list []string
	if shipped, err := Shipped(); err == nil {
		for _, d := range shipped {
			list = append(list, d.Name)
		}
	}
	for _, d := range Drivers() {
		list = append(list, d.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
