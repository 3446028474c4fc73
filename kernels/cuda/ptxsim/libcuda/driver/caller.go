package driver

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// caller is the process at the other end: its memory can be read and written
// while one of its calls is being answered. The first error is final; the
// connection ends after the call that met it.
type caller struct {
	in  *bufio.Reader
	out *bufio.Writer
	err error
}

func newCaller(conn io.ReadWriter) *caller {
	return &caller{in: bufio.NewReaderSize(conn, 1<<16), out: bufio.NewWriterSize(conn, 1<<16)}
}

func (c *caller) send(m message, data []byte) bool {
	if c.err != nil {
		return false
	}
	if _, err := c.out.Write(m.append(nil)); err != nil {
		c.err = err
		return false
	}
	if _, err := c.out.Write(data); err != nil {
		c.err = err
	}
	return c.err == nil
}

// read fills into with the caller's memory at address.
func (c *caller) read(address uint64, into []byte) bool {
	for len(into) > 0 {
		n := min(len(into), pieceBytes)
		if !c.readPieces([]piece{{address, into[:n]}}) {
			return false
		}
		address, into = address+uint64(n), into[n:]
	}
	return c.err == nil
}

// A piece is a short stretch of the caller's memory.
type piece struct {
	address uint64
	into    []byte
}

// readPieces reads several stretches in one round trip. Together the requests
// must fit a socket's buffer, so there may be some dozens.
func (c *caller) readPieces(pieces []piece) bool {
	for _, p := range pieces {
		if !c.send(message{kind: messageRead, address: p.address, bytes: uint64(len(p.into))}, nil) {
			return false
		}
	}
	if err := c.out.Flush(); err != nil {
		c.err = err
		return false
	}
	for _, p := range pieces {
		if _, err := io.ReadFull(c.in, p.into); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			c.err = fmt.Errorf("reading %d bytes at %#x of the process: %w", len(p.into), p.address, err)
			return false
		}
	}
	return true
}

func (c *caller) write(address uint64, data []byte) bool {
	for len(data) > 0 {
		n := min(len(data), pieceBytes)
		if !c.send(message{kind: messageWrite, address: address, bytes: uint64(n)}, data[:n]) {
			return false
		}
		address, data = address+uint64(n), data[n:]
	}
	return c.err == nil
}

func (c *caller) reply(r Result, value uint64) {
	if c.send(message{kind: messageReply, value: uint32(r), address: value}, nil) {
		c.err = c.out.Flush()
	}
}

func (c *caller) write32(address uint64, v uint32) bool {
	return c.write(address, binary.LittleEndian.AppendUint32(nil, v))
}

func (c *caller) write64(address, v uint64) bool {
	return c.write(address, binary.LittleEndian.AppendUint64(nil, v))
}

func (c *caller) writeFloat(address uint64, v float32) bool {
	return c.write32(address, math.Float32bits(v))
}

// words reads n 64-bit numbers.
func (c *caller) words(address uint64, n int) ([]uint64, bool) {
	raw := make([]byte, 8*n)
	if !c.read(address, raw) {
		return nil, false
	}
	words := make([]uint64, n)
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	return words, true
}
