package sensor

import (
	"errors"
	"strings"
	"time"

	"periph.io/x/conn/v3/physic"
	"periph.io/x/devices/v3/ads1x15"
	"periph.io/x/devices/v3/adxl345"
	"periph.io/x/devices/v3/as7262"
	"periph.io/x/devices/v3/bh1750"
	"periph.io/x/devices/v3/ccs811"
	"periph.io/x/devices/v3/ina219"
	"periph.io/x/devices/v3/mpu9250"
	"periph.io/x/devices/v3/sgp30"
)

// otherDrivers are those of motion, voltage and current, light and air quality.
func otherDrivers() []Driver {
	fourAt48 := []uint16{0x48, 0x49, 0x4a, 0x4b}
	return []Driver{
		{
			Name: "mpu9250", Title: "InvenSense MPU-9250, MPU-9255, MPU-6500: acceleration and rotation",
			Addresses: []uint16{0x68, 0x69},
			ids:       []Identity{identity(0x75, "be:u8/8", 0xff, 0x70, 0x71, 0x73)},
			open:      openMPU9250,
		},
		{
			Name: "adxl345", Title: "Analog Devices ADXL345 over SPI: acceleration",
			SPI:  true,
			open: openADXL345,
		},
		{
			Name: "ads1015", Title: "TI ADS1015: four voltages",
			Addresses: fourAt48,
			open: func(b drivenBus) (*driven, error) {
				dev, err := ads1x15.NewADS1015(b.i2c, &ads1x15.Opts{I2cAddress: b.addr})
				return openADS1x15(dev, 3300*physic.Hertz, err)
			},
		},
		{
			Name: "ads1115", Title: "TI ADS1115: four voltages",
			Addresses: fourAt48,
			open: func(b drivenBus) (*driven, error) {
				dev, err := ads1x15.NewADS1115(b.i2c, &ads1x15.Opts{I2cAddress: b.addr})
				return openADS1x15(dev, 860*physic.Hertz, err)
			},
		},
		{
			Name: "ina219", Title: "TI INA219 with a shunt of 0.1 Ω: voltage, current, power",
			Addresses: []uint16{
				0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,
			},
			open: openINA219,
		},
		{
			Name: "bh1750", Title: "ROHM BH1750: illuminance",
			Addresses: []uint16{bh1750.I2CAddr, bh1750.AlternativeI2CAddr},
			open: func(b drivenBus) (*driven, error) {
				dev, err := bh1750.NewI2C(b.i2c, b.addr)
				if err != nil {
					return nil, err
				}
				read := func(values []float64) error {
					flux, err := dev.Sense()
					values[0] = float64(flux) / float64(physic.Lumen)
					return err
				}
				return &driven{channels: []Channel{{"illuminance", "lx"}}, read: read, halt: dev.Halt}, nil
			},
		},
		{
			Name: "ccs811", Title: "ams CCS811: equivalent carbon dioxide, volatile organic compounds, once a second",
			Addresses: []uint16{0x5a, 0x5b},
			ids:       []Identity{identity(0x20, "be:u8/8", 0xff, 0x81)},
			open:      openCCS811,
		},
		{
			Name: "sgp30", Title: "Sensirion SGP30: equivalent carbon dioxide, volatile organic compounds; opening takes 20 s",
			Addresses: []uint16{0x58},
			open:      openSGP30,
		},
		{
			Name: "as7262", Title: "ams AS7262: six colours of light",
			Addresses: []uint16{0x49},
			open:      openAS7262,
		},
	}
}

func openMPU9250(b drivenBus) (*driven, error) {
	transport, err := mpu9250.NewI2cTransport(b.i2c, b.addr)
	if err != nil {
		return nil, err
	}
	dev, err := mpu9250.New(*transport)
	if err != nil {
		return nil, err
	}
	if err := dev.Init(); err != nil {
		return nil, err
	}
	// The driver's start turns one axis of the gyroscope off (bit 0 of register 0x6c), and none of its other
	// calls can clear a bit: all axes on, ±250 °/s, ±2 g.
	for _, register := range []byte{0x6c, 0x1b, 0x1c} {
		if err := dev.WriteByteAddress(register, 0); err != nil {
			return nil, err
		}
	}
	read := func(values []float64) error {
		a, r, err := dev.GetMotion6()
		if err != nil {
			return err
		}
		for i, raw := range []int16{a.X, a.Y, a.Z} {
			values[i] = float64(raw) / 16384
		}
		for i, raw := range []int16{r.X, r.Y, r.Z} {
			values[3+i] = float64(raw) / 131
		}
		return nil
	}
	return &driven{channels: append(axes("accel", "g"), axes("gyro", "°/s")...), read: read}, nil
}

func axes(name, unit string) []Channel {
	return []Channel{{name + "_x", unit}, {name + "_y", unit}, {name + "_z", unit}}
}

