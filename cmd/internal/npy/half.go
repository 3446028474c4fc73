package npy

import "math"

// halfToFloat32 widens an IEEE 754 binary16 value: 1 sign bit, 5 exponent bits (bias 15) and 10
// fraction bits. Every half is a float32, so nothing is rounded; a NaN keeps its payload.
func halfToFloat32(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent := uint32(h>>10) & 0x1f
	fraction := uint32(h) & 0x3ff
	switch exponent {
	case 0:
		// Zero or subnormal: the value is fraction·2⁻²⁴, exact because fraction has ten bits.
		magnitude := float32(fraction) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(magnitude))
	case 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
