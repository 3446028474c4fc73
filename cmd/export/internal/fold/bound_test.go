package fold

import (
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// unit is the greatest relative error of one rounding to float32.
const unit = 0x1p-24

// interval is a row: what exact arithmetic gives, and how far from it float32 may be.
type interval struct{ value, radius []float64 }

// follow computes what layers make of a row, in float64, and how far from that their float32 results
// may be: each operation rounds once, and passes on the radius of its operands. If constants are
// uncertain, the exact ones may be a rounding away from the model's.
func follow(m *format.Model, layers []format.Layer, in interval, uncertain bool) interval {
	for _, l := range layers {
		switch l := l.(type) {
		case *format.Dense:
			in = followDense(m, l, in, uncertain)
		case *format.Affine:
			in = followAffine(m, l, in, uncertain)
		case *format.Activation:
			in = followActivation(l, in)
		case *format.Columns:
			var out interval
			for _, g := range l.Groups {
				var part interval
				for _, c := range g.Columns {
					part.value, part.radius = append(part.value, in.value[c]), append(part.radius, in.radius[c])
				}
				part = follow(m, g.Layers, part, uncertain)
				out.value, out.radius = append(out.value, part.value...), append(out.radius, part.radius...)
			}
			in = out
		}
	}
	return in
}

// followDense: every product and every sum rounds, so a term is rounded at most K + 2 times.
func followDense(m *format.Model, l *format.Dense, in interval, uncertain bool) interval {
	w := m.Tensor(l.Weight)
	inputs, outputs := w.Shape[0], w.Shape[1]
	weight := func(i, o int) float64 { return 1 } // what the generator puts into other tensors
	if w.DType == format.F32 {
		values := w.Float32s()
		weight = func(i, o int) float64 { return float64(values[i*outputs+o]) }
	}
	out := interval{make([]float64, outputs), make([]float64, outputs)}
	roundings := float64(inputs + 2)
	if uncertain {
		roundings++
	}
	for o := range outputs {
		terms := 0.0
		if l.Bias != "" {
			out.value[o] = float64(m.Tensor(l.Bias).Float32s()[o])
			terms = math.Abs(out.value[o])
		}
		for i := range inputs {
			out.value[o] += float64(in.value[i] * weight(i, o))
			terms += (math.Abs(in.value[i]) + in.radius[i]) * math.Abs(weight(i, o))
			out.radius[o] += in.radius[i] * math.Abs(weight(i, o))
		}
		out.radius[o] += roundings * unit * terms
	}
	return out
}

func followAffine(m *format.Model, l *format.Affine, in interval, uncertain bool) interval {
	c := m.Tensor(l.Operand).Float32s()
	out := interval{make([]float64, len(in.value)), make([]float64, len(in.value))}
	for i, v := range in.value {
		c, radius := float64(c[i%len(c)]), in.radius[i]
		var constant float64 // what a rounding of the constant can do
		switch l.Operator {
		case format.Add:
			v, constant = v+c, math.Abs(c)*unit
		case format.Subtract:
			v, constant = v-c, math.Abs(c)*unit
		case format.Multiply:
			v, radius = v*c, radius*math.Abs(c)
			constant = (math.Abs(v) + radius) * unit
		case format.Divide:
			v, radius = v/c, radius/math.Abs(c)
			constant = (math.Abs(v) + radius) * unit
		}
		if uncertain {
			radius += constant
		}
		out.value[i], out.radius[i] = v, radius+(math.Abs(v)+radius)*unit
	}
	return out
}

// followActivation: none of the functions is steeper than 1, and none is off by more than 1.6 units
// in the last place.
func followActivation(l *format.Activation, in interval) interval {
	out := interval{make([]float64, len(in.value)), make([]float64, len(in.value))}
	for i, v := range in.value {
		switch l.Function {
		case format.ReLU:
			v = max(v, 0)
		case format.LeakyReLU:
			if v < 0 {
				v *= float64(l.Alpha)
			}
		case format.Tanh:
			v = math.Tanh(v)
		}
		out.value[i], out.radius[i] = v, in.radius[i]+1.6*2*unit*(math.Abs(v)+in.radius[i])
	}
	return out
}
