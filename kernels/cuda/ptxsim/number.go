package ptxsim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A literal is a constant of the text: an integer with its sign kept apart, or the bits of a floating-point number.
type literal struct {
	bits     uint64 // of the float, or the magnitude of the integer
	negative bool
	float    kind // noKind for an integer
}

// parseLiteral reads a number token: decimal, 0x, 0b or octal integers, with U behind or not, and the exact floats 0f
// and 0d with their bits in hexadecimal. Decimal fractions are refused: their bits are for the reader to know.
func parseLiteral(text string, negative bool) (literal, error) {
	if len(text) > 2 && text[0] == '0' {
		switch text[1] {
		case 'f', 'F':
			return floatLiteral(text, f32, 8, negative)
		case 'd', 'D':
			return floatLiteral(text, f64, 16, negative)
		}
	}
	if strings.Contains(text, ".") {
		return literal{}, fmt.Errorf("%s: decimal fractions are not taken; write the bits as 0f and 8 hexadecimal digits, or 0d and 16", text)
	}
	digits := strings.TrimSuffix(text, "U")
	if strings.Contains(digits, "_") {
		return literal{}, fmt.Errorf("%s is not a number", text)
	}
	magnitude, err := strconv.ParseUint(digits, 0, 64)
	if err != nil {
		return literal{}, fmt.Errorf("%s is not an integer of 64 bits", text)
	}
	if negative && magnitude > 1<<63 {
		return literal{}, fmt.Errorf("-%s is below the least integer of 64 bits", text)
	}
	return literal{bits: magnitude, negative: negative && magnitude != 0}, nil
}

func floatLiteral(text string, k kind, digits int, negative bool) (literal, error) {
	bits, err := strconv.ParseUint(text[2:], 16, 64)
	if err != nil || len(text) != digits+2 {
		return literal{}, fmt.Errorf("%s: %d hexadecimal digits are expected behind %s", text, digits, text[:2])
	}
	if negative {
		return literal{}, fmt.Errorf("-%s: the sign of a float belongs into its bits", text)
	}
	return literal{bits: bits, float: k}, nil
}

// signedValue returns an integer, which must lie in the range of int64.
func (l literal) signedValue() (int64, error) {
	if l.float != noKind {
		return 0, fmt.Errorf("a floating-point number where an integer is expected")
	}
	if l.negative {
		return -int64(l.bits), nil // 2^63 negates to itself, which is right
	}
	if l.bits > math.MaxInt64 {
		return 0, fmt.Errorf("%d is above the greatest signed integer of 64 bits", l.bits)
	}
	return int64(l.bits), nil
}

// as returns the bits of the number as an operand of type k. An integer may be written signed or unsigned.
func (l literal) as(k kind) (uint64, error) {
	switch {
	case k == pred:
		if l.float != noKind || l.negative || l.bits > 1 {
			return 0, fmt.Errorf("a predicate is 0 or 1")
		}
		return l.bits, nil
	case l.float != noKind:
		if !l.float.agrees(k) {
			return 0, fmt.Errorf("a .%v number where .%v is expected", l.float, k)
		}
		return l.bits, nil
	case k.float():
		return 0, fmt.Errorf("an integer where .%v is expected", k)
	case l.negative && l.bits > 1<<(k.bits()-1), l.bits > k.mask():
		return 0, fmt.Errorf("the number does not fit into .%v", k)
	case l.negative:
		return -l.bits & k.mask(), nil
	}
	return l.bits, nil
}
