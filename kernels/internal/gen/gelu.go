package gen

// The functions of the normal distribution. The names of the values are those of NUMERICS.md.

func (p *program) erf(x *value) *value {
	t := p.abs(x)
	c := p.atMost(t, p.constant("erfHigh"))
	s, n := p.core(p.horner(c, "erfcC6", "erfcC5", "erfcC4", "erfcC3", "erfcC2", "erfcC1", "erfcC0"))
	k := p.pow2(n)
	large := p.fma(p.neg(k), s, p.sub(p.float(1), k))
	small := p.fma(t, p.horner(p.mul(t, t), "erfC5", "erfC4", "erfC3", "erfC2", "erfC1", "erfC0"), t)
	return p.withSignOf(p.choose(p.less(t, p.constant("erfSplit")), small, large), x)
}

func (p *program) gelu(x *value) *value {
	one, minusHalf := p.float(1), p.float(-0.5)
	negative := p.less(x, p.float(0))
	t := p.atMost(p.abs(x), p.constant("geluHigh"))

	w := p.div(one, p.add(t, p.float(4)))
	e := p.fma(p.neg(w), t, p.fma(w, p.float(-4), one))
	u := p.fma(w, p.float(-8), one)

	c0 := p.constant("tailC0")
	p1 := p.horner(u, "tailC8", "tailC7", "tailC6", "tailC5", "tailC4", "tailC3", "tailC2", "tailC1")
	q := p.fma(p1, u, c0)
	ql := p.fma(p1, u, p.sub(c0, q))
	r := p.mul(w, q)
	rl := p.fma(w, ql, p.fma(w, q, p.neg(r)))

	m := p.choose(negative, p.neg(t), one)
	b := p.mul(m, r)
	bl := p.fma(m, rl, p.fma(m, r, p.neg(b)))

	a := p.mul(t, t)
	al := p.fma(t, t, p.neg(a))
	l := p.fma(e, p.fma(u, p.constant("tailSlopeC1"), p.constant("tailSlopeC0")), p.mul(al, minusHalf))
	s, n := p.coreTail(p.mul(a, minusHalf), l)
	v := p.scale(p.add(b, p.fma(b, s, bl)), p.powers(n))
	large := p.choose(negative, v, p.mul(x, p.sub(one, v)))

	slope := p.horner(p.mul(x, x), "phiC4", "phiC3", "phiC2", "phiC1", "phiC0")
	small := p.mul(x, p.fma(x, slope, p.float(0.5)))
	return p.choose(p.less(t, p.constant("geluSplit")), small, large)
}

func (p *program) geluTanh(x *value) *value {
	c0, c1 := p.constant("cubicC0Hi"), p.constant("cubicC1Hi")
	t := p.atMost(p.abs(x), p.constant("geluTanhHigh"))
	a := p.mul(t, t)
	al := p.fma(t, t, p.neg(a))
	m := p.mul(a, c1)
	ml := p.fma(a, c1, p.neg(m))
	b := p.add(m, c0)
	bm := p.sub(b, c0)
	bl := p.add(p.sub(c0, p.sub(b, bm)), p.sub(m, bm))
	low := p.fma(a, p.constant("cubicC1Lo"), p.add(ml, p.constant("cubicC0Lo")))
	bl = p.add(bl, p.fma(al, c1, low))
	v := p.mul(t, b)
	vl := p.fma(t, bl, p.fma(t, b, p.neg(v)))
	s, n := p.coreTail(p.neg(v), p.neg(vl))
	return p.timesSigmoid(x, t, s, n)
}
