package cuda

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/edge-infer/edge-infer/kernels"
)

// A network is what a Builder and the reference both follow, step by step.
type network interface {
	Dense(w, bias []float32, outputs int)
	DenseInt8(w []int8, scale, bias []float32, outputs int)
	Map(f kernels.Func, alpha, beta float32)
	Affine(op kernels.Arithmetic, operand []float32)
	PReLU(slope []float32)
	Softmax()
	Normalize(n kernels.Norm)
	ArgMax()
	Select(columns []int)
	OneHot(categories []float32, unknown float32)
	Polynomial(terms [][]int)
	Columns()
	Group(columns []int)
	EndGroup()
	EndColumns()
}

var (
	_ network = (*Builder)(nil)
	_ network = (*reference)(nil)
)

// A reference runs each step at once, by the reference of package kernels.
type reference struct {
	rows, width int
	x           []float32
	around      []float32 // the rows before a columns step
	aroundWidth int
	groups      [][]float32
	widths      []int
}

func newReference(x []float32, inputs int) *reference {
	return &reference{rows: len(x) / inputs, width: inputs, x: slices.Clone(x)}
}

func (r *reference) to(width int) (dst []float32) {
	dst = make([]float32, r.rows*width)
	return dst
}

func (r *reference) become(x []float32, width int) { r.x, r.width = x, width }

func (r *reference) Dense(w, bias []float32, outputs int) {
	dst := r.to(outputs)
	kernels.Dense(dst, r.x, w, bias, r.rows, r.width, outputs)
	r.become(dst, outputs)
}

func (r *reference) DenseInt8(w []int8, scale, bias []float32, outputs int) {
	dst := r.to(outputs)
	kernels.DenseInt8(dst, r.x, w, scale, bias, r.rows, r.width, outputs, make([]int8, r.width))
	r.become(dst, outputs)
}

func (r *reference) Map(f kernels.Func, alpha, beta float32) { kernels.Map(f, r.x, r.x, alpha, beta) }

func (r *reference) Affine(op kernels.Arithmetic, operand []float32) {
	kernels.Affine(op, r.x, r.x, operand, r.rows, r.width)
}

func (r *reference) PReLU(slope []float32) { kernels.PReLU(r.x, r.x, slope, r.rows, r.width) }
func (r *reference) Softmax()              { kernels.Softmax(r.x, r.x, r.rows, r.width) }

func (r *reference) Normalize(n kernels.Norm) { kernels.Normalize(n, r.x, r.x, r.rows, r.width) }

func (r *reference) ArgMax() {
	dst := r.to(1)
	kernels.ArgMax(dst, r.x, r.rows, r.width)
	r.become(dst, 1)
}

func (r *reference) Select(columns []int) {
	dst := r.to(len(columns))
	kernels.Select(dst, r.x, columns, r.rows, r.width)
	r.become(dst, len(columns))
}

func (r *reference) OneHot(categories []float32, unknown float32) {
	dst := r.to(len(categories))
	kernels.OneHot(dst, r.x, categories, unknown, r.rows)
	r.become(dst, len(categories))
}

func (r *reference) Polynomial(terms [][]int) {
	dst := r.to(len(terms))
	kernels.Polynomial(dst, r.x, terms, r.rows, r.width)
	r.become(dst, len(terms))
}

func (r *reference) Columns() {
	r.around, r.aroundWidth, r.groups, r.widths = r.x, r.width, nil, nil
}

func (r *reference) Group(columns []int) {
	r.become(r.around, r.aroundWidth)
	r.Select(columns)
}

func (r *reference) EndGroup() {
	r.groups, r.widths = append(r.groups, r.x), append(r.widths, r.width)
}

func (r *reference) EndColumns() {
	total := 0
	for _, w := range r.widths {
		total += w
	}
	dst, offset := r.to(total), 0
	for g, x := range r.groups {
		for row := range r.rows {
			copy(dst[row*total+offset:], x[row*r.widths[g]:][:r.widths[g]])
		}
		offset += r.widths[g]
	}
	r.become(dst, total)
}

