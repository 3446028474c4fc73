package format

// Layer is one step of a model. It takes rows of some width, in values, and
// gives rows of a width that follows from its parameters. Layers name tensors;
// they do not hold them.
//
// The set of layers is closed: they are the types of this package that
// implement the interface.
type Layer interface {
	record
	// Op is the layer's name in the file.
	Op() string
	// outputs checks the parameters against an input width and the model's
	// tensors, and returns the output width.
	outputs(in int, m *Model) (int, error)
}

// Outputs returns the number of values in a row after the layer, given the
// number before it, or an error that wraps ErrInvalid if the layer cannot take
// such rows.
func (m *Model) Outputs(l Layer, in int) (int, error) {
	out, err := l.outputs(in, m)
	if err == nil && out > MaxWidth {
		err = invalidf("%s: %d output values, at most %d are allowed", l.Op(), out, MaxWidth)
	}
	return out, err
}

// newLayer returns an empty layer for its name in the file, or nil.
func newLayer(op string) Layer {
	switch op {
	case "dense":
		return new(Dense)
	case "add", "subtract", "multiply", "divide":
		return &Affine{Operator: Operator(op)}
	case "prelu":
		return new(PReLU)
	case "softmax":
		return new(Softmax)
	case "normalize":
		return new(Normalize)
	case "clip":
		return new(Clip)
	case "argmax":
		return new(ArgMax)
	case "threshold":
		return new(Threshold)
	case "one_hot":
		return new(OneHot)
	case "select":
		return new(Select)
	case "polynomial":
		return new(Polynomial)
	case "columns":
		return new(Columns)
	}
	if Function(op).Parameters() >= 0 {
		return &Activation{Function: Function(op)}
	}
	return nil
}

// Dense is y = x·W + b.
type Dense struct {
	Weight string // [inputs, outputs], dtype F32, F16, or I8 with an entry in Model.Quantization
	Bias   string // [outputs], dtype F32; empty for none
}

// Affine is one elementwise operation between the row and a constant: x + c,
// x − c, x · c or x ÷ c. A standardisation is two of them, as the source wrote
// it: turning a division into a multiplication would change bits.
type Affine struct {
	Operator Operator
	Operand  string // [width] or [1], dtype F32
}

// Operator is the operation of an Affine layer, and its name in the file.
type Operator string

// The operators.
const (
	Add      Operator = "add"
	Subtract Operator = "subtract"
	Multiply Operator = "multiply"
	Divide   Operator = "divide"
)

// Softmax turns a row of logits into probabilities.
type Softmax struct{}

// Normalize divides a row by its norm. A zero norm leaves the row as it is.
type Normalize struct{ Norm Norm }

// Norm is the norm of a row.
type Norm string

// The norms.
const (
	L1  Norm = "l1"  // sum of magnitudes
	L2  Norm = "l2"  // root of the sum of squares
	Max Norm = "max" // greatest magnitude
)

// Clip limits every value to the range from Low to High.
type Clip struct{ Low, High float32 }

// ArgMax gives the index of a row's greatest value, the lowest one at a tie.
type ArgMax struct{}

// Threshold gives 1 where a value satisfies the cut, 0 where not.
type Threshold struct{ Cut Cut }

func (*Dense) Op() string     { return "dense" }
func (a *Affine) Op() string  { return string(a.Operator) }
func (*Softmax) Op() string   { return "softmax" }
func (*Normalize) Op() string { return "normalize" }
func (*Clip) Op() string      { return "clip" }
func (*ArgMax) Op() string    { return "argmax" }
func (*Threshold) Op() string { return "threshold" }

func (d *Dense) fields(f []field) []field {
	return append(f, field{"weight", (*tensorName)(&d.Weight)}, field{"bias", (*tensorName)(&d.Bias)})
}

func (a *Affine) fields(f []field) []field {
	return append(f, field{"operand", (*tensorName)(&a.Operand)})
}

func (*Softmax) fields(f []field) []field { return f }

func (n *Normalize) fields(f []field) []field { return append(f, field{"norm", (*string)(&n.Norm)}) }

func (c *Clip) fields(f []field) []field {
	return append(f, field{"low", &c.Low}, field{"high", &c.High})
}

func (*ArgMax) fields(f []field) []field { return f }

func (t *Threshold) fields(f []field) []field { return t.Cut.fields(f) }

func (d *Dense) outputs(in int, m *Model) (int, error) {
	w, err := m.use("dense", "weight", d.Weight)
	if err != nil {
		return 0, err
	}
	if len(w.Shape) != 2 || w.Shape[0] != in {
		return 0, invalidf("dense: weight %.64q has shape %v, a row has %d values: [%d, outputs] is needed", d.Weight, w.Shape, in, in)
	}
	out := w.Shape[1]
	switch w.DType {
	case F32, F16:
	case I8:
		if m.scales(d.Weight) == nil {
			return 0, invalidf("dense: weight %.64q is of dtype i8 and has no entry in quantization", d.Weight)
		}
	default:
		return 0, invalidf("dense: weight %.64q is of dtype %.64q: f32, f16 or i8 is needed", d.Weight, w.DType)
	}
	if d.Bias == "" {
		return out, nil
	}
	return out, m.vector("dense", "bias", d.Bias, out)
}

func (a *Affine) outputs(in int, m *Model) (int, error) {
	switch a.Operator {
	case Add, Subtract, Multiply, Divide:
		return in, m.vectorOrScalar(a.Op(), "operand", a.Operand, in)
	}
	return 0, invalidf("affine operator %.64q: add, subtract, multiply or divide is needed", a.Operator)
}

func (*Softmax) outputs(in int, _ *Model) (int, error) { return in, nil }

func (n *Normalize) outputs(in int, _ *Model) (int, error) {
	switch n.Norm {
	case L1, L2, Max:
		return in, nil
	}
	return 0, invalidf("normalize: norm %.64q: l1, l2 or max is needed", n.Norm)
}

func (c *Clip) outputs(in int, _ *Model) (int, error) {
	// Infinite bounds are a clip to one side; a NaN would make no order.
	if !(c.Low <= c.High) {
		return 0, invalidf("clip: low %g is not at most high %g", c.Low, c.High)
	}
	return in, nil
}

func (*ArgMax) outputs(int, *Model) (int, error) { return 1, nil }

func (t *Threshold) outputs(in int, _ *Model) (int, error) { return in, t.Cut.validate("threshold") }
