package npy

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"
)

// Strings returns the values as text. Strings lose the zero characters that NumPy pads them with;
// a code point that is not Unicode becomes U+FFFD. Numbers are written as shortly as reads back to
// the same value, integers in full, and booleans as True and False, as Python has them: classes
// are named by any of these.
func (a *Array) Strings() []string {
	l, err := a.DType.parse()
	if err != nil {
		panic("npy: " + err.Error())
	}
	var order binary.ByteOrder = binary.LittleEndian
	if l.big {
		order = binary.BigEndian
	}
	out := make([]string, a.Len())
	for i := range out {
		b := a.data[i*l.size : (i+1)*l.size]
		switch l.kind {
		case 'S':
			out[i] = string(bytes.TrimRight(b, "\x00"))
		case 'U':
			out[i] = utf32(order, b)
		case 'b':
			out[i] = "False"
			if b[0] != 0 {
				out[i] = "True"
			}
		case 'f':
			out[i] = formatFloat(order, b)
		default:
			out[i] = formatInteger(order, l.kind, b)
		}
	}
	return out
}

func utf32(order binary.ByteOrder, b []byte) string {
	for len(b) > 0 && order.Uint32(b[len(b)-4:]) == 0 {
		b = b[:len(b)-4]
	}
	var text []byte
	for ; len(b) > 0; b = b[4:] {
		c := order.Uint32(b)
		if c > math.MaxInt32 {
			c = utf8.RuneError
		}
		text = utf8.AppendRune(text, rune(c))
	}
	return string(text)
}

func formatFloat(order binary.ByteOrder, b []byte) string {
	switch len(b) {
	case 2:
		return strconv.FormatFloat(float64(halfToFloat32(order.Uint16(b))), 'g', -1, 32)
	case 4:
		return strconv.FormatFloat(float64(math.Float32frombits(order.Uint32(b))), 'g', -1, 32)
	}
	return strconv.FormatFloat(math.Float64frombits(order.Uint64(b)), 'g', -1, 64)
}

func formatInteger(order binary.ByteOrder, kind byte, b []byte) string {
	var v uint64
	switch len(b) {
	case 1:
		v = uint64(b[0])
	case 2:
		v = uint64(order.Uint16(b))
	case 4:
		v = uint64(order.Uint32(b))
	case 8:
		v = order.Uint64(b)
	}
	if kind == 'u' {
		return strconv.FormatUint(v, 10)
	}
	unused := 64 - 8*len(b) // shifted out and back in, the sign bit spreads
	return strconv.FormatInt(int64(v<<unused)>>unused, 10)
}
