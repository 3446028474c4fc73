package cuda

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/edge-infer/edge-infer/kernels"
)

const (
	always = 1       // each dense layer in a launch of its own
	never  = 1 << 40 // all in launches of rows
)

// entries are the kernels that a program of so many rows runs.
func entries(p *Program, rows int) []string {
	var names []string
	for _, l := range p.Launches(rows) {
		names = append(names, l.Entry)
	}
	return names
}

// Every function, with its parameters, on special and random values: in elements_f32, and in rows_f32 behind a step
// that keeps it from being alone.
func TestElementwise(t *testing.T) {
	const width = 37
	r := newRandom(1)
	x := append(slices.Clone(special), r.values(4*width-len(special))...)
	steps := map[string]func(network){}
	for f := kernels.FuncReLU; f <= kernels.FuncGreaterEqual; f++ {
		steps[f.String()] = func(n network) { n.Map(f, 0.25, 1.5) }
	}
	columns := r.values(width)
	for op := kernels.Add; op <= kernels.Divide; op++ {
		steps[op.String()] = func(n network) { n.Affine(op, columns) }
		steps[op.String()+" one"] = func(n network) { n.Affine(op, columns[:1]) }
	}
	steps["prelu"] = func(n network) { n.PReLU(columns) }
	steps["prelu one"] = func(n network) { n.PReLU([]float32{0.1}) }
	steps["chain"] = func(n network) {
		n.Affine(kernels.Subtract, columns)
		n.Map(kernels.FuncTanh, 0, 0)
		n.Affine(kernels.Divide, columns[1:2])
		n.PReLU(columns)
	}
	all := make([]int, width)
	for i := range all {
		all[i] = i
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			p := program(t, step, width, nano, 0)
			if got := entries(p, 4); !slices.Equal(got, []string{"elements_f32"}) {
				t.Fatalf("launches %v", got)
			}
			check(t, simulated{}, p, step, x)
			behind := func(n network) { n.Select(all); step(n) }
			p = program(t, behind, width, orin, 0)
			if got := entries(p, 4); !slices.Equal(got, []string{"rows_f32"}) {
				t.Fatalf("launches %v", got)
			}
			check(t, simulated{}, p, behind, x)
		})
	}
}

// Dense layers around the edges of quads, lanes, blocks, panels and tiles, in each kernel that computes them.
func TestDense(t *testing.T) {
	kernelsOf := map[string]struct {
		heavy  int
		traits Traits
		rows   []int
	}{
		"rows_f32":        {never, nano, []int{1, 3, 11, 21, 22}}, // 1, 1, 4, 8 and 8 rows a block, the last one short
		"rows_wide_f32":   {never, nano, []int{1, 5, 21}},
		"dense_panel_f32": {always, orin, []int{1, 3, 4, 5, 7}},
		"dense_tile_f32":  {always, nano, []int{32, 63, 65}},
	}
	sizes := [][2]int{{1, 1}, {3, 2}, {4, 15}, {5, 16}, {31, 17}, {32, 32}, {33, 33}, {63, 5}, {64, 16}, {64, 15}, {65, 1}, {96, 10}, {127, 31},
		{128, 64}, {129, 65}, {130, 3}, {255, 14}, {256, 33}, {257, 100}, {300, 129}}
	for name, k := range kernelsOf {
		for _, size := range sizes {
			in, out := size[0], size[1]
			dot := kernels.OrderFor(in, out) == kernels.DotOrder
			if dot && name == "dense_tile_f32" {
				continue
			}
			t.Run(fmt.Sprintf("%s/%dx%d", name, in, out), func(t *testing.T) {
				r := newRandom(uint64(in*1000 + out))
				w, b := r.finites(in*out), r.bias(out)
				build := func(n network) { n.Dense(w, b, out); n.Map(kernels.FuncReLU, 0, 0) }
				if name == "rows_wide_f32" { // a wide step makes the frame too large for shared memory
					wide := make([]int, 13000)
					for i := range wide {
						wide[i] = i % in
					}
					narrow := make([]int, in)
					for i := range narrow {
						narrow[i] = i
					}
					dense := build
					build = func(n network) { n.Select(wide); n.Select(narrow); dense(n) }
				}
				p := program(t, build, in, k.traits, k.heavy)
				want := name
				if dot && k.heavy == always {
					want = "dense_dot_f32"
				}
				for _, rows := range k.rows {
					if got := entries(p, rows); !slices.Equal(got, []string{want}) {
						t.Fatalf("launches %v for %d rows, want %s", got, rows, want)
					}
					check(t, simulated{seed: uint64(rows)}, p, build, r.values(rows*in))
				}
			})
		}
	}
}

// More blocks of inputs than dense_panel_f32 holds sums of.
func TestDenseDeep(t *testing.T) {
	r := newRandom(3)
	const in, out = panelBlock*panelsAtOnce + 77, 16
	w, b := r.finites(in*out), r.bias(out)
	build := func(n network) { n.Dense(w, b, out) }
	p := program(t, build, in, orin, 0)
	for _, rows := range []int{1, 5} {
		check(t, simulated{}, p, build, r.finites(rows*in))
	}
}

