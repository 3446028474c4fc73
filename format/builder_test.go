package format

import (
	"fmt"
	"strings"
	"testing"
)

// A builder makes a valid model out of a sequence of choices. When the choices
// run out, it takes the first of each.
type builder struct {
	choices []byte
	m       *Model
	tensors int
}

// below takes a choice from 0 to n-1.
func (b *builder) below(n int) int {
	if len(b.choices) == 0 {
		return 0
	}
	c := int(b.choices[0])
	b.choices = b.choices[1:]
	return c % n
}

// oneOf takes a choice among the given values.
func oneOf[T any](b *builder, values ...T) T { return values[b.below(len(values))] }

func (b *builder) text() string {
	n := min(b.below(40), len(b.choices))
	s := strings.ToValidUTF8(string(b.choices[:n]), "·")
	b.choices = b.choices[n:]
	return s
}

func (b *builder) names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(b.text(), "#", i)
	}
	return list
}

// build makes the model of the choices.
func (b *builder) build(t *testing.T) *Model {
	b.m = &Model{
		Numerics:    Numerics,
		Producer:    Software{b.text(), b.text()},
		Source:      Software{b.text(), b.text()},
		Name:        b.text(),
		Description: b.text(),
	}
	b.input()
	width := b.m.InputSize()
	b.m.Input.Preprocessing, width = b.layers(t, width, true)
	b.m.Layers, width = b.layers(t, width, true)
	b.output(width)
	if b.below(2) == 1 {
		b.golden(1+b.below(3), width)
	}
	return b.m
}

func (b *builder) input() {
	in := &b.m.Input
	in.DType = oneOf(b, F32, U8)
	in.Layout = oneOf(b, Vector, Words, HWCGray, HWCRGB, HWCBGR, CHWGray, CHWRGB, CHWBGR)
	switch in.Layout {
	case Vector:
		in.Shape = []int{1 + b.below(4), 1 + b.below(2)}
		if b.below(2) == 1 {
			in.Features = b.names(b.m.InputSize())
		}
	case Words:
		in.DType, in.Shape = F32, []int{1 + b.below(4)}
		in.Features = b.names(b.m.InputSize())
	case HWCGray:
		in.Shape = []int{1 + b.below(3), 1 + b.below(3), 1}
	case HWCRGB, HWCBGR:
		in.Shape = []int{1 + b.below(3), 1 + b.below(3), 3}
	case CHWGray:
		in.Shape = []int{1, 1 + b.below(3), 1 + b.below(3)}
	case CHWRGB, CHWBGR:
		in.Shape = []int{3, 1 + b.below(3), 1 + b.below(3)}
	}
}

func (b *builder) layers(t *testing.T, width int, columns bool) ([]Layer, int) {
	var list []Layer
	for range b.below(6) {
		l := b.layer(t, width, columns)
		out, err := b.m.Outputs(l, width)
		if err != nil {
			t.Fatal(err)
		}
		list, width = append(list, l), out
	}
	return list, width
}

func (b *builder) layer(t *testing.T, width int, columns bool) Layer {
	switch b.below(14) {
	case 0:
		return &Softmax{}
	case 1:
		return b.dense(width)
	case 2:
		return &Affine{oneOf(b, Add, Subtract, Multiply, Divide), b.tensor([]int{width})}
	case 3:
		return &PReLU{b.tensor([]int{oneOf(b, 1, width)})}
	case 4:
		return &Activation{Function: oneOf(b, ReLU, ReLU6, Sigmoid, Tanh, Softplus, Exp, Erf, GELU, GELUTanh, SiLU, SELU, Step)}
	case 5:
		return &Activation{Function: oneOf(b, ELU, LeakyReLU), Alpha: b.number()}
	case 6:
		return &Activation{HardSigmoid, b.number(), b.number()}
	case 7:
		return &Normalize{oneOf(b, L1, L2, Max)}
	case 8:
		low := b.number()
		return &Clip{low, low + float32(b.below(9))}
	case 9:
		return oneOf[Layer](b, &ArgMax{}, &Threshold{b.cut()})
	case 10:
		return &Select{b.columns(width)}
	case 11:
		if width <= 6 {
			return &Polynomial{1 + b.below(3), b.below(2) == 1, b.below(2) == 1}
		}
	case 12:
		if width == 1 {
			return &OneHot{b.ascending(1 + b.below(4)), oneOf(b, UnknownZeros, UnknownNaN)}
		}
	case 13:
		if columns {
			c := &Columns{}
			for range 1 + b.below(3) {
				g := Group{Columns: b.columns(width)}
				g.Layers, _ = b.layers(t, len(g.Columns), false)
				c.Groups = append(c.Groups, g)
			}
			return c
		}
	}
	return &Select{b.columns(width)}
}

