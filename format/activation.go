package format

// Activation applies a function to every value. kernels/NUMERICS.md defines
// each function operation by operation.
type Activation struct {
	Function Function
	Alpha    float32 // leaky_relu, elu: slope or scale below zero; hard_sigmoid: slope
	Beta     float32 // hard_sigmoid: offset
}

// Function names an activation function, and is its name in the file.
type Function string

// The functions.
const (
	ReLU        Function = "relu"
	ReLU6       Function = "relu6"
	Sigmoid     Function = "sigmoid"
	Tanh        Function = "tanh"
	Softplus    Function = "softplus" // log(1 + exp(x))
	Exp         Function = "exp"
	Erf         Function = "erf"
	GELU        Function = "gelu"         // x·Φ(x)
	GELUTanh    Function = "gelu_tanh"    // its approximation by tanh
	SiLU        Function = "silu"         // x·sigmoid(x), also called swish
	SELU        Function = "selu"         // with its two published constants
	Step        Function = "step"         // 1 where x ≥ 0, else 0
	ELU         Function = "elu"          // alpha·(exp(x) − 1) below zero
	LeakyReLU   Function = "leaky_relu"   // alpha·x below zero
	HardSigmoid Function = "hard_sigmoid" // alpha·x + beta, limited to [0, 1]
)

// Parameters is the number of parameters of the function: 1 for Alpha, 2 for
// Alpha and Beta, -1 for an unknown function.
func (f Function) Parameters() int {
	switch f {
	case ReLU, ReLU6, Sigmoid, Tanh, Softplus, Exp, Erf, GELU, GELUTanh, SiLU, SELU, Step:
		return 0
	case ELU, LeakyReLU:
		return 1
	case HardSigmoid:
		return 2
	}
	return -1
}

// PReLU is slope·x below zero and x elsewhere, with a slope a column.
type PReLU struct {
	Slope string // [width] or [1], dtype F32
}

func (a *Activation) Op() string { return string(a.Function) }
func (*PReLU) Op() string        { return "prelu" }

func (a *Activation) fields(f []field) []field {
	n := a.Function.Parameters()
	if n >= 1 {
		f = append(f, field{"alpha", &a.Alpha})
	}
	if n >= 2 {
		f = append(f, field{"beta", &a.Beta})
	}
	return f
}

func (p *PReLU) fields(f []field) []field { return append(f, field{"slope", (*tensorName)(&p.Slope)}) }

func (a *Activation) outputs(in int, _ *Model) (int, error) {
	n := a.Function.Parameters()
	switch {
	case n < 0:
		return 0, invalidf("activation %.64q is not defined", a.Function)
	case n < 1 && a.Alpha != 0, n < 2 && a.Beta != 0:
		return 0, invalidf("activation %s takes %d parameters, and alpha is %g, beta %g", a.Function, n, a.Alpha, a.Beta)
	case !finite(a.Alpha) || !finite(a.Beta):
		return 0, invalidf("activation %s: alpha %g and beta %g must be finite", a.Function, a.Alpha, a.Beta)
	}
	return in, nil
}

func (p *PReLU) outputs(in int, m *Model) (int, error) {
	return in, m.vectorOrScalar("prelu", "slope", p.Slope, in)
}
