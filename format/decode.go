package format

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// Decode reads a model from the bytes of a file. The tensors of the model are
// views into data, which must not change afterwards.
//
// It accepts exactly what Marshal writes. Errors wrap one of the package's error
// values; those met while reading are of type *Error. It allocates at most four
// times len(data) plus 1 MiB.
func Decode(data []byte) (*Model, error) {
	if len(data) > MaxFileSize {
		return nil, fmt.Errorf("format: file of %d bytes: %w: at most %d", len(data), ErrTooLarge, MaxFileSize)
	}
	d := newDecoder(data)
	m, err := d.document()
	if err != nil {
		return nil, d.at(err, "")
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// document reads a whole file.
func (d *decoder) document() (*Model, error) {
	if err := d.identify(); err != nil {
		return nil, err
	}
	m := new(Model)
	var table []tensorRecord
	f := append(m.fields(nil), field{"tensors", records[tensorRecord, *tensorRecord]{&table}})
	if err := d.fields(f); err != nil {
		return nil, err
	}
	headerEnd := d.offset()
	size, err := d.layout(table)
	if err != nil {
		return nil, err
	}
	if err := d.trailer(headerEnd, size); err != nil {
		return nil, err
	}
	if err := d.canonical(m, table, headerEnd, size); err != nil {
		return nil, err
	}
	return m, d.tensors(m, table)
}

// identify reads the fields that say what the file is. They come first in every
// version, so that a newer file, which may have more fields, is known for one.
func (d *decoder) identify() error {
	n, err := d.DecodeMapLen()
	var text string
	if err == nil {
		err = d.fields([]field{{"format", &text}})
	}
	if err != nil && bytes.HasPrefix(signature, d.data) {
		return &Error{Offset: len(d.data), Err: ErrTruncated}
	}
	if err != nil || text != magic {
		return &Error{Err: ErrNotModel}
	}
	var version int
	if err := d.fields([]field{{"version", &version}}); err != nil {
		return err
	}
	switch {
	case version > Version:
		return fmt.Errorf("format version %d, %d is understood: %w", version, Version, ErrNewer)
	case version != Version:
		return invalidf("format version %d", version)
	case n != documentFields:
		return invalidf("map of %d entries where %d are needed", n, documentFields)
	}
	return nil
}

// signature is how every file of this version begins.
var signature = []byte("\xde\x00\x10\xa6format\xa4edge")

// layout checks the table of tensors and returns the size of the data field.
func (d *decoder) layout(table []tensorRecord) (int, error) {
	size := 0
	for i, t := range table {
		wrong := func(text string, args ...any) (int, error) {
			return 0, within(invalidf(text, args...), "tensors[%d] %.64q", i, t.name)
		}
		elements, err := product(t.shape)
		if err != nil {
			return 0, within(err, "tensors[%d] %.64q", i, t.name)
		}
		element := DType(t.dtype).Size()
		switch {
		case element == 0:
			return wrong("dtype %.64q is not defined", t.dtype)
		case t.offset%Alignment != 0:
			return wrong("offset %d is not %d-byte aligned", t.offset, Alignment)
		case t.offset != aligned(size):
			return wrong("offset %d: %d follows the tensor before it", t.offset, aligned(size))
		case elements > MaxFileSize/element || t.size != elements*element:
			return wrong("%d bytes for shape %v of %s", t.size, t.shape, t.dtype)
		case t.size > MaxFileSize-t.offset:
			return wrong("it ends beyond %d bytes", MaxFileSize)
		}
		size = t.offset + t.size
	}
	return size, nil
}

// trailer reads crc, pad and data, and holds them against the header.
func (d *decoder) trailer(headerEnd, size int) error {
	var crc uint32
	if err := d.fields([]field{{"crc", &crc}}); err != nil {
		return err
	}
	if crc != crc32.Checksum(d.data[:headerEnd], castagnoli) {
		return &Error{Offset: headerEnd, Field: "crc", Err: fmt.Errorf("header: %w", ErrChecksum)}
	}
	pad, err := d.bin("pad")
	if err != nil {
		return err
	}
	if len(pad) != padding(headerEnd, size) || !zero(pad) {
		return &Error{Offset: d.offset() - len(pad), Field: "pad", Err: ErrNotCanonical}
	}
	payload, err := d.bin("data")
	switch {
	case err != nil:
		return err
	case len(payload) != size:
		return invalidf("data: %d bytes, the table of tensors needs %d", len(payload), size)
	case d.reader.Len() > 0:
		return fmt.Errorf("%w: %d bytes after the end", ErrNotCanonical, d.reader.Len())
	}
	return nil
}

// canonical encodes what was understood and compares it with what was read: the
// library's primitives also accept nil and integers longer than they need be.
func (d *decoder) canonical(m *Model, table []tensorRecord, headerEnd, size int) error {
	w := &matcher{expected: d.data[:len(d.data)-size]}
	e := newEncoder(w)
	e.stack = d.stack[:0]
	if err := e.header(m, table); err != nil {
		return err
	}
	if w.n != headerEnd {
		return &Error{Offset: w.n, Err: ErrNotCanonical}
	}
	return e.trailer(headerEnd, crc32.Checksum(d.data[:headerEnd], castagnoli), size)
}

// tensors fills the model's table with views, and checks the payload's bytes.
func (d *decoder) tensors(m *Model, table []tensorRecord) error {
	if len(table) == 0 {
		return nil
	}
	last := table[len(table)-1]
	base := len(d.data) - (last.offset + last.size)
	if err := d.charge(len(table), sizeOf[Tensor]()+1); err != nil { // checkUse takes the byte
		return err
	}
	m.Tensors = make([]Tensor, len(table))
	end := base
	for i, t := range table {
		start := base + t.offset
		if !zero(d.data[end:start]) {
			return &Error{Offset: end, Err: fmt.Errorf("bytes between tensors: %w", ErrNotCanonical)}
		}
		end = start + t.size
		view := d.data[start:end:end]
		if crc32.Checksum(view, castagnoli) != t.crc {
			return &Error{Offset: start, Field: fmt.Sprintf("tensor %.64q", t.name), Err: ErrChecksum}
		}
		m.Tensors[i] = Tensor{t.name, DType(t.dtype), t.shape, view}
	}
	return nil
}
