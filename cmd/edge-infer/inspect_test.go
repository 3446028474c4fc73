package main

import (
	"reflect"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// Layers within a columns layer follow it, at their own places and widths.
func TestInspectListsEveryLayer(t *testing.T) {
	m := &format.Model{
		Numerics: format.Numerics,
		Input: format.Input{Shape: []int{3}, DType: format.F32, Layout: format.Vector, Preprocessing: []format.Layer{
			&format.Columns{Groups: []format.Group{
				{Columns: []int{1}, Layers: []format.Layer{&format.OneHot{Categories: "colours", Unknown: format.UnknownZeros}}},
				{Columns: []int{0, 2}, Layers: []format.Layer{&format.Clip{Low: -1, High: 1}, &format.Polynomial{Degree: 2}}},
			}},
		}},
		Layers: []format.Layer{
			&format.Normalize{Norm: format.L2},
			&format.Dense{Weight: "w", Bias: "b"},
			&format.Activation{Function: format.LeakyReLU, Alpha: 0.25},
			&format.Threshold{Cut: format.Cut{Comparison: format.GreaterOrEqual, Value: 0.5}},
		},
		Output: format.Output{Kind: format.Class},
	}
	m.AddTensor(format.NewTensor("colours", []int{3}, []float32{1, 2, 3}))
	m.AddTensor(format.NewTensor("w", []int{8, 1}, make([]float32, 8)))
	m.AddTensor(format.NewTensor("b", []int{1}, make([]float32, 1)))
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	want := []layerReport{
		{"input.preprocessing[0]", "columns", "columns", 3, 8, 0},
		{"input.preprocessing[0].groups[0].layers[0]", "one_hot", "one_hot", 1, 3, 3},
		{"input.preprocessing[0].groups[1].layers[0]", "clip", "clip(-1,1)", 2, 2, 0},
		{"input.preprocessing[0].groups[1].layers[1]", "polynomial", "polynomial(2,no_bias)", 2, 5, 0},
		{"layers[0]", "normalize", "normalize(l2)", 8, 8, 0},
		{"layers[1]", "dense", "dense(w,b)", 8, 1, 9},
		{"layers[2]", "leaky_relu", "leaky_relu(0.25)", 1, 1, 0},
		{"layers[3]", "threshold", "threshold(>=0.5)", 1, 1, 0},
	}
	r := newInspectReport(m)
	if !reflect.DeepEqual(r.Layers, want) {
		t.Errorf("layers\n%+v, want\n%+v", r.Layers, want)
	}
	if r.Parameters != 12 || r.Output.Width != 1 || r.Golden != nil || len(r.Tensors) != 3 {
		t.Errorf("%+v", r)
	}
}
