package sensor

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Type says how a number lies in bytes. Its notation is that of Linux' IIO subsystem, [be|le]:[s|u]BITS/STORAGE[Xn][>>SHIFT]:
// le:s12/16>>4 is a signed number of 12 bits in two bytes, the lower one first, above 4 bits that do not count.
type Type struct {
	Big     bool // the most significant byte first
	Signed  bool
	Bits    int // that count: 1 to Storage
	Storage int // bits that are stored, a multiple of 8 up to 64
	Repeat  int // how many such numbers follow each other, 1 to 16
	Shift   int // bits below those that count
}

const mostRepeats = 16

// ParseType reads the notation.
func ParseType(text string) (Type, error) {
	t := Type{Repeat: 1}
	fail := func(what string) (Type, error) {
		return Type{}, fmt.Errorf("sensor: type %.40q: %s; it should look like le:s12/16>>4", text, what)
	}
	order, rest, ok := strings.Cut(text, ":")
	if !ok || order != "le" && order != "be" {
		return fail("no byte order le: or be:")
	}
	t.Big = order == "be"
	if rest == "" || rest[0] != 's' && rest[0] != 'u' {
		return fail("no s or u for signed or unsigned")
	}
	t.Signed = rest[0] == 's'
	bits, storage, ok := strings.Cut(rest[1:], "/")
	if !ok {
		return fail("no / before the bits that are stored")
	}
	storage, shift, shifted := strings.Cut(storage, ">>")
	storage, repeat, repeated := strings.Cut(storage, "X")
	for _, number := range []struct {
		text    string
		present bool
		to      *int
	}{{bits, true, &t.Bits}, {storage, true, &t.Storage}, {repeat, repeated, &t.Repeat}, {shift, shifted, &t.Shift}} {
		if !number.present {
			continue
		}
		n, err := strconv.ParseUint(number.text, 10, 8)
		if err != nil {
			return fail(fmt.Sprintf("%.10q is no number up to 255", number.text))
		}
		*number.to = int(n)
	}
	switch {
	case t.Storage < 8 || t.Storage > 64 || t.Storage%8 != 0:
		return fail("what is stored is 8, 16, 24, … or 64 bits")
	case t.Bits < 1 || t.Bits+t.Shift > t.Storage:
		return fail("there are not as many bits in what is stored")
	case t.Repeat < 1 || t.Repeat > mostRepeats:
		return fail("a number is repeated 1 to 16 times")
	}
	return t, nil
}

// String returns the notation, without what is usual.
func (t Type) String() string {
	text := "le:"
	if t.Big {
		text = "be:"
	}
	if t.Signed {
		text += "s"
	} else {
		text += "u"
	}
	text += strconv.Itoa(t.Bits) + "/" + strconv.Itoa(t.Storage)
	if t.Repeat != 1 {
		text += "X" + strconv.Itoa(t.Repeat)
	}
	if t.Shift != 0 {
		text += ">>" + strconv.Itoa(t.Shift)
	}
	return text
}

// Bytes is how many bytes one number takes.
func (t Type) Bytes() int { return t.Storage / 8 }

// word reads what is stored.
func (t Type) word(b []byte) uint64 {
	var buf [8]byte
	if t.Big {
		copy(buf[8-t.Bytes():], b[:t.Bytes()])
		return binary.BigEndian.Uint64(buf[:])
	}
	copy(buf[:], b[:t.Bytes()])
	return binary.LittleEndian.Uint64(buf[:])
}

// bits takes those bits out of a word that count, unsigned.
func (t Type) bits(word uint64) uint64 {
	return word >> t.Shift & (1<<t.Bits - 1)
}

// Decode reads one number. Those of more than 53 bits are rounded to the nearest float64.
func (t Type) Decode(b []byte) float64 { return t.value(t.word(b)) }

func (t Type) value(word uint64) float64 {
	if t.Signed {
		return float64(t.integer(word))
	}
	return float64(t.bits(word))
}

// Int reads one number exactly, such as a time in nanoseconds. Those above the greatest int64 wrap around.
func (t Type) Int(b []byte) int64 { return t.integer(t.word(b)) }

func (t Type) integer(word uint64) int64 {
	bits := int64(t.bits(word))
	if t.Signed {
		unused := 64 - t.Bits
		return bits << unused >> unused
	}
	return bits
}
