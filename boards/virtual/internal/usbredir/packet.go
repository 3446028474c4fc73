package usbredir

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Types of packets.
const (
	typeHello               = 0
	typeConnect             = 1
	typeDisconnect          = 2
	typeReset               = 3
	typeInterfaces          = 4
	typeEndpoints           = 5
	typeSetConfiguration    = 6
	typeGetConfiguration    = 7
	typeConfigurationStatus = 8
	typeSetSetting          = 9
	typeGetSetting          = 10
	typeSettingStatus       = 11
	typeCancel              = 21
	typeControl             = 100
)

// What a side can do, as bit numbers in its hello.
const (
	canPacketSizes = 4 // in the description of endpoints
	canLongNumbers = 5 // of 64 bits
	canLongBulk    = 6
)

// capabilities are those without which qemu's xHCI refuses a device.
const capabilities = 1<<canPacketSizes | 1<<canLongNumbers | 1<<canLongBulk

// Outcomes of a transfer.
const (
	statusSuccess = 0
	statusFailed  = 3
	statusStall   = 4
)

const (
	helloVersion  = 64 // bytes of the hello's text
	controlHeader = 10 // endpoint, request, type, status; value, index, length
	maxPayload    = controlHeader + 64<<10
)

// limits are the shortest and longest payloads of what an emulator may send.
var limits = map[uint32][2]int{
	typeHello:            {helloVersion, helloVersion + 64},
	typeReset:            {0, 0},
	typeSetConfiguration: {1, 1},
	typeGetConfiguration: {0, 0},
	typeSetSetting:       {2, 2},
	typeGetSetting:       {1, 1},
	typeCancel:           {0, 0},
	typeControl:          {controlHeader, maxPayload},
}

type packet struct {
	kind    uint32
	number  uint64
	payload []byte
}

// readPacket reads one packet. Numbers have 64 bits when both sides said so in their hello, and 32 before that.
func readPacket(in io.Reader, long bool) (packet, error) {
	header := make([]byte, 12, 16)
	if long {
		header = header[:16]
	}
	if _, err := io.ReadFull(in, header); err != nil {
		return packet{}, err
	}
	p := packet{kind: binary.LittleEndian.Uint32(header), number: uint64(binary.LittleEndian.Uint32(header[8:]))}
	if long {
		p.number = binary.LittleEndian.Uint64(header[8:])
	}
	size := binary.LittleEndian.Uint32(header[4:])
	limit, known := limits[p.kind]
	if !known {
		return packet{}, fmt.Errorf("usbredir: a packet of type %d is not for a device of control transfers alone", p.kind)
	}
	if int64(size) < int64(limit[0]) || int64(size) > int64(limit[1]) {
		return packet{}, fmt.Errorf("usbredir: a packet of type %d has %d bytes, expected %d to %d", p.kind, size, limit[0], limit[1])
	}
	p.payload = make([]byte, size)
	if _, err := io.ReadFull(in, p.payload); err != nil {
		return packet{}, fmt.Errorf("usbredir: a packet of type %d: %w", p.kind, noEOF(err))
	}
	return p, nil
}

func (p packet) bytes(long bool) []byte {
	b := binary.LittleEndian.AppendUint32(nil, p.kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p.payload)))
	if long {
		b = binary.LittleEndian.AppendUint64(b, p.number)
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.number))
	}
	return append(b, p.payload...)
}

func hello() []byte {
	b := make([]byte, helloVersion, helloVersion+4)
	copy(b, "edge-infer virtual board")
	return binary.LittleEndian.AppendUint32(b, capabilities)
}

// endpoints describes endpoint 0 in both directions, each 8 bytes a packet, and none else: for 32 endpoints a type,
// an interval, an interface, and a packet size.
func endpoints() []byte {
	const in, none = 16, 255
	b := make([]byte, 3*32+2*32)
	for i := range 32 {
		b[i] = none
	}
	for _, i := range []int{0, in} {
		b[i] = 0
		binary.LittleEndian.PutUint16(b[3*32+2*i:], 8)
	}
	return b
}

// interfaces describes one interface of the vendor's own class: a count, and for 32 interfaces a number, a class,
// a subclass and a protocol.
func interfaces() []byte {
	b := make([]byte, 4+4*32)
	b[0], b[4+32] = 1, 0xff
	return b
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
