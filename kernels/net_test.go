package kernels

import (
	"fmt"
	"testing"
)

// A netUnderTest is a network twice: for the kernel of an ISA, and as the reference steps that it stands for.
type netUnderTest struct {
	builder *NetBuilder
	in, out int
	steps   []func(row []float32) []float32
	names   string
}

func newNetUnderTest(isa ISA, inputs int) *netUnderTest {
	return &netUnderTest{builder: isa.NewNet(inputs), in: inputs, out: inputs}
}

func (n *netUnderTest) step(name string, f func(row []float32) []float32) {
	n.steps = append(n.steps, f)
	n.names += " " + name
}

func (n *netUnderTest) dense(r *random, kind flavour, outputs int) {
	in := n.out
	w, bias := r.values(kind, in*outputs), r.values(kind, outputs)
	NormalizeBias(bias, bias)
	n.builder = n.builder.Dense(w, bias, outputs)
	n.out = outputs
	n.step(fmt.Sprintf("dense %d", outputs), func(x []float32) []float32 {
		y := make([]float32, outputs)
		Dense(y, x, w, bias, 1, in, outputs)
		return y
	})
}

func (n *netUnderTest) function(f Func, alpha, beta float32) {
	n.builder = n.builder.Map(f, alpha, beta)
	n.step(f.String(), func(x []float32) []float32 {
		Map(f, x, x, alpha, beta)
		return x
	})
}

func (n *netUnderTest) affine(op Arithmetic, operand []float32) {
	n.builder = n.builder.Affine(op, operand)
	n.step(op.String(), func(x []float32) []float32 {
		Affine(op, x, x, operand, 1, len(x))
		return x
	})
}

func (n *netUnderTest) prelu(slope []float32) {
	n.builder = n.builder.PReLU(slope)
	n.step("prelu", func(x []float32) []float32 {
		PReLU(x, x, slope, 1, len(x))
		return x
	})
}

func (n *netUnderTest) softmax() {
	n.builder = n.builder.Softmax()
	n.step("softmax", func(x []float32) []float32 {
		Softmax(x, x, 1, len(x))
		return x
	})
}

// random appends a step.
func (n *netUnderTest) random(r *random, kind flavour, lanes int) {
	columns := []int{1, n.out}[r.below(2)]
	switch r.below(8) {
	case 0, 1, 2:
		n.dense(r, kind, 1+r.below(lanes))
	case 3:
		n.affine(Add+Arithmetic(r.below(4)), r.values(kind, columns))
	case 4:
		n.prelu(r.values(ordinary, columns))
	case 5:
		n.softmax()
	default:
		c := mapCases[r.below(len(mapCases))]
		n.function(c.f, c.alpha, c.beta)
	}
}

// check runs rows through both.
func (n *netUnderTest) check(t *testing.T, r *random, kind flavour, rows int) {
	t.Helper()
	net := n.builder.Net()
	if net == nil {
		t.Fatalf("%d inputs,%s: does not fit", n.in, n.names)
	}
	x, xIntact := guardedAt(t, rows*n.in, r.below(widestVector))
	copy(x, r.values(kind, rows*n.in))
	before := cloned(x)
	dst, intact := guardedAt(t, rows*n.out, r.below(widestVector))
	net.Run(dst, x, rows)
	intact()
	requireSame(t, "source", x, before)
	xIntact()
	for row := range rows {
		want := cloned(x[row*n.in:][:n.in])
		for _, f := range n.steps {
			want = f(want)
		}
		requireSame(t, fmt.Sprintf("%d inputs,%s, row %d of %d, %s", n.in, n.names, row, rows, kind), dst[row*n.out:][:n.out], want)
	}
}

// Every function, operation and size on its own.
func TestNetSteps(t *testing.T) {
	for _, isa := range ISAs() {
		lanes := isa.netLanes()
		for width := 1; width <= lanes; width++ {
			t.Run(fmt.Sprintf("%s/%d", isa, width), func(t *testing.T) {
				for kind := range flavours {
					r := newRandom(uint64(width))
					check := func(add func(n *netUnderTest)) {
						for _, rows := range []int{1, 2, 5} {
							n := newNetUnderTest(isa, width)
							add(n)
							n.check(t, r, kind, rows)
						}
					}
					check(func(*netUnderTest) {})
					for _, c := range mapCases {
						check(func(n *netUnderTest) { n.function(c.f, c.alpha, c.beta) })
					}
					for op := Add; op <= Divide; op++ {
						check(func(n *netUnderTest) { n.affine(op, r.values(kind, width)) })
						check(func(n *netUnderTest) { n.affine(op, r.values(kind, 1)) })
					}
					check(func(n *netUnderTest) { n.prelu(r.values(ordinary, width)) })
					check(func(n *netUnderTest) { n.softmax() })
				}
			})
		}
	}
}