// openADXL345 reads the registers itself: the driver's own reading shifts the upper bytes out of its numbers, and over I2C it
// addresses registers that are not there.
func openADXL345(b drivenBus) (*driven, error) {
	dev, err := adxl345.NewSpi(b.port, &adxl345.Opts{ExpectedDeviceID: adxl345.Adxl345})
	if err != nil {
		return nil, err
	}
	read := func(values []float64) error {
		for i := range values {
			low, err := dev.Read(adxl345.DataX0 + byte(2*i))
			if err != nil {
				return err
			}
			high, err := dev.Read(adxl345.DataX1 + byte(2*i))
			if err != nil {
				return err
			}
			// The driver returns what came with the address below and the register above.
			raw := int16(uint16(high)&0xff00 | uint16(low)>>8)
			values[i] = float64(raw) / 256
		}
		return nil
	}
	return &driven{channels: axes("accel", "g"), read: read, halt: dev.TurnOff}, nil
}

func openADS1x15(dev *ads1x15.Dev, rate physic.Frequency, err error) (*driven, error) {
	if err != nil {
		return nil, err
	}
	var d driven
	var pins []ads1x15.PinADC
	for i, channel := range []ads1x15.Channel{ads1x15.Channel0, ads1x15.Channel1, ads1x15.Channel2, ads1x15.Channel3} {
		pin, err := dev.PinForChannel(channel, 4096*physic.MilliVolt, rate, ads1x15.BestQuality)
		if err != nil {
			return nil, err
		}
		pins = append(pins, pin)
		d.channels = append(d.channels, Channel{"voltage_" + string(rune('0'+i)), "V"})
	}
	d.read = func(values []float64) error {
		for i, pin := range pins {
			sample, err := pin.Read()
			if err != nil {
				return err
			}
			values[i] = float64(sample.V) / float64(physic.Volt)
		}
		return nil
	}
	return &d, nil
}

func openINA219(b drivenBus) (*driven, error) {
	options := ina219.DefaultOpts
	options.Address = int(b.addr)
	dev, err := ina219.New(b.i2c, &options)
	if err != nil {
		return nil, err
	}
	read := func(values []float64) error {
		p, err := dev.Sense()
		values[0] = float64(p.Voltage) / float64(physic.Volt)
		values[1] = float64(p.Shunt) / float64(physic.Volt)
		values[2] = float64(p.Current) / float64(physic.Ampere)
		values[3] = float64(p.Power) / float64(physic.Watt)
		return err
	}
	return &driven{channels: []Channel{{"bus_voltage", "V"}, {"shunt_voltage", "V"}, {"current", "A"}, {"power", "W"}}, read: read}, nil
}

var errNoData = errors.New("no new measurement is ready")

func openCCS811(b drivenBus) (*driven, error) {
	options := ccs811.DefaultOpts
	options.Addr = b.addr
	dev, err := ccs811.New(b.i2c, &options)
	if err != nil {
		return nil, err
	}
	read := func(values []float64) error {
		var v ccs811.SensorValues
		if err := dev.Sense(&v); err != nil {
			return err
		}
		const failed, ready = 0x01, 0x08 // bits of the status
		switch {
		case v.Status&failed != 0 && v.Error != nil:
			return v.Error
		case v.Status&ready == 0:
			return errNoData
		}
		values[0], values[1] = float64(v.ECO2), float64(v.VOC)
		return nil
	}
	return &driven{channels: []Channel{{"eco2", "ppm"}, {"tvoc", "ppb"}}, read: read}, nil
}

func openSGP30(b drivenBus) (*driven, error) {
	dev, err := sgp30.NewI2C(b.i2c, b.ctx)
	if err != nil {
		return nil, err
	}
	// The driver measures each second by itself, and what it tells is the last that succeeded.
	read := func(values []float64) error {
		e := dev.AirQuality()
		values[0], values[1] = float64(e.CO2), float64(e.TVOC)
		return nil
	}
	return &driven{channels: []Channel{{"eco2", "ppm"}, {"tvoc", "ppb"}}, read: read, background: true}, nil
}

func openAS7262(b drivenBus) (*driven, error) {
	dev, err := as7262.New(b.i2c, &as7262.Opts{Gain: as7262.G16x})
	if err != nil {
		return nil, err
	}
	var d driven
	for _, colour := range strings.Fields("violet blue green yellow orange red") {
		d.channels = append(d.channels, Channel{Name: colour})
	}
	d.read = func(values []float64) error {
		spectrum, err := dev.Sense(0, 140*time.Millisecond)
		if err != nil {
			return err
		}
		for i, band := range spectrum.Bands {
			values[i] = band.Value // in the chip's calibrated counts
		}
		return nil
	}
	return &d, nil
}
