package sensortest

import (
	"errors"
	"slices"
	"sync"
)

// Registers is a device with registers of a byte: the first byte written says which, the others go into it and those
// after it, and reading begins where the last number pointed.
type Registers struct {
	mu      sync.Mutex
	bytes   [256]byte
	pointer byte
}

// Set changes registers, as a sensor does that measures.
func (d *Registers) Set(register byte, data ...byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range data {
		d.bytes[register] = b
		register++
	}
}

// Get returns a register.
func (d *Registers) Get(register byte) byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bytes[register]
}

// Tx writes and reads registers.
func (d *Registers) Tx(w, r []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(w) > 0 {
		d.pointer = w[0]
		for _, b := range w[1:] {
			d.bytes[d.pointer] = b
			d.pointer++
		}
	}
	for i := range r {
		r[i] = d.bytes[d.pointer]
		d.pointer++
	}
	return nil
}

// Words is a device with registers of two bytes, the upper one first: the first byte written says which, and reading
// repeats the one that was named last.
type Words struct {
	mu      sync.Mutex
	words   [256][2]byte
	pointer byte
}

// Set changes a register.
func (d *Words) Set(register byte, value uint16) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.words[register] = [2]byte{byte(value >> 8), byte(value)}
}

// Tx writes and reads registers.
func (d *Words) Tx(w, r []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(w) > 0 {
		d.pointer = w[0]
		copy(d.words[d.pointer][:], w[1:])
	}
	for i := range r {
		r[i] = d.words[d.pointer][i%2]
	}
	return nil
}

// Commands is a device that is told what to do and then read. It does not acknowledge a command that it does not know, nor
// being read with nothing to say.
type Commands struct {
	mu      sync.Mutex
	answers map[string][]byte
	pending []byte
}

// Answer says what follows a command; nothing may follow.
func (d *Commands) Answer(command []byte, answer ...byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.answers == nil {
		d.answers = map[string][]byte{}
	}
	d.answers[string(command)] = slices.Clone(answer)
}

var errNAK = errors.New("not acknowledged")

// Tx takes a command, and answers the last.
func (d *Commands) Tx(w, r []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(w) > 0 {
		answer, known := d.answers[string(w)]
		if !known {
			return errNAK
		}
		d.pending = answer
	}
	if len(r) > 0 {
		if len(d.pending) == 0 {
			return errNAK
		}
		copy(r, d.pending)
		d.pending = nil
	}
	return nil
}
