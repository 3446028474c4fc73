package driver

import (
	"bytes"
	"slices"
)

// pinned is page-locked memory of the caller.
type pinned struct {
	address    uint64
	bytes      uint64
	context    *context
	registered bool // by cuMemHostRegister
	mappable   bool
	freed      bool
	mapped     *allocation // its device address, once that was asked for
	before     []byte      // while work runs: what the caller had in it
}

const (
	hostAllocFlags        = 7 // PORTABLE, DEVICEMAP, WRITECOMBINED
	hostAllocDeviceMap    = 2
	hostRegisterFlags     = 3 // PORTABLE, DEVICEMAP
	hostRegisterDeviceMap = 2
)

func (p *process) findPinned(address, bytes uint64) *pinned {
	for _, h := range p.pinned {
		if address >= h.address && bytes <= h.bytes && address-h.address <= h.bytes-bytes {
			return h
		}
	}
	return nil
}

func (c *call) addPinned(h *pinned) Result {
	if h.bytes == 0 || h.address == 0 || h.address+h.bytes < h.address {
		return InvalidValue
	}
	for _, other := range c.pinned {
		if h.address < other.address+other.bytes && other.address < h.address+h.bytes {
			return HostMemoryRegistered
		}
	}
	if h.bytes > uint64(c.board.Memory) || len(c.pinned) >= maxObjects {
		return OutOfMemory
	}
	h.context = c.context
	c.process.pinned = append(c.process.pinned, h)
	return Success
}

// hostAlloc serves cuMemHostAlloc and cuMemAllocHost, for which the library
// has already mapped memory into its process.
func (c *call) hostAlloc() Result {
	h := &pinned{address: c.arguments[0], bytes: c.arguments[1]}
	if len(c.arguments) > 2 {
		flags := c.u32(2)
		if flags&^hostAllocFlags != 0 {
			return InvalidValue
		}
		h.mappable = flags&hostAllocDeviceMap != 0
	}
	return c.addPinned(h)
}

func (c *call) hostFree() Result { return c.dropPinned(false, InvalidValue) }

func (c *call) hostRegister() Result {
	if !c.board.hostRegister {
		return NotSupported
	}
	flags := c.u32(2)
	if flags&^hostRegisterFlags != 0 {
		return InvalidValue
	}
	return c.addPinned(&pinned{address: c.arguments[0], bytes: c.arguments[1], registered: true, mappable: flags&hostRegisterDeviceMap != 0})
}

func (c *call) hostUnregister() Result { return c.dropPinned(true, HostMemoryNotRegistered) }

// dropPinned tells the library how many bytes it may unmap.
func (c *call) dropPinned(registered bool, otherwise Result) Result {
	i := slices.IndexFunc(c.pinned, func(h *pinned) bool { return h.address == c.arguments[0] && h.registered == registered })
	if i < 0 {
		return otherwise
	}
	h := c.pinned[i]
	h.freed = true
	if h.mapped != nil {
		c.release(h.mapped)
	}
	c.process.pinned = slices.Delete(c.pinned, i, i+1)
	c.value = h.bytes
	return Success
}

// hostDevicePointer gives mapped memory a device address. The driver's manual
// lets it equal the host address in most cases; a caller that relies on it
// meets an illegal address here.
func (c *call) hostDevicePointer() Result {
	if c.u32(2) != 0 {
		return InvalidValue
	}
	h := c.findPinned(c.arguments[1], 1)
	if h == nil || !h.mappable {
		return InvalidValue
	}
	if h.mapped == nil {
		a, r := c.allocate(h.context, h.bytes, h)
		if r != Success {
			return r
		}
		h.mapped = a
		c.ledger.update(func(r *Report) { r.Mapped.add(h.bytes) })
	}
	return c.store(0, h.mapped.address+c.arguments[1]-h.address)
}

// fetchMapped brings what the caller has in its mapped memory to the device,
// before work runs.
func (p *process) fetchMapped() bool {
	for _, h := range p.pinned {
		if h.mapped == nil {
			continue
		}
		h.before = make([]byte, h.bytes)
		if !p.caller.read(h.address, h.before) {
			return false
		}
		if err := p.memory.Write(h.mapped.address, h.before); err != nil {
			panic(err)
		}
	}
	return true
}

// storeMapped writes back the words that work has changed and no others: the
// caller may be using the rest for the next work.
func (p *process) storeMapped() bool {
	for _, h := range p.pinned {
		if h.before == nil {
			continue
		}
		after := make([]byte, h.bytes)
		if err := p.memory.Read(h.mapped.address, after); err != nil {
			panic(err)
		}
		changed := differences(h.before, after)
		h.before = nil
		for _, d := range changed {
			if !p.caller.write(h.address+uint64(d[0]), after[d[0]:d[1]]) {
				return false
			}
		}
	}
	return true
}

// differences returns where two slices of one length differ, as ranges of
// words of 4 bytes.
func differences(a, b []byte) [][2]int {
	const word = 4
	var ranges [][2]int
	for from := 0; from < len(a); from += word {
		to := min(from+word, len(a))
		switch {
		case bytes.Equal(a[from:to], b[from:to]):
		case len(ranges) > 0 && ranges[len(ranges)-1][1] == from:
			ranges[len(ranges)-1][1] = to
		default:
			ranges = append(ranges, [2]int{from, to})
		}
	}
	return ranges
}
