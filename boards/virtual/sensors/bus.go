package sensors

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrNoAcknowledge is a message that nobody took: there is no sensor at its address, or it refused a byte.
var ErrNoAcknowledge = errors.New("sensors: no acknowledge")

// Sensor is a device on an I2C bus.
type Sensor interface {
	// Transfer carries one message, without its address: it writes the bytes of write, or fills read; with both empty it
	// asks whether the sensor is there. A message to a register and another one from it arrive as two calls, whether a
	// stop or a repeated start is between them. An error means that the sensor does not acknowledge.
	Transfer(write, read []byte) error
}

// Clock is the time since power came on.
type Clock func() time.Duration

// Bus is sensors by their address, of 7 bits.
type Bus map[uint16]Sensor

// Transfer carries one message to or from the sensor at an address.
func (b Bus) Transfer(address uint16, write, read []byte) error {
	sensor, found := b[address]
	if !found {
		return fmt.Errorf("%w at address %#02x", ErrNoAcknowledge, address)
	}
	return sensor.Transfer(write, read)
}

// NewBus is a bus with one sensor of each kind, at the address that its maker gave it. The ADS1115, whose own address is
// that of the TMP102, has its pin ADDR at the supply.
func NewBus(clock Clock) Bus {
	return Bus{
		0x48: NewTMP102(clock),
		0x49: NewADS1115(clock),
		0x68: NewMPU6050(clock),
		0x76: NewBMP280(clock),
	}
}

// wave swings around a mean.
func wave(at time.Duration, mean, amplitude float64, period time.Duration) float64 {
	return mean + amplitude*math.Sin(2*math.Pi*at.Seconds()/period.Seconds())
}

// whole rounds to an integer between low and high: what a converter does with a value beyond its range.
func whole(value float64, low, high int) int {
	return int(math.Round(min(max(value, float64(low)), float64(high))))
}
