package sensortest

import (
	"fmt"
	"slices"
	"sync"
	"syscall"

	"periph.io/x/conn/v3/physic"
)

// Device is what answers at an address. An error means that it does not acknowledge.
type Device interface {
	// Tx writes w and then fills r, either of which may be empty.
	Tx(w, r []byte) error
}

// Kind is a way in which a transaction goes wrong.
type Kind int

const (
	NAK     Kind = iota // nothing acknowledges
	Timeout             // the bus is held and given up
	Short               // the reading ends after half of the bytes
	Corrupt             // one bit of what is read is flipped, and nothing says so
	Lost                // another master wins the bus
)

// Fault makes transactions fail.
type Fault struct {
	Kind  Kind
	After int // so many transactions still succeed
	Times int // so many fail then; 0 is 1
}

// Write is something that was written to a device.
type Write struct {
	Addr uint16
	Data []byte
}

// Bus is a simulated I2C bus.
type Bus struct {
	Number int

	mu       sync.Mutex
	devices  map[uint16]Device
	faults   []Fault
	unplugs  int // how often the adapter was pulled out
	absent   bool
	open     int
	writes   []Write
	probes   []uint16
	readings []uint16 // of the probes, those by reading
}

// NewBus makes an empty bus.
func NewBus(number int) *Bus { return &Bus{Number: number, devices: map[uint16]Device{}} }

// Attach puts a device at an address.
func (b *Bus) Attach(addr uint16, d Device) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.devices[addr] = d
}

// Detach takes a device away.
func (b *Bus) Detach(addr uint16) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.devices, addr)
}

// Unplug pulls the adapter out: whoever has it open gets errors for ever, and opening it fails.
func (b *Bus) Unplug() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.absent = true
	b.unplugs++
}

// Plug puts it back.
func (b *Bus) Plug() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.absent = false
}

// Inject makes coming transactions fail. Faults happen one after the other.
func (b *Bus) Inject(faults ...Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, faults...)
}

// Writes returns what was written so far, and forgets it.
func (b *Bus) Writes() []Write {
	b.mu.Lock()
	defer b.mu.Unlock()
	writes := b.writes
	b.writes = nil
	return writes
}

// Probes returns the addresses that were probed, and those of them by reading.
func (b *Bus) Probes() (all, byReading []uint16) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.probes), slices.Clone(b.readings)
}

// Opened is how many handles are open.
func (b *Bus) Opened() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

// Open opens the bus.
func (b *Bus) Open() (*Handle, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.absent {
		return nil, fmt.Errorf("sysfs-i2c: bus #%d is not configured: open /dev/i2c-%d: %v", b.Number, b.Number, syscall.ENOENT)
	}
	b.open++
	return &Handle{bus: b, unplugs: b.unplugs}, nil
}

// Handle is an open bus. It is an i2c.BusCloser of periph, with probing.
type Handle struct {
	bus     *Bus
	unplugs int // of the bus when it was opened
	closed  bool
}

func (h *Handle) String() string { return fmt.Sprintf("I2C%d", h.bus.Number) }

// SetSpeed does nothing.
func (h *Handle) SetSpeed(physic.Frequency) error { return nil }

// Close closes the bus. To close it twice is an error.
func (h *Handle) Close() error {
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	if h.closed {
		return fmt.Errorf("sysfs-i2c: %v", syscall.EBADF)
	}
	h.closed = true
	h.bus.open--
	return nil
}

// device finds who answers, under the bus's lock.
func (h *Handle) device(addr uint16) (Device, syscall.Errno) {
	switch {
	case h.closed:
		return nil, syscall.EBADF
	case h.bus.absent || h.unplugs != h.bus.unplugs:
		return nil, syscall.ENODEV
	}
	if d := h.bus.devices[addr]; d != nil {
		return d, 0
	}
	return nil, syscall.ENXIO
}

// Probe addresses a device without data.
func (h *Handle) Probe(addr uint16, quick bool) error {
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	h.bus.probes = append(h.bus.probes, addr)
	if !quick {
		h.bus.readings = append(h.bus.readings, addr)
	}
	if _, errno := h.device(addr); errno != 0 {
		return errno
	}
	if fault, errno := h.bus.fault(); fault != nil && errno != 0 {
		return errno
	}
	return nil
}

// Tx makes a transaction.
func (h *Handle) Tx(addr uint16, w, r []byte) error {
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	errno := h.transact(addr, w, r)
	if errno != 0 {
		return fmt.Errorf("sysfs-i2c: %v", errno)
	}
	return nil
}

func (h *Handle) transact(addr uint16, w, r []byte) syscall.Errno {
	d, errno := h.device(addr)
	if errno != 0 {
		return errno
	}
	fault, errno := h.bus.fault()
	if fault != nil && fault.Kind != Short && errno != 0 {
		return errno
	}
	if len(w) > 0 {
		h.bus.writes = append(h.bus.writes, Write{addr, slices.Clone(w)})
	}
	answer := make([]byte, len(r))
	if err := d.Tx(w, answer); err != nil {
		return syscall.ENXIO
	}
	switch {
	case fault != nil && fault.Kind == Short && len(r) > 0:
		copy(r, answer[:len(r)/2])
		return errno
	case fault != nil && fault.Kind == Corrupt && len(r) > 0:
		answer[0] ^= 0x10
	}
	copy(r, answer)
	return 0
}

// fault takes the next fault if it is due.
func (b *Bus) fault() (*Fault, syscall.Errno) {
	if len(b.faults) == 0 {
		return nil, 0
	}
	f := &b.faults[0]
	if f.After > 0 {
		f.After--
		return nil, 0
	}
	due := *f
	if f.Times--; f.Times <= 0 {
		b.faults = b.faults[1:]
	}
	return &due, map[Kind]syscall.Errno{
		NAK: syscall.ENXIO, Timeout: syscall.ETIMEDOUT, Short: syscall.EIO, Lost: syscall.EAGAIN,
	}[due.Kind]
}
