package assemble

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/format"
)

// Pairs are the names under which a file's mean and standard deviation are found without being
// told, in the order in which they are looked for.
func Pairs() [][2]string {
	return [][2]string{
		{"mean", "std"},
		{"mean", "scale"},
		{"mean_", "scale_"},
		{"scaler_mean", "scaler_std"},
		{"scaler_mean", "scaler_scale"},
	}
}

// takePair takes the first pair that is there, whole and not taken.
func (p *pool) takePair() (mean, std string) {
	for _, pair := range Pairs() {
		i, j := p.index(pair[0]), p.index(pair[1])
		if i >= 0 && j >= 0 && !p.taken[i] && !p.taken[j] {
			p.taken[i], p.taken[j] = true, true
			return pair[0], pair[1]
		}
	}
	return "", ""
}

// standardisation returns the steps before the first layer, and their operands. They stay two
// operations, subtract and divide: a multiplication by 1/std would give other bits than the source.
func (r *Result) standardisation(p *pool, s Spec) ([]format.Layer, []source.Tensor, error) {
	mean, std := s.Mean, s.Std
	switch {
	case mean.None && std.None:
		p.takePair() // nobody else is to ask what they are for
	case !mean.given() && !std.given():
		if m, d := p.takePair(); m != "" {
			mean.Tensor, std.Tensor = m, d
			r.decide("inputs are standardised, (x - %s) / %s, because the file holds both; --mean none --std none leaves it out", m, d)
		}
	}
	var layers []format.Layer
	var operands []source.Tensor
	for _, step := range []struct {
		flag     string
		operator format.Operator
		constant Constant
	}{{"mean", format.Subtract, mean}, {"std", format.Divide, std}} {
		t, ok, err := p.constant(step.constant)
		if err != nil {
			return nil, nil, fmt.Errorf("assemble: --%s: %w", step.flag, err)
		}
		if !ok {
			continue
		}
		if i := slices.Index(t.Array.Float64s(), 0); i >= 0 && step.operator == format.Divide {
			return nil, nil, fmt.Errorf("assemble: the standard deviation %s is 0 for column %d: a column that never varies is divided by 1", t.Name, i)
		}
		layers = append(layers, &format.Affine{Operator: step.operator, Operand: t.Name})
		operands = append(operands, t)
	}
	return layers, operands, nil
}

// constant returns the tensor that a constant stands for, if it stands for any.
func (p *pool) constant(c Constant) (source.Tensor, bool, error) {
	switch {
	case c.Values != nil:
		t := *c.Values
		for p.index(t.Name) >= 0 { // the file has one of that name, which is another
			t.Name += "_"
		}
		return t, true, nil
	case c.Tensor != "":
		t, err := p.take(c.Tensor)
		return t, true, err
	}
	return source.Tensor{}, false, nil
}
