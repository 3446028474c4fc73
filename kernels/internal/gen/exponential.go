package gen

// The functions with an exponential in them, but for those of the normal distribution. The names of the
// values are those of NUMERICS.md.

// splitByLn2 returns n as a float and as an integer, and h − n·ln2Hi.
func (p *program) splitByLn2(h *value) (nf, n, rest *value) {
	magic := p.constant("magic")
	t := p.fma(h, p.constant("log2E"), magic)
	nf = p.sub(t, magic)
	n = p.subInt(t, p.constant("magicBits"))
	return nf, n, p.fma(nf, p.neg(p.constant("ln2Hi")), h)
}

func (p *program) expm1(r *value) *value {
	q := p.horner(r, "expC4", "expC3", "expC2", "expC1", "expC0")
	return p.fma(p.mul(r, r), q, r)
}

// core returns s and n with e^h = 2^n·(1 + s).
func (p *program) core(h *value) (s, n *value) {
	nf, n, rest := p.splitByLn2(h)
	return p.expm1(p.fma(nf, p.neg(p.constant("ln2Lo")), rest)), n
}

// coreTail returns s and n with e^(h+l) = 2^n·(1 + s).
func (p *program) coreTail(h, l *value) (s, n *value) {
	nf, n, rest := p.splitByLn2(h)
	return p.expm1(p.add(rest, p.fma(nf, p.neg(p.constant("ln2Lo")), l))), n
}

func (p *program) pow2(n *value) *value { return p.shl23(p.addInt(n, p.integer(127))) }

// powers is 2^n in two factors.
type powers struct{ first, second *value }

func (p *program) powers(n *value) powers {
	half := p.sra1(n)
	return powers{p.pow2(half), p.pow2(p.subInt(n, half))}
}

func (p *program) scale(v *value, n powers) *value { return p.mul(p.mul(v, n.first), n.second) }

func (p *program) expNegAbs(x *value) *value {
	s, n := p.core(p.atLeast(p.negAbs(x), p.constant("expLow")))
	return p.scale(p.add(s, p.float(1)), p.powers(n))
}

func (p *program) expm1Neg(x *value) *value {
	s, n := p.core(p.atLeast(x, p.constant("expm1Low")))
	k := p.pow2(n)
	return p.fma(k, s, p.sub(k, p.float(1)))
}

func (p *program) exp(x *value) *value {
	s, n := p.core(p.atMost(p.atLeast(x, p.constant("expLow")), p.constant("expHigh")))
	return p.scale(p.add(s, p.float(1)), p.powers(n))
}

func (p *program) sigmoid(x *value) *value {
	one := p.float(1)
	z := p.expNegAbs(x)
	w := p.div(z, p.add(z, one))
	a := p.choose(p.less(x, p.float(0)), z, one)
	return p.fma(p.neg(a), w, a)
}

func (p *program) tanh(x *value) *value {
	one := p.float(1)
	t := p.abs(x)
	s, n := p.core(p.atLeast(p.mul(t, p.float(-2)), p.constant("tanhLow")))
	k := p.pow2(n)
	z := p.fma(k, s, k)
	large := p.sub(one, p.div(p.add(z, z), p.add(z, one)))
	v := p.mul(t, t)
	small := p.fma(p.mul(t, v), p.horner(v, "tanhC4", "tanhC3", "tanhC2", "tanhC1", "tanhC0"), t)
	return p.withSignOf(p.choose(p.less(t, p.constant("tanhSplit")), small, large), x)
}

func (p *program) softplus(x *value) *value {
	z := p.expNegAbs(x)
	q := p.horner(z, "log1pC8", "log1pC7", "log1pC6", "log1pC5", "log1pC4", "log1pC3", "log1pC2", "log1pC1", "log1pC0")
	zero := p.float(0)
	return p.add(p.choose(p.less(zero, x), x, zero), p.fma(p.mul(z, z), q, z))
}

func (p *program) silu(x *value) *value {
	t := p.atMost(p.abs(x), p.constant("siluHigh"))
	s, n := p.core(p.neg(t))
	return p.timesSigmoid(x, t, s, n)
}

// timesSigmoid shares the powers between its two scalings.
func (p *program) timesSigmoid(x, t, s, n *value) *value {
	one := p.float(1)
	k := p.powers(n)
	z := p.scale(p.add(s, one), k)
	w := p.div(z, p.add(z, one))
	b := p.fma(p.neg(t), s, p.neg(t))
	return p.choose(p.less(x, p.float(0)),
		p.scale(p.fma(p.neg(b), w, b), k),
		p.fma(p.neg(t), w, x))
}

func (p *program) elu(x, alpha *value) *value {
	return p.choose(p.less(p.float(0), x), x, p.mul(p.expm1Neg(x), alpha))
}

func (p *program) selu(x *value) *value {
	y := p.mul(p.expm1Neg(x), p.constant("seluGammaAlpha"))
	return p.choose(p.less(p.float(0), x), p.mul(x, p.constant("seluGamma")), y)
}
