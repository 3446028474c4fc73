package gen

// A kernel is one function to be written for every instruction set: result = f(x, …) for each element.
type kernel struct {
	name   string   // in camel case, without dtype and instruction set
	slices []string // the slice arguments besides dst, x first
	params []string // the float32 arguments
	define func(p *program, args []*value) *value
	when   dispatch
}

// dispatch says in which switch a kernel is reached, and by which constant of package kernels; the zero value
// is for kernels that are called by name.
type dispatch struct{ function, constant string }

// The switches of each instruction set.
const (
	switchMap         = "map"
	switchAffine      = "affine"
	switchAffineByOne = "affineByOne"
)

// kernels lists everything that is written, in this order.
func kernels() []kernel {
	list := mapKernels()
	for _, a := range []struct {
		name, constant string
		op             op
	}{
		{"add", "Add", opAdd}, {"subtract", "Subtract", opSub}, {"multiply", "Multiply", opMul}, {"divide", "Divide", opDiv},
	} {
		define := func(p *program, v []*value) *value { return p.append(a.op, v[0], v[1]) }
		list = append(list,
			kernel{a.name, []string{"x", "operand"}, nil, define, dispatch{switchAffine, a.constant}},
			kernel{a.name + "One", []string{"x"}, []string{"operand"}, define, dispatch{switchAffineByOne, a.constant}})
	}
	return append(list,
		kernel{"prelu", []string{"x", "slope"}, nil,
			func(p *program, v []*value) *value { return p.leakyReLU(v[0], v[1]) }, dispatch{}},
		kernel{"expOfDifference", []string{"x"}, []string{"y"},
			func(p *program, v []*value) *value { return p.exp(p.sub(v[0], v[1])) }, dispatch{}})
}

// mapKernels lists the functions of kernels.Map.
func mapKernels() []kernel {
	var list []kernel
	// The parameters are always alpha, then beta.
	add := func(name, constant string, params int, define func(p *program, v []*value) *value) {
		names := []string{"alpha", "beta"}[:params]
		list = append(list, kernel{name, []string{"x"}, names, define, dispatch{switchMap, constant}})
	}
	add("relu", "FuncReLU", 0, func(p *program, v []*value) *value { return p.relu(v[0]) })
	add("relu6", "FuncReLU6", 0, func(p *program, v []*value) *value { return p.atMost(p.relu(v[0]), p.float(6)) })
	add("sigmoid", "FuncSigmoid", 0, func(p *program, v []*value) *value { return p.sigmoid(v[0]) })
	add("tanh", "FuncTanh", 0, func(p *program, v []*value) *value { return p.tanh(v[0]) })
	add("softplus", "FuncSoftplus", 0, func(p *program, v []*value) *value { return p.softplus(v[0]) })
	add("exp", "FuncExp", 0, func(p *program, v []*value) *value { return p.exp(v[0]) })
	add("erf", "FuncErf", 0, func(p *program, v []*value) *value { return p.erf(v[0]) })
	add("gelu", "FuncGELU", 0, func(p *program, v []*value) *value { return p.gelu(v[0]) })
	add("geluTanh", "FuncGELUTanh", 0, func(p *program, v []*value) *value { return p.geluTanh(v[0]) })
	add("silu", "FuncSiLU", 0, func(p *program, v []*value) *value { return p.silu(v[0]) })
	add("selu", "FuncSELU", 0, func(p *program, v []*value) *value { return p.selu(v[0]) })
	add("step", "FuncStep", 0, func(p *program, v []*value) *value { return p.greaterEqual(v[0], p.float(0)) })
	add("elu", "FuncELU", 1, func(p *program, v []*value) *value { return p.elu(v[0], v[1]) })
	add("leakyReLU", "FuncLeakyReLU", 1, func(p *program, v []*value) *value { return p.leakyReLU(v[0], v[1]) })
	add("hardSigmoid", "FuncHardSigmoid", 2, func(p *program, v []*value) *value {
		return p.atMost(p.relu(p.fma(v[1], v[0], v[2])), p.float(1))
	})
	add("clip", "FuncClip", 2, func(p *program, v []*value) *value { return p.atMost(p.atLeast(v[0], v[1]), v[2]) })
	add("greater", "FuncGreater", 1, func(p *program, v []*value) *value {
		return p.oneWhere(p.less(v[1], v[0]), v[0])
	})
	add("greaterEqual", "FuncGreaterEqual", 1, func(p *program, v []*value) *value { return p.greaterEqual(v[0], v[1]) })
	return list
}

// The rest of this file is what definitions share.

func (p *program) abs(x *value) *value    { return p.and(x, p.bits("magnitude", signBit-1)) }
func (p *program) negAbs(x *value) *value { return p.or(x, p.bits("sign", signBit)) }

func (p *program) withSignOf(magnitude, x *value) *value {
	return p.or(magnitude, p.and(x, p.bits("sign", signBit)))
}

func (p *program) atLeast(x, low *value) *value { return p.choose(p.less(x, low), low, x) }
func (p *program) atMost(x, high *value) *value { return p.choose(p.less(high, x), high, x) }

// horner evaluates a polynomial at x; the names of the coefficients come highest power first.
func (p *program) horner(x *value, names ...string) *value {
	sum := p.constant(names[0])
	for _, name := range names[1:] {
		sum = p.fma(sum, x, p.constant(name))
	}
	return sum
}

func (p *program) relu(x *value) *value {
	zero := p.float(0)
	return p.choose(p.lessEqual(x, zero), zero, x)
}

func (p *program) leakyReLU(x, alpha *value) *value {
	return p.choose(p.less(x, p.float(0)), p.mul(x, alpha), x)
}

func (p *program) greaterEqual(x, threshold *value) *value {
	return p.oneWhere(p.lessEqual(threshold, x), x)
}

// oneWhere returns 1 where mask is set and 0 elsewhere, but keeps a NaN of x.
func (p *program) oneWhere(mask, x *value) *value {
	number := p.choose(p.lessEqual(x, x), p.float(0), x)
	return p.choose(mask, p.float(1), number)
}
