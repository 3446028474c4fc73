package sensors

import "time"

// Registers of the ADS1115, and the bits of its configuration (Texas Instruments SBAS444).
const (
	ads1115Conversion = 0
	ads1115Config     = 1
	ads1115Low        = 2
	ads1115High       = 3

	ads1115Start  = 1 << 15 // when read: idle
	ads1115Single = 1 << 8
)

// ads1115 is a converter with four voltages: a sine of 1 Hz, a slow one, a steady 2.5 V, and ground. The comparator's pin
// is not modelled.
type ads1115 struct {
	words
	clock     Clock
	config    uint16
	low, high uint16
	result    uint16
	ready     time.Duration // when the conversion is done that was started last
}

// NewADS1115 returns a converter that waits for its first command.
func NewADS1115(clock Clock) Sensor {
	d := &ads1115{clock: clock, config: 0x0583, low: 0x8000, high: 0x7fff}
	d.words = words{load: d.load, store: d.store}
	return d
}

func (d *ads1115) load(register byte) uint16 {
	now := d.clock()
	switch register {
	case ads1115Conversion:
		switch {
		case d.config&ads1115Single == 0 && now >= d.ready:
			d.result = d.convert(d.ready + (now-d.ready)/d.period()*d.period())
		case d.config&ads1115Single != 0 && d.ready != 0 && now >= d.ready:
			d.result = d.convert(d.ready)
		}
		return d.result
	case ads1115Config:
		if d.config&ads1115Single != 0 && now >= d.ready {
			return d.config | ads1115Start
		}
		return d.config
	case ads1115Low:
		return d.low
	default:
		return d.high
	}
}

func (d *ads1115) store(register byte, value uint16) {
	switch register {
	case ads1115Config:
		d.load(ads1115Conversion) // what was measured under the old configuration stays
		d.config = value &^ ads1115Start
		d.ready = 0
		if d.config&ads1115Single == 0 || value&ads1115Start != 0 {
			d.ready = d.clock() + d.period()
		}
	case ads1115Low:
		d.low = value
	case ads1115High:
		d.high = value
	}
}

// period is the time of one conversion.
func (d *ads1115) period() time.Duration {
	return time.Second / [8]time.Duration{8, 16, 32, 64, 128, 250, 475, 860}[d.config>>5&7]
}

// convert is the voltage between the two inputs that are chosen, in parts of the range that is chosen.
func (d *ads1115) convert(at time.Duration) uint16 {
	inputs := [4]float64{wave(at, 1.65, 1, time.Second), wave(at, 0.8, 0.4, time.Minute), 2.5, 0}
	var volts float64
	switch mux := d.config >> 12 & 7; mux {
	case 0:
		volts = inputs[0] - inputs[1]
	case 1, 2, 3: // input 0, 1 or 2 against input 3
		volts = inputs[mux-1] - inputs[3]
	default:
		volts = inputs[mux-4]
	}
	fullScale := [8]float64{6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256}[d.config>>9&7]
	return uint16(whole(volts/fullScale*(1<<15), -1<<15, 1<<15-1))
}