func TestDenseInt8(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 4}, {15, 31}, {16, 32}, {17, 33}, {100, 65}, {130, 270}} {
		in, out := size[0], size[1]
		r := newRandom(uint64(in))
		w, b := r.int8s(in*out), r.bias(out)
		scale := draw(out, func() float32 { return float32(math.Exp2(r.NormFloat64())) })
		build := func(n network) { n.DenseInt8(w, scale, b, out); n.Map(kernels.FuncSigmoid, 0, 0) }
		x := r.finites(5 * in)
		copy(x[in:], slices.Repeat([]float32{0x1p-119}, in)) // a tiny row
		x[2*in] = float32(math.NaN())
		x[3*in] = float32(math.Inf(-1))
		for _, traits := range []Traits{nano, orin} { // without dp4a and with it
			for entry, heavy := range map[string]int{"rows_f32": never, "dense_int8_f32": always} {
				t.Run(fmt.Sprintf("%s/%d/%dx%d", entry, traits.Compute, in, out), func(t *testing.T) {
					p := program(t, build, in, traits, heavy)
					if got := entries(p, 5); !slices.Equal(got, []string{entry}) {
						t.Fatalf("launches %v", got)
					}
					check(t, simulated{}, p, build, x)
				})
			}
		}
	}
}

// Steps of whole rows, around the number of lanes.
func TestRows(t *testing.T) {
	for _, width := range []int{1, 2, 31, 32, 33, 64, 65, 100} {
		r := newRandom(uint64(width))
		ordinary, odd := r.finites(4*width), r.values(4*width)
		equal := slices.Repeat([]float32{2}, 4*width)
		low := slices.Repeat([]float32{float32(math.Inf(-1))}, 4*width)
		c := r.columns(9, width)
		terms := [][]int{{}, {0}, c[:2], c[2:7]}
		steps := map[string]func(network){
			"softmax":  func(n network) { n.Softmax() },
			"l1":       func(n network) { n.Normalize(kernels.L1) },
			"l2":       func(n network) { n.Normalize(kernels.L2) },
			"max":      func(n network) { n.Normalize(kernels.Max) },
			"argmax":   func(n network) { n.ArgMax() },
			"select":   func(n network) { n.Select(c) },
			"products": func(n network) { n.Polynomial(terms) },
		}
		for name, step := range steps {
			for kind, x := range map[string][]float32{"ordinary": ordinary, "odd": odd, "equal": equal, "zero": make([]float32, 4*width), "low": low} {
				t.Run(fmt.Sprintf("%s/%d/%s", name, width, kind), func(t *testing.T) {
					check(t, simulated{}, program(t, step, width, nano, 0), step, x)
				})
			}
		}
	}
}

func TestOneHot(t *testing.T) {
	x := []float32{0, float32(math.Copysign(0, -1)), 1, 5, 7, float32(math.NaN()), -1}
	for _, unknown := range []float32{0, float32(math.NaN())} {
		step := func(n network) { n.OneHot([]float32{-1, 0, 1, 5}, unknown) }
		check(t, simulated{}, program(t, step, 1, orin, 0), step, x)
	}
}

// More categories than lanes, the row's value being any of them.
func TestOneHotMany(t *testing.T) {
	categories := make([]float32, 3*lanes+5)
	for i := range categories {
		categories[i] = float32(2 * i)
	}
	x := append(slices.Clone(categories), 1, -2, float32(math.NaN()), float32(math.Inf(1)))
	step := func(n network) { n.OneHot(categories, float32(math.NaN())) }
	check(t, simulated{}, program(t, step, 1, nano, 0), step, x)
}

// Launches take turns with the same buffers: a deep network needs no more memory than one of three launches.
func TestDeep(t *testing.T) {
	r := newRandom(11)
	const layers = 9
	var steps []func(network)
	in := 40
	for i := range layers {
		out := 20 + 13*(i*5%layers)
		w, b := r.finites(in*out), r.bias(out)
		steps = append(steps, func(n network) { n.Dense(w, b, out); n.Map(kernels.FuncTanh, 0, 0) })
		if i%4 == 2 { // and frames that do not fit into shared memory
			wide, narrow := r.columns(9000+1000*i, out), r.columns(out, 9000+1000*i)
			steps = append(steps, func(n network) { n.Select(wide); n.Softmax(); n.Select(narrow) })
		}
		in = out
	}
	build := func(n network) {
		for _, s := range steps {
			s(n)
		}
	}
	p := program(t, build, 40, orin, always)
	if got, want := len(p.Launches(3)), layers+2; got != want {
		t.Errorf("%d launches, want %d", got, want)
	}
	if got := len(p.Buffers(1)); got != 5 {
		t.Errorf("%d buffers, want inputs, outputs, two in between and one of frames", got)
	}
	pixels := draw(5*40, func() byte { return byte(r.IntN(256)) })
	x := make([]float32, len(pixels))
	kernels.FromUint8(x, pixels)
	check(t, simulated{}, p, build, x)
	out, err := simulated{}.run(p, p.LaunchesUint8(5), 5, pixels)
	if err != nil {
		t.Fatal(err)
	}
	ref := newReference(x, 40)
	build(ref)
	same(t, compact(t, out, p.Outputs, p.OutputStride), ref.x, p.Outputs)
}

