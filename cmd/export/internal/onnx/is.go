package onnx

import "google.golang.org/protobuf/encoding/protowire"

// newestIR bounds the version of the format that a head may claim. It stands at 13 in 2025.
const newestIR = 64

// Is reports whether a file that begins with head may be an ONNX model: a protobuf message that
// begins with the version of the format, followed by other fields of a ModelProto. The first 64
// bytes are enough to tell it from other protobuf messages and from chance.
func Is(head []byte) bool {
	number, kind, n := protowire.ConsumeTag(head)
	if n < 0 || number != 1 || kind != protowire.VarintType {
		return false
	}
	version, m := protowire.ConsumeVarint(head[n:])
	if m < 0 || version < 1 || version > newestIR {
		return false
	}
	fields := 0
	for at := n + m; at < len(head); fields++ {
		number, kind, n := protowire.ConsumeTag(head[at:])
		if n < 0 {
			return fields > 0 // the head ends within a tag
		}
		at += n
		if number == 5 && kind == protowire.VarintType { // model_version
			_, m := protowire.ConsumeVarint(head[at:])
			if m < 0 {
				return false
			}
			at += m
			continue
		}
		if kind != protowire.BytesType {
			return false
		}
		length, m := protowire.ConsumeVarint(head[at:])
		if m < 0 {
			return fields > 0
		}
		at += m
		body := head[min(at, len(head)):]
		whole := length <= uint64(len(body))
		if whole {
			body = body[:length]
		}
		if !plausible(number, body) {
			return false
		}
		if !whole {
			return len(body) > 0 || fields > 0
		}
		at += int(length)
	}
	return fields > 0
}

// plausible reports whether a field of a ModelProto may begin with some bytes.
func plausible(number protowire.Number, body []byte) bool {
	switch number {
	case 2, 3, 4, 6: // producer, its version, domain, description
		for _, c := range body {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
				return false
			}
		}
		return number == 6 || len(body) == 0 || body[0] >= ' '
	case 7: // the graph begins with a node or its name
		return len(body) == 0 || body[0] == 1<<3|2 || body[0] == 2<<3|2 || body[0] == 5<<3|2 || body[0] == 11<<3|2
	case 8: // an operator set: a domain and a version
		return len(body) == 0 || body[0] == 1<<3|2 || body[0] == 2<<3
	case 14, 20, 25: // metadata, training information, functions
		return len(body) == 0 || body[0] == 1<<3|2
	}
	return false
}
