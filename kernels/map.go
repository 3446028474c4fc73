package kernels

import "strconv"

// Func names an elementwise function. The zero value names none.
type Func uint8

// The elementwise functions. alpha and beta are the parameters of [Map].
const (
	FuncReLU         Func = iota + 1
	FuncReLU6             // at most 6
	FuncSigmoid           //
	FuncTanh              //
	FuncSoftplus          //
	FuncExp               //
	FuncErf               //
	FuncGELU              // the form with erf
	FuncGELUTanh          // the form with tanh
	FuncSiLU              //
	FuncSELU              //
	FuncStep              // 1 from 0 on
	FuncELU               // alpha: the factor of e^x − 1
	FuncLeakyReLU         // alpha: the slope below 0
	FuncHardSigmoid       // alpha: the slope; beta: the offset
	FuncClip              // alpha: the low end; beta: the high end
	FuncGreater           // alpha: the threshold
	FuncGreaterEqual      // alpha: the threshold
)

// String returns the name that model files and messages use.
func (f Func) String() string {
	switch f {
	case FuncReLU:
		return "relu"
	case FuncReLU6:
		return "relu6"
	case FuncSigmoid:
		return "sigmoid"
	case FuncTanh:
		return "tanh"
	case FuncSoftplus:
		return "softplus"
	case FuncExp:
		return "exp"
	case FuncErf:
		return "erf"
	case FuncGELU:
		return "gelu"
	case FuncGELUTanh:
		return "gelu_tanh"
	case FuncSiLU:
		return "silu"
	case FuncSELU:
		return "selu"
	case FuncStep:
		return "step"
	case FuncELU:
		return "elu"
	case FuncLeakyReLU:
		return "leaky_relu"
	case FuncHardSigmoid:
		return "hard_sigmoid"
	case FuncClip:
		return "clip"
	case FuncGreater:
		return "greater"
	case FuncGreaterEqual:
		return "greater_equal"
	}
	return "function " + strconv.Itoa(int(f))
}

// Map sets dst[i] = f(x[i]). dst and x have one length, and dst may be x. alpha and beta mean what the list
// of functions says, and nothing to a function that does not mention them.
func Map(f Func, dst, x []float32, alpha, beta float32) {
	mustHold("Map", "dst", len(dst), 1, len(x))
	switch f {
	case FuncReLU:
		each(dst, x, ReLU)
	case FuncReLU6:
		each(dst, x, ReLU6)
	case FuncSigmoid:
		each(dst, x, Sigmoid)
	case FuncTanh:
		each(dst, x, Tanh)
	case FuncSoftplus:
		each(dst, x, Softplus)
	case FuncExp:
		each(dst, x, Exp)
	case FuncErf:
		each(dst, x, Erf)
	case FuncGELU:
		each(dst, x, GELU)
	case FuncGELUTanh:
		each(dst, x, GELUTanh)
	case FuncSiLU:
		each(dst, x, SiLU)
	case FuncSELU:
		each(dst, x, SELU)
	case FuncStep:
		each(dst, x, Step)
	case FuncELU:
		each(dst, x, func(v float32) float32 { return ELU(v, alpha) })
	case FuncLeakyReLU:
		each(dst, x, func(v float32) float32 { return LeakyReLU(v, alpha) })
	case FuncHardSigmoid:
		each(dst, x, func(v float32) float32 { return HardSigmoid(v, alpha, beta) })
	case FuncClip:
		each(dst, x, func(v float32) float32 { return Clip(v, alpha, beta) })
	case FuncGreater:
		each(dst, x, func(v float32) float32 { return greater(v, alpha) })
	case FuncGreaterEqual:
		each(dst, x, func(v float32) float32 { return greaterEqual(v, alpha) })
	default:
		panicUndefined("Map", f)
	}
}

// each sets dst[i] = f(x[i]). It is small enough to be inlined, and f with it: no call through a pointer.
func each(dst, x []float32, f func(float32) float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = f(v)
	}
}
