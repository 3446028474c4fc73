package driver

import (
	"encoding/json"
	"fmt"
)

// A test asks a server, over a connection of its own, what the processes have
// done so far, or for a failure: neither is a driver call.

const maxSpec = 256

// control serves simReports, whose arguments are an address and the room
// there, and simFail, with the address and the length of a specification.
func (s *Server) control(c *caller, q Request) {
	if q.Name == "simReports" {
		text, err := json.Marshal(s.Reports())
		if err != nil {
			c.reply(Unknown, 0)
			return
		}
		if uint64(len(text)) > q.Arguments[1] {
			c.reply(OutOfMemory, uint64(len(text)))
			return
		}
		c.write(q.Arguments[0], text)
		c.reply(Success, uint64(len(text)))
		return
	}
	if q.Arguments[1] > maxSpec {
		c.reply(InvalidValue, 0)
		return
	}
	spec := make([]byte, q.Arguments[1])
	if !c.read(q.Arguments[0], spec) {
		return
	}
	f, err := ParseFailure(string(spec))
	if err != nil {
		c.reply(InvalidValue, 0)
		return
	}
	s.Fail(f)
	c.reply(Success, 0)
}

// Reports asks the server that listens on a socket what its processes have
// done so far.
func Reports(socket string) ([]Report, error) {
	const room = 16 << 20
	memory := NewArena(room)
	address, text := memory.Take(room)
	length, err := ask(socket, memory, "simReports", address, room)
	if err != nil {
		return nil, err
	}
	if length > uint64(len(text)) {
		return nil, fmt.Errorf("driver: reports of %d bytes", length)
	}
	var reports []Report
	if err := json.Unmarshal(text[:length], &reports); err != nil {
		return nil, fmt.Errorf("driver: reports: %w", err)
	}
	return reports, nil
}

// Fail asks the server that listens on a socket for a failure, as ParseFailure
// reads it, of the processes there are and of later ones. Calls are counted
// from now on.
func Fail(socket, spec string) error {
	if _, err := ParseFailure(spec); err != nil {
		return err
	}
	memory := NewArena(maxSpec)
	address, text := memory.Take(len(spec))
	copy(text, spec)
	_, err := ask(socket, memory, "simFail", address, uint64(len(spec)))
	return err
}

func ask(socket string, memory *Arena, name string, arguments ...uint64) (uint64, error) {
	c, err := dial(socket, memory)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	r, value, err := c.call(0, name, arguments...)
	if err != nil {
		return 0, err
	}
	if r != Success {
		return 0, fmt.Errorf("driver: %s: %s", name, r)
	}
	return value, nil
}
