package hdf5

import (
	"encoding/binary"
	"fmt"
)

// message is one entry of an object header.
type message struct {
	kind   int
	shared bool // the body only tells where the message is
	body   []byte
}

// segment is a range of an object header that holds messages. The first one follows the prefix;
// continuation messages tell of the others.
type segment struct{ address, size uint64 }

// messages returns the messages of the object header at an address.
func (f *File) messages(address uint64) ([]message, error) {
	start, err := f.block(address, 16)
	if err != nil {
		return nil, fmt.Errorf("object header: %w", err)
	}
	if string(start[:4]) == "OHDR" {
		return f.newMessages(address, start)
	}
	if start[0] != 1 || start[1] != 0 {
		return nil, fmt.Errorf("no object header at address %#x", address)
	}
	first := segment{address + 16, uint64(binary.LittleEndian.Uint32(start[8:]))}
	return f.collect([]segment{first}, f.block, parseOldMessage)
}

// newMessages reads a header of version 2, whose segments have checksums.
func (f *File) newMessages(address uint64, start []byte) ([]message, error) {
	if start[4] != 2 {
		return nil, fmt.Errorf("object header at address %#x: version %d is not read: 1 and 2 are", address, start[4])
	}
	flags := start[5]
	prefix := uint64(6)
	if flags&0x20 != 0 {
		prefix += 16 // times
	}
	if flags&0x10 != 0 {
		prefix += 4 // when attributes move to dense storage
	}
	width := uint64(1) << (flags & 3)
	field, err := f.block(address+prefix, width)
	if err != nil {
		return nil, err
	}
	c := cursor{b: field}
	size := c.uint(int(width))
	prefix += width
	if err := f.within(address, prefix+4); err != nil {
		return nil, err
	}
	if size > f.size {
		return nil, fmt.Errorf("object header of %d bytes in a file of %d", size, f.size)
	}
	parse := func(c *cursor) (message, bool) { return parseNewMessage(c, flags&4 != 0) }
	// The first segment's checksum covers the prefix too.
	first := true
	read := func(at, n uint64) ([]byte, error) {
		if first {
			first = false
			b, err := f.checked(address, prefix+size+4, "OHDR")
			if err != nil {
				return nil, err
			}
			return b[prefix:], nil
		}
		b, err := f.checked(at, n, "OCHK")
		if err != nil {
			return nil, err
		}
		return b[4:], nil
	}
	return f.collect([]segment{{address, size}}, read, parse)
}

// collect reads segments, and those that their messages tell of. Messages cost of an allowance, so
// a segment that continues with itself ends.
func (f *File) collect(segments []segment, read func(address, n uint64) ([]byte, error), parse func(*cursor) (message, bool)) ([]message, error) {
	var messages []message
	for i := 0; i < len(segments); i++ {
		b, err := read(segments[i].address, segments[i].size)
		if err != nil {
			return nil, fmt.Errorf("object header: %w", err)
		}
		c := &cursor{b: b}
		for {
			m, ok := parse(c)
			if !ok {
				break
			}
			if err := f.entry(); err != nil {
				return nil, err
			}
			if c.short {
				return nil, fmt.Errorf("object header: a message %#02x at the end of the segment at address %#x %w", m.kind, segments[i].address, errShort)
			}
			if m.kind == messageContinuation {
				d := cursor{b: m.body}
				segments = append(segments, segment{d.u64(), d.u64()})
				if d.short {
					return nil, fmt.Errorf("object header: a continuation %w", errShort)
				}
				continue
			}
			messages = append(messages, m)
		}
	}
	return messages, nil
}

// parseOldMessage reports false where there is no room for another message.
func parseOldMessage(c *cursor) (message, bool) {
	if len(c.b) < 8 {
		return message{}, false
	}
	kind, size, flags := c.u16(), c.u16(), c.u8()
	c.skip(3)
	return message{kind, flags&2 != 0, c.take(size)}, true
}

func parseNewMessage(c *cursor, ordered bool) (message, bool) {
	length := 4
	if ordered {
		length += 2
	}
	if len(c.b) < length {
		return message{}, false
	}
	kind, size, flags := int(c.u8()), c.u16(), c.u8()
	c.skip(length - 4)
	return message{kind, flags&2 != 0, c.take(size)}, true
}
