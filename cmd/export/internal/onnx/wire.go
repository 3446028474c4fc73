package onnx

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message.
type field struct {
	number protowire.Number
	kind   protowire.Type
	bytes  []byte // of a BytesType field: a part of the file's own memory
	bits   uint64 // of the other types
}

// fields calls each for the fields of a message, in their order. The groups of protobuf's early days
// are refused: ONNX has none, and they nest.
func fields(message []byte, each func(f field) error) error {
	for at := 0; at < len(message); {
		number, kind, n := protowire.ConsumeTag(message[at:])
		if n < 0 {
			return fmt.Errorf("byte %d of a message of %d: %w", at, len(message), protowire.ParseError(n))
		}
		f := field{number: number, kind: kind}
		rest := message[at+n:]
		size := 0
		switch kind {
		case protowire.VarintType:
			f.bits, size = protowire.ConsumeVarint(rest)
		case protowire.Fixed32Type:
			var v uint32
			v, size = protowire.ConsumeFixed32(rest)
			f.bits = uint64(v)
		case protowire.Fixed64Type:
			f.bits, size = protowire.ConsumeFixed64(rest)
		case protowire.BytesType:
			f.bytes, size = protowire.ConsumeBytes(rest)
		default:
			return fmt.Errorf("byte %d of a message of %d: field %d has wire type %d, which ONNX does not use", at, len(message), number, kind)
		}
		if size < 0 {
			return fmt.Errorf("byte %d of a message of %d: field %d: %w", at, len(message), number, protowire.ParseError(size))
		}
		if err := each(f); err != nil {
			return err
		}
		at += n + size
	}
	return nil
}

// message returns the bytes of a field that holds a message, a text or bytes.
func (f field) message() ([]byte, error) {
	if f.kind != protowire.BytesType {
		return nil, f.mistyped()
	}
	return f.bytes, nil
}

// text sets a text. Where one stands twice, the last wins, as protobuf has it.
func (f field) text(into *string) error {
	b, err := f.message()
	*into = string(b)
	return err
}

// nested calls each for the fields of a message within a message.
func (f field) nested(each func(f field) error) error {
	b, err := f.message()
	if err != nil {
		return err
	}
	return fields(b, each)
}

func (f field) integer(into *int64) error {
	if f.kind != protowire.VarintType {
		return f.mistyped()
	}
	*into = int64(f.bits)
	return nil
}

// count is the number of scalars in a repeated field, which lie side by side or stand alone. For
// varints it is an upper bound: each takes a byte or more.
func (f field) count(element protowire.Type) (int, error) {
	size := map[protowire.Type]int{protowire.VarintType: 1, protowire.Fixed32Type: 4, protowire.Fixed64Type: 8}[element]
	switch {
	case f.kind == element:
		return 1, nil
	case f.kind == protowire.BytesType && len(f.bytes)%size == 0:
		return len(f.bytes) / size, nil
	}
	return 0, f.mistyped()
}

// scalars calls each for the scalars of a repeated field.
func (f field) scalars(element protowire.Type, each func(bits uint64)) error {
	if _, err := f.count(element); err != nil {
		return err
	}
	if f.kind == element {
		each(f.bits)
		return nil
	}
	for b := f.bytes; len(b) > 0; {
		var v uint64
		n := 0
		switch element {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			var v32 uint32
			v32, n = protowire.ConsumeFixed32(b)
			v = uint64(v32)
		default:
			v, n = protowire.ConsumeFixed64(b)
		}
		if n < 0 {
			return fmt.Errorf("field %d: %w", f.number, protowire.ParseError(n))
		}
		each(v)
		b = b[n:]
	}
	return nil
}

func (f field) mistyped() error {
	return fmt.Errorf("field %d has wire type %d, which it has not in ONNX", f.number, f.kind)
}
