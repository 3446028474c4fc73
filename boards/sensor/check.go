package sensor

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// checker judges a description that YAML could be read into, and keeps the first complaint.
type checker struct {
	file   string
	parsed *ast.File
	err    error
}

// fail complains about what is at a path in the file.
func (c *checker) fail(path, format string, a ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("sensor: %s:%d: %s", c.file, line(c.parsed, path), fmt.Sprintf(format, a...))
	}
}

// among fails unless a number is in a range.
func (c *checker) among(path, what string, n, least, most int) {
	if n < least || n > most {
		c.fail(path, "%s %d is not among %d to %d", what, n, least, most)
	}
}

// name fails unless a text is a name such as accel_x.
func (c *checker) name(path, name string) {
	ok := len(name) > 0 && len(name) <= 64 && name[0] >= 'a' && name[0] <= 'z'
	for _, r := range name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
	}
	if !ok {
		c.fail(path, "name %.80q: a name has lower case letters, digits and _, begins with a letter and has at most 64", name)
	}
}

func (c *checker) description(d *Description) {
	c.name("$.name", d.Name)
	if d.RegisterBits == 0 {
		d.RegisterBits = 8
	}
	if d.RegisterBits != 8 && d.RegisterBits != 16 {
		c.fail("$.register_bits", "register_bits %d: a register's address has 8 or 16", d.RegisterBits)
	}
	c.wiring(d)
	if d.CRC != nil {
		c.among("$.crc.words", "words", d.CRC.Words, 1, 32)
	}
	c.among("$.expect_id", "the number of identities", len(d.ExpectID), 0, mostIDs)
	for i := range d.ExpectID {
		c.identity(d, fmt.Sprintf("$.expect_id[%d]", i), &d.ExpectID[i])
	}
	c.among("$.init", "the number of commands", len(d.Init), 0, mostCommands)
	for i := range d.Init {
		c.command(d, fmt.Sprintf("$.init[%d]", i), &d.Init[i])
	}
	if d.Trigger != nil {
		c.command(d, "$.trigger", d.Trigger)
	}
	c.among("$.reply", "reply", d.Reply, 0, mostBytes)
	c.whole(d, "$.reply", d.Reply)
	c.among("$.burst", "the number of bursts", len(d.Burst), 0, mostBursts)
	for i, b := range d.Burst {
		path := fmt.Sprintf("$.burst[%d]", i)
		c.register(d, path+".register", b.Register)
		c.among(path+".bytes", "bytes", b.Bytes, 1, mostBytes)
		c.whole(d, path+".bytes", b.Bytes)
	}
	c.channels(d)
}

func (c *checker) wiring(d *Description) {
	if d.I2C == nil && d.SPI == nil {
		c.fail("$", "neither i2c nor spi: where is the sensor?")
	}
	if d.I2C != nil {
		c.among("$.i2c.addresses", "the number of addresses", len(d.I2C.Addresses), 1, mostAddresses)
		for i, a := range d.I2C.Addresses {
			c.among(fmt.Sprintf("$.i2c.addresses[%d]", i), "address", int(a), firstAddress, lastAddress)
		}
	}
	if d.SPI != nil {
		c.among("$.spi.hertz", "hertz", d.SPI.Hertz, 1000, 100_000_000)
		c.among("$.spi.mode", "mode", d.SPI.Mode, 0, 3)
	}
}

func (c *checker) register(d *Description, path string, register int) {
	c.among(path, "register", register, 0, 1<<d.RegisterBits-1)
}

// whole fails unless checksums divide so many bytes evenly.
func (c *checker) whole(d *Description, path string, n int) {
	if d.CRC != nil && d.CRC.Words > 0 && n%d.CRC.Words != 0 {
		c.fail(path, "%d bytes are no multiple of the %d that each checksum is for", n, d.CRC.Words)
	}
}

func (c *checker) identity(d *Description, path string, id *Identity) {
	c.register(d, path+".register", id.Register)
	if id.Type == "" {
		id.Type = "be:u8/8"
	}
	var err error
	if id.typ, err = ParseType(id.Type); err != nil || id.typ.Signed || id.typ.Repeat != 1 {
		c.fail(path+".type", "type %.40q: an identity has an unsigned type such as be:u16/16", id.Type)
		return
	}
	c.whole(d, path+".type", id.typ.Bytes())
	if id.Mask == 0 {
		id.Mask = math.MaxUint64
	}
	c.among(path+".values", "the number of values", len(id.Values), 1, 32)
}

