package kernels

import "math"

// Every function with an exponential in it starts from the same core: h is split as n·ln 2 + r with
// |r| <= ln 2 / 2, and expm1(r) is a polynomial. What differs is how 2^n·(1 + expm1(r)) is put together.

const (
	log2E float32 = 0x1.715476p+0

	// magic is 1.5·2^23. Adding it to |v| < 2^22 leaves the integer nearest to v in the low bits of the sum:
	// a rounding to integer that needs no rounding instruction and no conversion.
	magic     float32 = 0x1.8p+23
	magicBits int32   = 0x4b400000

	// ln 2 in two parts. The first has 15 significant bits, so n·ln2Hi is exact for |n| <= 255.
	ln2Hi float32 = 0x1.62e4p-1
	ln2Lo float32 = 0x1.7f7d1cp-20

	// expm1(r) = r + r²·(expC0 + expC1·r + ... + expC4·r⁴), |r| <= ln 2 / 2.
	expC0 float32 = 0x1p-1
	expC1 float32 = 0x1.55549p-3
	expC2 float32 = 0x1.5558bep-5
	expC3 float32 = 0x1.1245e2p-7
	expC4 float32 = 0x1.6a0d3ep-10

	// Where exp has long become 0 and Inf in binary32; past them n would leave the range of scale.
	expLow  float32 = -0x1.ap+6
	expHigh float32 = 0x1.64p+6

	// expm1(x) rounds to −1 well above this.
	expm1Low float32 = -0x1.ap+4
)

// splitByLn2 returns n, the integer nearest to h/ln 2, as a float and as an integer, and h − n·ln2Hi, which
// is exact.
func splitByLn2(h float32) (nf float32, n int32, rest float32) {
	shifted := FMA(h, log2E, magic)
	nf = float32(shifted - magic)
	return nf, bitsOf(shifted) - magicBits, FMA(nf, -ln2Hi, h)
}

// expm1Poly returns e^r − 1 for |r| <= ln 2 / 2.
func expm1Poly(r float32) float32 {
	return FMA(float32(r*r), horner(r, expC4, expC3, expC2, expC1, expC0), r)
}

// expCore returns s and n with e^h = 2^n·(1 + s), for |h| <= 250·ln 2.
func expCore(h float32) (s float32, n int32) {
	nf, n, rest := splitByLn2(h)
	return expm1Poly(FMA(nf, -ln2Lo, rest)), n
}

// expCoreTail returns s and n with e^(h+l) = 2^n·(1 + s), where l is a correction tiny beside h.
func expCoreTail(h, l float32) (s float32, n int32) {
	nf, n, rest := splitByLn2(h)
	return expm1Poly(float32(rest + FMA(nf, -ln2Lo, l))), n
}

// pow2 returns 2^n for −126 <= n <= 127.
func pow2(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// scale returns v·2^n for |n| <= 252. The power goes in as two factors, both normal; for v near 1 the first
// product is exact, so a subnormal result rounds once.
func scale(v float32, n int32) float32 {
	half := n >> 1
	return float32(float32(v*pow2(half)) * pow2(n-half))
}

// expNegAbs returns e^−|x|, in [0, 1].
func expNegAbs(x float32) float32 {
	s, n := expCore(atLeast(negAbs(x), expLow))
	return scale(float32(1+s), n)
}

// expm1Neg returns e^x − 1 for x <= 0.
func expm1Neg(x float32) float32 {
	s, n := expCore(atLeast(x, expm1Low))
	k := pow2(n)
	return FMA(k, s, float32(k-1))
}

// Exp returns e^x: +0 far below, Inf above ln of the greatest float32 (88.72).
func Exp(x float32) float32 {
	s, n := expCore(atMost(atLeast(x, expLow), expHigh))
	return scale(float32(1+s), n)
}
