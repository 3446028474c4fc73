package mqtt

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// Section numbers are those of MQTT 3.1.1, OASIS Standard, 29 October 2014.

// The types of packet that travel when nobody subscribes (section 2.2.1).
const (
	typeConnect    = 1
	typeConnack    = 2
	typePublish    = 3
	typePuback     = 4
	typePingreq    = 12
	typePingresp   = 13
	typeDisconnect = 14
)

// appendHead appends the fixed header (2.2): type, flags and the length of what follows, 7 bits a byte.
func appendHead(dst []byte, kind, flags byte, length int) []byte {
	dst = append(dst, kind<<4|flags)
	for ; length >= 0x80; length >>= 7 {
		dst = append(dst, byte(length)|0x80)
	}
	return append(dst, byte(length))
}

// appendString appends a string with its length (1.5.3), which the caller has checked to be at most 65535 bytes.
func appendString[T string | []byte](dst []byte, s T) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

// A connect is the first packet of a session (3.1).
type connect struct {
	clientID   string
	keepAlive  time.Duration
	will       string // the topic of the last will, "" for none; it is retained, with quality of service 1
	willText   string
	user, pass string // "" for none
}

func (c *connect) append(dst []byte) []byte {
	// A clean session: nothing is kept about a client that only publishes but what it keeps itself.
	flags := byte(1 << 1)
	length := 10 + 2 + len(c.clientID)
	if c.will != "" {
		flags |= 1<<2 | 1<<3 | 1<<5
		length += 2 + len(c.will) + 2 + len(c.willText)
	}
	if c.user != "" {
		flags |= 1 << 7
		length += 2 + len(c.user)
	}
	if c.pass != "" {
		flags |= 1 << 6
		length += 2 + len(c.pass)
	}
	dst = appendHead(dst, typeConnect, 0, length)
	dst = appendString(dst, "MQTT")
	dst = append(dst, 4, flags)
	dst = binary.BigEndian.AppendUint16(dst, uint16(min(c.keepAlive.Seconds()+1, 65535)))
	dst = appendString(dst, c.clientID)
	if c.will != "" {
		dst = appendString(dst, c.will)
		dst = appendString(dst, c.willText)
	}
	if c.user != "" {
		dst = appendString(dst, c.user)
	}
	if c.pass != "" {
		dst = appendString(dst, c.pass)
	}
	return dst
}

// appendPublish appends a message (3.3). With quality of service 0 there is no id.
func appendPublish(dst []byte, qos byte, retain bool, id uint16, topic, payload []byte) []byte {
	flags, length := qos<<1, 2+len(topic)+len(payload)
	if retain {
		flags |= 1
	}
	if qos > 0 {
		length += 2
	}
	dst = appendHead(dst, typePublish, flags, length)
	dst = appendString(dst, topic)
	if qos > 0 {
		dst = binary.BigEndian.AppendUint16(dst, id)
	}
	return append(dst, payload...)
}

// An answer is what a broker sends to a client that subscribes to nothing.
type answer struct {
	kind byte
	code byte   // of a CONNACK
	id   uint16 // of a PUBACK
}

// readAnswer reads one packet. All that may come are at most 4 bytes long, so no length from the network is trusted.
func readAnswer(r *bufio.Reader) (answer, error) {
	head, err := r.ReadByte()
	if err != nil {
		return answer{}, err
	}
	length, err := r.ReadByte()
	if err != nil {
		return answer{}, cut(err)
	}
	a := answer{kind: head >> 4}
	expected := 2
	switch {
	case head&15 != 0:
		expected = -1
	case a.kind == typePingresp:
		expected = 0
	case a.kind != typeConnack && a.kind != typePuback:
		expected = -1
	}
	if int(length) != expected {
		return answer{}, fmt.Errorf("mqtt: the broker sent %#02x %#02x, which is no answer to a publisher", head, length)
	}
	var body [2]byte
	if _, err := io.ReadFull(r, body[:length]); err != nil {
		return answer{}, cut(err)
	}
	a.code = body[1]
	a.id = binary.BigEndian.Uint16(body[:])
	return a, nil
}

// cut names the end of a connection in the middle of a packet.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// refusals are the reasons of a CONNACK (3.2.2.3).
var refusals = [...]string{
	1: "it does not speak MQTT 3.1.1",
	2: "it does not take this client identifier",
	3: "it is not available",
	4: "user name or password are wrong",
	5: "this client is not authorised",
}

func refusal(code byte) error {
	if int(code) < len(refusals) {
		return fmt.Errorf("mqtt: the broker refuses the connection: %s", refusals[code])
	}
	return fmt.Errorf("mqtt: the broker refuses the connection: code %d", code)
}
