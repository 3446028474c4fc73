package kernels

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"
)

// rowSteps are the functions from [rows][n] to [rows][n].
var rowSteps = []struct {
	name      string
	reference func(dst, x []float32, rows, n int)
	kernel    func(isa ISA, dst, x []float32, rows, n int)
}{
	{"softmax", Softmax, ISA.Softmax},
	{"l1", normalize(L1), normalizeOf(L1)},
	{"l2", normalize(L2), normalizeOf(L2)},
	{"max", normalize(Max), normalizeOf(Max)},
}

func normalize(norm Norm) func(dst, x []float32, rows, n int) {
	return func(dst, x []float32, rows, n int) { Normalize(norm, dst, x, rows, n) }
}

func normalizeOf(norm Norm) func(isa ISA, dst, x []float32, rows, n int) {
	return func(isa ISA, dst, x []float32, rows, n int) { isa.Normalize(norm, dst, x, rows, n) }
}

// rowLengths are all that the sums over 32 lanes can tell apart, and some longer.
func rowLengths() []int {
	list := []int{127, 128, 129, 1000}
	for n := range 3*lanes + 2 {
		list = append(list, n)
	}
	return list
}

func TestISARowSteps(t *testing.T) {
	for _, isa := range ISAs() {
		for _, step := range rowSteps {
			t.Run(fmt.Sprintf("%s/%s", isa, step.name), func(t *testing.T) {
				for _, n := range rowLengths() {
					for kind := range flavours {
						requireRowStep(t, isa, step.reference, step.kernel, newRandom(uint64(n)), kind, n%4, n)
					}
				}
			})
		}
	}
}

func requireRowStep(t *testing.T, isa ISA, reference func(dst, x []float32, rows, n int),
	kernel func(isa ISA, dst, x []float32, rows, n int), r *random, kind flavour, rows, n int) {
	t.Helper()
	x, xIntact := guardedAt(t, rows*n, r.below(widestVector))
	copy(x, r.values(kind, rows*n))
	want := make([]float32, rows*n)
	reference(want, x, rows, n)
	what := fmt.Sprintf("%d×%d values, %s", rows, n, kind)
	dst, intact := guardedAt(t, rows*n, r.below(widestVector))
	kernel(isa, dst, x, rows, n)
	requireSame(t, what, dst, want)
	intact()
	kernel(isa, x, x, rows, n)
	requireSame(t, what+", in place", x, want)
	xIntact()
}

// A value that decides about the whole row, in each place of it: the greatest, a NaN, an infinity, and zeros of
// either sign alone.
func TestISARowsWithOneSpecialValue(t *testing.T) {
	const n = 2*lanes + 5
	for _, isa := range ISAs() {
		for _, special := range []float32{nan, neg(nan), inf, -inf, 100, -100, 0x1p-149, math.MaxFloat32, 0} {
			for place := range n {
				for _, rest := range []float32{0, negZero, -1, -inf} {
					x := make([]float32, n)
					for i := range x {
						x[i] = rest
					}
					x[place] = special
					want, got := make([]float32, n), make([]float32, n)
					for _, step := range rowSteps {
						step.reference(want, x, 1, n)
						step.kernel(isa, got, x, 1, n)
						requireSame(t, fmt.Sprintf("%s: %s of %g at %d among %g", isa, step.name, special, place, rest), got, want)
					}
					ArgMax(want[:1], x, 1, n)
					isa.ArgMax(got[:1], x, 1, n)
					requireSame(t, fmt.Sprintf("%s: argmax of %g at %d among %g", isa, special, place, rest), got[:1], want[:1])
				}
			}
		}
	}
}

func TestISAArgMax(t *testing.T) {
	const rows = 3
	for _, isa := range ISAs() {
		for _, n := range rowLengths()[1:] {
			if n == 0 {
				continue
			}
			for kind := range flavours {
				x, want := newRandom(uint64(n)).values(kind, rows*n), make([]float32, rows)
				ArgMax(want, x, rows, n)
				dst, intact := guarded(t, rows)
				isa.ArgMax(dst, x, rows, n)
				requireSame(t, fmt.Sprintf("%s: %d values, %s", isa, n, kind), dst, want)
				intact()
			}
		}
	}
}

func FuzzISARows(f *testing.F) {
	for i, n := range []int{0, 1, 31, 32, 33, 70} {
		f.Add(uint8(i), make([]byte, 4*n))
	}
	f.Add(uint8(3), []byte("\x00\x00\x80\x7f\x00\x00\x80\xff\x01\x00\x00\x00\x00\x00\x00\x80"))
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		x := make([]float32, len(data)/4)
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
		step := rowSteps[int(which)%len(rowSteps)]
		want := make([]float32, len(x))
		step.reference(want, x, 1, len(x))
		for _, isa := range vectorISAs() {
			dst, intact := guardedAt(t, len(x), int(which)%widestVector)
			step.kernel(isa, dst, x, 1, len(x))
			requireSame(t, fmt.Sprintf("%s: %s", isa, step.name), dst, want)
			intact()
		}
	})
}
