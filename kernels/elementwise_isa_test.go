package kernels

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// Every kernel of every instruction set against the reference, bit for bit.

// mapCases holds each function of Map, those with parameters several times.
var mapCases = []struct {
	f           Func
	alpha, beta float32
}{
	{FuncReLU, 0, 0}, {FuncReLU6, 0, 0}, {FuncSigmoid, 0, 0}, {FuncTanh, 0, 0}, {FuncSoftplus, 0, 0},
	{FuncExp, 0, 0}, {FuncErf, 0, 0}, {FuncGELU, 0, 0}, {FuncGELUTanh, 0, 0}, {FuncSiLU, 0, 0},
	{FuncSELU, 0, 0}, {FuncStep, 0, 0},
	{FuncELU, 1, 0}, {FuncELU, -0.3, 0},
	{FuncLeakyReLU, 0.01, 0}, {FuncLeakyReLU, negZero, 0},
	{FuncHardSigmoid, 0x1.555556p-3, 0.5}, {FuncHardSigmoid, 3, -3},
	{FuncClip, -0.3, 0.7}, {FuncClip, negZero, 1},
	{FuncGreater, 0, 0}, {FuncGreater, 0.7, 0}, {FuncGreaterEqual, 0, 0}, {FuncGreaterEqual, -0.3, 0},
}

const widestVector = 16

// lengths are all that a loop with a body and a rest can tell apart, and some that keep it going.
func lengths() []int {
	list := []int{255, 256, 1000, 4099}
	for n := range 3*widestVector + 2 {
		list = append(list, n)
	}
	return list
}

// guardedAt is guarded for n values that start by words off from where an allocation does.
func guardedAt(t *testing.T, n, by int) (values []float32, intact func()) {
	t.Helper()
	all := make([]float32, by+n+2*guardWords)
	for i := range all {
		all[i] = math.Float32frombits(guardBits)
	}
	first := by + guardWords
	return all[first:][:n:n], func() {
		t.Helper()
		for i, v := range all {
			inside := i >= first && i < first+n
			if touched := math.Float32bits(v) != guardBits; touched != inside {
				t.Fatalf("of %d values, the one at %d: written %v, expected %v", n, i-first, touched, inside)
			}
		}
	}
}

func TestISAMapAtEveryLength(t *testing.T) {
	for _, isa := range ISAs() {
		for _, c := range mapCases {
			t.Run(fmt.Sprintf("%s/%s %g %g", isa, c.f, c.alpha, c.beta), func(t *testing.T) {
				for _, n := range lengths() {
					for kind := range flavours {
						r := newRandom(uint64(n))
						// x and dst are aligned to a value, no more.
						x, xIntact := guardedAt(t, n, r.below(widestVector))
						copy(x, r.values(kind, n))
						want := make([]float32, n)
						Map(c.f, want, x, c.alpha, c.beta)
						what := fmt.Sprintf("%d values, %s", n, kind)
						dst, intact := guardedAt(t, n, r.below(widestVector))
						isa.Map(c.f, dst, x, c.alpha, c.beta)
						requireSame(t, what, dst, want)
						intact()
						isa.Map(c.f, x, x, c.alpha, c.beta)
						requireSame(t, what+", in place", x, want)
						xIntact()
					}
				}
			})
		}
	}
}

// edgesOfFunctions are the floats around which a definition changes its course, with their neighbours.
func edgesOfFunctions() []float32 {
	var list []float32
	for _, edge := range []float32{
		0, 0x1p-149, 0x1p-126, 0x1p-24, 0x1p-23, 0.3, 0.5, tanhSplit, 0.7, geluSplit, erfSplit, 1, 2, 3, 4, 5.5, 6,
		expm1Low, tanhLow / 2, tanhLow, geluTanhHigh, geluHigh, 16, 17, 87, 87.33654, 88, 88.72283, expHigh, expLow,
		103.27893, 103.97208, siluHigh, 127, 128, 0x1p22, 0x1p23, 0x1p24, 0x1p31, 0x1p100, math.MaxFloat32, inf,
	} {
		bits := math.Float32bits(abs(edge))
		for _, near := range []uint32{bits - 2, bits - 1, bits, bits + 1, bits + 2} {
			list = append(list, math.Float32frombits(near), math.Float32frombits(near^signBit))
		}
	}
	// Quiet and signalling NaNs.
	for _, bits := range []uint32{0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x7fffffff, 0xffffffff} {
		list = append(list, math.Float32frombits(bits))
	}
	return list
}

func TestISAMapAtTheEdges(t *testing.T) {
	x := edgesOfFunctions()
	want, got := make([]float32, len(x)), make([]float32, len(x))
	for _, isa := range ISAs() {
		for _, c := range mapCases {
			Map(c.f, want, x, c.alpha, c.beta)
			isa.Map(c.f, got, x, c.alpha, c.beta)
			for i := range x {
				if !same(got[i], want[i]) {
					t.Errorf("%s: %s(%x), alpha %g, beta %g is %x: %x expected", isa, c.f, x[i], c.alpha, c.beta, got[i], want[i])
				}
			}
		}
	}
}

