package format

import "math"

// example is a small model that uses a little of everything: a standardised
// input, a hidden layer, labels and a golden vector. SPEC.md shows its bytes.
func example() *Model {
	m := &Model{
		Numerics: Numerics,
		Producer: Software{"edge-export", "test"},
		Source:   Software{"numpy", "2.4.6"},
		Name:     "example",
		Input: Input{
			Shape: []int{2}, DType: F32, Layout: Vector, Features: []string{"height", "weight"},
			Preprocessing: []Layer{
				&Affine{Subtract, "mean"},
				&Affine{Divide, "std"},
			},
		},
		Layers: []Layer{
			&Dense{"hidden.w", "hidden.b"},
			&Activation{Function: LeakyReLU, Alpha: 0.125},
			&Dense{"out.w", ""},
			&Softmax{},
		},
		Output: Output{Kind: Probabilities, Labels: []string{"no", "yes"}},
		Golden: &Golden{Inputs: "golden.x", Canonical: "golden.bits", Absolute: 1e-6},
	}
	m.AddTensor(NewTensor("mean", []int{2}, []float32{1, 2}))
	m.AddTensor(NewTensor("std", []int{1}, []float32{4}))
	m.AddTensor(NewTensor("hidden.w", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}))
	m.AddTensor(NewTensor("hidden.b", []int{3}, []float32{0, 1, -1}))
	m.AddTensor(NewTensor("out.w", []int{3, 2}, []float32{1, 2, 3, 4, 5, 6}))
	m.AddTensor(NewTensor("golden.x", []int{1, 2}, []float32{1, 2}))
	m.AddTensor(NewTensor("golden.bits", []int{1, 2}, []float32{0.5, 0.5}))
	return m
}

// minimal has no tensors and no layers: its output is its input.
func minimal() *Model {
	return &Model{
		Numerics: Numerics,
		Input:    Input{Shape: []int{1}, DType: F32, Layout: Vector},
		Output:   Output{Kind: Value},
	}
}

// everyLayer holds each layer of the format at least once.
func everyLayer() *Model {
	m := minimal()
	m.Name = "layers"
	m.Description = "every layer once; it computes nothing of use"
	m.Input.Shape = []int{3}
	m.Input.Preprocessing = []Layer{
		&Affine{Add, "row3"},
		&Affine{Subtract, "row3"},
		&Affine{Multiply, "row3"},
		&Affine{Divide, "one"},
		&Clip{Low: -3, High: float32(math.Inf(1))},
		&Columns{Groups: []Group{
			{Columns: []int{0}, Layers: []Layer{&OneHot{"categories", UnknownZeros}}},
			{Columns: []int{0}, Layers: []Layer{&OneHot{"categories", UnknownNaN}}},
			{Columns: []int{2, 1}, Layers: []Layer{&Normalize{L1}, &Normalize{L2}, &Normalize{Max}}},
			{Columns: []int{1}},
		}},
		&Select{[]int{8, 0, 0}},
		&Polynomial{Degree: 2, Bias: true},
		&Select{[]int{0, 1, 2}},
		&Polynomial{Degree: 3, InteractionOnly: true},
	}
	m.Layers = []Layer{&Dense{Weight: "w", Bias: "row3"}, &PReLU{"row3"}, &PReLU{"one"}}
	for _, f := range []Function{ReLU, ReLU6, Sigmoid, Tanh, Softplus, Exp, Erf, GELU, GELUTanh, SiLU, SELU, Step} {
		m.Layers = append(m.Layers, &Activation{Function: f})
	}
	m.Layers = append(m.Layers,
		&Activation{Function: ELU, Alpha: 1},
		&Activation{Function: LeakyReLU, Alpha: 0.01},
		&Activation{Function: HardSigmoid, Alpha: 0.2, Beta: 0.5},
		&Softmax{},
		&Threshold{Cut{GreaterOrEqual, 0.5}},
		&ArgMax{},
	)
	m.Output = Output{Kind: Class, Labels: []string{"a", "b", "c"}}
	m.AddTensor(NewTensor("row3", []int{3}, []float32{1, 2, 3}))
	m.AddTensor(NewTensor("one", []int{1}, []float32{1}))
	m.AddTensor(NewTensor("categories", []int{3}, []float32{-1, 0, 7}))
	m.AddTensor(NewTensor("w", []int{7, 3}, make([]float32, 21)))
	return m
}