func (c *checker) command(d *Description, path string, command *Command) {
	if command.Register != nil {
		c.register(d, path+".register", *command.Register)
	}
	c.among(path+".write", "the number of bytes", len(command.Write), 0, mostBytes)
	if len(command.Write) == 0 && (command.Register != nil || command.Wait == 0) {
		c.fail(path, "nothing to write and nothing to wait for")
	}
	if command.Wait < 0 || command.Wait > longestWait {
		c.fail(path+".wait", "wait %v is not among 0s to %v", command.Wait, time.Duration(longestWait))
	}
}

func (c *checker) channels(d *Description) {
	c.among("$.channels", "the number of channels", len(d.Channels), 1, mostChannels)
	seen := map[string]bool{}
	for i := range d.Channels {
		path := fmt.Sprintf("$.channels[%d]", i)
		channel := &d.Channels[i]
		c.name(path+".name", channel.Name)
		if seen[channel.Name] {
			c.fail(path+".name", "channel %s is there twice", channel.Name)
		}
		seen[channel.Name] = true
		c.unit(path+".unit", channel.Unit)
		if channel.Trigger != nil {
			c.command(d, path+".trigger", channel.Trigger)
		}
		c.number(d, path, channel)
	}
}

func (c *checker) unit(path, unit string) {
	if len(unit) > 16 || strings.ContainsFunc(unit, func(r rune) bool { return !strconv.IsPrint(r) }) {
		c.fail(path, "unit %.40q is not printable or has more than 16 bytes", unit)
	}
}

// number checks where a channel's number comes from and what it means.
func (c *checker) number(d *Description, path string, channel *ChannelSpec) {
	typ, err := ParseType(channel.Type)
	if err != nil {
		c.fail(path+".type", "%s", strings.TrimPrefix(err.Error(), "sensor: "))
		return
	}
	if typ.Repeat != 1 {
		c.fail(path+".type", "type %s: a channel is one number", channel.Type)
	}
	if channel.Mask != nil && typ.bits(*channel.Mask) == 0 {
		c.fail(path+".mask", "mask %#x leaves nothing of a %s", *channel.Mask, channel.Type)
	}
	switch {
	case channel.Register != nil && channel.Transfer == nil && channel.At == nil:
		c.register(d, path+".register", *channel.Register)
		if _, covered := d.burstOf(channel, typ); !covered {
			c.whole(d, path+".type", typ.Bytes())
		} else if channel.Trigger != nil {
			c.fail(path+".trigger", "a trigger comes too late for a register that a burst has read")
		}
	case channel.Transfer != nil && channel.Register == nil && channel.At != nil:
		if d.SPI == nil || d.I2C != nil {
			c.fail(path+".transfer", "only a sensor that is on SPI alone answers while it is written to")
		}
		c.among(path+".transfer", "the number of bytes", len(channel.Transfer), 1, mostBytes)
		c.among(path+".at", "at", *channel.At, 0, len(channel.Transfer)-typ.Bytes())
		if d.CRC != nil {
			c.fail(path+".transfer", "a transfer carries no checksums")
		}
	case channel.At != nil && channel.Register == nil && channel.Transfer == nil:
		c.among(path+".at", "at", *channel.At, 0, d.Reply-typ.Bytes())
		if channel.Trigger != nil {
			c.fail(path+".trigger", "a trigger comes too late for a reply that has been read")
		}
	default:
		c.fail(path, "channel %s: it has either a register, or at (in the reply), or a transfer and at", channel.Name)
	}
	if _, _, err := ratio(channel.Scale); err != nil {
		c.fail(path+".scale", "%s", err)
	}
	if math.IsNaN(channel.Offset) || math.IsInf(channel.Offset, 0) {
		c.fail(path+".offset", "offset %v is no number", channel.Offset)
	}
}

// ratio reads a scale: a number, or a fraction of two. It may not be 0.
func ratio(text string) (scale, divide float64, err error) {
	if text == "" {
		return 1, 1, nil
	}
	above, below, fraction := strings.Cut(text, "/")
	if !fraction {
		below = "1"
	}
	scale, err1 := strconv.ParseFloat(strings.TrimSpace(above), 64)
	divide, err2 := strconv.ParseFloat(strings.TrimSpace(below), 64)
	if q := scale / divide; err1 != nil || err2 != nil || q == 0 || math.IsNaN(q) || math.IsInf(q, 0) {
		return 0, 0, fmt.Errorf("scale %.40q: it is a number such as 0.0625 or a fraction such as 175/65535, and not 0", text)
	}
	return scale, divide, nil
}