// A walk over all floats: 2^18 of them, or with -exhaustive each.
func TestISAMapOverAllFloats(t *testing.T) {
	s := sweep{0, 16381, 1 << 18}
	if *exhaustive {
		s = allFloats
	}
	for _, c := range mapCases {
		t.Run(fmt.Sprintf("%s %g %g", c.f, c.alpha, c.beta), func(t *testing.T) {
			var next atomic.Uint64
			defer reportProgress(c.f.String(), &next, s.count)()
			var workers sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				workers.Go(func() {
					const piece = 1 << 12
					x, want, got := make([]float32, piece), make([]float32, piece), make([]float32, piece)
					for first := next.Add(piece) - piece; first < s.count && !t.Failed(); first = next.Add(piece) - piece {
						for i := range x {
							x[i] = s.at(first + uint64(i))
						}
						Map(c.f, want, x, c.alpha, c.beta)
						for _, isa := range vectorISAs() {
							isa.Map(c.f, got, x, c.alpha, c.beta)
							for i := range x {
								if !same(got[i], want[i]) {
									t.Errorf("%s: %s(%x) is %x: %x expected", isa, c.f, x[i], got[i], want[i])
									break
								}
							}
						}
					}
				})
			}
			workers.Wait()
		})
	}
}

// columnSteps are the steps with an operand for each column.
var columnSteps = []struct {
	name      string
	reference func(dst, x, operand []float32, rows, n int)
	kernel    func(isa ISA, dst, x, operand []float32, rows, n int)
}{
	{"add", affine(Add), affineOf(Add)},
	{"subtract", affine(Subtract), affineOf(Subtract)},
	{"multiply", affine(Multiply), affineOf(Multiply)},
	{"divide", affine(Divide), affineOf(Divide)},
	{"prelu", PReLU, ISA.PReLU},
}

func affine(op Arithmetic) func(dst, x, operand []float32, rows, n int) {
	return func(dst, x, operand []float32, rows, n int) { Affine(op, dst, x, operand, rows, n) }
}

func affineOf(op Arithmetic) func(isa ISA, dst, x, operand []float32, rows, n int) {
	return func(isa ISA, dst, x, operand []float32, rows, n int) { isa.Affine(op, dst, x, operand, rows, n) }
}

func TestISAColumnSteps(t *testing.T) {
	for _, isa := range ISAs() {
		for _, step := range columnSteps {
			t.Run(fmt.Sprintf("%s/%s", isa, step.name), func(t *testing.T) {
				for _, n := range append(lengths(), 63, 64, 65) {
					kind := flavour(n % int(flavours))
					for _, shape := range []struct{ rows, width int }{{n % 4, 1}, {n % 4, n}, {2 + 150/(n+1), n}} {
						rows, width := shape.rows, shape.width
						r := newRandom(uint64(n))
						x, xIntact := guardedAt(t, rows*n, r.below(widestVector))
						copy(x, r.values(kind, rows*n))
						operand := r.values(kind, width)
						want := make([]float32, rows*n)
						step.reference(want, x, operand, rows, n)
						what := fmt.Sprintf("%d×%d values, %d operands, %s", rows, n, width, kind)
						dst, intact := guardedAt(t, rows*n, r.below(widestVector))
						step.kernel(isa, dst, x, operand, rows, n)
						requireSame(t, what, dst, want)
						intact()
						step.kernel(isa, x, x, operand, rows, n)
						requireSame(t, what+", in place", x, want)
						xIntact()
					}
				}
			})
		}
	}
}

func TestISAFromUint8(t *testing.T) {
	for _, isa := range ISAs() {
		for _, n := range lengths() {
			src, want := make([]uint8, n), make([]float32, n)
			for i := range src {
				src[i] = uint8(i*7 + n)
				want[i] = float32(src[i])
			}
			dst, intact := guardedAt(t, n, n%widestVector)
			isa.FromUint8(dst, src)
			requireSame(t, fmt.Sprintf("%s: %d bytes", isa, n), dst, want)
			intact()
		}
	}
}

func FuzzISAMap(f *testing.F) {
	for i, c := range mapCases {
		f.Add(uint8(c.f), c.alpha, c.beta, uint64(i), uint8(i*5))
	}
	f.Fuzz(func(t *testing.T, function uint8, alpha, beta float32, seed uint64, n uint8) {
		name := Func(function%uint8(FuncGreaterEqual)) + 1
		r := newRandom(seed)
		x := r.values(flavour(r.below(int(flavours))), int(n))
		want := make([]float32, n)
		Map(name, want, x, alpha, beta)
		for _, isa := range vectorISAs() {
			dst, intact := guardedAt(t, int(n), r.below(widestVector))
			isa.Map(name, dst, x, alpha, beta)
			requireSame(t, fmt.Sprintf("%s: %s, alpha %x, beta %x", isa, name, alpha, beta), dst, want)
			intact()
		}
	})
}
