package ptxsim

import "math"

// conversion returns what cvt does from one type to another, nil if there is no such form or its bits are not
// defined here. The operand may be wider than its type; the result has the bits above its type 0.
func conversion(to, from kind, rounding string, saturate bool) pure {
	switch {
	case to.integer() && from.integer():
		if rounding != "" {
			return nil
		}
		return convertIntegers(to, from, saturate)
	case to == f32 && from.integer():
		if rounding != "rn" || saturate {
			return nil
		}
		return integerToFloat32(from)
	case to == f64 && from.integer():
		if rounding != "rn" || saturate {
			return nil
		}
		return integerToFloat64(from)
	case to.integer() && from.float():
		// .sat is allowed and says what happens anyway: floats are clamped to the integer's range.
		if round := roundings[rounding]; round != nil {
			return floatToInteger(to, from, round)
		}
	case saturate:
		return nil
	case to == f32 && from == f32:
		if rounding == "" {
			return func(a, _, _ uint64) uint64 { return fromFloat32(toFloat32(a)) }
		}
		if round := roundings[rounding]; round != nil {
			return func(a, _, _ uint64) uint64 { return fromFloat32(float32(round(float64(toFloat32(a))))) }
		}
	case to == f32 && from == f16 && rounding == "", to == f32 && from == f64 && rounding == "rn":
		return func(a, _, _ uint64) uint64 { return fromFloat32(float32(toFloat64(a, from))) }
	case to == f64 && (from == f32 || from == f16) && rounding == "":
		return func(a, _, _ uint64) uint64 { return fromFloat64(toFloat64(a, from)) }
	case to == f16 && from == f32 && rounding == "rn":
		return float32ToHalf
	}
	return nil
}

// roundings to an integral value.
var roundings = map[string]func(float64) float64{
	"rni": math.RoundToEven,
	"rzi": math.Trunc,
	"rmi": math.Floor,
	"rpi": math.Ceil,
}

func fromFloat64(x float64) uint64 {
	if x != x {
		return nanF64
	}
	return math.Float64bits(x)
}

// convertIntegers truncates or extends, by the sign of the source's type; saturated, it clamps to the target's range.
func convertIntegers(to, from kind, saturate bool) pure {
	mask := to.mask()
	if !saturate {
		return func(a, _, _ uint64) uint64 { return from.extend(a, u64) & mask }
	}
	low, high := int64(0), mask
	if to.signed() {
		low, high = -1<<(to.bits()-1), mask>>1
	}
	return func(a, _, _ uint64) uint64 {
		a = from.extend(a, u64)
		if from.signed() && int64(a) < 0 {
			return uint64(max(int64(a), low)) & mask
		}
		return min(a, high)
	}
}

func integerToFloat32(from kind) pure {
	if from.signed() {
		return func(a, _, _ uint64) uint64 { return fromFloat32(float32(signExtend(a, from.bits()))) }
	}
	return func(a, _, _ uint64) uint64 { return fromFloat32(float32(a & from.mask())) }
}

func integerToFloat64(from kind) pure {
	if from.signed() {
		return func(a, _, _ uint64) uint64 { return fromFloat64(float64(signExtend(a, from.bits()))) }
	}
	return func(a, _, _ uint64) uint64 { return fromFloat64(float64(a & from.mask())) }
}

// floatToInteger rounds and clamps to the target's range. NaN becomes 0, or the uppermost bit alone if the source is
// .f64 or the target has 64 bits.
func floatToInteger(to, from kind, round func(float64) float64) pure {
	least, beyond := 0.0, math.Ldexp(1, int(to.bits()))
	if to.signed() {
		least, beyond = -math.Ldexp(1, int(to.bits())-1), math.Ldexp(1, int(to.bits())-1)
	}
	nan := uint64(0)
	if from == f64 || to.bits() == 64 {
		nan = 1 << (to.bits() - 1)
	}
	mask := to.mask()
	return func(a, _, _ uint64) uint64 {
		x := round(toFloat64(a, from))
		switch {
		case x != x:
			return nan
		case x >= beyond:
			if to.signed() {
				return mask >> 1
			}
			return mask
		case x <= least:
			return uint64(int64(least)) & mask
		case to.signed():
			return uint64(int64(x)) & mask
		}
		return uint64(x)
	}
}

// halfToFloat64 widens binary16.
func halfToFloat64(x uint64) float64 {
	exponent, fraction := int(x>>10&31), float64(x&1023)
	var value float64
	switch exponent {
	case 0:
		value = math.Ldexp(fraction, -24)
	case 31:
		value = math.Inf(1)
		if fraction != 0 {
			return math.NaN()
		}
	default:
		value = math.Ldexp(1024+fraction, exponent-25)
	}
	if x>>15&1 == 1 {
		return -value
	}
	return value
}

// float32ToHalf rounds to binary16, ties to even.
func float32ToHalf(a, _, _ uint64) uint64 {
	x := float64(toFloat32(a))
	if x != x {
		return nanF16
	}
	sign := a >> 16 & 0x8000
	x = math.Abs(x)
	if x == 0 {
		return sign
	}
	if x >= 65520 { // halfway from the greatest number to 2^16
		return sign | 0x7c00
	}
	// Numbers are multiples of a unit: 2^-24 for subnormal ones, 2^-10 of the leading power of two for others.
	_, exponent := math.Frexp(x)
	unit := max(exponent-11, -24)
	multiple := uint64(math.RoundToEven(math.Ldexp(x, -unit)))
	return sign | uint64(unit+24)<<10 + multiple
}
