package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// joined evaluates an operation between two computed values. That is an error, but for the patterns
// in which exporters write a function of one value x.
func (c *call) joined(a, b *value) (*value, error) {
	for i := range 2 {
		if _, err := c.floats(i); err != nil {
			return nil, err
		}
	}
	shape, err := fitting(a.shape, b.shape)
	if err != nil {
		return nil, err
	}
	base, branches, err := meet(a.chain, b.chain)
	if err != nil {
		return nil, err
	}
	x := &value{chain: base, shape: shape, labels: a.labels}
	p, q := branches[0], branches[1]
	if other := beside(q); other != "" && beside(p) != "" {
		return nil, fmt.Errorf("it joins the inputs %q and %q: if one is a constant, as of Keras' Normalization, its values are not in the file", beside(p), other)
	}
	switch c.op {
	case "Mul":
		return c.productOf(x, p, q)
	case "Add", "Sum", "Sub":
		return c.sumOf(x, p, q)
	case "Div":
		return c.quotientOf(x, p, q)
	case "Max":
		return c.greaterOf(x, p, q)
	}
	return nil, errors.New("two computed values, where one and a constant are read")
}

// fitting returns the shape of what is computed from rows of two shapes: the same, or with a single
// value on one side. Anything else would be broadcast, and rows of the batch might meet.
func fitting(a, b []int) ([]int, error) {
	if product(a) < product(b) {
		a, b = b, a
	}
	if len(a) != len(b) || !slices.Equal(a, b) && product(b) != 1 {
		return nil, fmt.Errorf("rows of shapes %v and %v", a, b)
	}
	return a, nil
}

// beside returns the name of the input that a branch begins with, where a graph has several.
func beside(branch []*step) string {
	if len(branch) > 0 && branch[0].nodes[0].index < 0 {
		return branch[0].nodes[0].name
	}
	return ""
}

// near reports whether a number is meant to be a constant. What every float holds must be exact; the
// rest, such as √2, some files write in few digits, or in half precision.
func near(v, constant float64) bool {
	if 2*constant == math.Trunc(2*constant) {
		return v == constant
	}
	return math.Abs(v-constant) <= 5e-4*math.Abs(constant)
}

// matches reports whether steps are those of a pattern, in their order.
func matches(steps []*step, pattern ...func(*step) bool) bool {
	return slices.EqualFunc(steps, pattern, func(s *step, is func(*step) bool) bool { return is(s) })
}

// is matches a step by its name.
func is(op string) func(*step) bool { return func(s *step) bool { return s.op == op } }

// by matches an operation with a constant for all columns. A division is one by its inverse.
func by(op format.Operator, constant float64) func(*step) bool {
	return func(s *step) bool {
		v, ok := s.affine(op)
		if !ok && op == format.Multiply {
			v, ok = s.affine(format.Divide)
			v = 1 / v
		}
		return ok && near(v, constant)
	}
}

// halves takes multiplications by a half off the ends of two branches, and returns 2 divided by one
// half for each: what is left of the factor of a GELU.
func halves(p, q []*step) (_, _ []*step, factor float64) {
	factor = 2
	cut := func(steps []*step) []*step {
		if n := len(steps); n > 0 && by(format.Multiply, 0.5)(steps[n-1]) {
			factor /= 2
			return steps[:n-1]
		}
		return steps
	}
	return cut(p), cut(q), factor
}

