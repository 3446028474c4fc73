package kernels

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"testing"
)

// goldenHash takes results in, with every NaN alike.
type goldenHash struct{ hash.Hash64 }

func newGoldenHash() goldenHash { return goldenHash{fnv.New64a()} }

func (h goldenHash) add(values []float32) {
	var word [4]byte
	for _, v := range values {
		binary.LittleEndian.PutUint32(word[:], canonical(v))
		h.Write(word[:])
	}
}

func (h goldenHash) require(t *testing.T, want uint64) {
	t.Helper()
	if got := h.Sum64(); got != want {
		t.Errorf("the results hash to %#016x: %#016x expected; this platform computes other bits", got, want)
	}
}

// The bits themselves, so that every platform and every compiler is held to the ones written down here. A
// change of a constant below is a change of the numerics version of the model file.

func TestGoldenMap(t *testing.T) {
	for _, c := range []struct {
		f           Func
		alpha, beta float32
		want        uint64
	}{
		{FuncReLU, 0, 0, 0x9dc6a8431647b3e8},
		{FuncReLU6, 0, 0, 0x4001e9a7c18e82a7},
		{FuncSigmoid, 0, 0, 0x85def6c28f3352e0},
		{FuncTanh, 0, 0, 0x83b38636964b46a1},
		{FuncSoftplus, 0, 0, 0xeaeeff40a2f78ed0},
		{FuncExp, 0, 0, 0xa17884b44385dbd9},
		{FuncErf, 0, 0, 0xad65645ff38921ce},
		{FuncGELU, 0, 0, 0x28f57ee29e5fbbc5},
		{FuncGELUTanh, 0, 0, 0x96bb5f17f55d7fa1},
		{FuncSiLU, 0, 0, 0x1a1e791715007304},
		{FuncSELU, 0, 0, 0x36e2a69b704ccb62},
		{FuncStep, 0, 0, 0xd1e8c912b21aa628},
		{FuncELU, 1, 0, 0x333b2907ed00cc54},
		{FuncLeakyReLU, 0.01, 0, 0x0eb0c4fc952beb69},
		{FuncHardSigmoid, 0x1.555556p-3, 0.5, 0x0224c57e61298ea8},
		{FuncClip, -0.3, 0.7, 0x356649c7e4c89819},
		{FuncGreater, 0, 0, 0x64037da5aa3d6135},
		{FuncGreaterEqual, 0, 0, 0xd1e8c912b21aa628},
	} {
		t.Run(c.f.String(), func(t *testing.T) {
			h := newGoldenHash()
			var x [256]float32
			for _, s := range sampledFloats {
				for first := uint64(0); first < s.count; first += uint64(len(x)) {
					for i := range x {
						x[i] = s.at(first + uint64(i))
					}
					Map(c.f, x[:], x[:], c.alpha, c.beta)
					h.add(x[:])
				}
			}
			h.require(t, c.want)
		})
	}
}

func TestGoldenKernels(t *testing.T) {
	const rows = 3
	dense := func(dense denseFunc) func(r *random, k, n int) []float32 {
		return func(r *random, k, n int) []float32 {
			x, w, b := denseInputs(uint64(r.uint32()), rows, k, n)
			y := make([]float32, rows*n)
			dense(y, x, w, b, rows, k, n)
			return y
		}
	}
	byRow := func(apply func(dst, x []float32, rows, n int)) func(r *random, k, n int) []float32 {
		return func(r *random, k, _ int) []float32 {
			x := r.values(flavour(r.below(int(flavours))), rows*k)
			apply(x, x, rows, k)
			return x
		}
	}
	for _, c := range []struct {
		name string
		run  func(r *random, k, n int) []float32
		want uint64
	}{
		{"dense, panel order", dense(DensePanel), 0x0e9a522dec0d9200},
		{"dense, dot order", dense(DenseDot), 0x9167e0f67085f47a},
		{"dense, order of the size", dense(Dense), 0x7f992c64a11e162f},
		{"softmax", byRow(Softmax), 0x7196eabaeffba107},
		{"l1", byRow(func(dst, x []float32, rows, n int) { Normalize(L1, dst, x, rows, n) }), 0x9c449e8a56fbf1ab},
		{"l2", byRow(func(dst, x []float32, rows, n int) { Normalize(L2, dst, x, rows, n) }), 0xdd427cd5bb63ecef},
		{"max", byRow(func(dst, x []float32, rows, n int) { Normalize(Max, dst, x, rows, n) }), 0x880bec476dbcc213},
		{"subtract, then divide", byRow(func(dst, x []float32, rows, n int) {
			Affine(Subtract, dst, x, x[:n], rows, n)
			Affine(Divide, dst, x, []float32{0.3}, rows, n)
		}), 0x4333ed2b6849a1e7},
		{"int8", func(r *random, k, n int) []float32 {
			x := r.values(flavour(r.below(int(flavours))), rows*k)
			w, scale, b := randomInt8(r, k*n), r.values(ordinary, n), r.values(ordinary, n)
			y := make([]float32, rows*n)
			DenseInt8(y, x, w, scale, b, rows, k, n, make([]int8, k))
			return y
		}, 0x052cb17b0f1ba2bd},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, r := newGoldenHash(), newRandom(10)
			for range 300 {
				h.add(c.run(r, 1+r.below(300), 1+r.below(70)))
			}
			h.require(t, c.want)
		})
	}
}
