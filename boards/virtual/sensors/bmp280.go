package sensors

import (
	"encoding/binary"
	"time"
)

// Registers of the BMP280 (Bosch Sensortec BST-BMP280-DS001).
const (
	bmp280Calibration = 0x88
	bmp280ID          = 0xd0
	bmp280Reset       = 0xe0
	bmp280Status      = 0xf3
	bmp280Control     = 0xf4
	bmp280Config      = 0xf5
	bmp280Pressure    = 0xf7
	bmp280Temperature = 0xfa

	bmp280ResetWord = 0xb6
	bmp280Measuring = 1 << 3
	// bmp280Skipped is what a quantity reads that was not measured.
	bmp280Skipped = 0x80000

	bmp280Sleep  = 0
	bmp280Normal = 3
)

// bmp280 is a barometer in a room between 20 and 24 °C, in a weather between 1003 and 1023 hPa. Its filter is not modelled.
type bmp280 struct {
	clock     Clock
	registers [256]byte
	pointer   byte
	ready     time.Duration // when the measurement that goes on is done
	busy      bool          // it has not been stored yet
}

// NewBMP280 returns a barometer that sleeps, as the real one does after power came on.
func NewBMP280(clock Clock) Sensor {
	d := &bmp280{clock: clock}
	d.reset()
	return d
}

func (d *bmp280) reset() {
	d.registers, d.busy = [256]byte{bmp280ID: 0x58}, false
	for i, c := range bmp280Coefficients {
		binary.LittleEndian.PutUint16(d.registers[bmp280Calibration+2*i:], uint16(c))
	}
	d.put(bmp280Pressure, bmp280Skipped)
	d.put(bmp280Temperature, bmp280Skipped)
}

// Transfer takes pairs of a register and its value, all in one message; a register without a value at the message's end is
// where reading begins, which then goes on to the next register.
func (d *bmp280) Transfer(write, read []byte) error {
	d.advance()
	for len(write) >= 2 {
		d.store(write[0], write[1])
		d.pointer, write = write[0], write[2:]
	}
	if len(write) == 1 {
		d.pointer = write[0]
	}
	for i := range read {
		read[i] = d.registers[d.pointer]
		d.pointer++
	}
	return nil
}

func (d *bmp280) store(register, value byte) {
	switch register {
	case bmp280Reset:
		if value == bmp280ResetWord {
			d.reset()
		}
	case bmp280Config:
		d.registers[register] = value
	case bmp280Control:
		d.registers[register] = value
		if d.busy = d.mode() != bmp280Sleep; d.busy {
			d.ready = d.clock() + d.duration()
			d.advance()
		}
	}
}

// advance stores the last measurement that has been done by now.
func (d *bmp280) advance() {
	d.registers[bmp280Status] = 0
	if !d.busy {
		return
	}
	now := d.clock()
	if now >= d.ready {
		if d.mode() != bmp280Normal { // forced: one measurement, then sleep
			d.measure(d.ready)
			d.registers[bmp280Control] &^= 3
			d.busy = false
			return
		}
		period := d.standby() + d.duration()
		last := d.ready + (now-d.ready)/period*period
		d.measure(last)
		d.ready = last + period
	}
	if now >= d.ready-d.duration() {
		d.registers[bmp280Status] = bmp280Measuring
	}
}

func (d *bmp280) measure(at time.Duration) {
	celsius := wave(at, 22, 2, 3*time.Minute)
	pascal := wave(at, 101300, 1000, 2*time.Minute)
	temperature := search(celsius, func(raw float64) float64 { return bmp280Fine(raw) / 5120 })
	fine := bmp280Fine(float64(temperature))
	// The larger the number, the lower the pressure.
	pressure := search(-pascal, func(raw float64) float64 { return -bmp280Pascal(raw, fine) })
	if d.oversampling(5) == 0 {
		temperature = bmp280Skipped
	}
	if d.oversampling(2) == 0 {
		pressure = bmp280Skipped
	}
	d.put(bmp280Temperature, temperature)
	d.put(bmp280Pressure, pressure)
}

// put stores 20 bits, left-aligned in three registers.
func (d *bmp280) put(register int, raw uint32) {
	binary.BigEndian.PutUint16(d.registers[register:], uint16(raw>>4))
	d.registers[register+2] = byte(raw << 4)
}

func (d *bmp280) mode() byte { return d.registers[bmp280Control] & 3 }

// oversampling is how many samples a measurement takes of temperature (bits from 5) or pressure (from 2).
func (d *bmp280) oversampling(shift int) int {
	return [8]int{0, 1, 2, 4, 8, 16, 16, 16}[d.registers[bmp280Control]>>shift&7]
}

// duration is the typical time of a measurement, section 3.8.1.
func (d *bmp280) duration() time.Duration {
	us := 1000 + 2000*d.oversampling(5) + 2000*d.oversampling(2)
	if d.oversampling(2) > 0 {
		us += 500
	}
	return time.Duration(us) * time.Microsecond
}

// standby is the pause between measurements in normal mode.
func (d *bmp280) standby() time.Duration {
	us := [8]int{500, 62500, 125000, 250000, 500000, 1000000, 2000000, 4000000}[d.registers[bmp280Config]>>5]
	return time.Duration(us) * time.Microsecond
}

// search finds the reading of 20 bits for which a rising function comes up to want.
func search(want float64, rising func(raw float64) float64) uint32 {
	low, high := uint32(0), uint32(1<<20-1)
	for low < high {
		if middle := (low + high) / 2; rising(float64(middle)) < want {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
