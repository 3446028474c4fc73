package fold

import (
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// pending is a tensor that gets its name when it is known which ones stay.
type pending struct {
	field  *string // of the layer, for the name
	wished string
	shape  []int
	values []float32
}

// denseLayer returns a folded layer, whose tensors keep their names if they can.
func (f *folder) denseLayer(d *dense) *format.Dense {
	layer := new(format.Dense)
	f.pending = append(f.pending, pending{&layer.Weight, d.layer.Weight, []int{d.inputs, d.outputs}, rounded(d.weight)})
	if d.bias != nil {
		name := d.layer.Bias
		if name == "" {
			name = strings.TrimSuffix(d.layer.Weight, ".weight") + ".bias"
		}
		f.pending = append(f.pending, pending{&layer.Bias, name, []int{d.outputs}, rounded(d.bias)})
	}
	return layer
}

// affineLayers returns the steps that are left of several, named after the first of them.
func (f *folder) affineLayers(first *format.Affine, steps []step) []format.Layer {
	stem := strings.TrimSuffix(first.Operand, "."+string(first.Operator))
	layers := []format.Layer{}
	for _, s := range steps {
		layer := &format.Affine{Operator: s.operator}
		f.pending = append(f.pending, pending{&layer.Operand, stem + "." + string(s.operator), []int{len(s.operand)}, s.operand})
		layers = append(layers, layer)
	}
	return layers
}

// addTensors gives the new model the tensors that its layers use: those that stayed, and then those
// that are new.
func (f *folder) addTensors() {
	keep := func(name string) {
		if f.to.Tensor(name) == nil {
			f.to.AddTensor(*f.from.Tensor(name))
		}
	}
	for _, l := range f.to.Steps() {
		for _, name := range format.TensorNames(l) { // those that are new have no names yet
			keep(name)
		}
	}
	for _, q := range f.to.Quantization {
		keep(q.Tensor)
		keep(q.Scales)
	}
	for _, p := range f.pending {
		for f.to.Tensor(p.wished) != nil {
			p.wished += "_"
		}
		f.to.AddTensor(format.NewTensor(p.wished, p.shape, p.values))
		*p.field = p.wished
	}
}

func rounded(values []float64) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}