func (b *builder) dense(width int) Layer {
	out := 1 + b.below(4)
	d := &Dense{}
	if b.below(2) == 1 {
		d.Bias = b.tensor([]int{out})
	}
	switch dtype := oneOf(b, F32, F16, I8); dtype {
	case F32:
		d.Weight = b.tensor([]int{width, out})
	case F16:
		d.Weight = b.add(Tensor{DType: F16, Shape: []int{width, out}, Data: make([]byte, 2*width*out)})
	case I8:
		data := make([]byte, width*out)
		for i := range data {
			data[i] = byte(b.below(128))
		}
		d.Weight = b.add(Tensor{DType: I8, Shape: []int{width, out}, Data: data})
		q := Quantized{d.Weight, b.tensor([]int{out})}
		i := 0
		for i < len(b.m.Quantization) && b.m.Quantization[i].Tensor < q.Tensor {
			i++
		}
		b.m.Quantization = append(b.m.Quantization[:i:i], append([]Quantized{q}, b.m.Quantization[i:]...)...)
	}
	return d
}

func (b *builder) number() float32 { return float32(b.below(256)-128) / 16 }

func (b *builder) cut() Cut { return Cut{oneOf(b, Greater, GreaterOrEqual), b.number()} }

func (b *builder) columns(width int) []int {
	list := make([]int, 1+b.below(4))
	for i := range list {
		list[i] = b.below(width)
	}
	return list
}

// tensor adds a tensor of F32 and returns its name, which sorts anywhere.
func (b *builder) tensor(shape []int) string {
	size, _ := product(shape)
	values := make([]float32, size)
	for i := range values {
		values[i] = b.number()
	}
	return b.add(NewTensor("", shape, values))
}

func (b *builder) ascending(n int) string {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i) + float32(b.below(8))/16
	}
	return b.add(NewTensor("", []int{n}, values))
}

func (b *builder) add(t Tensor) string {
	b.tensors++
	t.Name = fmt.Sprintf("%c%d", 'a'+b.below(26), b.tensors)
	b.m.AddTensor(t)
	return t.Name
}

func (b *builder) output(width int) {
	o := &b.m.Output
	o.Kind = oneOf(b, Value, Logits, Probabilities, Decision)
	switch named := b.below(2) == 1; {
	case named && width == 1 && o.Kind != Value:
		o.Labels = b.names(2)
		cut := b.cut()
		o.Threshold = &cut
	case width == 1 && b.below(2) == 1:
		o.Kind = Class
		o.Labels = b.names(1 + b.below(4))
	case named:
		o.Labels = b.names(width)
	}
}

func (b *builder) golden(vectors, width int) {
	g := &Golden{
		Inputs:    b.tensor([]int{vectors, b.m.InputSize()}),
		Canonical: b.tensor([]int{vectors, width}),
		Absolute:  float64(b.below(100)) / 1e6,
		Relative:  float64(b.below(100)) / 1e6,
	}
	if b.below(2) == 1 {
		g.Expected = b.tensor([]int{vectors, width})
	}
	b.m.Golden = g
}
