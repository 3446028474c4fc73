package fold

import (
	"slices"

	"github.com/edge-infer/edge-infer/format"
)

// dense is a dense layer of which nothing is rounded yet.
type dense struct {
	layer           *format.Dense
	inputs, outputs int
	weight          []float64 // [inputs][outputs]
	bias            []float64 // [outputs], nil for none
}

// newDense returns a layer with its values, nil if they keep it from being folded into.
func newDense(m *format.Model, l *format.Dense) *dense {
	w := m.Tensor(l.Weight)
	if w.DType != format.F32 {
		return nil
	}
	d := &dense{layer: l, inputs: w.Shape[0], outputs: w.Shape[1], weight: floats(m, l.Weight)}
	if l.Bias != "" {
		d.bias = floats(m, l.Bias)
	}
	if slices.ContainsFunc(d.weight, infinite) || slices.ContainsFunc(d.bias, infinite) {
		return nil
	}
	return d
}

func infinite(v float64) bool { return !finite(v) }

// foldBefore makes of y = x·W + c the layer y = (a·x + b)·W + c. It reports false, and changes
// nothing, if float32 does not hold the result.
func (d *dense) foldBefore(l *line) bool {
	bias := d.shift()
	weight := make([]float64, len(d.weight))
	for i := range d.inputs {
		a, b := l.a[i%len(l.a)], l.b[i%len(l.b)]
		for o := range d.outputs {
			at := i*d.outputs + o
			weight[at] = a * d.weight[at]
			bias[o] += float64(b * d.weight[at])
		}
	}
	return d.set(weight, bias)
}

// foldAfter makes of y = x·W + c the layer y = a·(x·W + c) + b, likewise.
func (d *dense) foldAfter(l *line) bool {
	bias := d.shift()
	weight := make([]float64, len(d.weight))
	for o := range d.outputs {
		a, b := l.a[o%len(l.a)], l.b[o%len(l.b)]
		for i := range d.inputs {
			at := i*d.outputs + o
			weight[at] = d.weight[at] * a
		}
		bias[o] = float64(bias[o]*a) + b
	}
	return d.set(weight, bias)
}

// then makes of y = (x·W + c)·V + e the layer y = x·(W·V) + (c·V + e), which has the names of the
// second one. It reports false if float32 does not hold the result, or if that has more weights than
// the two: layers with a narrow middle are less work apart.
func (d *dense) then(next *dense) (*dense, bool) {
	if d.inputs*next.outputs > d.outputs*(d.inputs+next.outputs) {
		return nil, false
	}
	joined := &dense{layer: next.layer, inputs: d.inputs, outputs: next.outputs}
	joined.weight = make([]float64, d.inputs*next.outputs)
	for i := range d.inputs {
		next.addProduct(joined.weight[i*next.outputs:][:next.outputs], d.weight[i*d.outputs:][:d.outputs])
	}
	if slices.ContainsFunc(joined.weight, func(v float64) bool { return !normal(v) }) {
		return nil, false
	}
	if d.bias != nil || next.bias != nil {
		joined.bias = next.shift()
		next.addProduct(joined.bias, d.shift())
	}
	return joined, !slices.ContainsFunc(joined.bias, func(v float64) bool { return !fits(v) })
}

// addProduct adds x·W to y.
func (d *dense) addProduct(y, x []float64) {
	for i, x := range x {
		for o := range y {
			y[o] += float64(x * d.weight[i*d.outputs+o])
		}
	}
}

// shift returns a copy of the bias, of zeros if there is none.
func (d *dense) shift() []float64 {
	if d.bias == nil {
		return make([]float64, d.outputs)
	}
	return slices.Clone(d.bias)
}

// set takes new values if float32 holds them. A layer without a bias gets one if it needs it.
func (d *dense) set(weight, bias []float64) bool {
	for i, v := range weight {
		if !fits(v) || normal(d.weight[i]) && !normal(v) {
			return false
		}
	}
	if slices.ContainsFunc(bias, func(v float64) bool { return !fits(v) }) {
		return false
	}
	d.weight = weight
	if d.bias != nil || slices.ContainsFunc(bias, func(v float64) bool { return v != 0 }) {
		d.bias = bias
	}
	return true
}
