package kernels

// The functions that are smooth steps or their relatives: sigmoid, tanh, softplus, SiLU.

const (
	// tanh(t) = t + t³·(tanhC0 + tanhC1·t² + ...), t < tanhSplit.
	tanhSplit float32 = 0x1.19999ap-1
	tanhC0    float32 = -0x1.55554ap-2
	tanhC1    float32 = 0x1.110ceep-3
	tanhC2    float32 = -0x1.b91e7ep-5
	tanhC3    float32 = 0x1.58e518p-6
	tanhC4    float32 = -0x1.9921a2p-8

	// tanh has rounded to ±1 well before 2t reaches 20.
	tanhLow float32 = -0x1.4p+4

	// log1p(z) = z + z²·(log1pC0 + log1pC1·z + ...), 0 <= z <= 1.
	log1pC0 float32 = -0x1.ffffd2p-2
	log1pC1 float32 = 0x1.554ddp-2
	log1pC2 float32 = -0x1.ff23e6p-3
	log1pC3 float32 = 0x1.934b54p-3
	log1pC4 float32 = -0x1.3a435ep-3
	log1pC5 float32 = 0x1.b4ae08p-4
	log1pC6 float32 = -0x1.d6b08cp-5
	log1pC7 float32 = 0x1.4917cep-6
	log1pC8 float32 = -0x1.af49cep-9

	// Beyond this |x|, SiLU is x or a zero, and the exponent would leave the range of scale.
	siluHigh float32 = 0x1.ep+6
)

// Sigmoid returns 1/(1 + e^−x), in [0, 1].
//
// With z = e^−|x| and w = z/(1+z) it is z − z·w for negative x and 1 − w otherwise: both have smaller errors
// than the quotients z/(1+z) and 1/(1+z) themselves.
func Sigmoid(x float32) float32 {
	z := expNegAbs(x)
	w := float32(z / float32(1+z))
	a := float32(1)
	if x < 0 {
		a = z
	}
	return FMA(neg(a), w, a)
}

// Tanh returns the hyperbolic tangent, in [−1, 1], odd to the bit.
func Tanh(x float32) float32 {
	t := abs(x)
	if t < tanhSplit {
		y := float32(t * t)
		return withSignOf(FMA(float32(t*y), horner(y, tanhC4, tanhC3, tanhC2, tanhC1, tanhC0), t), x)
	}
	s, n := expCore(atLeast(float32(-2*t), tanhLow))
	k := pow2(n)
	z := FMA(k, s, k) // e^−2t
	return withSignOf(float32(1-float32(float32(z+z)/float32(1+z))), x)
}

// Softplus returns ln(1 + e^x), as max(x, 0) + log1p(e^−|x|).
func Softplus(x float32) float32 {
	z := expNegAbs(x)
	log1p := FMA(float32(z*z), horner(z, log1pC8, log1pC7, log1pC6, log1pC5, log1pC4, log1pC3, log1pC2, log1pC1, log1pC0), z)
	positive := float32(0)
	if 0 < x {
		positive = x
	}
	return float32(positive + log1p)
}

// SiLU returns x·sigmoid(x), also called swish.
func SiLU(x float32) float32 {
	t := atMost(abs(x), siluHigh)
	s, n := expCore(neg(t))
	return timesSigmoid(x, t, s, n)
}

// timesSigmoid returns x·sigmoid(v), where v has the sign of x, e^−|v| = 2^n·(1+s), and t is |x|, clamped.
// With w = e^−|v| / (1 + e^−|v|) it is x − t·w for positive x. For negative x it is B − B·w with
// B = −t·(1+s), scaled by 2^n last, so that a subnormal result rounds once.
func timesSigmoid(x, t, s float32, n int32) float32 {
	z := scale(float32(1+s), n)
	w := float32(z / float32(1+z))
	if x < 0 {
		b := FMA(neg(t), s, neg(t))
		return scale(FMA(neg(b), w, b), n)
	}
	return FMA(neg(t), w, x)
}
