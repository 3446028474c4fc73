package mqtt

import (
	"encoding/binary"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
)

// A record of the buffer is the topic, with its length before it, and the payload: a message that was buffered under
// one configuration is published as it was meant even after the configuration has changed.

// appendTopic appends the topic of a message, with its length.
func appendTopic(dst []byte, t topic, m *sink.Message) []byte {
	start := len(dst)
	dst = t.append(append(dst, 0, 0), m)
	binary.BigEndian.PutUint16(dst[start:], uint16(len(dst)-start-2))
	return dst
}

func splitRecord(record []byte) (topic, payload []byte, ok bool) {
	if len(record) >= 2 {
		if n := int(binary.BigEndian.Uint16(record)); n >= 1 && n <= len(record)-2 {
			return record[2 : 2+n], record[2+n:], true
		}
	}
	return nil, nil, false
}
