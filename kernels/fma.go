package kernels

import "math"

// FMA returns x·y + z rounded once to binary32, ties to even: the fused multiply-add of IEEE 754, the same
// bits on every platform, whether it has the instruction or not.
//
// The product of two binary32 values has at most 48 significant bits, so it is exact in binary64; only the
// sum rounds there. Converting that sum to binary32 rounds a second time, which is wrong in just two cases:
// when the first rounding landed on the midpoint of two binary32 neighbours, hiding the side on which the
// exact value lies, and when the result is subnormal, where midpoints sit at other bits. Both are looked for
// and settled by [roundToOdd]. (float32(math.FMA(...)) has the same flaw and is not the answer.)
func FMA(x, y, z float32) float32 {
	product := float64(float64(x) * float64(y))
	sum := float64(product + float64(z))
	if needsRoundToOdd(sum) {
		sum = roundToOdd(product, float64(z), sum)
	}
	return float32(sum)
}

// needsRoundToOdd reports whether converting sum to binary32 could round a second time in the wrong
// direction: its 29 surplus bits are exactly one half, or it is below the smallest normal binary32, 2^-126.
// Infinities and NaNs are not concerned: their surplus bits are zero, since they come from binary32 values.
func needsRoundToOdd(sum float64) bool {
	const (
		surplus   = 1<<29 - 1
		half      = 1 << 28
		minNormal = (1023 - 126) << 52
	)
	bits := math.Float64bits(sum)
	return bits&surplus == half || bits&^(1<<63) < minNormal
}

// roundToOdd returns the exact value of a + b rounded to binary64 by the rule "to the odd neighbour unless
// exact", given sum, the same value rounded to nearest. An odd last bit remembers that something was cut
// off, so a later rounding to a format at least two bits shorter cannot mistake the value for a midpoint.
func roundToOdd(a, b, sum float64) float64 {
	// The error of the sum, exactly (Knuth's TwoSum).
	bPart := sum - a
	rest := (a - (sum - bPart)) + (b - bPart)
	bits := math.Float64bits(sum)
	if rest == 0 || bits&1 == 1 {
		return sum
	}
	if (rest > 0) == (sum > 0) { // the exact value is farther from zero
		return math.Float64frombits(bits + 1)
	}
	return math.Float64frombits(bits - 1)
}
