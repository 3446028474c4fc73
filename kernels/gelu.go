package kernels

// The functions built on the normal distribution: erf and the two forms of GELU.

const (
	// erf(t) = t + t·(erfC0 + erfC1·t² + ...), t < erfSplit.
	erfSplit float32 = 0x1.cp-1
	erfC0    float32 = 0x1.06eba6p-3
	erfC1    float32 = -0x1.8126ecp-2
	erfC2    float32 = 0x1.ce1b86p-4
	erfC3    float32 = -0x1.b69b8ep-6
	erfC4    float32 = 0x1.479c18p-8
	erfC5    float32 = -0x1.3ba5aap-11

	// ln(erfc(t)) = erfcC0 + erfcC1·t + ..., erfSplit <= t <= erfHigh, where erf has rounded to 1.
	erfHigh float32 = 0x1p+2
	erfcC0  float32 = -0x1.1830a4p-13
	erfcC1  float32 = -0x1.20c06ap+0
	erfcC2  float32 = -0x1.460272p-1
	erfcC3  float32 = -0x1.ab5336p-4
	erfcC4  float32 = 0x1.6f553p-6
	erfcC5  float32 = -0x1.9550a4p-9
	erfcC6  float32 = 0x1.a5874ap-13

	// Φ(x) = 0.5 + x·(phiC0 + phiC1·x² + ...), |x| < geluSplit.
	geluSplit float32 = 0x1.8p-1
	phiC0     float32 = 0x1.988452p-2
	phiC1     float32 = -0x1.1057b6p-4
	phiC2     float32 = 0x1.46b13p-7
	phiC3     float32 = -0x1.34212ep-10
	phiC4     float32 = 0x1.9c6b94p-14

	// Φ(−t)·e^(t²/2) = w·(tailC0 + tailC1·u + ...), w = 1/(t+4), u = 1 − 8w, geluSplit <= t <= geluHigh.
	geluHigh float32 = 0x1.ep+3
	tailC0   float32 = 0x1.82b4bcp-1
	tailC1   float32 = -0x1.373e3ap-1
	tailC2   float32 = 0x1.8c6dap-2
	tailC3   float32 = -0x1.7e00dcp-3
	tailC4   float32 = 0x1.eed354p-5
	tailC5   float32 = -0x1.eb7862p-8
	tailC6   float32 = -0x1.ccf2d4p-9
	tailC7   float32 = 0x1.7f9be6p-10
	tailC8   float32 = 0x1.9572dcp-13

	// Roughly −d ln(Φ(−t)·e^(t²/2)) / d ln(t+4), as tailSlopeC0 + tailSlopeC1·u.
	tailSlopeC0 float32 = 0x1.ccccccp+0
	tailSlopeC1 float32 = -0x1.333334p+0

	// 2·√(2/π)·(t + 0.044715·t³) = t·(cubicC0 + cubicC1·t²), each coefficient in two parts.
	geluTanhHigh float32 = 0x1.6p+3
	cubicC0Hi    float32 = 0x1.988454p+0
	cubicC0Lo    float32 = -0x1.857936p-25
	cubicC1Hi    float32 = 0x1.2444f2p-4
	cubicC1Lo    float32 = 0x1.49b16ap-29
)

// Erf returns the error function, in [−1, 1], odd to the bit.
func Erf(x float32) float32 {
	t := abs(x)
	if t < erfSplit {
		return withSignOf(FMA(t, horner(float32(t*t), erfC5, erfC4, erfC3, erfC2, erfC1, erfC0), t), x)
	}
	s, n := expCore(horner(atMost(t, erfHigh), erfcC6, erfcC5, erfcC4, erfcC3, erfcC2, erfcC1, erfcC0))
	k := pow2(n)
	return withSignOf(FMA(neg(k), s, float32(1-k)), x)
}

// GELU returns x·Φ(x), with Φ the distribution function of the standard normal: the form with erf.
//
// Beyond geluSplit it comes from the tail Φ(−t) = R(t)·e^(−t²/2), t = |x|: −t·Φ(−t) for negative x and
// x·(1 − Φ(−t)) for positive. An error in the exponent t²/2 would be multiplied by up to 112, and the result
// for negative x is all tail, so what each product rounds off is carried along (the names with an l), and
// the scaling by 2^n comes last, so that a subnormal result rounds once.
func GELU(x float32) float32 {
	negative := x < 0
	t := atMost(abs(x), geluHigh)
	if t < geluSplit { // no exponential and no cancellation
		slope := horner(float32(x*x), phiC4, phiC3, phiC2, phiC1, phiC0)
		return float32(x * FMA(x, slope, 0.5))
	}

	w := float32(1 / float32(t+4))
	wError := FMA(neg(w), t, FMA(-4, w, 1)) // 1 − w·(t+4), relative: of the sum and the quotient together
	u := FMA(-8, w, 1)

	// R = w·P(u), as r + rl.
	p1 := horner(u, tailC8, tailC7, tailC6, tailC5, tailC4, tailC3, tailC2, tailC1)
	p := FMA(p1, u, tailC0)
	pl := FMA(p1, u, float32(tailC0-p))
	r := float32(w * p)
	rl := FMA(w, pl, FMA(w, p, neg(r)))

	// The factor before the exponential, R or −t·R, as b + bl.
	m := float32(1)
	if negative {
		m = neg(t)
	}
	b := float32(m * r)
	bl := FMA(m, rl, FMA(m, r, neg(b)))

	// The exponent −t²/2, as −square/2 + l; l also takes in the error of w, turned into one of the exponent.
	square := float32(t * t)
	squareLow := FMA(t, t, neg(square))
	l := FMA(wError, FMA(tailSlopeC1, u, tailSlopeC0), float32(-0.5*squareLow))
	s, n := expCoreTail(float32(-0.5*square), l)

	y := scale(float32(b+FMA(b, s, bl)), n)
	if negative {
		return y
	}
	return float32(x * float32(1-y))
}

// GELUTanh returns x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2, the approximation of GELU that many frameworks
// offer under its name. It is x·sigmoid of twice that argument; the argument is carried in two parts.
func GELUTanh(x float32) float32 {
	t := atMost(abs(x), geluTanhHigh)
	square := float32(t * t)
	squareLow := FMA(t, t, neg(square))

	// cubicC0 + cubicC1·t², as b + bl: first cubicC1Hi·square = m + ml, then cubicC0Hi + m by TwoSum, then what
	// the low parts add.
	m := float32(cubicC1Hi * square)
	ml := FMA(cubicC1Hi, square, neg(m))
	b := float32(cubicC0Hi + m)
	mPart := float32(b - cubicC0Hi)
	bl := float32(float32(cubicC0Hi-float32(b-mPart)) + float32(m-mPart))
	low := FMA(cubicC1Lo, square, float32(ml+cubicC0Lo))
	bl = float32(bl + FMA(cubicC1Hi, squareLow, low))

	v := float32(t * b)
	vl := FMA(t, bl, FMA(t, b, neg(v)))
	s, n := expCoreTail(neg(v), neg(vl))
	return timesSigmoid(x, t, s, n)
}