// A random draws numbers for tests, one in sixteen of them special.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 6))} }

var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 127, 255,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, -0x1.fffffcp-127, 0x1p-100,
	math.MaxFloat32, -math.MaxFloat32, 88, -88, -104, 1e-20,
}

func (r random) value() float32 {
	if r.IntN(16) == 0 {
		return special[r.IntN(len(special))]
	}
	return r.finite()
}

func (r random) finite() float32 {
	return float32(r.NormFloat64()) * float32(math.Exp2(float64(r.IntN(4))))
}

func (r random) values(n int) []float32  { return draw(n, r.value) }
func (r random) finites(n int) []float32 { return draw(n, r.finite) }

func (r random) bias(n int) []float32 {
	b := r.finites(n)
	kernels.NormalizeBias(b, b)
	return b
}

func (r random) int8s(n int) []int8 { return draw(n, func() int8 { return int8(r.IntN(255) - 127) }) }

func (r random) columns(n, of int) []int { return draw(n, func() int { return r.IntN(of) }) }

func draw[T any](n int, one func() T) []T {
	values := make([]T, n)
	for i := range values {
		values[i] = one()
	}
	return values
}

// net draws a network of any steps, and returns what builds it.
func (r random) net(inputs, steps, widest int) func(network) {
	var list []func(network)
	add := func(step func(network)) { list = append(list, step) }
	width := inputs
	var step func(depth int)
	step = func(depth int) {
		in := width
		switch r.IntN(14) {
		case 0, 1, 2:
			out := 1 + r.IntN(widest)
			w, b := r.finites(in*out), r.bias(out)
			if r.IntN(8) == 0 {
				w = r.values(in * out)
			}
			add(func(n network) { n.Dense(w, b, out) })
			width = out
		case 3:
			out := 1 + r.IntN(widest)
			w, s, b := r.int8s(in*out), draw(out, func() float32 { return float32(math.Abs(float64(r.finite()))) }), r.bias(out)
			add(func(n network) { n.DenseInt8(w, s, b, out) })
			width = out
		case 4, 5, 6:
			f, alpha, beta := kernels.Func(1+r.IntN(18)), r.finite(), r.finite()
			add(func(n network) { n.Map(f, min(alpha, beta), max(alpha, beta)) })
		case 7:
			op, c := kernels.Arithmetic(1+r.IntN(4)), r.values(in)
			if r.IntN(2) == 0 {
				c = c[:1]
			}
			add(func(n network) { n.Affine(op, c) })
		case 8:
			c := r.finites(in)
			add(func(n network) { n.PReLU(c) })
		case 9:
			add(func(n network) { n.Softmax() })
		case 10:
			norm := kernels.Norm(1 + r.IntN(3))
			add(func(n network) { n.Normalize(norm) })
		case 11:
			c := r.columns(1+r.IntN(widest), in)
			add(func(n network) { n.Select(c) })
			width = len(c)
		case 12:
			if in == 1 || r.IntN(3) == 0 {
				if in > 1 {
					add(func(n network) { n.ArgMax() })
				}
				unknown := []float32{0, float32(math.NaN())}[r.IntN(2)]
				add(func(n network) { n.OneHot([]float32{-1, 0, 1, 2, 5}, unknown) })
				width = 5
				return
			}
			terms := draw(1+r.IntN(widest), func() []int { return r.columns(r.IntN(4), in) })
			add(func(n network) { n.Polynomial(terms) })
			width = len(terms)
		case 13:
			if depth > 0 {
				add(func(n network) { n.ArgMax() })
				width = 1
				return
			}
			add(func(n network) { n.Columns() })
			total := 0
			for range 1 + r.IntN(3) {
				c := r.columns(1+r.IntN(9), in)
				add(func(n network) { n.Group(c) })
				width = len(c)
				for range r.IntN(4) {
					step(1)
				}
				add(func(n network) { n.EndGroup() })
				total += width
			}
			add(func(n network) { n.EndColumns() })
			width = total
		}
	}
	for range steps {
		step(0)
	}
	return func(n network) {
		for _, s := range list {
			s(n)
		}
	}
}
