package format

import (
	"fmt"
	"math"
	"testing"
)

// TestOutputs follows a row's width through each layer, for parameters that fit
// and for parameters that do not.
func TestOutputs(t *testing.T) {
	m := quantized() // q: 2×3 of i8, h: 3×1 of f16
	m.AddTensor(NewTensor("one", []int{1}, []float32{1}))
	m.AddTensor(NewTensor("three", []int{3}, []float32{-1, 0, 5}))
	m.AddTensor(NewTensor("falling", []int{3}, []float32{1, 0, -1}))
	m.AddTensor(NewTensor("w", []int{3, 2}, make([]float32, 6)))
	m.AddTensor(Tensor{"pixels", U8, []int{3, 3}, make([]byte, 9)})
	m.AddTensor(Tensor{"r", I8, []int{2, 3}, make([]byte, 6)}) // without scales
	inf := float32(math.Inf(1))
	nan := float32(math.NaN())

	const refused = 0
	tests := []struct {
		layer Layer
		in    int
		want  int
	}{
		{&Dense{"w", ""}, 3, 2},
		{&Dense{"q", "b"}, 2, 3},
		{&Dense{"h", "one"}, 3, 1},
		{&Dense{"w", ""}, 2, refused},
		{&Dense{"w", "three"}, 3, refused},
		{&Dense{"w", "nothing"}, 3, refused},
		{&Dense{"three", ""}, 3, refused},
		{&Dense{"r", ""}, 2, refused},
		{&Dense{"pixels", ""}, 3, refused},

		{&Affine{Add, "one"}, 7, 7},
		{&Affine{Subtract, "three"}, 3, 3},
		{&Affine{Multiply, "three"}, 2, refused},
		{&Affine{Divide, "q"}, 2, refused},
		{&Affine{"power", "one"}, 1, refused},

		{&Activation{Function: Tanh}, 5, 5},
		{&Activation{LeakyReLU, 0.1, 0}, 5, 5},
		{&Activation{HardSigmoid, 0.2, 0.5}, 5, 5},
		{&Activation{Tanh, 1, 0}, 5, refused},
		{&Activation{ELU, 1, 1}, 5, refused},
		{&Activation{ELU, inf, 0}, 5, refused},
		{&Activation{HardSigmoid, 0, nan}, 5, refused},
		{&Activation{Function: "mish"}, 5, refused},

		{&PReLU{"one"}, 9, 9},
		{&PReLU{"three"}, 3, 3},
		{&PReLU{"three"}, 4, refused},

		{&Softmax{}, 10, 10},
		{&ArgMax{}, 10, 1},
		{&Normalize{Max}, 4, 4},
		{&Normalize{""}, 4, refused},
		{&Clip{-inf, inf}, 4, 4},
		{&Clip{1, 1}, 4, 4},
		{&Clip{1, 0}, 4, refused},
		{&Clip{nan, nan}, 4, refused},
		{&Threshold{Cut{Greater, -inf}}, 4, 4},
		{&Threshold{Cut{"=", 0}}, 4, refused},
		{&Threshold{Cut{Greater, nan}}, 4, refused},

		{&OneHot{"three", UnknownZeros}, 1, 3},
		{&OneHot{"one", UnknownNaN}, 1, 1},
		{&OneHot{"three", UnknownNaN}, 2, refused},
		{&OneHot{"falling", UnknownZeros}, 1, refused},
		{&OneHot{"w", UnknownZeros}, 1, refused},
		{&OneHot{"nothing", UnknownZeros}, 1, refused},
		{&OneHot{"three", ""}, 1, refused},

		{&Select{[]int{2, 0, 0, 1}}, 3, 4},
		{&Select{[]int{3}}, 3, refused},
		{&Select{[]int{-1}}, 3, refused},
		{&Select{}, 3, refused},

		{&Polynomial{Degree: 2}, 3, 9},
		{&Polynomial{Degree: 0}, 3, refused},
		{&Polynomial{Degree: MaxDegree + 1}, 1, refused},

		{&Columns{[]Group{{[]int{1, 1}, nil}, {[]int{0}, []Layer{&OneHot{"three", UnknownZeros}}}}}, 2, 5},
		{&Columns{}, 2, refused},
		{&Columns{[]Group{{[]int{0}, []Layer{&Columns{[]Group{{[]int{0}, nil}}}}}}}, 2, refused},
		{&Columns{[]Group{{[]int{0, 1}, []Layer{&OneHot{"three", UnknownZeros}}}}}, 2, refused},
		{&Columns{[]Group{{make([]int, MaxWidth), nil}}}, 1, MaxWidth},
		{&Columns{[]Group{{make([]int, MaxWidth), nil}, {[]int{0}, nil}}}, 1, refused},
		{&Columns{[]Group{{[]int{0}, softmaxes(MaxLayers)}}}, 1, 1},
		{&Columns{[]Group{{[]int{0}, softmaxes(MaxLayers + 1)}}}, 1, refused},
		{&Columns{groups(MaxTensors)}, 1, MaxTensors},
		{&Columns{groups(MaxTensors + 1)}, 1, refused},
		{&Select{make([]int, MaxWidth+1)}, 1, refused},
	}
	for i, test := range tests {
		t.Run(fmt.Sprintf("%d %s", i, test.layer.Op()), func(t *testing.T) {
			got, err := m.Outputs(test.layer, test.in)
			switch {
			case test.want == refused && outcome(err) != "invalid" && outcome(err) != "too-large":
				t.Errorf("%d outputs, error %v: want it refused", got, err)
			case test.want != refused && (err != nil || got != test.want):
				t.Errorf("%d outputs, error %v: want %d", got, err, test.want)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	tests := map[string]struct {
		model    *Model
		in, out  int
		stepKind string // of the first layer that runs
	}{
		"example":    {example(), 2, 2, "subtract"},
		"layers":     {everyLayer(), 3, 1, "add"},
		"quantized":  {quantized(), 2, 1, "dense"},
		"picture":    {picture(), 12, 2, "divide"},
		"perceptron": {perceptron(), 2, 1, "dense"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if in, out := test.model.InputSize(), test.model.OutputSize(); in != test.in || out != test.out {
				t.Errorf("sizes are %d and %d, want %d and %d", in, out, test.in, test.out)
			}
			if op := test.model.Steps()[0].Op(); op != test.stepKind {
				t.Errorf("first step is %s, want %s", op, test.stepKind)
			}
		})
	}
	broken := example()
	broken.Input.Shape = []int{5}
	if size := broken.OutputSize(); size != 0 {
		t.Errorf("an invalid model has the output size %d, want 0", size)
	}
	if size := (&Model{}).InputSize(); size != 0 {
		t.Errorf("a model without input has the input size %d, want 0", size)
	}
}
