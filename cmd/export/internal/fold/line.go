package fold

import (
	"math"

	"github.com/edge-infer/edge-infer/format"
)

// line is a·x + b, a and b for each column or one value for all: what affine steps in a row make up.
type line struct{ a, b []float64 }

// newLine returns what an affine step computes, nil if its constants keep it from being folded.
func newLine(m *format.Model, l *format.Affine) *line {
	c := floats(m, l.Operand)
	for _, v := range c {
		if !finite(v) || v == 0 && l.Operator == format.Divide {
			return nil
		}
	}
	one, zero := []float64{1}, []float64{0}
	switch l.Operator {
	case format.Add:
		return &line{one, c}
	case format.Subtract:
		return &line{one, each(c, one, func(c, _ float64) float64 { return -c })}
	case format.Multiply:
		return &line{c, zero}
	}
	return &line{each(c, one, func(c, one float64) float64 { return one / c }), zero}
}

// then is the line of two lines, one after the other: c·(a·x + b) + d.
func (l *line) then(next *line) *line {
	product := func(v, w float64) float64 { return float64(v * w) }
	return &line{
		a: each(l.a, next.a, product),
		b: each(each(l.b, next.a, product), next.b, func(v, w float64) float64 { return v + w }),
	}
}

// step is one operation that a line needs.
type step struct {
	operator format.Operator
	operand  []float32
}

// steps returns the operations that are left of a line, none if it changes nothing. It reports false
// if float32 does not hold the line's constants with all their digits.
func (l *line) steps() ([]step, bool) {
	var steps []step
	for _, part := range []struct {
		operator format.Operator
		exact    []float64
		neutral  float32
	}{{format.Multiply, l.a, 1}, {format.Add, l.b, 0}} {
		rounded, needed := make([]float32, len(part.exact)), false
		for i, v := range part.exact {
			if !fits(v) || part.operator == format.Multiply && !normal(v) {
				return nil, false
			}
			rounded[i] = float32(v)
			needed = needed || rounded[i] != part.neutral
		}
		if needed {
			steps = append(steps, step{part.operator, rounded})
		}
	}
	return steps, true
}

// each combines two lists of the same length, or of which one has one value for all.
func each(v, w []float64, f func(v, w float64) float64) []float64 {
	out := make([]float64, max(len(v), len(w)))
	for i := range out {
		out[i] = f(v[i%len(v)], w[i%len(w)])
	}
	return out
}

func floats(m *format.Model, tensor string) []float64 {
	t := m.Tensor(tensor).Float32s()
	values := make([]float64, len(t))
	for i, v := range t {
		values[i] = float64(v)
	}
	return values
}

func finite(v float64) bool { return v-v == 0 }

// fits tells whether a number stays finite as float32.
func fits(v float64) bool { return math.Abs(v) <= math.MaxFloat32 }

// normal tells whether a number keeps all its digits as float32.
func normal(v float64) bool { return v == 0 || fits(v) && math.Abs(v) >= 0x1p-126 }
