package kernels

import "math"

// FromUint8 converts bytes to float32, exactly. dst and src have one length.
func FromUint8(dst []float32, src []uint8) {
	mustHold("FromUint8", "dst", len(dst), 1, len(src))
	for i, v := range src {
		dst[i] = float32(v)
	}
}

// FromFloat16 converts IEEE binary16 bit patterns to float32, exactly: subnormals, signed zeros and
// infinities included; a NaN stays a NaN. dst and src have one length.
func FromFloat16(dst []float32, src []uint16) {
	mustHold("FromFloat16", "dst", len(dst), 1, len(src))
	for i, v := range src {
		dst[i] = float16(v)
	}
}

func float16(v uint16) float32 {
	const (
		fractionBits = 10
		shift        = 23 - fractionBits
		exponentBias = 127 - 15
	)
	sign := uint32(v&0x8000) << 16
	exponent := uint32(v>>fractionBits) & 0x1f
	fraction := uint32(v) & (1<<fractionBits - 1)
	switch exponent {
	case 0: // zero or subnormal: a whole number of 2^-24
		return withSignOf(float32(float32(fraction)*0x1p-24), math.Float32frombits(sign))
	case 0x1f:
		return math.Float32frombits(sign | infinityBits | fraction<<shift)
	}
	return math.Float32frombits(sign | (exponent+exponentBias)<<23 | fraction<<shift)
}
