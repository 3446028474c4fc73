package sensor

import "time"

// plan is a description made ready for one sensor on one kind of bus: the transactions of a reading with their
// buffers, so that nothing is allocated while reading.
type plan struct {
	steps []step
	parts []part // one a channel
	frame []byte // the bytes of a reading, without checksums
}

// step is one transaction, and a wait after it. With nothing to write and to read it is only the wait.
type step struct {
	write    []byte
	read     []byte // what is on the wire: leading bytes to skip, data, checksums
	exchange bool   // writing and reading happen at once, as on SPI; else reading follows writing
	skip     int
	crc      *CRC
	data     []byte // the place of the data in the frame
	wait     time.Duration
}

// part is the place and meaning of a channel's bytes.
type part struct {
	at                    int // in the frame
	typ                   Type
	mask                  uint64
	scale, divide, offset float64
}

// value works out a channel's value. The product is rounded before anything is added to it, so that every
// processor gives the same bits.
func (p *part) value(frame []byte) float64 {
	v := float64(p.typ.value(p.typ.word(frame[p.at:])&p.mask) * p.scale)
	if p.divide != 1 {
		v /= p.divide
	}
	return v + p.offset
}

// burstOf finds the burst that a channel's register lies in, and the place there. A register that is longer
// than a byte is counted by its first.
func (d *Description) burstOf(c *ChannelSpec, typ Type) (burst int, found bool) {
	for i, b := range d.Burst {
		at := *c.Register - b.Register
		if at >= 0 && at+typ.Bytes() <= b.Bytes {
			return i, true
		}
	}
	return 0, false
}

// plan lays out a reading over SPI or else I2C. The description has been checked.
func (d *Description) plan(spi bool) *plan {
	p := &plan{}
	size := d.Reply
	for _, b := range d.Burst {
		size += b.Bytes
	}
	for _, c := range d.Channels {
		size += max(len(c.Transfer), 8)
	}
	p.frame = make([]byte, size)
	used := 0
	take := func(n int) (at int, data []byte) {
		at = used
		used += n
		return at, p.frame[at:used:used]
	}

	if d.Trigger != nil {
		p.steps = append(p.steps, d.command(spi, d.Trigger))
	}
	if d.Reply > 0 {
		_, data := take(d.Reply)
		p.steps = append(p.steps, step{read: make([]byte, d.CRC.wire(d.Reply)), crc: d.CRC, data: data})
	}
	bursts := make([]int, len(d.Burst))
	for i, b := range d.Burst {
		at, data := take(b.Bytes)
		bursts[i] = at
		p.steps = append(p.steps, d.readRegister(spi, b.Register, data))
	}
	for i := range d.Channels {
		c := &d.Channels[i]
		typ, _ := ParseType(c.Type)
		part := part{typ: typ, mask: 1<<64 - 1, offset: c.Offset}
		part.scale, part.divide, _ = ratio(c.Scale)
		if c.Mask != nil {
			part.mask = *c.Mask
		}
		if c.Trigger != nil {
			p.steps = append(p.steps, d.command(spi, c.Trigger))
		}
		switch {
		case c.Transfer != nil:
			at, data := take(len(c.Transfer))
			part.at = at + *c.At
			p.steps = append(p.steps, step{write: c.Transfer, read: make([]byte, len(data)), exchange: true, data: data})
		case c.At != nil:
			part.at = *c.At
		default:
			if i, found := d.burstOf(c, typ); found {
				part.at = bursts[i] + *c.Register - d.Burst[i].Register
				break
			}
			at, data := take(typ.Bytes())
			part.at = at
			p.steps = append(p.steps, d.readRegister(spi, *c.Register, data))
		}
		p.parts = append(p.parts, part)
	}
	return p
}

// address puts a register's address into bytes, with the bits that its bus wants for reading or writing n bytes.
func (d *Description) address(spi bool, register, n int, reading bool) []byte {
	var b []byte
	if d.RegisterBits == 16 {
		b = append(b, byte(register>>8))
	}
	b = append(b, byte(register))
	increment := byte(0)
	if spi {
		b[0] &^= d.SPI.ReadBit
		if reading {
			b[0] |= d.SPI.ReadBit
		}
		increment = d.SPI.IncrementBit
	} else {
		increment = d.I2C.IncrementBit
	}
	if n > 1 {
		b[0] |= increment
	}
	return b
}

// command makes the step that writes a command.
func (d *Description) command(spi bool, c *Command) step {
	var write []byte
	if c.Register != nil {
		write = d.address(spi, *c.Register, len(c.Write), false)
	}
	return step{write: append(write, c.Write...), wait: c.Wait}
}

// readRegister makes the step that reads a register, and those after it, into data.
func (d *Description) readRegister(spi bool, register int, data []byte) step {
	wire := d.CRC.wire(len(data))
	write := d.address(spi, register, len(data), true)
	if !spi {
		return step{write: write, read: make([]byte, wire), crc: d.CRC, data: data}
	}
	skip := len(write)
	write = append(write, make([]byte, wire)...)
	return step{write: write, read: make([]byte, len(write)), exchange: true, skip: skip, crc: d.CRC, data: data}
}

// identify makes the step that reads an identity.
func (d *Description) identify(spi bool, id *Identity) step {
	return d.readRegister(spi, id.Register, make([]byte, id.typ.Bytes()))
}

// value is what an identity's register has said.
func (id *Identity) value(data []byte) uint64 { return id.typ.bits(id.typ.word(data)) & id.Mask }
