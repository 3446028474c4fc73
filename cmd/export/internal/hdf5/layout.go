package hdf5

import (
	"bytes"
	"errors"
	"fmt"
)

// stored returns the n bytes of a dataset's values, in C order, as its datatype stores them.
func (f *File) stored(h *header, n uint64) ([]byte, error) {
	c := &cursor{b: h.layout}
	version := c.u8()
	if version < 3 || version > 5 {
		return nil, fmt.Errorf("a layout of version %d is not read: h5repack writes a newer one", version)
	}
	class := c.u8()
	if class > 2 {
		return nil, errors.New("a virtual dataset, made of others, is not read: copy it, dst[name] = src[name][()]")
	}
	if n == 0 {
		return nil, c.err()
	}
	switch class {
	case 0: // in the message itself
		b := c.take(c.u16())
		if uint64(len(b)) != n {
			return nil, fmt.Errorf("%d bytes where shape %v takes %d", len(b), h.space.shape, n)
		}
		return bytes.Clone(b), nil
	case 1:
		return f.contiguous(h, c, n)
	}
	l, err := parseChunked(c, version, h)
	if err != nil {
		return nil, fmt.Errorf("chunks: %w", err)
	}
	return f.chunked(h, l, n)
}

// contiguous reads values that lie one after another. An undefined address is for those that nobody
// wrote.
func (f *File) contiguous(h *header, c *cursor, n uint64) ([]byte, error) {
	address, size := c.u64(), c.u64()
	if err := c.err(); err != nil {
		return nil, fmt.Errorf("layout %w", err)
	}
	if address == undefined {
		b := make([]byte, n)
		return b, h.fillUp(b)
	}
	if size < n {
		return nil, fmt.Errorf("%d bytes where shape %v takes %d", size, h.space.shape, n)
	}
	if err := spend(&f.allowed.stored, n, "stored data"); err != nil {
		return nil, err
	}
	return f.read(address, n)
}

// fillUp gives every value the one of what was never written.
func (h *header) fillUp(b []byte) error {
	if len(bytes.Trim(h.fill, "\x00")) == 0 {
		return nil
	}
	if len(h.fill) != h.dtype.size || h.dtype.kind == variableText {
		return fmt.Errorf("a fill value of %d bytes for values of %d", len(h.fill), h.dtype.size)
	}
	for n := copy(b, h.fill); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
	return nil
}
