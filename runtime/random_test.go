package runtime

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// A generator draws valid models, small enough to run by the thousand.
type generator struct {
	*rand.Rand
	model *format.Model
	names int // given so far
}

// randomModel draws a model of the given number of layers from a seed.
func randomModel(seed uint64, layers int) *format.Model {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), model: &format.Model{Numerics: format.Numerics}}
	m := g.model
	width := 1 + g.IntN(9)
	if g.IntN(4) == 0 {
		width = 60 + g.IntN(10) // on both sides of where the dot order begins
	}
	m.Input = format.Input{Shape: []int{width}, DType: format.F32, Layout: format.Vector}
	for i := range layers {
		l := g.layer(width, true)
		width, _ = m.Outputs(l, width)
		if i < layers/3 {
			m.Input.Preprocessing = append(m.Input.Preprocessing, l)
		} else {
			m.Layers = append(m.Layers, l)
		}
	}
	m.Output.Kind = format.Value
	return m
}

func (g *generator) layer(width int, mayNest bool) format.Layer {
	functions := []format.Function{
		format.ReLU, format.ReLU6, format.Sigmoid, format.Tanh, format.Softplus, format.Exp, format.Erf, format.GELU,
		format.GELUTanh, format.SiLU, format.SELU, format.Step, format.ELU, format.LeakyReLU, format.HardSigmoid,
	}
	switch g.IntN(15) {
	case 0, 1, 2:
		return g.dense(width)
	case 3, 4:
		a := &format.Activation{Function: functions[g.IntN(len(functions))]}
		if a.Function.Parameters() > 0 {
			a.Alpha = 0.2
		}
		if a.Function.Parameters() > 1 {
			a.Beta = 0.5
		}
		return a
	case 5:
		ops := []format.Operator{format.Add, format.Subtract, format.Multiply, format.Divide}
		return &format.Affine{Operator: ops[g.IntN(4)], Operand: g.vector(width)}
	case 6:
		return &format.PReLU{Slope: g.vector(width)}
	case 7:
		return &format.Softmax{}
	case 8:
		return &format.Normalize{Norm: []format.Norm{format.L1, format.L2, format.Max}[g.IntN(3)]}
	case 9:
		return &format.Clip{Low: -1, High: 2}
	case 10:
		comparison := []format.Comparison{format.Greater, format.GreaterOrEqual}[g.IntN(2)]
		return &format.Threshold{Cut: format.Cut{Comparison: comparison, Value: 0.25}}
	case 11:
		if width == 1 {
			unknown := []format.Unknown{format.UnknownZeros, format.UnknownNaN}[g.IntN(2)]
			return &format.OneHot{Categories: g.tensor([]int{3}, func(i int) float32 { return float32(i) - 1 }), Unknown: unknown}
		}
		return &format.Select{Columns: g.columns(width)}
	case 12:
		if width < 8 {
			return &format.Polynomial{Degree: 1 + g.IntN(2), InteractionOnly: g.IntN(2) == 0, Bias: true}
		}
		return &format.ArgMax{}
	}
	if !mayNest {
		return &format.Activation{Function: format.Tanh}
	}
	c := new(format.Columns)
	for range 1 + g.IntN(3) {
		group := format.Group{Columns: g.columns(width)}
		inner := len(group.Columns)
		for range g.IntN(4) {
			l := g.layer(inner, false)
			inner, _ = g.model.Outputs(l, inner)
			group.Layers = append(group.Layers, l)
		}
		c.Groups = append(c.Groups, group)
	}
	return c
}

func (g *generator) dense(width int) format.Layer {
	out := 1 + g.IntN(20)
	d := &format.Dense{Weight: g.name()}
	t := format.NewTensor(d.Weight, []int{width, out}, g.values(width*out))
	switch g.IntN(4) {
	case 0: // any 16 bits are some f16
		t.DType, t.Data = format.F16, nil
		for range width * out {
			t.Data = binary.LittleEndian.AppendUint16(t.Data, uint16(g.Uint32()))
		}
	case 1:
		t.DType, t.Data = format.I8, nil
		for range width * out {
			t.Data = append(t.Data, byte(int8(g.IntN(255)-127)))
		}
		scales := g.tensor([]int{out}, func(int) float32 { return g.Float32() })
		g.model.Quantization = append(g.model.Quantization, format.Quantized{Tensor: d.Weight, Scales: scales})
	}
	g.model.AddTensor(t)
	if g.IntN(3) > 0 {
		d.Bias = g.tensor([]int{out}, func(int) float32 { return g.value() })
	}
	return d
}

func (g *generator) columns(width int) []int {
	columns := make([]int, 1+g.IntN(5))
	for i := range columns {
		columns[i] = g.IntN(width)
	}
	return columns
}

