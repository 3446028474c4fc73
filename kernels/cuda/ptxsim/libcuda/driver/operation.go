package driver

import (
	"errors"
	"fmt"
	"time"
)

// operation is work for the device that a stream holds until something waits
// for it. String says what it is, for errors.
type operation interface {
	fmt.Stringer
	run(*process) error
}

// The invented clock: what each kind of work takes.
const (
	launchTime   = 5 * time.Microsecond
	bytesPerNano = 10
	lanes        = 128 // instructions that a multiprocessor finishes in a nanosecond
)

// errIllegalAddress marks a fault of the driver's own making; the rest comes
// from ptxsim.
var errIllegalAddress = errors.New("illegal address")

// toDevice copies from the caller's pinned memory, or from data that was read
// when the copy was enqueued.
type toDevice struct {
	device, host uint64
	bytes        uint64
	pinned       *pinned
	data         []byte
}

func (o *toDevice) String() string {
	return fmt.Sprintf("copy of %d bytes from host %#x to device %#x", o.bytes, o.host, o.device)
}

func (o *toDevice) run(p *process) error {
	if err := p.holds(o.device, o.bytes); err != nil {
		return err
	}
	if o.pinned != nil && o.pinned.freed {
		return fmt.Errorf("%w: the host memory was freed before the copy ran", errIllegalAddress)
	}
	data := o.data
	if data == nil {
		data = make([]byte, o.bytes)
		if err := p.readHost(o.host, data); err != nil {
			return err
		}
	}
	p.copied(&p.ledger.report.HostToDevice, o.bytes)
	return p.memory.Write(o.device, data)
}

// toHost copies into the caller's memory, pinned or not.
type toHost struct {
	host, device uint64
	bytes        uint64
	pinned       *pinned
}

func (o *toHost) String() string {
	return fmt.Sprintf("copy of %d bytes from device %#x to host %#x", o.bytes, o.device, o.host)
}

func (o *toHost) run(p *process) error {
	if err := p.holds(o.device, o.bytes); err != nil {
		return err
	}
	if o.pinned != nil && o.pinned.freed {
		return fmt.Errorf("%w: the host memory was freed before the copy ran", errIllegalAddress)
	}
	data := make([]byte, o.bytes)
	if err := p.memory.Read(o.device, data); err != nil {
		return err
	}
	p.copied(&p.ledger.report.DeviceToHost, o.bytes)
	return p.writeHost(o.host, data)
}

type onDevice struct {
	to, from uint64
	bytes    uint64
}

func (o *onDevice) String() string {
	return fmt.Sprintf("copy of %d bytes from device %#x to device %#x", o.bytes, o.from, o.to)
}

func (o *onDevice) run(p *process) error {
	if err := errors.Join(p.holds(o.to, o.bytes), p.holds(o.from, o.bytes)); err != nil {
		return err
	}
	data := make([]byte, o.bytes)
	if err := p.memory.Read(o.from, data); err != nil {
		return err
	}
	p.copied(&p.ledger.report.OnDevice, o.bytes)
	return p.memory.Write(o.to, data)
}

// fill repeats a pattern of one or four bytes.
type fill struct {
	device  uint64
	pattern []byte
	count   uint64
}

func (o *fill) String() string {
	return fmt.Sprintf("fill of %d bytes at device %#x", o.count*uint64(len(o.pattern)), o.device)
}

func (o *fill) run(p *process) error {
	bytes := o.count * uint64(len(o.pattern))
	if err := p.holds(o.device, bytes); err != nil {
		return err
	}
	p.copied(&p.ledger.report.OnDevice, bytes)
	if len(o.pattern) == 1 {
		return p.memory.Fill(o.device, o.pattern[0], int(bytes))
	}
	data := make([]byte, 0, bytes)
	for range o.count {
		data = append(data, o.pattern...)
	}
	return p.memory.Write(o.device, data)
}

// copied counts a copy, towards one of the ledger's sums, and its time.
func (p *process) copied(sum *Copies, bytes uint64) {
	p.ledger.update(func(*Report) { sum.add(bytes) })
	p.clock += launchTime + time.Duration(bytes/bytesPerNano)
}

// holds wants device memory that has not been freed.
func (p *process) holds(address, bytes uint64) error {
	if _, found := p.allocations.find(address, bytes); !found {
		return fmt.Errorf("%w: the device memory was freed before the work ran", errIllegalAddress)
	}
	return nil
}

// readHost reads the caller's memory as the device sees it: mapped memory is
// on the device while work runs.
func (p *process) readHost(address uint64, into []byte) error {
	if h := p.findPinned(address, uint64(len(into))); h != nil && h.before != nil {
		return p.memory.Read(h.mapped.address+address-h.address, into)
	}
	p.caller.read(address, into)
	return nil
}

func (p *process) writeHost(address uint64, data []byte) error {
	if h := p.findPinned(address, uint64(len(data))); h != nil && h.before != nil {
		return p.memory.Write(h.mapped.address+address-h.address, data)
	}
	p.caller.write(address, data)
	return nil
}
