package sensors

import (
	"encoding/binary"
	"time"
)

// Registers of the MPU-6050 (InvenSense RM-MPU-6000A-00) that do something here.
const (
	mpu6050RateDivider = 0x19
	mpu6050Config      = 0x1a
	mpu6050GyroConfig  = 0x1b
	mpu6050AccelConfig = 0x1c
	mpu6050Data        = 0x3b // acceleration x, y, z; temperature; rotation x, y, z: 16 bits each, high byte first
	mpu6050DataEnd     = 0x49
	mpu6050Power       = 0x6b
	mpu6050WhoAmI      = 0x75

	mpu6050Reset = 1 << 7
	mpu6050Sleep = 1 << 6
)

// mpu6050 is an accelerometer and gyroscope that is shaken to and fro along x, 0.25 g twice a second, and turned about z.
// Its queue, its interrupt and its second bus are not modelled.
type mpu6050 struct {
	clock     Clock
	registers [128]byte
	pointer   byte
}

// NewMPU6050 returns a sensor that sleeps, as the real one does after power came on.
func NewMPU6050(clock Clock) Sensor {
	d := &mpu6050{clock: clock}
	d.reset()
	return d
}

func (d *mpu6050) reset() {
	d.registers = [128]byte{mpu6050Power: mpu6050Sleep, mpu6050WhoAmI: 0x68}
}

// Transfer goes on to the next register after each byte in both directions. The values of a burst belong to one moment.
func (d *mpu6050) Transfer(write, read []byte) error {
	if len(write) > 0 {
		d.pointer = write[0] & 0x7f
		for _, value := range write[1:] {
			d.store(d.pointer, value)
			d.pointer = (d.pointer + 1) & 0x7f
		}
	}
	if len(read) > 0 {
		d.measure()
	}
	for i := range read {
		read[i] = d.registers[d.pointer]
		d.pointer = (d.pointer + 1) & 0x7f
	}
	return nil
}

func (d *mpu6050) store(register, value byte) {
	switch {
	case register == mpu6050Power && value&mpu6050Reset != 0:
		d.reset()
	case register >= mpu6050Data && register < mpu6050DataEnd || register == mpu6050WhoAmI:
	default:
		if register == mpu6050Power {
			d.measure() // what was measured last stays when it falls asleep
		}
		d.registers[register] = value
	}
}

// measure fills the data registers with the last sample that was due, unless the sensor sleeps.
func (d *mpu6050) measure() {
	if d.registers[mpu6050Power]&mpu6050Sleep != 0 {
		return
	}
	now := d.clock()
	now -= now % d.period()
	g := float64(int(16384) >> (d.registers[mpu6050AccelConfig] >> 3 & 3))
	degree := 131 / float64(int(1)<<(d.registers[mpu6050GyroConfig]>>3&3)) // per second
	for i, value := range [7]float64{
		wave(now, 0, 0.25, 500*time.Millisecond) * g, 0, g,
		(wave(now, 30, 1, time.Minute) - 36.53) * 340,
		0, 0, wave(now, 0, 90, 2*time.Second) * degree,
	} {
		binary.BigEndian.PutUint16(d.registers[mpu6050Data+2*i:], uint16(whole(value, -1<<15, 1<<15-1)))
	}
}

// period is the time between samples: 8 kHz, or 1 kHz behind the low-pass filter, divided.
func (d *mpu6050) period() time.Duration {
	base := 125 * time.Microsecond
	if filter := d.registers[mpu6050Config] & 7; filter != 0 && filter != 7 {
		base = time.Millisecond
	}
	return base * time.Duration(1+int(d.registers[mpu6050RateDivider]))
}
