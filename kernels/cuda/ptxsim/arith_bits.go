package ptxsim

import "math/bits"

func and(a, b, _ uint64) uint64 { return a & b }
func or(a, b, _ uint64) uint64  { return a | b }
func xor(a, b, _ uint64) uint64 { return a ^ b }

// shiftLeft by the width or more gives 0. The amount is unsigned and has 32 bits.
func shiftLeft(w uint) pure {
	mask := ones(w)
	return func(a, b, _ uint64) uint64 { return a << b & mask }
}

// shiftRight by the width or more gives 0, or copies of the sign.
func shiftRight(k kind) pure {
	w, mask := k.bits(), k.mask()
	if k.signed() {
		return func(a, b, _ uint64) uint64 { return uint64(signExtend(a, w)>>b) & mask }
	}
	return func(a, b, _ uint64) uint64 { return a >> b }
}

// funnelShift shifts the 64 bits of b:a and keeps the upper word of a left shift, the lower one of a right shift.
// The amount is taken modulo 32, or is at most 32.
func funnelShift(left, clamp bool) pure {
	return func(a, b, c uint64) uint64 {
		if clamp {
			c = min(c, 32)
		} else {
			c &= 31
		}
		pair := b<<32 | a
		if left {
			return pair << c >> 32
		}
		return pair >> c & ones(32)
	}
}

// bitExtract is bfe: the c bits of a from place b upwards. A signed type fills up with the field's uppermost bit, or
// the number's if the field reaches beyond it. Place and length count modulo 256.
func bitExtract(k kind) pure {
	w, mask := uint64(k.bits()), k.mask()
	signed := k.signed()
	return func(a, place, length uint64) uint64 {
		place, length = place&255, length&255
		if length == 0 {
			return 0
		}
		field := a >> place & (1<<length - 1)
		if !signed {
			return field
		}
		sign := min(place+length-1, w-1)
		if a>>sign&1 == 0 {
			return field
		}
		have := uint64(0) // bits of the field that are there
		if place < w {
			have = min(length, w-place)
		}
		return (field | ^uint64(0)<<have) & mask
	}
}

// bitInsert is bfi: the low bits of a, as many as the second byte of c says, replace those of b from the place in the
// first byte of c upwards. What would reach beyond the number is cut off.
func bitInsert(w uint) pure {
	whole := ones(w)
	return func(a, b, c uint64) uint64 {
		place, length := c&255, c>>8
		mask := uint64(1<<length-1) << place & whole
		return b&^mask | a<<place&mask
	}
}

// permute is prmt: each byte of the result is one of the eight bytes of b:a, chosen by four bits of c of which the
// uppermost asks for eight copies of the byte's sign instead.
func permute(a, b, c uint64) uint64 {
	bytes := b<<32 | a
	result := uint64(0)
	for i := range 4 {
		selector := c >> (4 * i) & 15
		value := bytes >> (8 * (selector & 7)) & 255
		if selector&8 != 0 {
			value = value >> 7 * 255
		}
		result |= value << (8 * i)
	}
	return result
}

func lop3(table uint8) pure {
	return func(a, b, c uint64) uint64 {
		result := uint64(0)
		for i := range uint64(8) {
			if table>>i&1 == 1 {
				x, y, z := a, b, c
				if i&4 == 0 {
					x = ^x
				}
				if i&2 == 0 {
					y = ^y
				}
				if i&1 == 0 {
					z = ^z
				}
				result |= x & y & z
			}
		}
		return result & ones(32)
	}
}

func leadingZeros(w uint) pure {
	return func(a, _, _ uint64) uint64 { return uint64(bits.LeadingZeros64(a)) - uint64(64-w) }
}

func popCount(a, _, _ uint64) uint64 { return uint64(bits.OnesCount64(a)) }

func reverse(w uint) pure {
	return func(a, _, _ uint64) uint64 { return bits.Reverse64(a) >> (64 - w) }
}

// findBit is bfind: the place of the uppermost bit that differs from the sign, or its distance from the top;
// 0xffffffff if there is none.
func findBit(k kind, distance bool) pure {
	w, mask := k.bits(), k.mask()
	signed := k.signed()
	return func(a, _, _ uint64) uint64 {
		if signed && signExtend(a, w) < 0 {
			a = ^a & mask
		}
		if a == 0 {
			return ones(32)
		}
		place := uint64(bits.Len64(a) - 1)
		if distance {
			return uint64(w-1) - place
		}
		return place
	}
}

// choose is selp.
func choose(a, b, c uint64) uint64 {
	if c != 0 {
		return a
	}
	return b
}

// chooseBySign is slct with an integer: a if c ≥ 0.
func chooseBySign(a, b, c uint64) uint64 {
	if int32(c) >= 0 {
		return a
	}
	return b
}

// chooseByFloat is slct with a float: a if c ≥ 0, -0 included; b for NaN.
func chooseByFloat(a, b, c uint64) uint64 {
	if toFloat32(c) >= 0 {
		return a
	}
	return b
}
