package format

import "math"

// modelCases are well-formed files of models that make no sense.
func modelCases() []malformed {
	model := func(edit func(m *Model)) func() []byte { return func() []byte { return edited(edit) } }
	input := func(edit func(in *Input)) func() []byte { return model(func(m *Model) { edit(&m.Input) }) }
	layer := func(l Layer) func() []byte { return model(func(m *Model) { m.Layers[1] = l }) } // of 3 values
	output := func(o Output) func() []byte { return model(func(m *Model) { m.Output = o }) }  // of 2 values
	gold := func(edit func(g *Golden)) func() []byte { return model(func(m *Model) { edit(m.Golden) }) }
	splice := func(old, replacement string) func() []byte {
		return func() []byte { return spliced(old, replacement) }
	}
	of := func(base func() *Model, edit func(m *Model)) func() []byte {
		return func() []byte {
			m := base()
			edit(m)
			return forge(m).file()
		}
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	return []malformed{
		{"input-shape-empty", "an input without dimensions", ErrInvalid, "input: invalid model: shape of 0", input(func(in *Input) { in.Shape = nil })},
		{"input-shape-zero", "an input of no values", ErrInvalid, "at least 1", input(func(in *Input) { in.Shape = []int{0} })},
		{"input-width", "an input of 2^24+1 values", ErrInvalid, "more than 16777216 values", input(func(in *Input) { in.Shape = []int{1<<24 + 1} })},
		{"input-dtype", "an input of f16", ErrInvalid, "input: dtype \"f16\"", input(func(in *Input) { in.DType = F16 })},
		{"input-layout", "an unknown layout", ErrInvalid, "layout \"rgb\" is not defined", input(func(in *Input) { in.Layout = "rgb" })},
		{"input-layout-rank", "a picture of two dimensions", ErrInvalid, "three dimensions with 1 channels", input(func(in *Input) { in.Shape, in.Layout = []int{28, 28}, HWCGray })},
		{"input-layout-channels", "a colour picture of one channel", ErrInvalid, "three dimensions with 3 channels", input(func(in *Input) { in.Shape, in.Layout = []int{1, 28, 28}, CHWRGB })},
		{"input-features-count", "three names for two features", ErrInvalid, "3 feature names for 2 values", input(func(in *Input) { in.Features = append(in.Features, "age") })},
		{"input-features-twice", "two features of one name", ErrInvalid, "feature \"height\" stands twice", input(func(in *Input) { in.Features[1] = "height" })},
		{"input-features-empty", "a feature without a name", ErrInvalid, "feature 1 has no name", input(func(in *Input) { in.Features[1] = "" })},
		{"input-features-picture", "feature names for a picture", ErrInvalid, "feature names for 2 values of layout hwc_gray", input(func(in *Input) { in.Shape, in.Layout = []int{2, 1, 1}, HWCGray })},
		{"input-words-nameless", "words without a vocabulary", ErrInvalid, "layout words without features", input(func(in *Input) { in.Layout, in.Features = Words, nil })},
		{"input-words-shape", "words in two dimensions", ErrInvalid, "shape [2 1] for layout words", input(func(in *Input) { in.Layout, in.Shape = Words, []int{2, 1} })},
		{"input-words-dtype", "words counted in bytes", ErrInvalid, "dtype u8 for layout words", input(func(in *Input) { in.Layout, in.DType = Words, U8 })},

		{"layer-unknown", "an unknown layer", ErrInvalid, "layer \"softmix\" is not defined", splice("\xa7softmax", "\xa7softmix")},
		{"layer-without-op", "a layer whose first key is not op", ErrInvalid, "where \"op\"", splice("\xa2op\xa7softmax", "\xa2of\xa7softmax")},
		{"layer-empty", "a layer without keys", ErrInvalid, "layers[3]: ", splice("\x81\xa2op\xa7softmax", "\x80")},
		{"layer-parameter-more", "a softmax with an axis", ErrInvalid, "map of 1 entries where 0", splice("\x81\xa2op\xa7softmax", "\x82\xa2op\xa7softmax\xa4axis\x01")},
		{"layer-parameter-less", "a leaky_relu without alpha", ErrInvalid, "map of 0 entries where 1", splice("\x82\xa2op\xaaleaky_relu\xa5alpha\xca\x3e\x00\x00\x00", "\x81\xa2op\xaaleaky_relu")},
		{"layer-parameter-name", "a leaky_relu with a slope", ErrInvalid, "key \"slope\" where \"alpha\"", splice("\xa5alpha", "\xa5slope")},

		{"dense-rows", "a weight of 3 rows for an input of 2", ErrInvalid, "[2, outputs] is needed", model(func(m *Model) { m.Tensor("hidden.w").Shape = []int{3, 2} })},
		{"dense-vector", "a weight of one dimension", ErrInvalid, "has shape [6]", model(func(m *Model) { m.Tensor("hidden.w").Shape = []int{6} })},
		{"dense-missing", "a weight that is not there", ErrInvalid, "weight names the tensor \"nothing\"", layer(&Dense{"nothing", ""})},
		{"dense-unnamed", "a dense layer without a weight", ErrInvalid, "weight names the tensor \"\"", layer(&Dense{"", ""})},
		{"dense-bias-length", "a bias of 2 values for 3 outputs", ErrInvalid, "f32 of shape [3] is needed", model(func(m *Model) { m.Layers[0] = &Dense{"hidden.w", "mean"} })},
		{"dense-bias-matrix", "a bias of two dimensions", ErrInvalid, "f32 of shape [3] is needed", model(func(m *Model) { m.Tensor("hidden.b").Shape = []int{1, 3} })},
		{"dense-bias-dtype", "a bias of f16", ErrInvalid, "f16 of shape [3]", model(func(m *Model) {
			*m.Tensor("hidden.b") = Tensor{"hidden.b", F16, []int{3}, make([]byte, 6)}
		})},
		{"affine-length", "a mean of 3 values for 2 columns", ErrInvalid, "subtract: operand \"mean\"", model(func(m *Model) { m.Tensor("mean").replace([]int{3}, []float32{1, 2, 3}) })},
		{"affine-missing", "a mean that is not there", ErrInvalid, "subtract: operand names the tensor \"average\"", model(func(m *Model) { m.Input.Preprocessing[0] = &Affine{Subtract, "average"} })},
		{"prelu-length", "a slope of 2 values for 3 columns", ErrInvalid, "prelu: slope", layer(&PReLU{"mean"})},
		{"activation-nan", "a leaky_relu whose alpha is NaN", ErrInvalid, "must be finite", layer(&Activation{LeakyReLU, nan, 0})},
		{"activation-infinite", "a hard_sigmoid whose beta is infinite", ErrInvalid, "must be finite", layer(&Activation{HardSigmoid, 1, inf})},
		{"normalize-norm", "an unknown norm", ErrInvalid, "norm \"l3\"", layer(&Normalize{"l3"})},
		{"clip-inverted", "a clip whose low is above its high", ErrInvalid, "low 1 is not at most high 0", layer(&Clip{1, 0})},
		{"clip-nan", "a clip whose high is NaN", ErrInvalid, "is not at most high NaN", layer(&Clip{0, nan})},
		{"threshold-nan", "a threshold at NaN", ErrInvalid, "threshold: a comparison with NaN", layer(&Threshold{Cut{Greater, nan}})},
		{"threshold-comparison", "a threshold that compares by <", ErrInvalid, "threshold: comparison \"<\"", layer(&Threshold{Cut{"<", 0}})},
		{"one-hot-wide", "a one_hot of three columns", ErrInvalid, "3 values, 1 is needed", layer(&OneHot{"mean", UnknownZeros})},
		{"one-hot-matrix", "categories of two dimensions", ErrInvalid, "one dimension of f32", layer(oneHot("golden.x", UnknownZeros))},
		{"one-hot-order", "categories that do not ascend", ErrInvalid, "value 2 is not above", layer(oneHot("hidden.b", UnknownZeros))},
		{"one-hot-equal", "one category twice", ErrInvalid, "value 1 is not above", model(func(m *Model) {
			m.Layers[1] = oneHot("mean", UnknownZeros)
			m.Tensor("mean").replace([]int{2}, []float32{2, 2})
		})},
		{"one-hot-nan", "a category that is NaN", ErrInvalid, "value 0 is not above", model(func(m *Model) {
			m.Layers[1] = oneHot("mean", UnknownZeros)
			m.Tensor("mean").replace([]int{2}, []float32{nan, 2})
		})},
		{"one-hot-unknown", "an undefined answer to unknown categories", ErrInvalid, "unknown \"error\"", layer(oneHot("mean", "error"))},
		{"select-empty", "a select of nothing", ErrInvalid, "select: no columns", layer(&Select{})},
		{"select-beyond", "a select of column 3 of 3", ErrInvalid, "column 3 of a row of 3", layer(&Select{[]int{3}})},
		{"polynomial-degree-0", "a polynomial of degree 0", ErrInvalid, "degree 0", layer(&Polynomial{Degree: 0, Bias: true})},
		{"polynomial-degree-17", "a polynomial of degree 17", ErrInvalid, "degree 17", layer(&Polynomial{Degree: 17})},
		{"polynomial-terms", "a polynomial of degree 16 of 256 columns, about 4·10^25 terms", ErrInvalid, "more than 65536 terms", of(minimal, func(m *Model) {
			m.Input.Shape, m.Layers = []int{256}, []Layer{&Polynomial{Degree: 16}}
		})},
		{"polynomial-chain", "a polynomial of a polynomial", ErrInvalid, "layers[1]: invalid model: polynomial", of(minimal, func(m *Model) {
			m.Input.Shape, m.Layers = []int{16}, []Layer{&Polynomial{Degree: 3}, &Polynomial{Degree: 3}}
		})},
		{"columns-empty", "columns without groups", ErrInvalid, "columns: no groups", layer(&Columns{})},
		{"columns-group-empty", "a group of no columns", ErrInvalid, "groups[0]: invalid model: columns: no columns", layer(&Columns{[]Group{{}}})},
		{"columns-beyond", "a group with column 3 of 3", ErrInvalid, "column 3 of a row of 3", layer(&Columns{[]Group{{Columns: []int{0, 3}}}})},
		{"columns-layer", "a group whose layer does not fit", ErrInvalid, "groups[0].layers[0]: ", layer(&Columns{[]Group{{[]int{0}, []Layer{&Dense{"out.w", ""}}}}})},
		{"columns-nested", "columns within columns", ErrInvalid, "layers[1].groups[0].layers[0].groups[0].layers: ", layer(nested(2))},
		{"columns-nested-deep", "columns within columns, 10000 deep", ErrInvalid, "layers[1].groups[0].layers[0].groups[0].layers: ", layer(nested(10_000))},

		{"output-kind", "an unknown kind of output", ErrInvalid, "kind \"guess\"", output(Output{Kind: "guess"})},
		{"output-class-width", "a class of two columns", ErrInvalid, "kind class has one column, not 2", output(Output{Kind: Class})},
		{"output-labels-count", "three labels for two columns", ErrInvalid, "3 labels for 2 columns", output(Output{Kind: Logits, Labels: []string{"a", "b", "c"}})},
		{"output-labels-twice", "one label twice", ErrInvalid, "label \"a\" stands twice", output(Output{Kind: Logits, Labels: []string{"a", "a"}})},
		{"output-labels-empty", "an empty label", ErrInvalid, "label 1 has no name", output(Output{Kind: Logits, Labels: []string{"a", ""}})},
		{"output-threshold-wide", "a threshold for two columns", ErrInvalid, "a threshold belongs to", output(Output{Kind: Logits, Threshold: &Cut{Greater, 0}})},
		{"output-threshold-missing", "two labels for one column and no threshold", ErrInvalid, "a threshold belongs to", of(perceptron, func(m *Model) { m.Output.Threshold = nil })},
		{"output-threshold-value", "a threshold for a quantity", ErrInvalid, "a threshold belongs to", of(perceptron, func(m *Model) { m.Output.Kind, m.Output.Labels = Value, nil })},
		{"output-threshold-nan", "a threshold at NaN", ErrInvalid, "output.threshold: a comparison with NaN", of(perceptron, func(m *Model) { m.Output.Threshold.Value = nan })},
		{"output-threshold-comparison", "a threshold that compares by ==", ErrInvalid, "output.threshold: comparison \"==\"", of(perceptron, func(m *Model) { m.Output.Threshold.Comparison = "==" })},

		{"golden-missing", "golden inputs that are not there", ErrInvalid, "inputs names the tensor \"nothing\"", gold(func(g *Golden) { g.Inputs = "nothing" })},
		{"golden-inputs", "golden inputs of 3 columns for an input of 2", ErrInvalid, "golden: inputs", gold(func(g *Golden) { g.Inputs = "hidden.w" })},
		{"golden-vector", "golden inputs of one dimension", ErrInvalid, "golden: inputs \"mean\"", gold(func(g *Golden) { g.Inputs = "mean" })},
		{"golden-canonical", "canonical outputs of more rows than inputs", ErrInvalid, "golden: canonical \"out.w\"", gold(func(g *Golden) { g.Canonical = "out.w" })},
		{"golden-no-canonical", "no canonical outputs", ErrInvalid, "canonical names the tensor \"\"", gold(func(g *Golden) { g.Canonical = "" })},
		{"golden-expected", "expected outputs of another shape", ErrInvalid, "golden: expected \"hidden.w\"", gold(func(g *Golden) { g.Expected = "hidden.w" })},
		{"golden-dtype", "golden inputs of f16", ErrInvalid, "is f16 of shape", model(func(m *Model) {
			*m.Tensor("golden.x") = Tensor{"golden.x", F16, []int{1, 2}, make([]byte, 4)}
		})},
		{"golden-negative", "a negative tolerance", ErrInvalid, "tolerance -1", gold(func(g *Golden) { g.Absolute = -1 })},
		{"golden-nan", "a tolerance that is NaN", ErrInvalid, "tolerance NaN", gold(func(g *Golden) { g.Relative = math.NaN() })},
		{"golden-infinite", "an infinite tolerance", ErrInvalid, "tolerance +Inf", gold(func(g *Golden) { g.Absolute = math.Inf(1) })},

		{"quantization-128", "a weight of -128", ErrInvalid, "holds -128", of(quantized, func(m *Model) { m.Tensor("q").Data[0] = 0x80 })},
		{"quantization-inputs", "131072 inputs for a weight of i8", ErrInvalid, "at most 131071", of(quantized, func(m *Model) {
			m.Input.Shape = []int{MaxInt8Inputs + 1}
			*m.Tensor("q") = Tensor{"q", I8, []int{MaxInt8Inputs + 1, 3}, make([]byte, 3*(MaxInt8Inputs+1))}
		})},
		{"quantization-missing", "an i8 weight without scales", ErrInvalid, "has no entry in quantization", of(quantized, func(m *Model) { m.Quantization = nil })},
		{"quantization-no-tensor", "an entry for a tensor that is not there", ErrInvalid, "tensor names the tensor \"p\"", of(quantized, func(m *Model) {
			m.Quantization = append([]Quantized{{"p", "q.scales"}}, m.Quantization...)
		})},
		{"quantization-no-scales", "an entry whose scales are not there", ErrInvalid, "layers[0]: ", of(quantized, func(m *Model) { m.Quantization[0].Scales = "s" })},
		{"quantization-twice", "two entries for one tensor", ErrInvalid, "\"q\" stands after \"q\"", of(quantized, func(m *Model) {
			m.Quantization = append(m.Quantization, m.Quantization[0])
		})},
		{"quantization-dtype", "an entry for a weight of f16", ErrInvalid, "a matrix of i8 is needed", of(quantized, func(m *Model) {
			m.Quantization = append([]Quantized{{"h", "q.scales"}}, m.Quantization...)
		})},
		{"quantization-scales-length", "two scales for three outputs", ErrInvalid, "f32 of shape [3] is needed", of(quantized, func(m *Model) {
			m.Tensor("q.scales").replace([]int{2}, []float32{1, 2})
		})},
		{"quantization-scales-infinite", "an infinite scale", ErrInvalid, "an infinity or a NaN", of(quantized, func(m *Model) {
			m.Tensor("q.scales").replace([]int{3}, []float32{1, inf, 1})
		})},
	}
}

// nested is a columns layer within a columns layer, and so on.
func nested(depth int) Layer {
	l := &Columns{[]Group{{Columns: []int{0}}}}
	for range depth - 1 {
		l = &Columns{[]Group{{[]int{0}, []Layer{l}}}}
	}
	return l
}

// oneHot is a one_hot layer of a row's first column.
func oneHot(categories string, unknown Unknown) Layer {
	return &Columns{[]Group{{[]int{0}, []Layer{&OneHot{categories, unknown}}}}}
}
