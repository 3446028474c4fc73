package tinyusb

import (
	"encoding/binary"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/usbredir"
)

// Requests.
const (
	requestEcho      = 0
	requestFunctions = 1
	requestDelay     = 2
	requestStatus    = 3
	requestMessage   = 4 // to 7: with 1 added where a transaction begins and 2 where it ends
)

// Statuses.
const (
	statusIdle          = 0
	statusAcknowledge   = 1
	statusNoAcknowledge = 2
)

// functions are I2C itself and the SMBus transfers that Linux makes of it (I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL).
const functions = 0x0eff0001

// maxMessage bounds a message. The driver's own transfers have at most 64 KiB, its firmware's fewer than 8.
const maxMessage = 8 << 10

// Bus takes messages to an address of 7 bits.
type Bus interface {
	Transfer(address uint16, write, read []byte) error
}

// Adapter is an i2c-tiny-usb with a bus. It is a [usbredir.Device].
type Adapter struct {
	bus    Bus
	status byte
}

// New returns an adapter that nothing has been sent through.
func New(bus Bus) *Adapter { return &Adapter{bus: bus} }

// Descriptor says that this is USB device 0403:c631.
func (*Adapter) Descriptor() [18]byte {
	return [18]byte{18, 1, 0x10, 1, 0xff, 0, 0, 8, 0x03, 0x04, 0x31, 0xc6, 5, 2, 0, 0, 0, 1}
}

// Configuration has one interface without endpoints.
func (*Adapter) Configuration() []byte {
	return []byte{
		9, 2, 18, 0, 1, 1, 0, 0x80, 50,
		9, 4, 0, 0, 0, 0xff, 0, 0, 0,
	}
}

// Control carries out a request of the driver.
func (a *Adapter) Control(s usbredir.Setup, data []byte) ([]byte, error) {
	if !s.Vendor() {
		return nil, usbredir.ErrStall
	}
	switch s.Request {
	case requestEcho:
		return binary.LittleEndian.AppendUint16(nil, s.Value), nil
	case requestFunctions:
		return binary.LittleEndian.AppendUint32(nil, functions), nil
	case requestDelay:
		a.status = statusIdle
		return nil, nil
	case requestStatus:
		return []byte{a.status}, nil
	case requestMessage, requestMessage + 1, requestMessage + 2, requestMessage + 3:
		return a.message(s, data)
	}
	return nil, usbredir.ErrStall
}

func (a *Adapter) message(s usbredir.Setup, data []byte) ([]byte, error) {
	if s.Length > maxMessage {
		return nil, usbredir.ErrStall
	}
	var read []byte
	if s.In() {
		read = make([]byte, s.Length)
	}
	a.status = statusAcknowledge
	if err := a.bus.Transfer(s.Index, data, read); err != nil {
		a.status = statusNoAcknowledge
	}
	return read, nil
}
