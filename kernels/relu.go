package kernels

// The functions in straight pieces, and their exponential relatives ELU and SELU. Each is one compare with a
// select or two, so what happens to NaN (it stays) and to −0 can be read off the code.

const (
	// SELU's two constants: gamma, and gamma times its alpha.
	seluGamma      float32 = 0x1.0cfabep+0
	seluGammaAlpha float32 = 0x1.c212ccp+0
)

// ReLU returns x where it is positive and +0 where it is not; −0 becomes +0.
func ReLU(x float32) float32 {
	if x <= 0 {
		return 0
	}
	return x
}

// ReLU6 returns ReLU(x), at most 6.
func ReLU6(x float32) float32 { return atMost(ReLU(x), 6) }

// LeakyReLU returns x·alpha where x is negative, and x elsewhere.
func LeakyReLU(x, alpha float32) float32 {
	if x < 0 {
		return float32(x * alpha)
	}
	return x
}

// ELU returns x where it is positive and alpha·(e^x − 1) elsewhere.
func ELU(x, alpha float32) float32 {
	if 0 < x {
		return x
	}
	return float32(alpha * expm1Neg(x))
}

// SELU returns ELU(x) with the constants of self-normalising networks, scaled.
func SELU(x float32) float32 {
	if 0 < x {
		return float32(seluGamma * x)
	}
	return float32(seluGammaAlpha * expm1Neg(x))
}

// HardSigmoid returns alpha·x + beta, at least 0 and at most 1.
func HardSigmoid(x, alpha, beta float32) float32 { return atMost(ReLU(FMA(alpha, x, beta)), 1) }

// Clip returns x, at least low and at most high.
func Clip(x, low, high float32) float32 { return atMost(atLeast(x, low), high) }

// Step returns 0 for x < 0 and 1 for x >= 0, −0 included.
func Step(x float32) float32 { return greaterEqual(x, 0) }

// greater returns 1 where x > threshold, 0 where it is not, and NaN for NaN.
func greater(x, threshold float32) float32 {
	switch {
	case x > threshold:
		return 1
	case x == x:
		return 0
	}
	return x
}

// greaterEqual returns 1 where x >= threshold, 0 where it is not, and NaN for NaN.
func greaterEqual(x, threshold float32) float32 {
	switch {
	case x >= threshold:
		return 1
	case x == x:
		return 0
	}
	return x
}
