package driver

import (
	"bufio"
	"fmt"
	"io"
	"net"
)

// A Client speaks the protocol as libcuda.c does, for programs that want no C
// compiler. Its process's memory is an Arena.
type Client struct {
	Memory *Arena
	conn   net.Conn
	in     *bufio.Reader
}

// Dial connects to the server at a socket as a process.
func Dial(socket string, memory *Arena) (*Client, error) {
	c, err := dial(socket, memory)
	if err != nil {
		return nil, err
	}
	r, err := c.Call(0, "simHello", Version)
	if err == nil && r != Success {
		err = fmt.Errorf("driver: simHello: %s", r)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func dial(socket string, memory *Arena) (*Client, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("driver: %w", err)
	}
	return &Client{Memory: memory, conn: conn, in: bufio.NewReader(conn)}, nil
}

// Close ends the process.
func (c *Client) Close() error { return c.conn.Close() }

// Call makes one driver call in a thread and serves what the driver asks of
// the memory meanwhile. The error is one of the connection, or an address that
// is not in the arena.
func (c *Client) Call(thread uint64, name string, arguments ...uint64) (Result, error) {
	r, _, err := c.call(thread, name, arguments...)
	return r, err
}

func (c *Client) call(thread uint64, name string, arguments ...uint64) (Result, uint64, error) {
	q := Request{Name: name, Thread: thread, Arguments: arguments}
	if _, err := c.conn.Write(q.Append(nil)); err != nil {
		return Unknown, 0, fmt.Errorf("driver: %s: %w", name, err)
	}
	for {
		m, err := readMessage(c.in)
		if err != nil {
			return Unknown, 0, fmt.Errorf("driver: %s: %w", name, err)
		}
		if m.kind == messageReply {
			return Result(m.value), m.address, nil
		}
		stretch, err := c.Memory.At(m.address, m.bytes)
		if err != nil {
			return Unknown, 0, fmt.Errorf("driver: %s: %w", name, err)
		}
		switch m.kind {
		case messageRead:
			_, err = c.conn.Write(stretch)
		case messageWrite:
			_, err = io.ReadFull(c.in, stretch)
		default:
			err = fmt.Errorf("message of kind %d", m.kind)
		}
		if err != nil {
			return Unknown, 0, fmt.Errorf("driver: %s: %w", name, err)
		}
	}
}

// An Arena is the memory of a Client's process, with addresses of its own.
type Arena struct {
	memory []byte
	taken  uint64
}

const arenaBase = 0x10000

// NewArena returns an arena of so many bytes, all zero.
func NewArena(bytes int) *Arena { return &Arena{memory: make([]byte, bytes)} }

// Take gives out the next bytes, 8-byte aligned, as an address and as a slice.
// It panics when the arena is used up.
func (a *Arena) Take(bytes int) (uint64, []byte) {
	from := (a.taken + 7) &^ 7
	a.taken = from + uint64(bytes)
	return arenaBase + from, a.memory[from:a.taken:a.taken]
}

// At returns the memory at an address.
func (a *Arena) At(address, bytes uint64) ([]byte, error) {
	size := uint64(len(a.memory))
	if address < arenaBase || address-arenaBase > size || bytes > size-(address-arenaBase) {
		return nil, fmt.Errorf("%d bytes at %#x are not in the process's memory", bytes, address)
	}
	from := address - arenaBase
	return a.memory[from : from+bytes], nil
}
