package sensor

import "time"

// Description is a sensor that a file describes: how it is found, started and read, and what its bytes mean. The file is
// YAML, since registers are best written in hexadecimal with the datasheet's table in a comment beside them, and
// since that is the language of a stream's configuration too. It is read strictly: an unknown or repeated key, an anchor
// or a tag is an error that names the line.
//
// A reading goes in this order: the trigger, the reply, the bursts, then the channels, each with its own
// trigger. A channel's number comes from its register (out of a burst that covers it, else read by itself), from the
// place At in the reply, or from the place At in the answer to its own transfer. Its value is number × scale + offset.
type Description struct {
	Name   string `yaml:"name"`   // what the sensor is asked for by: lower case letters, digits and _
	Title  string `yaml:"title"`  // for people
	Source string `yaml:"source"` // the datasheet, with its revision

	I2C          *I2CWiring `yaml:"i2c"`
	SPI          *SPIWiring `yaml:"spi"`
	RegisterBits int        `yaml:"register_bits"` // of a register's address: 8 (if absent) or 16
	CRC          *CRC       `yaml:"crc"`           // if everything that is read carries checksums

	ExpectID []Identity    `yaml:"expect_id"` // all must hold
	Init     []Command     `yaml:"init"`
	Trigger  *Command      `yaml:"trigger"` // starts each reading
	Reply    int           `yaml:"reply"`   // so many bytes, without checksums, are read then with no register named
	Burst    []Burst       `yaml:"burst"`
	Channels []ChannelSpec `yaml:"channels"`

	text []byte // as it was read
}

// I2CWiring says how the sensor hangs on an I2C bus. The first address is the usual one.
type I2CWiring struct {
	Addresses    []uint16 `yaml:"addresses"`
	IncrementBit byte     `yaml:"increment_bit"` // set in the register's address where several bytes are read or written
}

// SPIWiring says how the sensor hangs on an SPI bus.
type SPIWiring struct {
	Hertz        int  `yaml:"hertz"` // the fastest clock
	Mode         int  `yaml:"mode"`  // 0 to 3
	ReadBit      byte `yaml:"read_bit"`
	IncrementBit byte `yaml:"increment_bit"`
}

// Identity is a register that says what the sensor is.
type Identity struct {
	Register int      `yaml:"register"`
	Type     string   `yaml:"type"` // be:u8/8 if absent
	Mask     uint64   `yaml:"mask"` // all bits if absent
	Values   []uint64 `yaml:"values"`

	typ Type
}

// Command is bytes that are written, into a register if there is one, and a wait after it.
type Command struct {
	Register *int          `yaml:"register"`
	Write    []byte        `yaml:"write"`
	Wait     time.Duration `yaml:"wait"`
}

// Burst is registers that are read in one transaction, so that their values belong together.
type Burst struct {
	Register int `yaml:"register"`
	Bytes    int `yaml:"bytes"` // the registers that follow count by bytes
}

// ChannelSpec is a channel of a description.
type ChannelSpec struct {
	Name     string   `yaml:"name"`
	Unit     string   `yaml:"unit"`
	Trigger  *Command `yaml:"trigger"`
	Register *int     `yaml:"register"`
	Transfer []byte   `yaml:"transfer"` // what an SPI sensor is sent while it answers
	At       *int     `yaml:"at"`
	Type     string   `yaml:"type"`   // in the notation of [ParseType]; its storage says how many bytes are read
	Mask     *uint64  `yaml:"mask"`   // of the stored bits, before they are shifted
	Scale    string   `yaml:"scale"`  // a number or a fraction such as 175/65535; 1 if absent
	Offset   float64  `yaml:"offset"` // in the channel's unit
}

// Bounds of a description. They are far above what sensors need.
const (
	largestDescription = 64 << 10
	mostChannels       = 64
	mostCommands       = 128
	mostIDs            = 8
	mostAddresses      = 16
	mostBursts         = 16
	mostBytes          = 256              // of one transaction
	longestWait        = 10 * time.Second // of one command
)

// ChannelList returns the channels of a sensor so described.
func (d *Description) ChannelList() []Channel {
	channels := make([]Channel, len(d.Channels))
	for i, c := range d.Channels {
		channels[i] = Channel{c.Name, c.Unit}
	}
	return channels
}

// Text returns the file, for people to begin their own with.
func (d *Description) Text() []byte { return d.text }
