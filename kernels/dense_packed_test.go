package kernels

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// Sizes around everything that the packed kernels cut a layer into: registers, panels and spans of panels,
// K blocks and flights of them, lanes, tiles of rows.
var (
	packedInputs  = []int{1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 300, 384, 512, 513, 700, 784}
	packedOutputs = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 96, 97, 127, 128, 129, 200}
	packedRows    = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 64, 65}
)

// referenceOf is what a packed layer must compute.
func referenceOf(x, w, b []float32, rows, k, n int, relu bool) []float32 {
	y := make([]float32, rows*n)
	Dense(y, x, w, b, rows, k, n)
	if relu {
		Map(FuncReLU, y, y, 0, 0)
	}
	return y
}

// displaced returns a copy of v that starts offset values behind a cache line.
func displaced(v []float32, offset int) []float32 {
	moved := alignedFloats(len(v) + offset)[offset:]
	copy(moved, v)
	return moved
}

// requirePacked runs one layer on every instruction set and compares with the reference. Slices start at
// addresses that seed decides, and dst has guard words around it.
func requirePacked(t *testing.T, seed uint64, rows, k, n int) {
	t.Helper()
	x, w, b := denseInputs(seed, rows, k, n)
	relu := seed%2 == 0
	want := referenceOf(x, w, b, rows, k, n, relu)
	x = displaced(x, int(seed/2%cacheLine))
	for _, isa := range ISAs() {
		dst, intact := guarded(t, rows*n)
		isa.Pack(w, b, k, n).Run(dst, x, rows, relu)
		requireSame(t, fmt.Sprintf("%s, %d rows, %d inputs, %d outputs, seed %d", isa, rows, k, n, seed), dst, want)
		intact()
	}
}

// Each pair of sizes meets, with a third size and numbers that change from pair to pair; -exhaustive takes
// every triple.
func TestPackedAgainstReference(t *testing.T) {
	seed := uint64(0)
	run := func(rows, k, n int) {
		seed++
		requirePacked(t, seed, rows, k, n)
	}
	if *exhaustive {
		for _, rows := range packedRows {
			for _, k := range packedInputs {
				for _, n := range packedOutputs {
					run(rows, k, n)
				}
			}
		}
		return
	}
	r := newRandom(11)
	oneOf := func(sizes []int) int { return sizes[r.below(len(sizes))] }
	for _, k := range packedInputs {
		for _, n := range packedOutputs {
			run(1+r.below(2), k, n)
		}
		for _, rows := range packedRows {
			run(rows, k, oneOf(packedOutputs[:20]))
		}
	}
	for _, rows := range packedRows {
		for _, n := range packedOutputs {
			run(rows, oneOf(packedInputs[:10]), n)
		}
	}
}

// Long sums: many flights of K blocks, and a layer with one output.
func TestPackedLongSums(t *testing.T) {
	for i, c := range []struct{ rows, k, n int }{{1, 12288, 1}, {3, 5000, 15}, {1, 4097, 16}, {2, 4097, 17}, {1, 2049, 40}} {
		requirePacked(t, uint64(i), c.rows, c.k, c.n)
	}
}

// Rows that lie a multiple of half a page apart are copied in groups: fewer rows than that takes, a group, the
// next one begun; panels that are full, narrow, and come through a buffer.
func TestPackedCrowdedRows(t *testing.T) {
	seed := uint64(0)
	for _, k := range []int{512, 1024} {
		for _, n := range []int{255, 256, 257, 269, 288, 302} {
			for _, rows := range []int{11, 12, 13, blockRows, blockRows + 1} {
				if (k == 1024 || n > 257) && rows > 13 && n != 269 {
					continue // the reference takes its time
				}
				requirePacked(t, seed, rows, k, n)
				seed++
			}
		}
	}
	crowded := Packed{k: 512, n: 256}
	if !crowded.crowded(12) || crowded.crowded(11) {
		t.Error("the test copies no rows, or always")
	}
}

func TestPackedWithoutInputsOutputsOrRows(t *testing.T) {
	for _, c := range []struct{ rows, k, n int }{{2, 0, 3}, {2, 0, 70}, {2, 3, 0}, {0, 3, 3}, {0, 64, 3}, {0, 0, 0}} {
		requirePacked(t, 1, c.rows, c.k, c.n)
	}
}