// quantized has one dense layer of int8 weights and one of float16.
func quantized() *Model {
	m := minimal()
	m.Name = "quantized"
	m.Input.Shape = []int{2}
	m.Layers = []Layer{&Dense{Weight: "q", Bias: "b"}, &Activation{Function: ReLU}, &Dense{Weight: "h"}}
	m.Quantization = []Quantized{{Tensor: "q", Scales: "q.scales"}}
	m.AddTensor(Tensor{"q", I8, []int{2, 3}, []byte{0x81, 0, 0x7f, 1, 0xff, 64}})
	m.AddTensor(NewTensor("q.scales", []int{3}, []float32{0.5, 0.25, 1}))
	m.AddTensor(NewTensor("b", []int{3}, []float32{0, 1, -1}))
	m.AddTensor(Tensor{"h", F16, []int{3, 1}, []byte{0, 0x3c, 0, 0xbc, 0, 0x38}}) // 1, −1, 0.5
	return m
}

// golden has two golden vectors with the source framework's answers.
func golden() *Model {
	m := example()
	m.Name = "golden"
	m.Golden = &Golden{Inputs: "golden.x", Expected: "golden.expected", Canonical: "golden.bits", Absolute: 1e-6, Relative: 1e-5}
	m.Tensor("golden.x").replace([]int{2, 2}, []float32{1, 2, 3, 4})
	m.Tensor("golden.bits").replace([]int{2, 2}, []float32{0.5, 0.5, 0.25, 0.75})
	m.AddTensor(NewTensor("golden.expected", []int{2, 2}, []float32{0.5, 0.5, 0.25, 0.75}))
	return m
}

// picture takes pixels.
func picture() *Model {
	m := minimal()
	m.Name = "picture"
	m.Input = Input{Shape: []int{2, 2, 3}, DType: U8, Layout: HWCRGB, Preprocessing: []Layer{&Affine{Divide, "255"}}}
	m.Layers = []Layer{&Dense{Weight: "w"}}
	m.Output = Output{Kind: Logits, Labels: []string{"cat", "dog"}}
	m.AddTensor(NewTensor("255", []int{1}, []float32{255}))
	m.AddTensor(NewTensor("w", []int{12, 2}, make([]float32, 24)))
	return m
}

// perceptron decides between two labels by the sign of one value.
func perceptron() *Model {
	m := minimal()
	m.Name = "perceptron"
	m.Input.Shape = []int{2}
	m.Layers = []Layer{&Dense{"w", "b"}}
	m.Output = Output{Kind: Decision, Labels: []string{"below", "above"}, Threshold: &Cut{GreaterOrEqual, 0}}
	m.AddTensor(NewTensor("w", []int{2, 1}, []float32{1, -1}))
	m.AddTensor(NewTensor("b", []int{1}, []float32{0.5}))
	return m
}

// words counts the words of a text, of a vocabulary in no order.
func words() *Model {
	m := minimal()
	m.Name = "words"
	m.Input = Input{Shape: []int{3}, DType: F32, Layout: Words, Features: []string{"money", "free", "café"}}
	m.Layers = []Layer{&Dense{"w", "b"}, &Activation{Function: Sigmoid}}
	m.Output = Output{Kind: Probabilities, Labels: []string{"ham", "spam"}, Threshold: &Cut{Greater, 0.5}}
	m.AddTensor(NewTensor("w", []int{3, 1}, []float32{1, 2, -1}))
	m.AddTensor(NewTensor("b", []int{1}, []float32{-1.5}))
	return m
}

// validModels are the models under testdata/format/valid, by file name.
func validModels() map[string]*Model {
	return map[string]*Model{
		"example":    example(),
		"minimal":    minimal(),
		"layers":     everyLayer(),
		"quantized":  quantized(),
		"golden":     golden(),
		"picture":    picture(),
		"perceptron": perceptron(),
		"words":      words(),
	}
}

// replace gives a tensor another shape and other values.
func (t *Tensor) replace(shape []int, values []float32) { *t = NewTensor(t.Name, shape, values) }
