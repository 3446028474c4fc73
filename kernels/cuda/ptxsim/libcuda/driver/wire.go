package driver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The protocol, little-endian with fixed widths, since the library may run on
// another architecture, under emulation.
//
// A request is the name of a driver call in 40 bytes padded with zeros, the
// number of arguments as 32 bits, 4 zero bytes, the calling thread as 64 bits,
// and the arguments with 64 bits each, pointers among them.
//
// The server answers with messages: a kind and a value of 32 bits, an address
// and a length of 64 bits. A read asks for that many bytes at that address of
// the library's process, and the library sends them bare. A write is followed
// by bytes for that address. A reply ends the call: its value is the CUresult,
// its address a number that some calls return to the library.
const (
	// Version is the first argument of simHello, the first request of all.
	Version = 1

	nameBytes     = 40
	maxArguments  = 12
	requestHeader = nameBytes + 16
	messageBytes  = 24
	// pieceBytes is the most that one read or write moves.
	pieceBytes = 1 << 20
)

type messageKind uint32

const (
	messageRead messageKind = iota + 1
	messageWrite
	messageReply
)

// A Request is one driver call as it comes over the socket.
type Request struct {
	Name      string
	Thread    uint64
	Arguments []uint64
}

var errRequest = errors.New("driver: bad request")

// ReadRequest reads one request. It returns io.EOF where the stream ends
// between two requests.
func ReadRequest(r io.Reader) (Request, error) {
	var header [requestHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return Request{}, err
	}
	name, padding, _ := bytes.Cut(header[:nameBytes], []byte{0})
	if len(name) == 0 || len(bytes.Trim(padding, "\x00")) > 0 {
		return Request{}, fmt.Errorf("%w: name %q", errRequest, header[:nameBytes])
	}
	for _, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_') {
			return Request{}, fmt.Errorf("%w: name %q", errRequest, name)
		}
	}
	count := binary.LittleEndian.Uint32(header[nameBytes:])
	if count > maxArguments {
		return Request{}, fmt.Errorf("%w: %s: %d arguments: at most %d are read", errRequest, name, count, maxArguments)
	}
	if zero := binary.LittleEndian.Uint32(header[nameBytes+4:]); zero != 0 {
		return Request{}, fmt.Errorf("%w: %s: %#x where zeros are expected", errRequest, name, zero)
	}
	q := Request{
		Name:      string(name),
		Thread:    binary.LittleEndian.Uint64(header[nameBytes+8:]),
		Arguments: make([]uint64, count),
	}
	var body [8 * maxArguments]byte
	if _, err := io.ReadFull(r, body[:8*count]); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return Request{}, fmt.Errorf("%w: %s: arguments: %w", errRequest, name, err)
	}
	for i := range q.Arguments {
		q.Arguments[i] = binary.LittleEndian.Uint64(body[8*i:])
	}
	return q, nil
}

// Append appends the request as it goes over the socket. A name or a list of
// arguments that is too long is the caller's mistake.
func (q Request) Append(to []byte) []byte {
	if len(q.Name) >= nameBytes || len(q.Arguments) > maxArguments {
		panic(fmt.Sprintf("driver: request %s with %d arguments", q.Name, len(q.Arguments)))
	}
	to = append(to, q.Name...)
	to = append(to, make([]byte, nameBytes-len(q.Name))...)
	to = binary.LittleEndian.AppendUint64(to, uint64(len(q.Arguments)))
	to = binary.LittleEndian.AppendUint64(to, q.Thread)
	for _, a := range q.Arguments {
		to = binary.LittleEndian.AppendUint64(to, a)
	}
	return to
}

type message struct {
	kind    messageKind
	value   uint32
	address uint64
	bytes   uint64
}

func (m message) append(to []byte) []byte {
	to = binary.LittleEndian.AppendUint32(to, uint32(m.kind))
	to = binary.LittleEndian.AppendUint32(to, m.value)
	to = binary.LittleEndian.AppendUint64(to, m.address)
	return binary.LittleEndian.AppendUint64(to, m.bytes)
}

func readMessage(r io.Reader) (message, error) {
	var b [messageBytes]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return message{}, err
	}
	return message{
		kind:    messageKind(binary.LittleEndian.Uint32(b[0:])),
		value:   binary.LittleEndian.Uint32(b[4:]),
		address: binary.LittleEndian.Uint64(b[8:]),
		bytes:   binary.LittleEndian.Uint64(b[16:]),
	}, nil
}
