package ptxsim

import (
	"fmt"
	"slices"
)

// A Memory is the global memory of a device. It may be used by one caller at a time.
//
// Addresses of different allocations never lie side by side, and an address is never given out twice, so that a
// pointer gone astray hits nothing. Every byte knows whether it was ever written.
type Memory struct {
	limit, used int64
	allocations []allocation                     // by address, the freed ones among them
	pages       []*page                          // from globalBase; nil where nothing was touched yet, or nothing is
	phase       uint64                           // the last phase of a launch
	modules     map[*Module]map[*variable]uint64 // of the modules loaded: where their variables are
}

// An allocation is a range of global memory.
type allocation struct {
	address uint64
	bytes   int
	freed   bool
}

// Allocations begin pageOffset bytes into a page of their own. So they are aligned to 256 bytes, as drivers promise, and
// to no more; a page's last bytes and its first ones are gaps.
const (
	pageBytes  = 4096
	pageBits   = 12
	pageOffset = 256
)

// A page is a piece of memory, which belongs to one allocation.
type page struct {
	low, high uint64 // the bytes that are there
	data      [pageBytes]byte
	words     [pageBytes / 4]word
}

// maxAllocation keeps the arithmetic of addresses far from overflow.
const maxAllocation = 1 << 44

// junk fills memory that nobody has written.
const junk = 0xA5

// NewMemory returns a memory in which at most limit bytes are allocated at a time.
func NewMemory(limit int64) *Memory {
	return &Memory{limit: limit, modules: map[*Module]map[*variable]uint64{}}
}

// Used returns how many bytes are allocated.
func (m *Memory) Used() int64 { return m.used }

// Limit returns how many bytes can be allocated.
func (m *Memory) Limit() int64 { return m.limit }

// Alloc returns the address of new memory, aligned to 256 bytes, in which nothing is written yet. It fails with
// [ErrOutOfMemory] beyond the limit.
func (m *Memory) Alloc(bytes int) (uint64, error) {
	if bytes <= 0 {
		return 0, fmt.Errorf("ptxsim: an allocation of %d bytes: at least 1 is expected", bytes)
	}
	if int64(bytes) > min(m.limit-m.used, maxAllocation) {
		return 0, fmt.Errorf("ptxsim: %w: %d bytes are wanted, %d of %d are free", ErrOutOfMemory, bytes, m.limit-m.used, m.limit)
	}
	a := allocation{address: globalBase + uint64(len(m.pages))*pageBytes + pageOffset, bytes: bytes}
	count := (pageOffset + bytes + pageOffset + pageBytes - 1) / pageBytes
	m.pages = append(m.pages, make([]*page, count)...)
	m.allocations = append(m.allocations, a)
	m.used += int64(bytes)
	return a.address, nil
}

// Free gives an allocation back. Its address is the one that Alloc returned.
func (m *Memory) Free(address uint64) error {
	a := m.allocationAt(address)
	switch {
	case a == nil || a.address != address:
		return fmt.Errorf("ptxsim: free of %#x: %w", address, ErrAddress)
	case a.freed:
		return fmt.Errorf("ptxsim: free of %#x: %w: it was freed before", address, ErrAddress)
	}
	a.freed = true
	m.used -= int64(a.bytes)
	clear(m.pages[(a.address-globalBase)>>pageBits : (a.address-globalBase+uint64(a.bytes)-1)>>pageBits+1])
	return nil
}

// Write copies data into memory.
func (m *Memory) Write(address uint64, data []byte) error {
	return m.host("write", address, len(data), func(p *page, low, high uint64, from int) {
		copy(p.data[low:high], data[from:])
		p.markWritten(low, high)
	})
}

// Fill sets bytes to a value.
func (m *Memory) Fill(address uint64, value byte, bytes int) error {
	return m.host("fill", address, bytes, func(p *page, low, high uint64, _ int) {
		for i := low; i < high; i++ {
			p.data[i] = value
		}
		p.markWritten(low, high)
	})
}

// Read copies memory out. If it holds bytes that nobody has written, they come out as junk, and the error, which is
// then [ErrUnwritten], names the first one; the copy is complete nevertheless.
func (m *Memory) Read(address uint64, into []byte) error {
	unwritten := -1
	err := m.host("read", address, len(into), func(p *page, low, high uint64, from int) {
		copy(into[from:], p.data[low:high])
		for i := low; i < high && unwritten < 0; i++ {
			if p.words[i/4].write>>(i%4)&1 == 0 {
				unwritten = from + int(i-low)
			}
		}
	})
	if err == nil && unwritten >= 0 {
		err = fmt.Errorf("ptxsim: read of %d bytes at %#x: %w: the first is at %d", len(into), address, ErrUnwritten, unwritten)
	}
	return err
}

// host calls do for every page of a range, with the part of the page and where that part lies in the range.
func (m *Memory) host(what string, address uint64, bytes int, do func(p *page, low, high uint64, from int)) error {
	if bytes < 0 {
		return fmt.Errorf("ptxsim: %s of %d bytes", what, bytes)
	}
	if bytes == 0 {
		return nil
	}
	if err := m.bounds(address, uint64(bytes)); err != nil {
		return fmt.Errorf("ptxsim: %s of %d bytes at %#x: %w", what, bytes, address, err)
	}
	for at := 0; at < bytes; {
		offset := address + uint64(at) - globalBase
		low := offset % pageBytes
		high := min(low+uint64(bytes-at), pageBytes)
		do(m.touch(offset>>pageBits), low, high, at)
		at += int(high - low)
	}
	return nil
}

// allocationAt returns the last allocation that begins at an address or below.
func (m *Memory) allocationAt(address uint64) *allocation {
	i, found := slices.BinarySearchFunc(m.allocations, address, func(a allocation, address uint64) int {
		switch {
		case a.address < address:
			return -1
		case a.address > address:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	if i < 0 {
		return nil
	}
	return &m.allocations[i]
}

// bounds returns an error unless a range lies in one allocation that is not freed.
func (m *Memory) bounds(address, bytes uint64) error {
	a := m.allocationAt(address)
	if a == nil {
		return fmt.Errorf("%w: no allocation is there", ErrOutOfBounds)
	}
	offset := address - a.address
	size := uint64(a.bytes)
	switch {
	case a.freed && offset < size:
		return fmt.Errorf("%w: %d bytes into an allocation of %d bytes at %#x that was freed", ErrOutOfBounds, offset, size, a.address)
	case bytes > size || offset > size-bytes:
		return fmt.Errorf("%w: %d bytes into an allocation of %d bytes at %#x", ErrOutOfBounds, offset, size, a.address)
	}
	return nil
}

// touch returns a page of a live allocation, by its number, and makes it if need be.
func (m *Memory) touch(number uint64) *page {
	if p := m.pages[number]; p != nil {
		return p
	}
	first := globalBase + number*pageBytes
	a := m.allocationAt(first + pageBytes - 1)
	p := &page{high: min(pageBytes, a.address+uint64(a.bytes)-first)}
	if a.address > first {
		p.low = a.address - first
	}
	for i := range p.data {
		p.data[i] = junk
	}
	m.pages[number] = p
	return p
}

// markWritten notes that bytes were written from outside.
func (p *page) markWritten(low, high uint64) {
	for i := low; i < high; {
		w := &p.words[i/4]
		if i%4 == 0 && high-i >= 4 {
			*w = word{write: byteFlags}
			i += 4
			continue
		}
		*w = word{write: w.write&byteFlags | 1<<(i%4)}
		i++
	}
}
