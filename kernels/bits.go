package kernels

import "math"

// The operations that the definitions use beside +, −, ×, ÷ and FMA. They act on the bit pattern or select
// by an ordered compare, so each has exactly one meaning, NaN and −0 included.

const (
	signBit       = 1 << 31
	magnitudeBits = signBit - 1
	infinityBits  = 0x7f800000
)

func bitsOf(x float32) int32   { return int32(math.Float32bits(x)) }
func abs(x float32) float32    { return math.Float32frombits(math.Float32bits(x) &^ signBit) }
func negAbs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) | signBit) }

// neg flips the sign bit. Go's −x does too; the name says that it is exact and acts on NaN and 0 alike.
func neg(x float32) float32 { return math.Float32frombits(math.Float32bits(x) ^ signBit) }

// withSignOf returns magnitude, which has a clear sign bit, with the sign of x.
func withSignOf(magnitude, x float32) float32 {
	return math.Float32frombits(math.Float32bits(magnitude) | math.Float32bits(x)&signBit)
}

// atLeast returns low where x < low, and x otherwise: a NaN passes through.
func atLeast(x, low float32) float32 {
	if x < low {
		return low
	}
	return x
}

// atMost returns high where high < x, and x otherwise: a NaN passes through.
func atMost(x, high float32) float32 {
	if high < x {
		return high
	}
	return x
}

// maxMagnitude returns the bits of the greatest |x| of a row, compared as integers. The order of the row does
// not matter; the result is above infinityBits exactly when the row holds a NaN, and 0 for an empty row.
func maxMagnitude(row []float32) uint32 {
	greatest := uint32(0)
	for _, v := range row {
		greatest = max(greatest, math.Float32bits(v)&magnitudeBits)
	}
	return greatest
}

// horner evaluates a polynomial at x by a chain of fused multiply-adds; coefficients come highest power first.
func horner(x float32, coefficients ...float32) float32 {
	sum := coefficients[0]
	for _, c := range coefficients[1:] {
		sum = FMA(sum, x, c)
	}
	return sum
}
