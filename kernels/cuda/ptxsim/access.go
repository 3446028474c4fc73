package ptxsim

import (
	"encoding/binary"
	"fmt"
)

// global returns the bytes of an access to global memory, after all that can be wrong with it was looked for.
func (g *grid) global(t *thread, in *inst, pc int, address, bytes uint64) ([]byte, error) {
	offset := address - globalBase
	number := offset >> pageBits
	var p *page
	if number < uint64(len(g.memory.pages)) {
		p = g.memory.pages[number]
	}
	at := offset % pageBytes
	if p == nil || at < p.low || at+bytes > p.high || at%bytes != 0 {
		if err := g.globalError(address, bytes); err != nil {
			return nil, g.fault(t, in, err)
		}
		p = g.memory.touch(number)
	}
	if err := g.note(t, in, pc, p.words[at/4:(at+bytes+3)/4], at, bytes); err != nil {
		return nil, err
	}
	if g.trace != nil {
		g.trace.add(t.index, pc, globalSpace, address, bytes)
	}
	return p.data[at : at+bytes], nil
}

func (g *grid) globalError(address, bytes uint64) error {
	if err := g.memory.bounds(address, bytes); err != nil {
		return fmt.Errorf("%d bytes at %#x: %w", bytes, address, err)
	}
	return aligned(address, bytes)
}

// aligned returns an error unless an address is a multiple of the bytes of its access.
func aligned(address, bytes uint64) error {
	if address%bytes != 0 {
		return fmt.Errorf("%d bytes at %#x: %w", bytes, address, ErrMisaligned)
	}
	return nil
}

// sharedAccess is global for shared memory.
func (g *grid) sharedAccess(t *thread, in *inst, pc int, address, bytes uint64) ([]byte, error) {
	if address < sharedBase || address > g.shared.end-bytes || bytes > g.shared.end-sharedBase {
		return nil, g.fault(t, in, fmt.Errorf("%d bytes at %#x: %w: the block's shared memory reaches from %#x to %#x",
			bytes, address, ErrOutOfBounds, sharedBase, g.shared.end))
	}
	if err := aligned(address, bytes); err != nil {
		return nil, g.fault(t, in, err)
	}
	at := address - sharedBase
	if err := g.note(t, in, pc, g.shared.words[at/4:(at+bytes+3)/4], at, bytes); err != nil {
		return nil, err
	}
	if g.trace != nil {
		g.trace.add(t.index, pc, sharedSpace, address, bytes)
	}
	return g.shared.data[at : at+bytes], nil
}

// note takes an access into account in the words it touches.
func (g *grid) note(t *thread, in *inst, pc int, words []word, at, bytes uint64) error {
	mask := uint64(byteFlags)
	if bytes < 4 {
		mask = (1<<bytes - 1) << (at % 4)
	}
	now := g.clock.record(uint64(t.index), uint64(pc))
	write := in.op == opStore || in.op == opStoreShared32
	for i := range words {
		w := &words[i]
		ok := false
		switch {
		case write:
			ok = w.noteWrite(&g.clock, now, mask)
		case in.op == opLoadNC:
			ok = w.noteReadOnly(&g.clock, now, mask)
		default:
			ok = w.noteRead(&g.clock, now, mask)
		}
		if !ok {
			return g.fault(t, in, g.explain(w, now, mask, write, in.op == opLoadNC))
		}
	}
	return nil
}

// local returns the bytes of an access to a thread's own memory.
func (g *grid) local(t *thread, in *inst, address, bytes uint64) ([]byte, error) {
	end := localBase + uint64(len(t.local))
	if address < localBase || bytes > uint64(len(t.local)) || address > end-bytes {
		return nil, g.fault(t, in, fmt.Errorf("%d bytes at %#x: %w: the thread's local memory reaches from %#x to %#x",
			bytes, address, ErrOutOfBounds, localBase, end))
	}
	if err := aligned(address, bytes); err != nil {
		return nil, g.fault(t, in, err)
	}
	at := address - localBase
	for i := at; i < at+bytes; i++ {
		if in.op == opStore {
			t.wrote[i] = true
		} else if !t.wrote[i] {
			return nil, g.fault(t, in, ErrUnwritten)
		}
	}
	return t.local[at : at+bytes], nil
}