// The first dense layer takes up to netInputs, which is more than a register holds.
func TestNetDense(t *testing.T) {
	for _, isa := range ISAs() {
		lanes := isa.netLanes()
		if lanes == 0 {
			continue
		}
		for in := 1; in <= netInputs; in++ {
			kind := flavour(in % int(flavours))
			r := newRandom(uint64(in))
			for out := 1; out <= lanes; out++ {
				n := newNetUnderTest(isa, in)
				n.dense(r, kind, out)
				n.check(t, r, kind, 1+in%3)
			}
		}
	}
}

func TestNetRandom(t *testing.T) {
	for _, isa := range ISAs() {
		if isa.netLanes() == 0 {
			continue
		}
		t.Run(isa.String(), func(t *testing.T) {
			for seed := range uint64(400) {
				checkRandomNet(t, isa, seed, 1+int(seed%7))
			}
		})
	}
}

func checkRandomNet(t *testing.T, isa ISA, seed uint64, steps int) {
	t.Helper()
	r := newRandom(seed)
	kind := flavour(r.below(int(flavours)))
	n := newNetUnderTest(isa, 1+r.below(netInputs))
	n.dense(r, kind, 1+r.below(isa.netLanes()))
	if r.below(2) == 0 { // a beginning that is not dense
		n = newNetUnderTest(isa, 1+r.below(isa.netLanes()))
	}
	for range steps {
		n.random(r, kind, isa.netLanes())
	}
	n.check(t, r, kind, 1+r.below(70))
}

func FuzzNet(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, steps uint8) {
		for _, isa := range vectorISAs() {
			checkRandomNet(t, isa, seed, 1+int(steps%16))
		}
	})
}

// What has no kernel gives no network, and nothing else happens.
func TestNetThatDoesNotFit(t *testing.T) {
	for _, isa := range ISAs() {
		lanes := isa.netLanes()
		if lanes == 0 {
			if isa.NewNet(2) != nil {
				t.Errorf("%s has no kernel and begins a network", isa)
			}
			continue
		}
		relu := func(b *NetBuilder) *NetBuilder { return b.Map(FuncReLU, 0, 0) }
		dense := func(b *NetBuilder, in, out int) *NetBuilder {
			return b.Dense(make([]float32, in*out), make([]float32, out), out)
		}
		tests := map[string]*NetBuilder{
			"no inputs":            isa.NewNet(0),
			"many inputs":          isa.NewNet(netInputs + 1),
			"many outputs":         dense(isa.NewNet(2), 2, lanes+1),
			"function of many":     relu(isa.NewNet(lanes + 1)),
			"operand for many":     isa.NewNet(lanes+1).Affine(Add, []float32{1}),
			"slope for many":       isa.NewNet(lanes + 1).PReLU([]float32{1}),
			"softmax of many":      isa.NewNet(lanes + 1).Softmax(),
			"after what failed":    dense(relu(isa.NewNet(0)), 2, 2).Softmax().PReLU(nil).Affine(Add, nil),
			"nothing done to many": isa.NewNet(lanes + 1),
		}
		for name, b := range tests {
			if b.Net() != nil {
				t.Errorf("%s: %s: there is a network", isa, name)
			}
		}
	}
}

func BenchmarkNet(b *testing.B) {
	for _, isa := range ISAs() {
		if isa.netLanes() == 0 {
			continue
		}
		for _, sizes := range [][]int{{2, 2, 1}, {4, 5, 3}} {
			for _, rows := range []int{1, 64} {
				r := newRandom(1)
				n := newNetUnderTest(isa, sizes[0])
				n.dense(r, ordinary, sizes[1])
				n.function(FuncTanh, 0, 0)
				n.dense(r, ordinary, sizes[2])
				n.softmax()
				net := n.builder.Net()
				x, dst := r.values(ordinary, rows*n.in), make([]float32, rows*n.out)
				b.Run(fmt.Sprintf("%s/%v/%d", isa, sizes, rows), func(b *testing.B) {
					for b.Loop() {
						net.Run(dst, x, rows)
					}
				})
			}
		}
	}
}
