package fold

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// generator draws valid models, most of which have something to fold.
type generator struct {
	*rand.Rand
	model *format.Model
}

func randomModel(seed uint64) *format.Model {
	g := &generator{rand.New(rand.NewPCG(seed, 1)), &format.Model{Numerics: format.Numerics}}
	m := g.model
	width := 1 + g.IntN(6)
	if g.IntN(8) == 0 {
		width = 70 // beyond where the order of sums changes
	}
	m.Input = format.Input{Shape: []int{width}, DType: format.F32, Layout: format.Vector}
	m.Output.Kind = format.Value
	for range g.IntN(3) {
		m.Input.Preprocessing = append(m.Input.Preprocessing, g.affine(width))
	}
	m.Layers, _ = g.layers(width, 2+g.IntN(8), true)
	return m
}

func (g *generator) layers(width, n int, mayNest bool) ([]format.Layer, int) {
	var layers []format.Layer
	for range n {
		var l format.Layer
		switch k := g.IntN(20); {
		case k < 6:
			l = g.dense(width)
		case k < 16:
			l = g.affine(width)
		case k < 19 || !mayNest:
			l = &format.Activation{Function: []format.Function{format.ReLU, format.Tanh}[g.IntN(2)]}
			if g.IntN(3) == 0 {
				l = &format.Activation{Function: format.LeakyReLU, Alpha: 0.25}
			}
		default:
			columns := new(format.Columns)
			for range 1 + g.IntN(3) {
				group := format.Group{Columns: []int{g.IntN(width), g.IntN(width)}}
				group.Layers, _ = g.layers(2, g.IntN(4), false)
				columns.Groups = append(columns.Groups, group)
			}
			l = columns
		}
		width, _ = g.model.Outputs(l, width)
		layers = append(layers, l)
	}
	return layers, width
}

func (g *generator) dense(width int) format.Layer {
	outputs := 1 + g.IntN(6)
	d := &format.Dense{Weight: g.tensor(width, outputs)}
	if g.IntN(5) == 0 { // binary16 ones, which stay
		w := g.model.Tensor(d.Weight)
		w.DType, w.Data = format.F16, bytes.Repeat([]byte{0x00, 0x3c}, width*outputs)
	}
	if g.IntN(2) == 0 {
		d.Bias = g.tensor(outputs)
	}
	return d
}

func (g *generator) affine(width int) format.Layer {
	operators := []format.Operator{format.Add, format.Subtract, format.Multiply, format.Divide}
	if g.IntN(3) == 0 {
		width = 1
	}
	return &format.Affine{Operator: operators[g.IntN(4)], Operand: g.tensor(width)}
}

// tensor adds a tensor of numbers from ¼ to 4 and their negatives, and returns its name.
func (g *generator) tensor(shape ...int) string {
	size := 1
	for _, n := range shape {
		size *= n
	}
	name := fmt.Sprintf("t%03d", len(g.model.Tensors))
	g.model.AddTensor(format.NewTensor(name, slices.Clone(shape), g.values(size)))
	return name
}

func (g *generator) values(n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(math.Exp2(4*g.Float64()-2)) * float32(1-2*g.IntN(2))
	}
	return values
}

// TestProperties: a folded model computes the same within what roundings can do, leaves the original
// as it was, has fewer layers if it differs, and has nothing left to fold.
func TestProperties(t *testing.T) {
	const models, rows = 500, 4
	changed, sharp := 0, 0
	for seed := range uint64(models) {
		m := randomModel(seed)
		before := marshal(t, m)
		folded, list, err := Fold(m)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !bytes.Equal(before, marshal(t, m)) {
			t.Fatalf("seed %d: the model was changed", seed)
		}
		if same := bytes.Equal(before, marshal(t, folded)); same != (len(list) == 0) {
			t.Fatalf("seed %d: %d foldings, and the model is the same: %v", seed, len(list), same)
		}
		if was, is := count(m.Steps()), count(folded.Steps()); is > was || is == was && len(list) > 0 {
			t.Fatalf("seed %d: %d layers became %d", seed, was, is)
		}
		again, more, err := Fold(folded)
		if err != nil || len(more) > 0 || !bytes.Equal(marshal(t, folded), marshal(t, again)) {
			t.Fatalf("seed %d: folded twice: %v, %v", seed, more, err)
		}
		if len(list) == 0 {
			continue
		}
		changed++
		x := (&generator{Rand: rand.New(rand.NewPCG(seed, 2))}).values(rows * m.InputSize())
		if compare(t, seed, m, folded, x, rows) {
			sharp++
		}
	}
	if changed < models/2 || sharp < changed*3/4 {
		t.Errorf("of %d models %d were folded, and for %d the bound is below a thousandth: the test shows little", models, changed, sharp)
	}
}

// compare holds answers against each other and against the bound, and tells whether that is below a
// thousandth of the largest answer.
func compare(t *testing.T, seed uint64, m, folded *format.Model, x []float32, rows int) bool {
	t.Helper()
	want, got := results(t, m, x), results(t, folded, x)
	inputs, outputs := m.InputSize(), len(want)/rows
	largest, widest, worst := 0.0, 0.0, 0.0
	for r := range rows {
		row := interval{make([]float64, inputs), make([]float64, inputs)}
		for i := range inputs {
			row.value[i] = float64(x[r*inputs+i])
		}
		a := follow(m, m.Steps(), row, false)
		b := follow(folded, folded.Steps(), row, true)
		for o := range outputs {
			bound := 1.001*(a.radius[o]+b.radius[o]) + 1e-30 // terms of second order, and underflow
			off := math.Abs(float64(want[r*outputs+o]) - float64(got[r*outputs+o]))
			if !(off <= bound) {
				t.Errorf("seed %d: row %d, output %d: %g became %g, %g away, and %g is the bound",
					seed, r, o, want[r*outputs+o], got[r*outputs+o], off, bound)
			}
			largest, widest, worst = max(largest, math.Abs(a.value[o])), max(widest, bound), max(worst, off)
		}
	}
	measured, err := Measure(m, folded, x)
	if err != nil || measured.Absolute != worst {
		t.Errorf("seed %d: measured %+v, %v, want %g", seed, measured, err, worst)
	}
	return widest <= largest/1000
}

func results(t *testing.T, m *format.Model, x []float32) []float32 {
	t.Helper()
	s, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float32, len(x)/s.Inputs()*s.Outputs())
	if err := s.Run(y, x); err != nil {
		t.Fatal(err)
	}
	return y
}

// count counts layers, those in groups too.
func count(layers []format.Layer) int {
	n := len(layers)
	for _, l := range layers {
		if c, ok := l.(*format.Columns); ok {
			for _, g := range c.Groups {
				n += count(g.Layers)
			}
		}
	}
	return n
}
