package ptxsim

import "math/bits"

// ones returns a mask of the low w bits.
func ones(w uint) uint64 { return ^uint64(0) >> (64 - w) }

func add(w uint) pure {
	mask := ones(w)
	return func(a, b, _ uint64) uint64 { return (a + b) & mask }
}

func sub(w uint) pure {
	mask := ones(w)
	return func(a, b, _ uint64) uint64 { return (a - b) & mask }
}

func mulLow(w uint) pure {
	mask := ones(w)
	return func(a, b, _ uint64) uint64 { return a * b & mask }
}

func madLow(w uint) pure {
	mask := ones(w)
	return func(a, b, c uint64) uint64 { return (a*b + c) & mask }
}

// mulHigh is the upper half of the full product.
func mulHigh(k kind) pure {
	w, mask := k.bits(), k.mask()
	switch {
	case k == u64:
		return func(a, b, _ uint64) uint64 {
			high, _ := bits.Mul64(a, b)
			return high
		}
	case k == s64:
		return func(a, b, _ uint64) uint64 {
			// What a negative factor adds to the unsigned product is 2^64 times the other factor.
			high, _ := bits.Mul64(a, b)
			return high - uint64(int64(a)>>63)&b - uint64(int64(b)>>63)&a
		}
	case k.signed():
		return func(a, b, _ uint64) uint64 { return uint64(signExtend(a, w)*signExtend(b, w)>>w) & mask }
	}
	return func(a, b, _ uint64) uint64 { return a * b >> w & mask }
}

func madHigh(k kind) pure {
	high, mask := mulHigh(k), k.mask()
	return func(a, b, c uint64) uint64 { return (high(a, b, 0) + c) & mask }
}

// mulWide is the full product, in twice the width.
func mulWide(k kind) pure {
	w, mask := k.bits(), ones(2*k.bits())
	if k.signed() {
		return func(a, b, _ uint64) uint64 { return uint64(signExtend(a, w)*signExtend(b, w)) & mask }
	}
	return func(a, b, _ uint64) uint64 { return a * b }
}

func madWide(k kind) pure {
	wide, mask := mulWide(k), ones(2*k.bits())
	return func(a, b, c uint64) uint64 { return (wide(a, b, 0) + c) & mask }
}

// div truncates toward zero; the least number divided by -1 is itself. What a division by zero gives the manual leaves
// open, so that it is an error, which is looked for before.
func div(k kind) pure {
	w, mask := k.bits(), k.mask()
	if k.signed() {
		return func(a, b, _ uint64) uint64 { return uint64(signExtend(a, w)/signExtend(b, w)) & mask }
	}
	return func(a, b, _ uint64) uint64 { return a / b }
}

// rem has the sign of a.
func rem(k kind) pure {
	w, mask := k.bits(), k.mask()
	if k.signed() {
		return func(a, b, _ uint64) uint64 { return uint64(signExtend(a, w)%signExtend(b, w)) & mask }
	}
	return func(a, b, _ uint64) uint64 { return a % b }
}

func minimum(k kind) pure {
	w := k.bits()
	if k.signed() {
		return func(a, b, _ uint64) uint64 {
			if signExtend(b, w) < signExtend(a, w) {
				return b
			}
			return a
		}
	}
	return func(a, b, _ uint64) uint64 { return min(a, b) }
}

func maximum(k kind) pure {
	w := k.bits()
	if k.signed() {
		return func(a, b, _ uint64) uint64 {
			if signExtend(b, w) > signExtend(a, w) {
				return b
			}
			return a
		}
	}
	return func(a, b, _ uint64) uint64 { return max(a, b) }
}

func neg(w uint) pure {
	mask := ones(w)
	return func(a, _, _ uint64) uint64 { return -a & mask }
}

// abs of the least number is itself.
func abs(w uint) pure {
	mask := ones(w)
	return func(a, _, _ uint64) uint64 {
		if signExtend(a, w) < 0 {
			return -a & mask
		}
		return a
	}
}

// dotBytes is dp4a: the sum of four products of bytes, added to c.
func dotBytes(signedA, signedB bool) pure {
	return func(a, b, c uint64) uint64 {
		sum := int64(c)
		for i := range 4 {
			sum += byteOf(a, i, signedA) * byteOf(b, i, signedB)
		}
		return uint64(sum) & ones(32)
	}
}

func byteOf(x uint64, i int, signed bool) int64 {
	x = x >> (8 * i) & 255
	if signed {
		return signExtend(x, 8)
	}
	return int64(x)
}
