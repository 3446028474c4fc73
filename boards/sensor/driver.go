package sensor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"
)

// Driver is a sensor that one of periph.io's drivers reads.
type Driver struct {
	Name      string
	Title     string
	Addresses []uint16 // where it may be on I2C; the first is the usual one
	SPI       bool     // whether it may be on SPI too

	ids  []Identity // what is asked before the driver is started
	open func(b drivenBus) (*driven, error)
}

// drivenBus is where a driver finds its sensor: on I2C, or on SPI if there is a port.
type drivenBus struct {
	ctx  context.Context // of the sensor's life
	i2c  i2c.Bus
	addr uint16
	port spi.Port
}

// driven is a started driver.
type driven struct {
	channels []Channel
	read     func(values []float64) error
	halt     func() error
	// Whether it measures by itself, at times of its own, and keeps failed transactions to itself.
	background bool
}

// Drivers lists the drivers of periph.io that are built in.
func Drivers() []Driver { return append(environmentDrivers(), otherDrivers()...) }

func driverNamed(name string) (Driver, bool) {
	for _, d := range Drivers() {
		if d.Name == name {
			return d, true
		}
	}
	return Driver{}, false
}

// identity says that a register of one byte, or a big-endian one of two, holds one of some values.
func identity(register int, typ string, mask uint64, values ...uint64) Identity {
	t, _ := ParseType(typ)
	return Identity{Register: register, Type: typ, Mask: mask, Values: values, typ: t}
}

// asked describes a driver's sensor as far as its identity goes.
func (d *Driver) asked() *Description {
	return &Description{RegisterBits: 8, I2C: &I2CWiring{}, ExpectID: d.ids}
}

// drivenSensor is a Sensor over a driver.
type drivenSensor struct {
	link   *link
	driven *driven
	cancel context.CancelFunc
}

func openDriven(ctx context.Context, d Driver, l *link) (Sensor, error) {
	l.begin(ctx)
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	fail := func(err error) (Sensor, error) {
		cancel()
		l.close()
		return nil, newError(l.name, "open", err)
	}
	b := drivenBus{ctx: life, i2c: drivenI2C{l}, addr: l.addr}
	if l.spi {
		b = drivenBus{ctx: life, port: drivenSPI{l}}
	} else {
		if err := d.asked().check(l); err != nil {
			return fail(err)
		}
	}
	started, err := d.open(b)
	if err == nil && started.background {
		err = l.failure()
		l.background(life)
	}
	if err = l.explain(err); err != nil {
		return fail(err)
	}
	return &drivenSensor{l, started, cancel}, nil
}

// explain finds out what is behind a driver's error: most reword the error of the bus or drop it.
func (l *link) explain(err error) error {
	cause := l.failure()
	switch {
	case err == nil:
		return nil
	case cause != nil && !errors.Is(err, cause):
		return fmt.Errorf("%w: %w", err, cause)
	case cause != nil:
		return err
	}
	text := strings.ToLower(err.Error())
	switch {
	case strings.Contains(text, "crc"):
		return fmt.Errorf("%w: %w", ErrCRC, err)
	case strings.Contains(text, "chip id"), strings.Contains(text, "unrecognized device"):
		return fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	return fmt.Errorf("%w: %w", ErrTemporary, err)
}

func (s *drivenSensor) Channels() []Channel { return s.driven.channels }

func (s *drivenSensor) Read(ctx context.Context, values []float64) (time.Time, error) {
	checkPlaces(values, s.driven.channels)
	start := time.Now()
	var err error
	if s.driven.background {
		if err = ctx.Err(); err == nil {
			err = s.link.failure()
		}
	} else {
		s.link.begin(ctx)
	}
	if err == nil {
		err = s.link.explain(s.driven.read(values))
	}
	if err != nil {
		return time.Time{}, newError(s.link.name, "read", err)
	}
	return between(start), nil
}

func (s *drivenSensor) Close() error {
	if s.driven.halt != nil {
		// That it cannot be put to sleep says nothing new of a sensor that is gone.
		s.link.begin(context.Background())
		s.driven.halt()
	}
	s.cancel()
	return s.link.close()
}
