package tflite

import (
	"encoding/binary"
	"fmt"
	"math"
)

// flatbuffer reads a flatbuffer in place. The first offset or count that leads outside is kept in
// err, and from then on everything reads as absent, so that callers need not check every field.
type flatbuffer struct {
	data []byte
	err  error
}

func (f *flatbuffer) failf(at int, format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf("byte %d of %d: %s", at, len(f.data), fmt.Sprintf(format, args...))
	}
}

// bytes returns the n bytes at an offset, or nil if they are not all there.
func (f *flatbuffer) bytes(at, n int) []byte {
	if f.err != nil {
		return nil
	}
	if at < 0 || n < 0 || at > len(f.data) || n > len(f.data)-at {
		f.failf(at, "an offset leads outside of the file")
		return nil
	}
	return f.data[at : at+n]
}

func (f *flatbuffer) uint16(at int) int {
	if b := f.bytes(at, 2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (f *flatbuffer) uint32(at int) uint32 {
	if b := f.bytes(at, 4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (f *flatbuffer) uint64(at int) uint64 {
	if b := f.bytes(at, 8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// follow returns where the offset that is stored at a place leads.
func (f *flatbuffer) follow(at int) int { return at + int(f.uint32(at)) }

// root is the table that the file is about.
func (f *flatbuffer) root() table { return f.table(f.follow(0)) }

// table is a record. Its zero value is an absent one, whose fields all have their defaults.
type table struct {
	f      *flatbuffer
	at     int
	size   int    // in bytes
	fields []byte // where each field lies within the table, two bytes a field, 0 for an absent one
}

func (f *flatbuffer) table(at int) table {
	fields := at - int(int32(f.uint32(at)))
	length, size := f.uint16(fields), f.uint16(fields+2)
	if f.bytes(at, size) == nil {
		return table{}
	}
	if length < 4 || size < 4 {
		f.failf(at, "a table of %d bytes with %d bytes of fields", size, length)
		return table{}
	}
	return table{f, at, size, f.bytes(fields+4, length-4)}
}

// field returns where field i, of n bytes, lies in the file.
func (t table) field(i, n int) (at int, ok bool) {
	if 2*i+2 > len(t.fields) {
		return 0, false
	}
	offset := int(binary.LittleEndian.Uint16(t.fields[2*i:]))
	if offset == 0 {
		return 0, false
	}
	if offset < 4 || offset+n > t.size {
		t.f.failf(t.at, "field %d lies outside of its table", i)
		return 0, false
	}
	return t.at + offset, true
}

func (t table) bool(i int) bool { return t.byte(i) != 0 }

func (t table) byte(i int) byte {
	if at, ok := t.field(i, 1); ok {
		if b := t.f.bytes(at, 1); b != nil {
			return b[0]
		}
	}
	return 0
}

func (t table) uint32(i int) uint32 {
	if at, ok := t.field(i, 4); ok {
		return t.f.uint32(at)
	}
	return 0
}

func (t table) uint64(i int) uint64 {
	if at, ok := t.field(i, 8); ok {
		return t.f.uint64(at)
	}
	return 0
}

func (t table) float32(i int) float32 { return math.Float32frombits(t.uint32(i)) }

// table returns the table that field i points at.
func (t table) table(i int) table {
	if at, ok := t.field(i, 4); ok {
		return t.f.table(t.f.follow(at))
	}
	return table{}
}

// bytes returns the bytes, or the string, that field i points at. They are the file's own.
func (t table) bytes(i int) []byte {
	if v := t.vector(i, 1); v.len > 0 {
		return v.f.bytes(v.at, v.len)
	}
	return nil
}

// vector is a list of elements of one size.
type vector struct {
	f       *flatbuffer
	at, len int
}

// vector returns the vector that field i points at.
func (t table) vector(i, size int) vector {
	at, ok := t.field(i, 4)
	if !ok {
		return vector{}
	}
	at = t.f.follow(at)
	n := int(t.f.uint32(at))
	if t.f.err == nil && (n < 0 || n > (len(t.f.data)-at-4)/size) {
		t.f.failf(at, "a vector of %d elements of %d bytes", n, size)
	}
	if t.f.err != nil {
		return vector{}
	}
	return vector{t.f, at + 4, n}
}

func (v vector) int32(i int) int       { return int(int32(v.f.uint32(v.at + 4*i))) }
func (v vector) int64(i int) int64     { return int64(v.f.uint64(v.at + 8*i)) }
func (v vector) float32(i int) float32 { return math.Float32frombits(v.f.uint32(v.at + 4*i)) }

// table returns the table that element i points at.
func (v vector) table(i int) table { return v.f.table(v.f.follow(v.at + 4*i)) }
