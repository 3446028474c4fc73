package arch

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/format"
)

// Parse reads a list of layers. A dense or prelu layer without parameters has empty names, which
// whoever has the tensors fills in.
//
// Errors tell the character or the layer, what was found there and what was expected.
func Parse(text string) ([]format.Layer, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("arch: text of %d bytes: at most %d are read", len(text), maxText)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("arch: the text is not UTF-8")
	}
	s := &scanner{text: text}
	calls, err := s.calls()
	if err != nil {
		return nil, err
	}
	if len(calls) > format.MaxLayers {
		return nil, fmt.Errorf("arch: %d layers, at most %d are allowed", len(calls), format.MaxLayers)
	}
	layers := make([]format.Layer, len(calls))
	for i, c := range calls {
		if layers[i], err = c.layer(); err != nil {
			return nil, fmt.Errorf("arch: layer %d of %d, %s: %w", i+1, len(calls), c, err)
		}
	}
	return layers, nil
}

// layer returns the layer that a call describes.
func (c call) layer() (format.Layer, error) {
	switch c.word {
	case "dense":
		return c.dense()
	case "prelu":
		return c.prelu()
	case "add", "subtract", "multiply", "divide":
		if len(c.args) != 1 {
			return nil, c.want("the name of its tensor: %s(mean)", c.word)
		}
		return &format.Affine{Operator: format.Operator(c.word), Operand: c.args[0]}, nil
	case "softmax":
		return &format.Softmax{}, c.none()
	case "argmax":
		return &format.ArgMax{}, c.none()
	case "normalize":
		return c.normalize()
	case "clip":
		return c.clip()
	case "threshold":
		return c.threshold()
	case "select":
		return c.selection()
	case "polynomial":
		return c.polynomial()
	}
	return c.activation()
}

func (c call) dense() (format.Layer, error) {
	switch len(c.args) {
	case 0:
		return &format.Dense{}, nil
	case 1:
		return &format.Dense{Weight: c.args[0]}, nil
	case 2:
		return &format.Dense{Weight: c.args[0], Bias: c.args[1]}, nil
	}
	return nil, c.want("no parameters, or the names of its tensors: dense(W1,b1)")
}

func (c call) prelu() (format.Layer, error) {
	switch len(c.args) {
	case 0:
		return &format.PReLU{}, nil
	case 1:
		return &format.PReLU{Slope: c.args[0]}, nil
	}
	return nil, c.want("no parameters, or the name of its tensor: prelu(slope)")
}

func (c call) normalize() (format.Layer, error) {
	if len(c.args) == 1 {
		switch n := format.Norm(c.args[0]); n {
		case format.L1, format.L2, format.Max:
			return &format.Normalize{Norm: n}, nil
		}
	}
	return nil, c.want("one of l1, l2, max: normalize(l2)")
}

func (c call) clip() (format.Layer, error) {
	if v, ok := c.numbers(2); ok && v[0] <= v[1] {
		return &format.Clip{Low: v[0], High: v[1]}, nil
	}
	return nil, c.want("a low and a high bound: clip(0,1)")
}

func (c call) threshold() (format.Layer, error) {
	if len(c.args) == 1 {
		if cut, err := ParseCut(c.args[0]); err == nil {
			return &format.Threshold{Cut: cut}, nil
		}
	}
	return nil, c.want("a comparison and a number: threshold(>=0)")
}

func (c call) selection() (format.Layer, error) {
	l := &format.Select{}
	for _, arg := range c.args {
		column, err := strconv.ParseUint(arg, 10, 31)
		if err != nil {
			return nil, c.want("the columns to take, counted from 0: select(0,3,5)")
		}
		l.Columns = append(l.Columns, int(column))
	}
	if len(l.Columns) == 0 {
		return nil, c.want("the columns to take, counted from 0: select(0,3,5)")
	}
	return l, nil
}

func (c call) polynomial() (format.Layer, error) {
	bad := c.want("a degree from 1 to %d, and then, if they hold, interaction_only and no_bias: polynomial(2,no_bias)", format.MaxDegree)
	if len(c.args) == 0 {
		return nil, bad
	}
	degree, err := strconv.Atoi(c.args[0])
	if err != nil || degree < 1 || degree > format.MaxDegree {
		return nil, bad
	}
	l := &format.Polynomial{Degree: degree, Bias: true}
	for _, arg := range c.args[1:] {
		switch {
		case arg == "interaction_only" && !l.InteractionOnly:
			l.InteractionOnly = true
		case arg == "no_bias" && l.Bias:
			l.Bias = false
		default:
			return nil, bad
		}
	}
	return l, nil
}

func (c call) activation() (format.Layer, error) {
	f := format.Function(c.word)
	switch f.Parameters() {
	case 0:
		return &format.Activation{Function: f}, c.none()
	case 1:
		if v, ok := c.numbers(1); ok && finite(v[0]) {
			return &format.Activation{Function: f, Alpha: v[0]}, nil
		}
		return nil, c.want("its slope or scale below zero, in which frameworks differ: %s(0.01)", c.word)
	case 2:
		if v, ok := c.numbers(2); ok && finite(v[0]) && finite(v[1]) {
			return &format.Activation{Function: f, Alpha: v[0], Beta: v[1]}, nil
		}
		return nil, c.want("its slope and its offset, in which frameworks differ: %s(0.2,0.5)", c.word)
	}
	return nil, c.unknown()
}

// none is the error of a call that has parameters where none are taken.
func (c call) none() error {
	if len(c.args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no parameters", c.word)
}

func (c call) want(format string, a ...any) error {
	return fmt.Errorf("%s takes %s", c.word, fmt.Sprintf(format, a...))
}

// numbers returns the parameters if they are n numbers.
func (c call) numbers(n int) ([]float32, bool) {
	if len(c.args) != n {
		return nil, false
	}
	values := make([]float32, n)
	for i, arg := range c.args {
		v, err := strconv.ParseFloat(arg, 32)
		if err != nil {
			return nil, false
		}
		values[i] = float32(v)
	}
	return values, true
}

func finite(v float32) bool { return v-v == 0 }

// ParseCut reads a comparison with a number, such as ">0.5" or ">= 0".
func ParseCut(text string) (format.Cut, error) {
	number, ok := strings.CutPrefix(text, string(format.GreaterOrEqual))
	cut := format.Cut{Comparison: format.GreaterOrEqual}
	if !ok {
		number, ok = strings.CutPrefix(text, string(format.Greater))
		cut.Comparison = format.Greater
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 32)
	if !ok || err != nil || v != v {
		return format.Cut{}, fmt.Errorf("arch: threshold %q: >NUMBER or >=NUMBER is needed", text)
	}
	cut.Value = float32(v)
	return cut, nil
}
