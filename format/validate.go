package format

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Validate checks a model against every rule of the format that its types do
// not express. Errors wrap ErrInvalid, ErrNewer or ErrTooLarge.
func (m *Model) Validate() error {
	checks := []func() error{m.checkNumerics, m.checkTensors, m.checkInput, m.checkLayers, m.checkGolden, m.checkQuantization, m.checkUse}
	for _, check := range checks {
		if err := check(); err != nil {
			return fmt.Errorf("format: %w", err)
		}
	}
	return nil
}

func (m *Model) checkNumerics() error {
	if m.Numerics > Numerics {
		return fmt.Errorf("numerics version %d, %d is understood: %w", m.Numerics, Numerics, ErrNewer)
	}
	if m.Numerics < 1 {
		return invalidf("numerics version %d", m.Numerics)
	}
	return nil
}

func (m *Model) checkTensors() error {
	if len(m.Tensors) > MaxTensors {
		return fmt.Errorf("%d tensors, at most %d are allowed: %w", len(m.Tensors), MaxTensors, ErrTooLarge)
	}
	for i, t := range m.Tensors {
		size, err := product(t.Shape)
		switch {
		case t.Name == "":
			return invalidf("tensor %d has no name", i)
		case i > 0 && t.Name <= m.Tensors[i-1].Name:
			return invalidf("tensor %.64q stands after %.64q: names ascend", t.Name, m.Tensors[i-1].Name)
		case err != nil:
			return within(err, "tensor %.64q", t.Name)
		case t.DType != F32 && t.DType != F16 && t.DType != I8:
			return invalidf("tensor %.64q: dtype %.64q: f32, f16 or i8 is needed", t.Name, t.DType)
		case size > MaxFileSize/t.DType.Size() || len(t.Data) != size*t.DType.Size():
			return invalidf("tensor %.64q: %d bytes for shape %v of %s", t.Name, len(t.Data), t.Shape, t.DType)
		}
	}
	return nil
}

func (m *Model) checkInput() error {
	in := &m.Input
	width, err := product(in.Shape)
	if err != nil {
		return within(err, "input")
	}
	if width > MaxWidth {
		return invalidf("input: shape %v: more than %d values", in.Shape, MaxWidth)
	}
	if in.DType != F32 && in.DType != U8 {
		return invalidf("input: dtype %.64q: f32 or u8 is needed", in.DType)
	}
	if err := in.checkLayout(); err != nil {
		return err
	}
	if n := len(in.Features); n != 0 && (in.picture() || n != width) {
		return invalidf("input: %d feature names for %d values of layout %s", n, width, in.Layout)
	}
	return checkNames("input: feature", in.Features)
}

// picture reports whether a row is a picture, whose values have no names.
func (in *Input) picture() bool { return in.Layout != Vector && in.Layout != Words }

func (in *Input) checkLayout() error {
	var channels, dimension int
	switch in.Layout {
	case Vector:
		return nil
	case Words:
		return in.checkWords()
	case HWCGray:
		channels, dimension = 1, 2
	case HWCRGB, HWCBGR:
		channels, dimension = 3, 2
	case CHWGray:
		channels, dimension = 1, 0
	case CHWRGB, CHWBGR:
		channels, dimension = 3, 0
	default:
		return invalidf("input: layout %.64q is not defined", in.Layout)
	}
	if len(in.Shape) != 3 || in.Shape[dimension] != channels {
		return invalidf("input: shape %v for layout %s: three dimensions with %d channels are needed", in.Shape, in.Layout, channels)
	}
	return nil
}

// checkWords checks what text can be counted into: a vocabulary, and one float
// for each word of it.
func (in *Input) checkWords() error {
	switch {
	case len(in.Features) == 0:
		return invalidf("input: layout words without features: they are the vocabulary, a word for each column")
	case len(in.Shape) != 1:
		return invalidf("input: shape %v for layout words: one dimension is needed", in.Shape)
	case in.DType != F32:
		return invalidf("input: dtype %s for layout words: counts are f32", in.DType)
	}
	return nil
}

// checkLayers follows a row's width through the layers to the output.
func (m *Model) checkLayers() error {
	if n := len(m.Input.Preprocessing) + len(m.Layers); n > MaxLayers {
		return fmt.Errorf("%d layers, at most %d are allowed: %w", n, MaxLayers, ErrTooLarge)
	}
	width, err := m.follow("input.preprocessing", m.Input.Preprocessing, m.InputSize())
	if err != nil {
		return err
	}
	if width, err = m.follow("layers", m.Layers, width); err != nil {
		return err
	}
	return m.Output.validate(width)
}

func (m *Model) follow(path string, layers []Layer, width int) (int, error) {
	for i, l := range layers {
		var err error
		if width, err = m.Outputs(l, width); err != nil {
			return 0, within(err, "%s[%d]", path, i)
		}
	}
	return width, nil
}

// OutputSize is the number of values in an output row of a valid model.
func (m *Model) OutputSize() int {
	width := m.InputSize()
	for _, l := range m.Steps() {
		var err error
		if width, err = m.Outputs(l, width); err != nil {
			return 0
		}
	}
	return width
}

