package hdf5

import "errors"

// cursor takes little-endian fields off a slice. What lies past the end reads as zeros, and is
// remembered: whoever uses a cursor asks for its err before believing what was read.
type cursor struct {
	b     []byte
	short bool
}

var errShort = errors.New("ends too early")

func (c *cursor) err() error {
	if c.short {
		return errShort
	}
	return nil
}

// take returns the next n bytes, or nil if there are fewer.
func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.b, c.short = nil, true
		return nil
	}
	taken := c.b[:n]
	c.b = c.b[n:]
	return taken
}

func (c *cursor) skip(n int) { c.take(n) }

// uint takes a number of n bytes, at most 8.
func (c *cursor) uint(n int) uint64 {
	var v uint64
	for i, b := range c.take(n) {
		v |= uint64(b) << (8 * i)
	}
	return v
}

func (c *cursor) u8() byte    { return byte(c.uint(1)) }
func (c *cursor) u16() int    { return int(c.uint(2)) }
func (c *cursor) u32() uint32 { return uint32(c.uint(4)) }
func (c *cursor) u64() uint64 { return c.uint(8) }

// upToZero returns a text that ends with a zero, or with the slice.
func upToZero(b []byte) string {
	for i, v := range b {
		if v == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}
