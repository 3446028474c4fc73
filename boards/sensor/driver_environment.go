package sensor

import (
	"periph.io/x/conn/v3/physic"
	"periph.io/x/devices/v3/aht20"
	"periph.io/x/devices/v3/am2320"
	"periph.io/x/devices/v3/bmxx80"
	"periph.io/x/devices/v3/hdc302x"
	"periph.io/x/devices/v3/mcp9808"
	"periph.io/x/devices/v3/scd4x"
	"periph.io/x/devices/v3/tmp102"
)

// environmentDrivers are those of temperature, humidity, pressure and carbon dioxide.
func environmentDrivers() []Driver {
	return []Driver{
		{
			Name: "bmxx80", Title: "Bosch BMP180, BMP280, BME280: pressure, temperature, humidity",
			Addresses: []uint16{0x76, 0x77}, SPI: true,
			ids:  []Identity{identity(0xd0, "be:u8/8", 0xff, 0x55, 0x58, 0x60)},
			open: openBMxx80,
		},
		{
			Name: "aht20", Title: "Aosong AHT20: temperature and humidity",
			Addresses: []uint16{0x38},
			open: func(b drivenBus) (*driven, error) {
				dev, err := aht20.NewI2C(b.i2c, nil)
				if err != nil {
					return nil, err
				}
				return environment(dev.Sense, temperature, humidity), nil
			},
		},
		{
			Name: "am2320", Title: "Aosong AM2320: temperature and humidity, once in 3 s",
			Addresses: []uint16{am2320.SensorAddress},
			open: func(b drivenBus) (*driven, error) {
				dev, err := am2320.NewI2C(b.i2c, b.addr)
				if err != nil {
					return nil, err
				}
				return environment(dev.Sense, temperature, humidity), nil
			},
		},
		{
			Name: "hdc302x", Title: "TI HDC3020, HDC3021, HDC3022: temperature and humidity, ten times a second",
			Addresses: []uint16{0x44, 0x45, 0x46, 0x47},
			open: func(b drivenBus) (*driven, error) {
				dev, err := hdc302x.NewI2C(b.i2c, b.addr, hdc302x.Rate10Hertz)
				if err != nil {
					return nil, err
				}
				d := environment(dev.Sense, temperature, humidity)
				d.halt = dev.Halt
				return d, nil
			},
		},
		{
			Name: "mcp9808", Title: "Microchip MCP9808: temperature",
			Addresses: []uint16{0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f},
			ids: []Identity{
				identity(0x06, "be:u16/16", 0xffff, 0x0054),
				identity(0x07, "be:u16/16", 0xff00, 0x0400),
			},
			open: func(b drivenBus) (*driven, error) {
				dev, err := mcp9808.New(b.i2c, &mcp9808.Opts{Addr: int(b.addr)})
				if err != nil {
					return nil, err
				}
				d := environment(dev.Sense, temperature)
				d.halt = dev.Halt
				return d, nil
			},
		},
		{
			Name: "tmp102", Title: "TI TMP102, TMP112, TMP75: temperature",
			Addresses: []uint16{0x48, 0x49, 0x4a, 0x4b},
			open: func(b drivenBus) (*driven, error) {
				dev, err := tmp102.NewI2C(b.i2c, b.addr, nil)
				if err != nil {
					return nil, err
				}
				d := environment(dev.Sense, temperature)
				d.halt = dev.Halt
				return d, nil
			},
		},
		{
			Name: "scd4x", Title: "Sensirion SCD40, SCD41: carbon dioxide, temperature, humidity, once in 5 s",
			Addresses: []uint16{scd4x.SensorAddress},
			open:      openSCD4x,
		},
	}
}

func openBMxx80(b drivenBus) (*driven, error) {
	var dev *bmxx80.Dev
	var err error
	if b.port != nil {
		dev, err = bmxx80.NewSPI(b.port, &bmxx80.DefaultOpts)
	} else {
		dev, err = bmxx80.NewI2C(b.i2c, b.addr, &bmxx80.DefaultOpts)
	}
	if err != nil {
		return nil, err
	}
	var precision physic.Env
	dev.Precision(&precision)
	channels := []Channel{temperature, pressure}
	if precision.Humidity != 0 {
		channels = append(channels, humidity) // a BME280
	}
	d := environment(dev.Sense, channels...)
	d.halt = dev.Halt
	return d, nil
}

func openSCD4x(b drivenBus) (*driven, error) {
	dev, err := scd4x.NewI2C(b.i2c, b.addr)
	if err != nil {
		return nil, err
	}
	return &driven{
		channels: []Channel{{"co2", "ppm"}, temperature, humidity},
		read: func(values []float64) error {
			var e scd4x.Env
			if err := dev.Sense(&e); err != nil {
				return err
			}
			values[0] = float64(e.CO2)
			values[1] = celsius(e.Temperature)
			values[2] = float64(e.Humidity) / float64(physic.PercentRH)
			return nil
		},
		halt: dev.Halt,
	}, nil
}

// The channels of sensors of the environment.
var (
	temperature = Channel{"temperature", "°C"}
	humidity    = Channel{"humidity", "%RH"}
	pressure    = Channel{"pressure", "Pa"}
)

// environment makes readings out of what periph calls an environment.
func environment(sense func(*physic.Env) error, channels ...Channel) *driven {
	return &driven{channels: channels, read: func(values []float64) error {
		var e physic.Env
		if err := sense(&e); err != nil {
			return err
		}
		for i, c := range channels {
			switch c {
			case temperature:
				values[i] = celsius(e.Temperature)
			case humidity:
				values[i] = float64(e.Humidity) / float64(physic.PercentRH)
			case pressure:
				values[i] = float64(e.Pressure) / float64(physic.Pascal)
			}
		}
		return nil
	}}
}

// celsius converts exactly: periph's temperatures are whole nanokelvins.
func celsius(t physic.Temperature) float64 {
	return float64(t-physic.ZeroCelsius) / float64(physic.Celsius)
}
