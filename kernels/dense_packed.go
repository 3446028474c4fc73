package kernels

import (
	"fmt"
	"slices"
	"unsafe"
)

// Packed is a dense layer in the layout that the kernels of one instruction set read. Nothing writes to it
// after [ISA.Pack], so any number of goroutines may run it at once. It computes the bits of [Dense].
type Packed struct {
	isa    ISA
	tiling tiling // of isa
	order  Order
	k, n   int

	// In panel order: how many panels are full, how many registers wide they and the last one are, and whether
	// the last one comes through a buffer.
	full, vectors, lastVectors int
	buffered                   bool

	// The layout of w, which starts on a cache line:
	//   - panel order: [panel][k][width], panels of tiling.panel outputs. The last panel is as many whole
	//     registers wide as its outputs need, its surplus columns are zero. The panel with output o starts at
	//     w[o*k]. b is padded with zeros to the width of all panels, and a panel of zeros follows.
	//   - dot order: [n][k rounded up to a multiple of lanes], padded with zeros. b is [n] and a cache line of
	//     zeros, so that a kernel may load a whole register from it.
	//   - Portable: w and b as they were given.
	w, b []float32
}

// Pack lays out a dense layer for i. w is [k][n] row-major; b is [n] and holds no −0 (see [NormalizeBias]).
// The order is OrderFor(k, n). Portable, and a layer without inputs or outputs, keep w and b, which must then stay as they are; others copy.
func (i ISA) Pack(w, b []float32, k, n int) *Packed {
	mustHold("Pack", "w", len(w), k, n)
	mustHold("Pack", "b", len(b), 1, n)
	if !slices.Contains(ISAs(), i) {
		panic(fmt.Sprintf("kernels: Pack: %s is not among the ISAs of this processor", i))
	}
	p := &Packed{isa: i, order: OrderFor(k, n), k: k, n: n, w: w, b: b}
	if k == 0 || n == 0 {
		p.isa = Portable // nothing to lay out, and the kernels take at least one input
	}
	if p.isa == Portable {
		return p
	}
	p.tiling = i.tiling()
	if p.order == DotOrder {
		p.packDot()
	} else {
		p.packPanels()
	}
	return p
}

// Bytes returns how much memory the weights and biases take in this layout.
func (p *Packed) Bytes() int { return 4 * (len(p.w) + len(p.b)) }

// Run computes dst = x·w + b, then ReLU if relu is set. x is [rows][k], dst is [rows][n], both row-major;
// they must not overlap.
func (p *Packed) Run(dst, x []float32, rows int, relu bool) {
	mustHold("Packed.Run", "dst", len(dst), rows, p.n)
	mustHold("Packed.Run", "x", len(x), rows, p.k)
	if p.isa == Portable {
		Dense(dst, x, p.w, p.b, rows, p.k, p.n)
		if relu {
			Map(FuncReLU, dst, dst, 0, 0)
		}
		return
	}
	raceRead(x)
	raceWrite(dst)
	switch {
	case p.order == DotOrder:
		p.runDot(dst, x, rows, relu)
	case rows == 1:
		p.runRow(dst, x, relu, 0, p.n)
	default:
		p.runBatch(dst, x, rows, relu)
	}
}

// Shares is in how many parts the outputs of a single row can be computed: 1 where the layer has no panels.
func (p *Packed) Shares() int {
	if p.isa == Portable || p.order == DotOrder {
		return 1
	}
	return roundUp(p.n, p.tiling.panel) / p.tiling.panel
}

// RunShare is Run for a single row, and of it for the outputs of one of several parts only: share is from 0 to
// of − 1, and of is at most Shares. Parts write to different elements of dst, so goroutines may compute them
// at once.
func (p *Packed) RunShare(dst, x []float32, relu bool, share, of int) {
	mustHold("Packed.RunShare", "dst", len(dst), 1, p.n)
	mustHold("Packed.RunShare", "x", len(x), 1, p.k)
	panels := p.Shares()
	mustBeWithin("Packed.RunShare", "of", of, 1, panels+1)
	mustBeWithin("Packed.RunShare", "share", share, 0, of)
	if of == 1 {
		p.Run(dst, x, 1, relu)
		return
	}
	start, end := panels*share/of*p.tiling.panel, min(panels*(share+1)/of*p.tiling.panel, p.n)
	raceRead(x)
	raceWrite(dst[start:end])
	p.runRow(dst, x, relu, start, end)
}

func (p *Packed) packPanels() {
	t := p.tiling
	width := roundUp(p.n, t.vector)
	p.full, p.vectors = p.n/t.panel, t.panel/t.vector
	p.lastVectors = (width - p.full*t.panel) / t.vector
	p.buffered = width > p.n && !t.partial
	w, b := alignedFloats(p.k*width), alignedFloats(width+t.panel)
	for o := 0; o < p.n; o += t.panel {
		panel, columns := w[o*p.k:], min(t.panel, width-o)
		for k := range p.k {
			copy(panel[k*columns:][:columns], p.w[k*p.n+o:(k+1)*p.n])
		}
	}
	copy(b, p.b)
	p.w, p.b = w, b
}

func (p *Packed) packDot() {
	stride := roundUp(p.k, lanes)
	w := alignedFloats(p.n * stride)
	for o := range p.n {
		for k := range p.k {
			w[o*stride+k] = p.w[k*p.n+o]
		}
	}
	b := alignedFloats(p.n + cacheLine)
	copy(b, p.b)
	p.w, p.b = w, b
}

// cacheLine is the size of a cache line in values: 64 bytes on every processor that has kernels here.
const cacheLine = 16

// alignedFloats returns n zeros that start on a cache line.
func alignedFloats(n int) []float32 {
	v := make([]float32, n+cacheLine-1)
	odd := int(uintptr(unsafe.Pointer(&v[0]))/4) % cacheLine
	return v[(cacheLine-odd)%cacheLine:][:n]
}

// roundUp returns the least multiple that is not below n.
func roundUp(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