// Every value that the numbers drawn at random may miss, in each place of a sum: alone among ones and zeros,
// as input or as weight.
func TestPackedSpecialValues(t *testing.T) {
	specials := []float32{inf, -inf, nan, negZero, 0, 0x1p-149, -0x1p-149, 0x1p-126, 0x1.fffffep127, -0x1.fffffep127}
	for _, c := range []struct{ rows, k, n int }{{1, 140, 49}, {5, 140, 49}, {1, 70, 5}, {3, 70, 5}} {
		for _, special := range specials {
			for _, other := range specials {
				x, w, b := make([]float32, c.rows*c.k), make([]float32, c.k*c.n), make([]float32, c.n)
				for i := range x {
					x[i] = float32(i % 2)
				}
				for i := range w {
					w[i] = float32(1 - i%3)
				}
				for i := 7; i < len(x); i += 61 {
					x[i] = special
				}
				for i := 3; i < len(w); i += 97 {
					w[i] = other
				}
				for _, relu := range []bool{false, true} {
					want := referenceOf(x, w, b, c.rows, c.k, c.n, relu)
					for _, isa := range ISAs() {
						dst, intact := guarded(t, len(want))
						isa.Pack(w, b, c.k, c.n).Run(dst, x, c.rows, relu)
						requireSame(t, fmt.Sprintf("%s, %v, %g and %g", isa, c, special, other), dst, want)
						intact()
					}
				}
			}
		}
	}
}

// The order must be the defined one: where the reference in the two orders differs, so must the kernels.
func TestPackedTakesTheOrderOfItsSize(t *testing.T) {
	for _, c := range []struct{ k, n int }{{64, 15}, {64, 16}, {63, 15}, {200, 10}, {300, 40}} {
		r := newRandom(12)
		x, w, b := r.values(ordinary, c.k), r.values(wide, c.k*c.n), make([]float32, c.n)
		panel, dot := make([]float32, c.n), make([]float32, c.n)
		DensePanel(panel, x, w, b, 1, c.k, c.n)
		DenseDot(dot, x, w, b, 1, c.k, c.n)
		want, other := panel, dot
		if OrderFor(c.k, c.n) == DotOrder {
			want, other = dot, panel
		}
		for _, isa := range ISAs() {
			got := make([]float32, c.n)
			isa.Pack(w, b, c.k, c.n).Run(got, x, 1, false)
			requireSame(t, fmt.Sprintf("%s, %v", isa, c), got, want)
			differ := 0
			for i := range got {
				if !same(got[i], other[i]) {
					differ++
				}
			}
			if differ == 0 {
				t.Errorf("%s, %v: the results are those of both orders: the test compares nothing", isa, c)
			}
		}
	}
}

func TestPackedRowsAreIndependent(t *testing.T) {
	const rows = 29
	for _, isa := range ISAs() {
		for _, c := range []struct{ k, n int }{{5, 3}, {64, 10}, {130, 70}, {257, 33}, {600, 16}} {
			x, w, b := denseInputs(uint64(c.k), rows, c.k, c.n)
			p := isa.Pack(w, b, c.k, c.n)
			together, apart := make([]float32, rows*c.n), make([]float32, rows*c.n)
			p.Run(together, x, rows, true)
			for row := range rows {
				p.Run(apart[row*c.n:][:c.n], x[row*c.k:][:c.k], 1, true)
			}
			requireSame(t, fmt.Sprintf("%s, %v", isa, c), together, apart)
		}
	}
}

// Only Portable reads the slices that were packed; no instruction set writes to them, or to x.
func TestPackedCopiesTheLayer(t *testing.T) {
	for _, c := range []struct{ k, n int }{{70, 40}, {70, 10}} {
		x, w, b := denseInputs(4, 3, c.k, c.n)
		want := referenceOf(x, w, b, 3, c.k, c.n, false)
		for _, isa := range ISAs() {
			mine, bias, inputs := cloned(w), cloned(b), cloned(x)
			p := isa.Pack(mine, bias, c.k, c.n)
			if isa != Portable {
				clear(mine)
				clear(bias)
			}
			for range 2 {
				got := make([]float32, len(want))
				p.Run(got, inputs, 3, false)
				requireSame(t, fmt.Sprintf("%s, %v", isa, c), got, want)
			}
			requireSame(t, "x", inputs, x)
		}
	}
}

// The layout is documented, so it is tested: weights on cache lines, and no more memory than padding needs.
func TestPackedLayout(t *testing.T) {
	for _, isa := range ISAs() {
		for _, c := range []struct{ k, n int }{{1, 1}, {70, 40}, {70, 10}, {784, 256}, {63, 15}} {
			_, w, b := denseInputs(5, 1, c.k, c.n)
			p := isa.Pack(w, b, c.k, c.n)
			least, most := 4*(len(w)+len(b)), 4*(roundUp(c.k, lanes)*roundUp(c.n, 16)+roundUp(c.n, 16)+32)
			if isa == Portable {
				most = least
			} else if at := uintptr(unsafe.Pointer(&p.w[0])); at%64 != 0 {
				t.Errorf("%s, %v: weights start at %#x: a multiple of 64 expected", isa, c, at)
			}
			if got := p.Bytes(); got < least || got > most {
				t.Errorf("%s, %v: %d bytes: %d to %d expected", isa, c, got, least, most)
			}
		}
	}
}