// productOf recognises x·f(x). The branches may stand either way round.
func (c *call) productOf(x *value, p, q []*step) (*value, error) {
	if len(p) > len(q) {
		p, q = q, p
	}
	activation := func(f format.Function) (*value, error) {
		return c.pattern(x, &step{op: string(f), layer: &format.Activation{Function: f}}, p, q), nil
	}
	switch {
	case matches(p) && matches(q, is("sigmoid")):
		return activation(format.SiLU)
	case matches(p) && matches(q):
		return c.pattern(x, &step{op: squareStep}), nil
	case matches(p) && matches(q, is(squareStep)):
		return c.pattern(x, &step{op: cubeStep}, p, q), nil
	case matches(p) && matches(q, is("softplus"), is("tanh")):
		return nil, errors.New("x·tanh(softplus(x)): mish is not defined here: train with SiLU")
	case matches(p) && matches(q, is("hard_sigmoid")), matches(p) && matches(q, by(format.Add, 3), is("relu6"), by(format.Multiply, 1./6)),
		matches(p) && matches(q, by(format.Add, 3), is("relu6")):
		return nil, errors.New("x·hard_sigmoid(x): hard_swish is not defined here: train with SiLU")
	}
	if f := q[min(1, len(q)):]; len(p) <= 1 && matches(f, by(format.Multiply, 0.044715), by(format.Add, 1)) && q[0].op == squareStep {
		// k·x·(1 + 0.044715·x²)
		next := c.pattern(x, &step{op: cubicStep}, q)
		if len(p) == 0 {
			return next, nil
		}
		if k, ok := p[0].affine(format.Multiply); ok {
			return c.affine(next, format.Multiply, []float64{k}), nil
		}
	}
	halfP, halfQ, factor := halves(p, q)
	function := format.Function("")
	switch {
	case len(halfP) != 0:
	case matches(halfQ, by(format.Multiply, math.Sqrt2/2), is("erf"), by(format.Add, 1)):
		function = format.GELU
	case matches(halfQ, by(format.Multiply, -1), by(format.Multiply, math.Sqrt2/2), is(erfcStep)):
		function = format.GELU
	case matches(halfQ, is(cubicStep), by(format.Multiply, math.Sqrt(2/math.Pi)), is("tanh"), by(format.Add, 1)):
		function = format.GELUTanh
	}
	if function == "" {
		return nil, errors.New("the product of two computed values: of such, the forms of GELU and SiLU are read")
	}
	next, err := activation(function)
	if err == nil && factor != 1 {
		next.chain = next.chain.then(&step{op: "multiply", operand: []float64{factor}, leftOver: factor, nodes: []*node{c.node}}, x.chain.width)
	}
	return next, err
}

// sumOf recognises x + f(x), and relu(x) − slope·relu(−x).
func (c *call) sumOf(x *value, p, q []*step) (*value, error) {
	if len(p) > len(q) && c.op != "Sub" {
		p, q = q, p
	}
	guarded := func(q []*step) bool { return len(q) > 0 && q[0].op == noneStep }
	switch sub := c.op == "Sub"; {
	case !sub && matches(p) && matches(q, is(cubeStep), by(format.Multiply, 0.044715)):
		return c.pattern(x, &step{op: cubicStep}, p, q), nil
	case len(q) == 3 && matches(p, is("relu")) && matches(q[:2], by(format.Multiply, -1), is("relu")) && q[2].op == "multiply":
		slope := q[2].operand
		if !sub {
			slope = times(slope, -1)
		}
		return c.pattern(x, &step{op: "prelu", operand: slope}, p, q), nil
	case !sub && matches(p) && (matches(q, is(sumStep), is(noneStep)) || guarded(q) && x.chain.is(sumStep)):
		return c.pattern(x, &step{op: guardStep}, p, q), nil
	}
	return nil, errors.New("the sum of two computed values, as of a residual connection: a chain of layers is read")
}

