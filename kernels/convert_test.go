package kernels

import (
	"math"
	"testing"
)

func TestFromUint8(t *testing.T) {
	src, want := make([]uint8, 256), make([]float32, 256)
	for i := range src {
		src[i], want[i] = uint8(i), float32(i)
	}
	dst, intact := guarded(t, len(src))
	FromUint8(dst, src)
	requireSame(t, "bytes", dst, want)
	intact()
}

// Every binary16 pattern against the definition of the format, (−1)^s · 2^(e−15) · 1.f, in binary64.
func TestFromFloat16(t *testing.T) {
	const count = 1 << 16
	src, want := make([]uint16, count), make([]float32, count)
	for i := range src {
		src[i] = uint16(i)
		exponent, fraction := i>>10&0x1f, float64(i&0x3ff)
		value := math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			value = math.Ldexp(fraction/1024, -14)
		case exponent == 31 && fraction == 0:
			value = math.Inf(1)
		case exponent == 31:
			value = math.NaN()
		}
		if i>>15 == 1 {
			value = -value
		}
		want[i] = float32(value)
	}
	dst, intact := guarded(t, count)
	FromFloat16(dst, src)
	requireSame(t, "patterns", dst, want)
	intact()
}