func (o *Output) validate(width int) error {
	labels := len(o.Labels)
	decided := false // whether a single column is decided between two labels
	switch o.Kind {
	case Value:
	case Logits, Probabilities, Decision:
		decided = width == 1 && labels == 2
	case Class:
		if width != 1 {
			return invalidf("output: kind class has one column, not %d", width)
		}
	default:
		return invalidf("output: kind %.64q is not defined", o.Kind)
	}
	if decided != (o.Threshold != nil) {
		return invalidf("output: a threshold belongs to a single column of logits, probabilities or decisions with two labels, and is needed there")
	}
	if labels != 0 && labels != width && !decided && o.Kind != Class {
		return invalidf("output: %d labels for %d columns", labels, width)
	}
	if o.Threshold != nil {
		if err := o.Threshold.validate("output.threshold"); err != nil {
			return err
		}
	}
	return checkNames("output: label", o.Labels)
}

func (c *Cut) validate(what string) error {
	if c.Comparison != Greater && c.Comparison != GreaterOrEqual {
		return invalidf("%s: comparison %.64q: > or >= is needed", what, c.Comparison)
	}
	if c.Value != c.Value {
		return invalidf("%s: a comparison with NaN", what)
	}
	return nil
}

func (m *Model) checkGolden() error {
	g := m.Golden
	if g == nil {
		return nil
	}
	inputs, err := m.use("golden", "inputs", g.Inputs)
	if err != nil {
		return err
	}
	vectors, in, out := inputs.Shape[0], m.InputSize(), m.OutputSize()
	if err := m.matrix("inputs", g.Inputs, vectors, in); err != nil {
		return err
	}
	if err := m.matrix("canonical", g.Canonical, vectors, out); err != nil {
		return err
	}
	if g.Expected != "" {
		if err := m.matrix("expected", g.Expected, vectors, out); err != nil {
			return err
		}
	}
	for _, tolerance := range []float64{g.Absolute, g.Relative} {
		if !(tolerance >= 0 && tolerance <= math.MaxFloat64) {
			return invalidf("golden: tolerance %g: a finite number from 0 is needed", tolerance)
		}
	}
	return nil
}

func (m *Model) matrix(field, name string, rows, columns int) error {
	t, err := m.use("golden", field, name)
	if err != nil {
		return err
	}
	if t.DType != F32 || !slices.Equal(t.Shape, []int{rows, columns}) {
		return invalidf("golden: %s %.64q is %s of shape %v: f32 of shape [%d %d] is needed", field, name, t.DType, t.Shape, rows, columns)
	}
	return nil
}

func (m *Model) checkQuantization() error {
	for i, q := range m.Quantization {
		if i > 0 && q.Tensor <= m.Quantization[i-1].Tensor {
			return invalidf("quantization: %.64q stands after %.64q: names ascend", q.Tensor, m.Quantization[i-1].Tensor)
		}
		t, err := m.use("quantization", "tensor", q.Tensor)
		if err != nil {
			return err
		}
		if t.DType != I8 || len(t.Shape) != 2 {
			return invalidf("quantization: tensor %.64q is %s of shape %v: a matrix of i8 is needed", q.Tensor, t.DType, t.Shape)
		}
		if t.Shape[0] > MaxInt8Inputs {
			return invalidf("quantization: tensor %.64q has %d inputs, at most %d are allowed", q.Tensor, t.Shape[0], MaxInt8Inputs)
		}
		if slices.Contains(t.Data, 0x80) {
			return invalidf("quantization: tensor %.64q holds -128: values go from -127 to 127", q.Tensor)
		}
		if err := m.vector("quantization", "scales", q.Scales, t.Shape[1]); err != nil {
			return err
		}
		if s := m.Tensor(q.Scales); !allFinite(s) {
			return invalidf("quantization: scales %.64q hold an infinity or a NaN", q.Scales)
		}
	}
	return nil
}

// scales returns the scales of a quantized tensor, or nil.
func (m *Model) scales(name string) *Tensor {
	i, found := slices.BinarySearchFunc(m.Quantization, name, func(q Quantized, name string) int {
		return cmp.Compare(q.Tensor, name)
	})
	if !found {
		return nil
	}
	return m.Tensor(m.Quantization[i].Scales)
}

// Scales returns the scales of a tensor of dtype I8 by the table of
// quantization, one an output, or nil if it has none.
func (m *Model) Scales(name string) []float32 {
	if t := m.scales(name); t != nil {
		return t.Float32s()
	}
	return nil
}

// checkNames checks that names are neither empty nor repeated.
func checkNames(what string, names []string) error {
	order := make([]int32, len(names))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(names[a], names[b]) })
	for i, n := range order {
		if names[n] == "" {
			return invalidf("%s %d has no name", what, n)
		}
		if i > 0 && names[n] == names[order[i-1]] {
			return invalidf("%s %.64q stands twice", what, names[n])
		}
	}
	return nil
}

// unordered returns the index of the first value of an F32 tensor that is not
// above the one before it, or -1. A NaN is above nothing.
func unordered(t *Tensor) int {
	last := math.Inf(-1)
	for i := range t.Len() {
		v := float64(t.float32At(i))
		if i == 0 && v == v {
			last = v
			continue
		}
		if !(v > last) {
			return i
		}
		last = v
	}
	return -1
}

func allFinite(t *Tensor) bool {
	for i := range t.Len() {
		if !finite(t.float32At(i)) {
			return false
		}
	}
	return true
}

func finite(v float32) bool { return v-v == 0 }

// within puts a place before an error.
func within(err error, place string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(place, args...), err)
}
