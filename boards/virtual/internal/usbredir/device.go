package usbredir

import (
	"encoding/binary"
	"errors"
)

// ErrStall is a request that a device does not know or does not like.
var ErrStall = errors.New("usbredir: request refused")

// Device is a USB device with one configuration of one interface.
type Device interface {
	// Descriptor is the device descriptor, 18 bytes.
	Descriptor() [18]byte
	// Configuration is the configuration descriptor with what belongs to it.
	Configuration() []byte
	// Control carries out a request that is not one of the standard requests for every device. data is what the host sends;
	// what is returned is sent to a host that reads, cut to the length that it asked for. Errors are reported as a stall.
	Control(setup Setup, data []byte) ([]byte, error)
}

// Setup is the first eight bytes of a control transfer.
type Setup struct {
	Type    byte // direction in bit 7, 1 when the host reads; kind in bits 5 and 6; recipient below
	Request byte
	Value   uint16
	Index   uint16
	Length  uint16
}

// In tells whether the host reads.
func (s Setup) In() bool { return s.Type&0x80 != 0 }

// Vendor tells whether the request is the device's own rather than one of the USB standard.
func (s Setup) Vendor() bool { return s.Type&0x60 == 0x40 }

// Standard requests to a device, chapter 9.4 of the USB 2.0 specification. The emulator itself does SET_ADDRESS.
const (
	getStatus     = 0x0080
	getDescriptor = 0x0680

	descriptorDevice        = 1
	descriptorConfiguration = 2
)

// standard answers the standard requests, and passes on the others.
func standard(device Device, s Setup, data []byte) ([]byte, error) {
	if s.Type&0x60 != 0 {
		return device.Control(s, data)
	}
	switch uint16(s.Request)<<8 | uint16(s.Type) {
	case getStatus:
		return []byte{0, 0}, nil
	case getDescriptor:
		switch s.Value >> 8 {
		case descriptorDevice:
			d := device.Descriptor()
			return d[:], nil
		case descriptorConfiguration:
			return device.Configuration(), nil
		}
	}
	return nil, ErrStall
}

// identity is what a connect packet says about a device, taken from its descriptors.
func identity(device Device) []byte {
	const fullSpeed = 1
	d := device.Descriptor()
	b := []byte{fullSpeed, d[4], d[5], d[6]} // class, subclass, protocol
	b = binary.LittleEndian.AppendUint16(b, binary.LittleEndian.Uint16(d[8:]))
	return binary.LittleEndian.AppendUint16(b, binary.LittleEndian.Uint16(d[10:]))
}
