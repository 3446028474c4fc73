package format

// Model is a trained model: what it expects, what it computes, what its numbers
// mean, and the vectors that prove an implementation right.
type Model struct {
	Numerics     int      // version of the canonical arithmetic
	Producer     Software // what wrote the file
	Source       Software // what trained the model, such as scikit-learn 1.5.2
	Name         string
	Description  string
	Input        Input
	Layers       []Layer // run in order after Input.Preprocessing
	Output       Output
	Golden       *Golden // nil when the file proves nothing
	Quantization []Quantized
	Tensors      []Tensor // ascending by name, every one used
}

// Software names a program or a library and its version. Both may be empty.
type Software struct {
	Name    string
	Version string
}

// Input describes one row as the caller holds it.
type Input struct {
	Shape         []int  // of one row: [64], or [28 28 1] for a picture
	DType         DType  // F32, or U8 for pixels, which are widened exactly
	Layout        Layout // how the values of a row are arranged
	Features      []string
	Preprocessing []Layer // what belongs to the model before its first layer, such as standardisation
}

// Layout says how the values of an input row are arranged.
type Layout string

// The layouts. Pictures name their channel order, in the order of the letters.
// What the words of a text are is defined in SPEC.md; this package does not read text.
const (
	Vector  Layout = "vector"   // independent columns, optionally named by Features
	Words   Layout = "words"    // how often each word of the vocabulary in Features is in a text
	HWCGray Layout = "hwc_gray" // height, width, one channel
	HWCRGB  Layout = "hwc_rgb"  // height, width, channel
	HWCBGR  Layout = "hwc_bgr"
	CHWGray Layout = "chw_gray" // channel, height, width
	CHWRGB  Layout = "chw_rgb"
	CHWBGR  Layout = "chw_bgr"
)

// Output says what the numbers of an output row are.
type Output struct {
	Kind Kind
	// Labels names the classes. One a column; or two for a single column, which
	// a Threshold then decides between; or one a class for kind Class. For kind
	// Value they name the columns. Empty when nothing is named.
	Labels    []string
	Threshold *Cut // decides a single column: the second label where it holds, else the first
}

// Kind is the meaning of an output value.
type Kind string

// The kinds of output.
const (
	Value         Kind = "value"         // a quantity, such as a regression's target
	Logits        Kind = "logits"        // before softmax or, for one column, sigmoid
	Probabilities Kind = "probabilities" // after it
	Decision      Kind = "decision"      // a signed distance, as of a linear SVM
	Class         Kind = "class"         // the index of a class
)

// Cut compares a value with a constant.
type Cut struct {
	Comparison Comparison
	Value      float32
}

// Comparison is how a Cut compares. The two differ where sources differ:
// scikit-learn decides with >, a textbook's perceptron with >=.
type Comparison string

// The comparisons. A NaN satisfies neither and decides nothing.
const (
	Greater        Comparison = ">"
	GreaterOrEqual Comparison = ">="
)

// Golden holds vectors that prove an implementation right. Each field but the
// tolerances names a tensor of dtype F32.
type Golden struct {
	Inputs    string // [vectors, input values]
	Expected  string // [vectors, output values], computed by the source framework; empty when it was not at hand
	Canonical string // [vectors, output values], to be met bit for bit
	// A canonical value c meets the framework's value e when
	// |c − e| ≤ Absolute + Relative·|e|.
	Absolute float64
	Relative float64
}

// Quantized says that a dense layer's weight tensor of dtype I8 stands for the
// real numbers q·scale, with one scale an output.
type Quantized struct {
	Tensor string // dtype I8, shape [inputs, outputs], values from −127 to 127
	Scales string // dtype F32, shape [outputs]
}

func (m *Model) fields(f []field) []field {
	return append(f,
		field{"numerics", &m.Numerics},
		field{"producer", &m.Producer},
		field{"source", &m.Source},
		field{"name", &m.Name},
		field{"description", &m.Description},
		field{"input", &m.Input},
		field{"layers", &m.Layers},
		field{"output", &m.Output},
		field{"golden", optional[Golden, *Golden]{&m.Golden}},
		field{"quantization", records[Quantized, *Quantized]{&m.Quantization}},
	)
}

func (s *Software) fields(f []field) []field {
	return append(f, field{"name", &s.Name}, field{"version", &s.Version})
}

func (in *Input) fields(f []field) []field {
	return append(f,
		field{"shape", &in.Shape},
		field{"dtype", (*string)(&in.DType)},
		field{"layout", (*string)(&in.Layout)},
		field{"features", &in.Features},
		field{"preprocessing", &in.Preprocessing},
	)
}

func (o *Output) fields(f []field) []field {
	return append(f,
		field{"kind", (*string)(&o.Kind)},
		field{"labels", &o.Labels},
		field{"threshold", optional[Cut, *Cut]{&o.Threshold}},
	)
}

func (c *Cut) fields(f []field) []field {
	return append(f, field{"comparison", (*string)(&c.Comparison)}, field{"value", &c.Value})
}

func (g *Golden) fields(f []field) []field {
	return append(f,
		field{"inputs", (*tensorName)(&g.Inputs)},
		field{"expected", (*tensorName)(&g.Expected)},
		field{"canonical", (*tensorName)(&g.Canonical)},
		field{"absolute", &g.Absolute},
		field{"relative", &g.Relative},
	)
}

func (q *Quantized) fields(f []field) []field {
	// The tensor itself is of use only to a layer: it is not marked as used here.
	return append(f, field{"tensor", &q.Tensor}, field{"scales", (*tensorName)(&q.Scales)})
}

// InputSize is the number of values in an input row.
func (m *Model) InputSize() int {
	size, err := product(m.Input.Shape)
	if err != nil {
		return 0
	}
	return size
}

// Steps returns the layers in the order in which they run, preprocessing first.
func (m *Model) Steps() []Layer {
	steps := make([]Layer, 0, len(m.Input.Preprocessing)+len(m.Layers))
	return append(append(steps, m.Input.Preprocessing...), m.Layers...)
}