// quotientOf recognises a row divided by its sum or norm.
func (c *call) quotientOf(x *value, p, q []*step) (*value, error) {
	guarded := matches(p, is(guardStep)) && matches(q, is(sumStep), is(guardStep))
	switch {
	case matches(p) && matches(q, is(sumStep)) && x.chain.is("exp"):
		logits := &value{chain: x.chain.before, shape: x.shape}
		return c.pattern(logits, &step{op: "softmax", layer: &format.Softmax{}}, q, []*step{x.chain.step}), nil
	case (guarded || matches(p) && matches(q, is(sumStep))) && x.chain.positive():
		if guarded {
			c.draft.Note("where every probability of a row is 0, %s gives each class the same, and the model gives 0", c.node)
		}
		return c.pattern(x, &step{op: "normalize", layer: &format.Normalize{Norm: format.L1}}, p, q), nil
	case matches(p) && (matches(q, is(normStep)) || matches(q, is(normStep), tinyBound)):
		if len(q) == 2 {
			c.draft.Note("%s divides by a norm that is at least %g: the model divides by any norm but 0", c.node, q[1].layer.(*format.Clip).Low)
		}
		return c.pattern(x, &step{op: "normalize", layer: &format.Normalize{Norm: format.L2}}, p, q), nil
	}
	return nil, errors.New("the quotient of two computed values: of such, a row divided by the sum of its probabilities is read")
}

// tinyBound matches a lower bound against division by zero.
func tinyBound(s *step) bool {
	clip, ok := s.layer.(*format.Clip)
	return ok && clip.Low <= 1e-6 && clip.High >= math.MaxFloat32
}

// where recognises two functions in pieces: a softplus that is the identity from where float32 does
// not know the difference, and a slope below zero.
func (c *call) where() (*value, error) {
	chains := make([]*chain, 3)
	for i := range chains {
		v, err := c.anyValue(i)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(v.shape, c.inputs[0].value.shape) {
			return nil, fmt.Errorf("rows of shapes %v and %v", c.inputs[0].value.shape, v.shape)
		}
		chains[i] = v.chain
	}
	base, branches, err := meet(chains...)
	if err != nil {
		return nil, err
	}
	x := &value{chain: base, shape: c.inputs[1].value.shape}
	p, q := branches[1], branches[2]
	if cond := branches[0]; len(cond) == 1 && cond[0].op == "threshold" && len(p) == 0 && len(q) == 1 {
		bound := cond[0].layer.(*format.Threshold).Cut.Value
		slope, sloped := q[0].affine(format.Multiply)
		switch {
		case q[0].op == "softplus" && bound >= 17: // beyond, ln(1 + e^x) − x is less than half an ULP of x
			return c.pattern(x, &step{op: "softplus", layer: q[0].layer}, cond, q), nil
		case sloped && bound == 0:
			layer := &format.Activation{Function: format.LeakyReLU, Alpha: float32(slope)}
			return c.pattern(x, &step{op: "leaky_relu", layer: layer}, cond, q), nil
		}
	}
	return nil, errors.New("a choice between two computed values: of such, the forms of softplus and leaky_relu are read")
}

// greaterOf recognises max(x, slope·x).
func (c *call) greaterOf(x *value, p, q []*step) (*value, error) {
	if len(p) > len(q) {
		p, q = q, p
	}
	if len(p) == 0 && len(q) == 1 {
		if slope, ok := q[0].affine(format.Multiply); ok && slope >= 0 && slope <= 1 {
			layer := &format.Activation{Function: format.LeakyReLU, Alpha: float32(slope)}
			return c.pattern(x, &step{op: "leaky_relu", layer: layer}, p, q), nil
		}
	}
	return nil, errors.New("the greater of two computed values: of such, max(x, slope·x) is read")
}

// positive reports whether no value at the end of a chain is below zero.
func (c *chain) positive() bool {
	if c.before == nil {
		return false
	}
	if c.step.op != "columns" {
		return nonNegative(c.step)
	}
	for _, g := range c.step.groups {
		if len(g.steps) == 0 || !nonNegative(g.steps[len(g.steps)-1]) {
			return false
		}
	}
	return true
}

func nonNegative(s *step) bool {
	return slices.Contains([]string{"sigmoid", "hard_sigmoid", "softmax", "exp", "relu", "relu6", "softplus", "threshold"}, s.op)
}

// pattern appends the step that the branches together are to the value from which they come.
func (c *call) pattern(x *value, s *step, branches ...[]*step) *value {
	s.nodes = c.absorbed(s.op, branches...)
	c.became("%s", s.op)
	return c.after(x, s)
}