// constant returns the bytes of a read of constants.
func (g *grid) constant(t *thread, in *inst, address, bytes uint64) ([]byte, error) {
	size := uint64(len(g.module.constants))
	if in.op == opStore || address < constBase || bytes > size || address > constBase+size-bytes {
		return nil, g.fault(t, in, fmt.Errorf("%d bytes at %#x: %w: constants reach from %#x to %#x and are only read",
			bytes, address, ErrOutOfBounds, constBase, constBase+size))
	}
	if err := aligned(address, bytes); err != nil {
		return nil, g.fault(t, in, err)
	}
	at := address - constBase
	return g.module.constants[at : at+bytes], nil
}

// memoryOf returns the bytes of an access to any space.
func (g *grid) memoryOf(t *thread, in *inst, pc int, address, bytes uint64) ([]byte, error) {
	s := in.space
	if s == genericSpace {
		s, address = spaceOf(address)
		g.counts.generic.addAccess(s, in.op == opStore, int64(bytes))
	}
	switch s {
	case sharedSpace:
		return g.sharedAccess(t, in, pc, address, bytes)
	case localSpace:
		return g.local(t, in, address, bytes)
	case constSpace:
		return g.constant(t, in, address, bytes)
	}
	return g.global(t, in, pc, address, bytes)
}

// spaceOf returns the space of a generic address, and the address in it.
func spaceOf(address uint64) (space, uint64) {
	for _, s := range []space{sharedSpace, localSpace, constSpace} {
		if window := windowOf(s); address >= window && address-window < windowBytes {
			return s, address - window
		}
	}
	return globalSpace, address
}

// fromGeneric returns the address in a space of a generic address, which must lie in its window.
func fromGeneric(address uint64, s space) (uint64, error) {
	found, within := spaceOf(address)
	if found != s {
		return 0, fmt.Errorf("%w: the generic address %#x is not one of .%v memory but of .%v memory", ErrOutOfBounds, address, s, found)
	}
	return within, nil
}

// load executes a load of any form.
func (g *grid) load(t *thread, in *inst, pc int) error {
	single := [1]slot{in.d}
	slots := single[:]
	if in.ext != 0 {
		slots = g.entry.lists[in.ext-1]
	}
	size := int(in.size)
	data, err := g.memoryOf(t, in, pc, t.values[in.a]+uint64(in.imm), uint64(size*len(slots)))
	if err != nil {
		return err
	}
	if size == 4 && !in.kind.signed() { // nearly all of them
		for i, s := range slots {
			t.values[s] = uint64(binary.LittleEndian.Uint32(data[4*i:]))
		}
		return nil
	}
	for i, s := range slots {
		t.values[s] = in.kind.extend(getBytes(data[i*size:], size), in.into)
	}
	return nil
}

// store executes a store of any form.
func (g *grid) store(t *thread, in *inst, pc int) error {
	single := [1]slot{in.b}
	slots := single[:]
	if in.ext != 0 {
		slots = g.entry.lists[in.ext-1]
	}
	size := int(in.size)
	data, err := g.memoryOf(t, in, pc, t.values[in.a]+uint64(in.imm), uint64(size*len(slots)))
	if err != nil {
		return err
	}
	for i, s := range slots {
		putBytes(data[i*size:], t.values[s], size)
	}
	return nil
}

// getBytes reads a number of 1, 2, 4 or 8 bytes.
func getBytes(data []byte, size int) uint64 {
	switch size {
	case 1:
		return uint64(data[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(data))
	case 4:
		return uint64(binary.LittleEndian.Uint32(data))
	}
	return binary.LittleEndian.Uint64(data)
}

// putBytes writes the low bytes of a number.
func putBytes(data []byte, x uint64, size int) {
	switch size {
	case 1:
		data[0] = byte(x)
	case 2:
		binary.LittleEndian.PutUint16(data, uint16(x))
	case 4:
		binary.LittleEndian.PutUint32(data, uint32(x))
	default:
		binary.LittleEndian.PutUint64(data, x)
	}
}
