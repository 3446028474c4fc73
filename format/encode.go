package format

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/vmihailenco/msgpack/v5"
)

// castagnoli is the polynomial of CRC-32C, which both x86-64 and ARMv8 compute
// in hardware.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// magic is the value of a file's first field.
const magic = "edge"

// documentFields is the number of keys of the outermost map: format, version,
// the model's, tensors, crc, pad and data.
const documentFields = 16

// Marshal validates a model and returns its file. The same model always gives
// the same bytes. Errors wrap ErrInvalid, ErrNewer or ErrTooLarge.
//
// It decodes what it has written before it returns it, so no file leaves a
// workstation that a board would refuse.
func Marshal(m *Model) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	table, size := m.tensorTable()
	var file bytes.Buffer
	e := newEncoder(&file)
	if err := e.header(m, table); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	headerEnd := file.Len()
	crc := crc32.Checksum(file.Bytes(), castagnoli)
	if err := e.trailer(headerEnd, crc, size); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	if int64(file.Len())+int64(size) > MaxFileSize {
		return nil, fmt.Errorf("format: file of %d bytes: %w: at most %d", int64(file.Len())+int64(size), ErrTooLarge, MaxFileSize)
	}
	payload := file.Len()
	file.Grow(size)
	for i := range m.Tensors {
		file.Write(zeros[:payload+table[i].offset-file.Len()])
		file.Write(m.Tensors[i].Data)
	}
	if _, err := Decode(file.Bytes()); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

var zeros [Alignment]byte

// tensorTable lays the tensors out in the data field and returns its size.
func (m *Model) tensorTable() (table []tensorRecord, size int) {
	table = make([]tensorRecord, len(m.Tensors))
	for i, t := range m.Tensors {
		offset := aligned(size)
		table[i] = tensorRecord{t.Name, string(t.DType), t.Shape, offset, len(t.Data), crc32.Checksum(t.Data, castagnoli)}
		size = offset + len(t.Data)
	}
	return table, size
}

// An encoder writes fields in the order in which records list them.
type encoder struct {
	*msgpack.Encoder
	stack []field // of the records being written, outermost first
}

func newEncoder(w io.Writer) *encoder { return &encoder{Encoder: msgpack.NewEncoder(w)} }

// header writes everything before the field crc, which covers it.
func (e *encoder) header(m *Model, table []tensorRecord) error {
	if err := e.EncodeMapLen(documentFields); err != nil {
		return err
	}
	text, version := magic, Version
	f := []field{{"format", &text}, {"version", &version}}
	f = m.fields(f)
	f = append(f, field{"tensors", records[tensorRecord, *tensorRecord]{&table}})
	return e.fields(f)
}

// trailer writes crc, pad and the head of data. Its length makes the payload of
// data start at a multiple of Alignment.
func (e *encoder) trailer(headerEnd int, crc uint32, size int) error {
	if err := e.fields([]field{{"crc", &crc}}); err != nil {
		return err
	}
	if err := e.EncodeString("pad"); err != nil {
		return err
	}
	if err := e.EncodeBytes(zeros[:padding(headerEnd, size)]); err != nil {
		return err
	}
	if err := e.EncodeString("data"); err != nil {
		return err
	}
	return e.EncodeBytesLen(size)
}

// padding is the length of the field pad.
func padding(headerEnd, size int) int {
	end := headerEnd + len("_crc") + 5 + len("_pad") + 2 + len("_data") + binHead(size)
	return aligned(end) - end
}

// binHead is the number of bytes before the payload of a bin of that size.
func binHead(size int) int {
	switch {
	case size < 1<<8:
		return 2
	case size < 1<<16:
		return 3
	}
	return 5
}

func (e *encoder) fields(fields []field) error {
	for _, f := range fields {
		if err := e.EncodeString(f.key); err != nil {
			return err
		}
		if err := e.value(f.ptr); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) value(ptr any) error {
	switch p := ptr.(type) {
	case *string:
		return e.text(*p)
	case *tensorName:
		return e.text(string(*p))
	case *int:
		return e.integer(*p)
	case *uint32:
		return e.EncodeUint32(*p)
	case *float32:
		return e.EncodeFloat32(*p)
	case *float64:
		return e.EncodeFloat64(*p)
	case *bool:
		return e.EncodeBool(*p)
	case *[]int:
		return encodeList(e, len(*p), func(i int) error { return e.integer((*p)[i]) })
	case *[]string:
		return encodeList(e, len(*p), func(i int) error { return e.text((*p)[i]) })
	case *[]Layer:
		return encodeList(e, len(*p), func(i int) error { return e.layer((*p)[i]) })
	case recordList:
		return encodeList(e, p.len(), func(i int) error { return e.record(p.at(i)) })
	case optionalRecord:
		if r := p.get(); r != nil {
			return e.record(r)
		}
		return e.EncodeNil()
	case record:
		return e.record(p)
	}
	panic(fmt.Sprintf("format: a field of type %T", ptr))
}

func (e *encoder) text(s string) error {
	if err := checkText(s); err != nil {
		return err
	}
	return e.EncodeString(s)
}

func (e *encoder) integer(n int) error {
	if n < 0 || n > MaxFileSize {
		return invalidf("integer %d: from 0 to %d is allowed", n, MaxFileSize)
	}
	return e.EncodeUint(uint64(n))
}

func encodeList(e *encoder, n int, element func(i int) error) error {
	if err := e.EncodeArrayLen(n); err != nil {
		return err
	}
	for i := range n {
		if err := element(i); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) record(r record) error {
	base := len(e.stack)
	e.stack = r.fields(e.stack)
	return e.object(base)
}

func (e *encoder) layer(l Layer) error {
	op := l.Op()
	base := len(e.stack)
	e.stack = l.fields(append(e.stack, field{"op", &op}))
	return e.object(base)
}

// object writes the fields above base as a map, and takes them off the stack.
func (e *encoder) object(base int) error {
	f := e.stack[base:]
	if err := e.EncodeMapLen(len(f)); err != nil {
		return err
	}
	err := e.fields(f)
	e.stack = e.stack[:base]
	return err
}

// A matcher is a writer that accepts only the bytes it expects. The decoder
// encodes what it has understood into one, and so proves that the bytes it read
// were the canonical ones, without holding them twice.
type matcher struct {
	expected []byte
	n        int // bytes matched
}

func (m *matcher) Write(b []byte) (int, error) {
	if rest := m.expected[m.n:]; len(b) > len(rest) || !bytes.Equal(b, rest[:len(b)]) {
		same := 0
		for same < len(b) && same < len(rest) && b[same] == rest[same] {
			same++
		}
		return 0, &Error{Offset: m.n + same, Err: ErrNotCanonical}
	}
	m.n += len(b)
	return len(b), nil
}

func (m *matcher) WriteByte(c byte) error {
	_, err := m.Write([]byte{c})
	return err
}

var _ io.ByteWriter = (*matcher)(nil)
