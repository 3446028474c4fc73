package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
)

// DType is the type of an array's values as NumPy writes it in a header: a byte order ('<' little,
// '>' big, '|' none), a kind and a size. The kinds are f2 f4 f8 (floats), i1 i2 i4 i8 and u1 u2 u4
// u8 (integers), b1 (booleans, one byte each), U (strings of UTF-32, the size counts characters)
// and S (strings of bytes). "<f4" is a little-endian float32, "<U7" a string of seven characters.
type DType string

// Check returns an error if this package does not read d, saying what d is and what to do.
func (d DType) Check() error {
	_, err := d.parse()
	return err
}

// Size returns the bytes that one value takes in a file. It is 0 for a DType that Check refuses.
func (d DType) Size() int {
	l, _ := d.parse()
	return l.size
}

// IsText reports whether the values are strings.
func (d DType) IsText() bool {
	l, _ := d.parse()
	return l.kind == 'U' || l.kind == 'S'
}

// layout is a DType taken apart.
type layout struct {
	kind byte // one of f i u b U S
	size int  // bytes of one value
	big  bool // most significant byte first
}

// maxText bounds the characters of one string, so that sizes in bytes stay far from overflow.
const maxText = 1 << 24

func (d DType) parse() (layout, error) {
	if len(d) < 3 {
		return layout{}, d.refuse("")
	}
	order, kind := d[0], d[1]
	size, err := strconv.ParseUint(string(d[2:]), 10, 31)
	if order != '<' && order != '>' && order != '|' {
		return layout{}, d.refuse("no byte order")
	}
	if err != nil {
		return layout{}, d.refuse("")
	}
	l := layout{kind: kind, size: int(size), big: order == '>'}
	ok := false
	switch kind {
	case 'f':
		ok = size == 2 || size == 4 || size == 8
	case 'i', 'u':
		ok = size == 1 || size == 2 || size == 4 || size == 8
	case 'b':
		ok = size == 1
	case 'S':
		ok = size > 0 && size <= maxText
	case 'U':
		ok = size > 0 && size <= maxText
		l.size *= 4
	}
	if !ok {
		return layout{}, d.refuse("")
	}
	// NumPy takes '|' before a value of many bytes to mean the machine's own order, which a file
	// cannot know.
	if order == '|' && kind != 'S' && l.size > 1 {
		return layout{}, d.refuse("no byte order")
	}
	return l, nil
}

// refuse explains why d is not read: what it holds, if that is known, and the way out.
func (d DType) refuse(what string) error {
	if what == "" && len(d) >= 2 {
		switch d[1] {
		case 'O':
			what = "Python objects"
		case 'c':
			what = "complex numbers"
		case 'M', 'm':
			what = "dates or times"
		case 'V':
			what = "records or raw memory"
		case 'f':
			what = "floats of an unusual size"
		}
	}
	if what != "" {
		what = " (" + what + ")"
	}
	return fmt.Errorf("dtype %q%s is not read: save numbers, or use astype to make them float32, float64, integers, bool or str", string(d), what)
}

// Float32s decodes len(dst) values from src into dst, rounding each to the nearest float32 once.
// Booleans become 0 and 1. It panics if d is text or refused by Check, or if src is not
// len(dst)*d.Size() bytes long. It allocates nothing.
func (d DType) Float32s(dst []float32, src []byte) {
	decode(d, dst, src)
}

// Float64s is Float32s for float64: every value but an integer beyond 2⁵³ is exact.
func (d DType) Float64s(dst []float64, src []byte) {
	decode(d, dst, src)
}

// decode converts each value straight from its stored type to T, so that there is one rounding and
// never two: an int64 that went to float32 by way of float64 could land on the wrong neighbour.
func decode[T float32 | float64](d DType, dst []T, src []byte) {
	l, err := d.parse()
	if err != nil || d.IsText() || len(src) != len(dst)*l.size {
		panic(fmt.Sprintf("npy: decoding %d values of dtype %q from %d bytes", len(dst), string(d), len(src)))
	}
	var order binary.ByteOrder = binary.LittleEndian
	if l.big {
		order = binary.BigEndian
	}
	for i := range dst {
		b := src[i*l.size : (i+1)*l.size]
		switch l.size {
		case 1:
			dst[i] = from8[T](l.kind, b[0])
		case 2:
			dst[i] = from16[T](l.kind, order.Uint16(b))
		case 4:
			dst[i] = from32[T](l.kind, order.Uint32(b))
		case 8:
			dst[i] = from64[T](l.kind, order.Uint64(b))
		}
	}
}

func from8[T float32 | float64](kind, v byte) T {
	switch {
	case kind == 'i':
		return T(int8(v))
	case kind == 'b' && v != 0:
		return 1
	}
	return T(v)
}

func from16[T float32 | float64](kind byte, v uint16) T {
	switch kind {
	case 'f':
		return T(halfToFloat32(v))
	case 'i':
		return T(int16(v))
	}
	return T(v)
}

func from32[T float32 | float64](kind byte, v uint32) T {
	switch kind {
	case 'f':
		return T(math.Float32frombits(v))
	case 'i':
		return T(int32(v))
	}
	return T(v)
}

func from64[T float32 | float64](kind byte, v uint64) T {
	switch kind {
	case 'f':
		return T(math.Float64frombits(v))
	case 'i':
		return T(int64(v))
	}
	return T(v)
}