func (g *generator) vector(width int) string {
	if g.IntN(2) == 0 {
		width = 1
	}
	return g.tensor([]int{width}, func(int) float32 { return g.value() })
}

func (g *generator) tensor(shape []int, value func(i int) float32) string {
	size := 1
	for _, d := range shape {
		size *= d
	}
	values := make([]float32, size)
	for i := range values {
		values[i] = value(i)
	}
	name := g.name()
	g.model.AddTensor(format.NewTensor(name, shape, values))
	return name
}

// name returns the next tensor name; names ascend, as the table of quantization must.
func (g *generator) name() string {
	g.names++
	return fmt.Sprintf("t%04d", g.names)
}

func (g *generator) values(n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = g.value()
	}
	return values
}

// value draws an ordinary number, or now and then one of those on which
// implementations part.
func (g *generator) value() float32 {
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), nan, 1e-42, -1e-42, 3e38, -1, 1}
	if g.IntN(40) == 0 {
		return special[g.IntN(len(special))]
	}
	return float32(g.NormFloat64())
}

// newInputs returns a generator that only draws values.
func newInputs(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 2))} }

// interpret runs a model on one row, layer by layer in fresh memory: what a plan
// must compute, without its arena.
func interpret(m *format.Model, row []float32) []float32 { return interpretLayers(m, m.Steps(), row) }

func interpretLayers(m *format.Model, layers []format.Layer, x []float32) []float32 {
	for _, l := range layers {
		in := len(x)
		out, err := m.Outputs(l, in)
		if err != nil {
			panic(err)
		}
		y := make([]float32, out)
		values := func(name string) []float32 { return m.Tensor(name).Float32s() }
		switch l := l.(type) {
		case *format.Dense:
			interpretDense(m, l, y, x)
		case *format.Activation:
			for f := kernels.FuncReLU; f <= kernels.FuncHardSigmoid; f++ {
				if f.String() == l.Op() {
					kernels.Map(f, y, x, l.Alpha, l.Beta)
				}
			}
		case *format.Affine:
			op := map[format.Operator]kernels.Arithmetic{format.Add: kernels.Add, format.Subtract: kernels.Subtract,
				format.Multiply: kernels.Multiply, format.Divide: kernels.Divide}[l.Operator]
			kernels.Affine(op, y, x, values(l.Operand), 1, in)
		case *format.PReLU:
			kernels.PReLU(y, x, values(l.Slope), 1, in)
		case *format.Softmax:
			kernels.Softmax(y, x, 1, in)
		case *format.Normalize:
			norm := map[format.Norm]kernels.Norm{format.L1: kernels.L1, format.L2: kernels.L2, format.Max: kernels.Max}[l.Norm]
			kernels.Normalize(norm, y, x, 1, in)
		case *format.Clip:
			kernels.Map(kernels.FuncClip, y, x, l.Low, l.High)
		case *format.Threshold:
			f := map[format.Comparison]kernels.Func{format.Greater: kernels.FuncGreater, format.GreaterOrEqual: kernels.FuncGreaterEqual}[l.Cut.Comparison]
			kernels.Map(f, y, x, l.Cut.Value, 0)
		case *format.ArgMax:
			kernels.ArgMax(y, x, 1, in)
		case *format.Select:
			kernels.Select(y, x, l.Columns, 1, in)
		case *format.OneHot:
			kernels.OneHot(y, x, values(l.Categories), map[format.Unknown]float32{format.UnknownNaN: nan}[l.Unknown], 1)
		case *format.Polynomial:
			kernels.Polynomial(y, x, l.Terms(in), 1, in)
		case *format.Columns:
			y = y[:0]
			for _, g := range l.Groups {
				picked := make([]float32, len(g.Columns))
				kernels.Select(picked, x, g.Columns, 1, in)
				y = append(y, interpretLayers(m, g.Layers, picked)...)
			}
		default:
			panic(fmt.Sprintf("no interpretation of %T", l))
		}
		x = y
	}
	return x
}

func interpretDense(m *format.Model, l *format.Dense, y, x []float32) {
	b := make([]float32, len(y))
	if l.Bias != "" {
		kernels.NormalizeBias(b, m.Tensor(l.Bias).Float32s())
	}
	w := m.Tensor(l.Weight)
	switch w.DType {
	case format.F32:
		kernels.Dense(y, x, w.Float32s(), b, 1, len(x), len(y))
	case format.F16:
		wide := make([]float32, w.Len())
		kernels.FromFloat16(wide, w.Float16Bits())
		kernels.Dense(y, x, wide, b, 1, len(x), len(y))
	case format.I8:
		kernels.DenseInt8(y, x, w.Int8s(), m.Scales(l.Weight), b, 1, len(x), len(y), make([]int8, len(x)))
	}
}
