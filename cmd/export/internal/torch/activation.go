package torch

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/format"
)

// activation writes a function of each value.
func (w *writer) activation(m *module) error {
	if f, ok := plain(m); ok {
		w.became(m, "", string(f))
		return w.Layers.Activation(f)
	}
	switch {
	case m.is("GELU"):
		return w.gelu(m)
	case m.is("Softplus"):
		return w.softplus(m)
	case m.is("CELU"):
		return w.celu(m)
	case m.is("RReLU"):
		return w.rrelu(m)
	case m.is("Hardsigmoid"):
		w.became(m, "", "hard_sigmoid")
		return w.Layers.Add(&format.Activation{Function: format.HardSigmoid, Alpha: 1. / 6, Beta: 0.5})
	case m.is("Hardtanh"):
		low, err := m.number("min_val", -1)
		if err != nil {
			return err
		}
		high, err := m.number("max_val", 1)
		if err != nil {
			return err
		}
		w.became(m, fmt.Sprintf("%g, %g", low, high), "clip")
		return w.Layers.Add(&format.Clip{Low: float32(low), High: float32(high)})
	case m.is("ELU"):
		return w.sloped(m, "alpha", format.ELU, 1)
	case m.is("LeakyReLU"):
		return w.sloped(m, "negative_slope", format.LeakyReLU, 0.01)
	}
	return errors.New("no layer of a model file computes this function")
}

// plain returns the function of a layer that has no parameters.
func plain(m *module) (format.Function, bool) {
	for name, f := range map[string]format.Function{
		"ReLU": format.ReLU, "ReLU6": format.ReLU6, "Sigmoid": format.Sigmoid, "Tanh": format.Tanh,
		"SiLU": format.SiLU, "SELU": format.SELU,
	} {
		if m.is(name) {
			return f, true
		}
	}
	return "", false
}

func (w *writer) sloped(m *module, name string, f format.Function, usual float64) error {
	alpha, err := m.number(name, usual)
	if err != nil {
		return err
	}
	w.became(m, fmt.Sprintf("%g", alpha), string(f))
	return w.Layers.Add(&format.Activation{Function: f, Alpha: float32(alpha)})
}

// gelu writes either form. Before PyTorch 1.12 there was the exact one only.
func (w *writer) gelu(m *module) error {
	switch approximate, ok := m.record.Attribute("approximate"); {
	case !ok, approximate == "none":
		w.became(m, "", "gelu")
		return w.Layers.Activation(format.GELU)
	case approximate == "tanh":
		w.became(m, "approximate='tanh'", "gelu_tanh")
		return w.Layers.Activation(format.GELUTanh)
	}
	return errors.New("its approximation is neither none nor tanh")
}

// softplus writes log(1 + exp(beta·x))/beta. Above the threshold PyTorch takes x itself, which at 15
// is less than half a unit in the last place of float32 away.
func (w *writer) softplus(m *module) error {
	const exact = 15
	beta, err := m.number("beta", 1)
	if err != nil {
		return err
	}
	threshold, err := m.number("threshold", 20)
	if err != nil {
		return err
	}
	if !(threshold >= exact) {
		return fmt.Errorf("its threshold is %g: below %d its jump is not negligible", threshold, exact)
	}
	if !(beta > 0) {
		return fmt.Errorf("its beta is %g: a positive number is needed", beta)
	}
	w.became(m, fmt.Sprintf("beta=%g", beta), "softplus")
	return w.scaled(m, beta, &format.Activation{Function: format.Softplus})
}

// celu writes alpha·elu(x/alpha), which is x above zero and alpha·(exp(x/alpha) − 1) below.
func (w *writer) celu(m *module) error {
	alpha, err := m.number("alpha", 1)
	if err != nil {
		return err
	}
	if !(alpha > 0) {
		return fmt.Errorf("its alpha is %g: a positive number is needed", alpha)
	}
	w.became(m, fmt.Sprintf("%g", alpha), "elu")
	return w.scaled(m, 1/alpha, &format.Activation{Function: format.ELU, Alpha: 1})
}

// scaled writes f(x·factor)/factor.
func (w *writer) scaled(m *module, factor float64, f format.Layer) error {
	if factor == 1 {
		return w.Layers.Add(f)
	}
	if err := w.Layers.Affine(m.path, format.Multiply, []float64{factor}); err != nil {
		return err
	}
	if err := w.Layers.Add(f); err != nil {
		return err
	}
	return w.Layers.Affine(m.path, format.Divide, []float64{factor})
}

// rrelu writes what a randomised leaky ReLU is outside of training: the mean of its slopes.
func (w *writer) rrelu(m *module) error {
	lower, err := m.number("lower", 1./8)
	if err != nil {
		return err
	}
	upper, err := m.number("upper", 1./3)
	if err != nil {
		return err
	}
	slope := (lower + upper) / 2
	w.became(m, fmt.Sprintf("%g, %g", lower, upper), "leaky_relu with the mean slope")
	return w.Layers.Add(&format.Activation{Function: format.LeakyReLU, Alpha: float32(slope)})
}