func TestPackedDoesNotAllocate(t *testing.T) {
	const rows = 5
	for _, isa := range ISAs() {
		for _, c := range []struct{ k, n int }{{70, 40}, {70, 10}, {3, 2}} {
			x, w, b := denseInputs(6, rows, c.k, c.n)
			p, dst := isa.Pack(w, b, c.k, c.n), make([]float32, rows*c.n)
			for _, count := range []int{1, rows} {
				if got := testing.AllocsPerRun(10, func() { p.Run(dst[:count*c.n], x[:count*c.k], count, true) }); got != 0 {
					t.Errorf("%s, %v, %d rows: %g allocations: none expected", isa, c, count, got)
				}
			}
		}
	}
}

// A list of ISAs other than this processor's could end in an illegal instruction, far from the mistake.
func TestPackedBrokenContractsPanic(t *testing.T) {
	f := func(n int) []float32 { return make([]float32, n) }
	for _, c := range []struct {
		want string
		call func()
	}{
		{"Pack: instruction set 99 is not among the ISAs", func() { ISA(99).Pack(f(6), f(2), 3, 2) }},
		{"Pack: w holds 5 values: 3×2 expected", func() { Portable.Pack(f(5), f(2), 3, 2) }},
		{"Pack: b holds 1 values: 1×2 expected", func() { ISAs()[0].Pack(f(6), f(1), 3, 2) }},
		{"Packed.Run: dst holds 3 values: 2×2 expected", func() { ISAs()[0].Pack(f(6), f(2), 3, 2).Run(f(3), f(6), 2, false) }},
		{"Packed.Run: x holds 7 values: 2×3 expected", func() { ISAs()[0].Pack(f(6), f(2), 3, 2).Run(f(4), f(7), 2, false) }},
	} {
		t.Run(c.want, func(t *testing.T) {
			defer func() {
				t.Helper()
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "kernels: "+c.want) {
					t.Errorf("panicked with %q: %q expected", got, "kernels: "+c.want)
				}
			}()
			c.call()
		})
	}
}

func TestPackedSharesItsRowsEvenly(t *testing.T) {
	for _, c := range []struct {
		count, most int
		want        string
	}{
		{1, 12, "[1]"}, {12, 12, "[12]"}, {13, 12, "[7 6]"}, {23, 12, "[12 11]"}, {24, 12, "[12 12]"}, {25, 12, "[12 7 6]"}, {7, 6, "[4 3]"}, {4, 3, "[2 2]"},
	} {
		var shares []int
		for left := c.count; left > 0; left -= shares[len(shares)-1] {
			shares = append(shares, evenShare(left, c.most))
		}
		if got := fmt.Sprint(shares); got != c.want {
			t.Errorf("%d rows by at most %d: %s: %s expected", c.count, c.most, got, c.want)
		}
	}
}

func FuzzPacked(f *testing.F) {
	for i, k := range packedInputs {
		f.Add(uint64(i), uint16(1+i*3%26), uint16(k), uint16(packedOutputs[i*7%len(packedOutputs)]))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rows, k, n uint16) {
		requirePacked(t, seed, int(rows%70), int(k%1100), int(n%210))
	})
}

// Parts of a row put together are the row, and each leaves the others' outputs alone.
func TestPackedShares(t *testing.T) {
	for _, isa := range ISAs() {
		for _, c := range []struct{ k, n int }{{5, 1}, {70, 5}, {3, 33}, {200, 64}, {129, 200}} {
			r := newRandom(uint64(c.n))
			x, w, b := r.values(ordinary, c.k), r.values(ordinary, c.k*c.n), r.values(ordinary, c.n)
			NormalizeBias(b, b)
			p := isa.Pack(w, b, c.k, c.n)
			want := make([]float32, c.n)
			p.Run(want, x, 1, true)
			for of := 1; of <= p.Shares(); of++ {
				got := make([]float32, c.n)
				for share := of - 1; share >= 0; share-- {
					p.RunShare(got, x, true, share, of)
				}
				requireSame(t, fmt.Sprintf("%s, %d×%d in %d parts", isa, c.k, c.n, of), got, want)
			}
		}
	}
}

// What a tiling asks for must fit the buffers on the stack that kernels write to.
func TestTilingsFitTheirBuffers(t *testing.T) {
	for _, isa := range vectorISAs() {
		s := isa.tiling()
		if s.panel%s.vector != 0 || s.dotRows > maxDotRows || !s.partial && (s.panel > maxBufferedPanel || s.rows > maxBufferedRows) {
			t.Errorf("%s: tiling %+v", isa, s)
		}
	}
}
