package sensors

import "time"

// Registers of the TMP102, and the bits of its configuration (Texas Instruments SBOS397).
const (
	tmp102Temperature = 0
	tmp102Config      = 1
	tmp102Low         = 2
	tmp102High        = 3

	tmp102OneShot  = 1 << 15
	tmp102Shutdown = 1 << 8
	tmp102Extended = 1 << 4
	tmp102Writable = 0x1fd0 // without the one-shot bit, the resolution and the alert
)

// tmp102 is a thermometer whose room swings between 23 and 27 °C within a minute. The alert pin is not modelled.
type tmp102 struct {
	words
	clock     Clock
	config    uint16
	low, high uint16
	result    uint16        // of the last conversion, when none goes on by itself
	ready     time.Duration // when the conversion that was asked for is done
}

// NewTMP102 returns a thermometer that converts four times a second.
func NewTMP102(clock Clock) Sensor {
	d := &tmp102{clock: clock, config: 0x60a0, low: 0x4b00, high: 0x5000}
	d.words = words{load: d.load, store: d.store}
	return d
}

func (d *tmp102) load(register byte) uint16 {
	now := d.clock()
	switch register {
	case tmp102Temperature:
		if d.config&tmp102Shutdown == 0 {
			d.result = d.convert(now - now%d.period())
		}
		return d.result
	case tmp102Config:
		if d.config&tmp102Shutdown != 0 && now >= d.ready {
			return d.config | tmp102OneShot
		}
		return d.config
	case tmp102Low:
		return d.low
	default:
		return d.high
	}
}

func (d *tmp102) store(register byte, value uint16) {
	switch register {
	case tmp102Config:
		now := d.clock()
		if d.config&tmp102Shutdown == 0 {
			d.result = d.convert(now - now%d.period())
		}
		d.config = d.config&^tmp102Writable | value&tmp102Writable
		if value&tmp102OneShot != 0 && value&tmp102Shutdown != 0 {
			d.ready = now + 26*time.Millisecond
			d.result = d.convert(d.ready)
		}
	case tmp102Low:
		d.low = value
	case tmp102High:
		d.high = value
	}
}

// period is the time between conversions, as the bits CR1 and CR0 choose it.
func (d *tmp102) period() time.Duration {
	return [4]time.Duration{4 * time.Second, time.Second, 250 * time.Millisecond, 125 * time.Millisecond}[d.config>>6&3]
}

// convert is the temperature in steps of 1/16 °C, left-aligned, in 12 bits or, extended, 13 bits and a one.
func (d *tmp102) convert(at time.Duration) uint16 {
	steps := wave(at, 25, 2, time.Minute) * 16
	if d.config&tmp102Extended != 0 {
		return uint16(whole(steps, -1<<12, 1<<12-1))<<3 | 1
	}
	return uint16(whole(steps, -1<<11, 1<<11-1)) << 4
}
