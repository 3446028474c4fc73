package stream

import "math/big"

// circle returns the cosines and sines of 2πk/n for k = 0 … n/2, each the binary64
// number nearest to the true value. That is a definition without an algorithm: it
// has the same bits wherever it is computed, which math.Sin has not, since some
// platforms have an assembly of their own for it.
//
// The point at angle 2π/n is multiplied with itself in binary arithmetic of 192
// bits. After 2^15 steps the error is below 2^-170, so a result could be rounded
// to the wrong side only if the true value lay that close to the middle between
// two numbers. Where it is rational it is 0, ±1/2 or ±1 (Niven's theorem): the
// zeros are set, the others are far from any middle.
func circle(n int) (cos, sin []float64) {
	const precision = 192
	number := func() *big.Float { return new(big.Float).SetPrec(precision) }
	angle := number()
	angle.SetString("6.2831853071795864769252867665590057683943387987502116419498891846") // 2π
	angle.Quo(angle, number().SetInt64(int64(n)))

	// Taylor's series of both, term by term.
	stepCos, stepSin, term := number().SetInt64(1), number(), number().SetInt64(1)
	for i := int64(1); term.Sign() != 0 && term.MantExp(nil) > -precision-16; i++ {
		term.Mul(term, angle)
		term.Quo(term, number().SetInt64(i))
		sum := stepCos
		if i%2 == 1 {
			sum = stepSin
		}
		if i%4 < 2 {
			sum.Add(sum, term)
		} else {
			sum.Sub(sum, term)
		}
	}

	cos, sin = make([]float64, n/2+1), make([]float64, n/2+1)
	c, s := number().SetInt64(1), number()
	cc, ss, cs, sc := number(), number(), number(), number()
	for k := range cos {
		cos[k], _ = c.Float64()
		sin[k], _ = s.Float64()
		if 4*k == n {
			cos[k] = 0
		}
		if 2*k == n {
			sin[k] = 0
		}
		cc.Mul(c, stepCos)
		ss.Mul(s, stepSin)
		cs.Mul(c, stepSin)
		sc.Mul(s, stepCos)
		c.Sub(cc, ss)
		s.Add(cs, sc)
	}
	return cos, sin
}
