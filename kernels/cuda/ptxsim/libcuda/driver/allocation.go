package driver

import (
	"cmp"
	"slices"
)

// allocation is a stretch of the device's address space.
type allocation struct {
	address uint64
	bytes   uint64
	context *context
	pinned  *pinned // the host memory behind it, nil for device memory
}

// allocations is ordered by address.
type allocations []*allocation

func (s allocations) search(address uint64) (int, bool) {
	return slices.BinarySearchFunc(s, address, func(a *allocation, address uint64) int { return cmp.Compare(a.address, address) })
}

// find returns the allocation that holds all of a stretch.
func (s allocations) find(address, bytes uint64) (*allocation, bool) {
	i, exact := s.search(address)
	if !exact {
		i--
	}
	if i < 0 {
		return nil, false
	}
	a := s[i]
	offset := address - a.address
	return a, offset <= a.bytes && bytes <= a.bytes-offset
}

func (p *process) allocate(x *context, bytes uint64, host *pinned) (*allocation, Result) {
	if len(p.allocations) >= maxObjects || bytes > uint64(p.board.Memory) {
		return nil, OutOfMemory
	}
	address, err := p.memory.Alloc(int(bytes))
	if err != nil {
		return nil, OutOfMemory
	}
	a := &allocation{address: address, bytes: bytes, context: x, pinned: host}
	i, _ := p.allocations.search(address)
	p.allocations = slices.Insert(p.allocations, i, a)
	return a, Success
}

// release gives an allocation back. The interpreter's memory holds what this
// list holds, so that it cannot refuse.
func (p *process) release(a *allocation) {
	i, _ := p.allocations.search(a.address)
	p.allocations = slices.Delete(p.allocations, i, i+1)
	if err := p.memory.Free(a.address); err != nil {
		panic(err)
	}
}

// freeOf frees the memory that belongs to a context. Pinned memory stays
// mapped in the process, but is no longer the driver's.
func (p *process) freeOf(x *context) {
	for _, a := range slices.Clone(p.allocations) {
		if a.context == x {
			p.release(a)
		}
	}
	p.pinned = slices.DeleteFunc(p.pinned, func(h *pinned) bool {
		if h.context == x {
			h.freed = true
		}
		return h.freed
	})
}

func (c *call) memoryInfo() Result {
	if c.arguments[0] != 0 {
		if r := c.store(0, uint64(c.memory.Limit()-c.memory.Used())); r != Success {
			return r
		}
	}
	if c.arguments[1] != 0 {
		return c.store(1, uint64(c.memory.Limit()))
	}
	return Success
}

func (c *call) memoryAlloc() Result {
	if c.arguments[1] == 0 {
		return InvalidValue
	}
	a, r := c.allocate(c.context, c.arguments[1], nil)
	if r != Success {
		return r
	}
	return c.store(0, a.address)
}

func (c *call) memoryFree() Result {
	address := c.arguments[0]
	if address == 0 {
		return Success
	}
	i, found := c.allocations.search(address)
	if !found || c.allocations[i].pinned != nil {
		return InvalidValue
	}
	c.release(c.allocations[i])
	return Success
}