func TestNoSteps(t *testing.T) {
	none := func(network) {}
	check(t, simulated{}, program(t, none, 5, nano, 0), none, newRandom(1).values(15))
}

// Networks of all steps, however they are cut, and for both modules; a batch of n rows is n batches of one.
func TestNetworks(t *testing.T) {
	for seed := range uint64(150) {
		r := newRandom(seed)
		inputs, rows := 1+r.IntN(200), 1+r.IntN(24)
		build := r.net(inputs, 1+r.IntN(6), 150)
		x := r.values(rows * inputs)
		p := program(t, build, inputs, []Traits{nano, orin}[seed%2], []int{0, always, never}[seed%3])
		check(t, simulated{seed: seed}, p, build, x)
		check(t, simulated{seed: seed + 1}, p, build, x[:inputs])
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Bytes are widened on the device, whatever kernel comes first.
func TestUint8(t *testing.T) {
	r := newRandom(8)
	const inputs, rows = 70, 5
	w, b := r.finites(inputs*20), r.bias(20)
	pixels := draw(rows*inputs, func() byte { return byte(r.IntN(256)) })
	x := make([]float32, len(pixels))
	kernels.FromUint8(x, pixels)
	for name, build := range map[string]func(network){
		"elements": func(n network) { n.Affine(kernels.Divide, []float32{255}) },
		"rows":     func(n network) { n.Softmax() },
		"dense":    func(n network) { n.Dense(w, b, 20) },
	} {
		t.Run(name, func(t *testing.T) {
			p := program(t, build, inputs, orin, always)
			out, err := simulated{}.run(p, p.LaunchesUint8(rows), rows, pixels)
			if err != nil {
				t.Fatal(err)
			}
			ref := newReference(x, inputs)
			build(ref)
			same(t, compact(t, out, p.Outputs, p.OutputStride), ref.x, p.Outputs)
		})
	}
}

// What fits into shared memory is one launch.
func TestOneLaunch(t *testing.T) {
	layers := func(widths ...int) func(network) {
		return func(n network) {
			for i, out := range widths[1:] {
				n.Dense(make([]float32, widths[i]*out), make([]float32, out), out)
				n.Map(kernels.FuncReLU, 0, 0)
			}
			n.Softmax()
		}
	}
	for name, c := range map[string]struct {
		widths []int
		traits Traits
		want   []string
	}{
		"2-2-1":          {[]int{2, 2, 1}, orin, []string{"rows_f32"}},
		"64-64-64-8":     {[]int{64, 64, 64, 8}, orin, []string{"rows_f32"}},
		"784-10":         {[]int{784, 10}, orin, []string{"rows_f32"}},
		"784-256-10":     {[]int{784, 256, 10}, orin, []string{"dense_panel_f32", "rows_f32"}},
		"784-100-10 one": {[]int{784, 100, 10}, nano, []string{"rows_f32"}},
		"1024-1024":      {[]int{1024, 1024}, nano, []string{"dense_panel_f32", "rows_f32"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := program(t, layers(c.widths...), c.widths[0], c.traits, 0)
			if got := entries(p, 1); !slices.Equal(got, c.want) {
				t.Errorf("launches %v, want %v", got, c.want)
			}
		})
	}
}

// What does not fit is an error of Program, not a panic or a wrong answer.
func TestRefused(t *testing.T) {
	for name, build := range map[string]func(b *Builder){
		"weights": func(b *Builder) { b.Dense(make([]float32, 7), make([]float32, 2), 2) },
		"bias":    func(b *Builder) { b.Dense(make([]float32, 8), make([]float32, 1), 2) },
		"scale":   func(b *Builder) { b.DenseInt8(make([]int8, 8), nil, make([]float32, 2), 2) },
		"operand": func(b *Builder) { b.Affine(kernels.Add, make([]float32, 3)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := NewBuilder(4, orin)
			build(b)
			if p, err := b.Program(); err == nil {
				t.Errorf("made %+v", p.Launches(1))
			}
		})
	}
	if _, err := NewBuilder(0, orin).Program(); err == nil {
		t.Error("a network without inputs was made")
	}
	if _, err := NewBuilder(1, Traits{53, 1, 1024}).Program(); err == nil {
		t.Error("a device of 1 KiB of shared memory was planned for")
	}
}
