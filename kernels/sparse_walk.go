package kernels

import "unsafe"

// This file walks a packed layer for one sparse row. An architecture's own file (sparse_amd64.go,
// sparse_arm64.go, or sparse_portable.go for all that have no kernels) provides, for the ISAs of vectorISAs:
//
//	(ISA) sparsePanelKernel(c *sparsePanelCall)
//	(ISA) sparseDotKernel(c *sparseDotCall)
//
// A row that names few elements spends its time on fetching their weights, and each is a row of a panel, or one
// value in dot order, somewhere in memory. Neighbouring blocks do not depend on each other, so the processor
// works on several at once without being told. That is why there is one kernel for a panel and none for spans.

// sparsePanelCall is one call of a panel kernel: one sparse row by one panel, over all of K. The total starts at
// +0. The kernel sums the elements of each block that has any, adds the sums in order, adds bias, applies ReLU
// if relu is set, and writes y.
type sparsePanelCall struct {
	columns *int32   // [count], ascending
	values  *float32 // [count]
	count   int      // at least 0
	w       *float32 // [k][vectors registers]
	y       *float32 // [vectors registers], all of it
	bias    *float32 // [vectors registers]
	vectors int      // 1 to tiling.panel / tiling.vector
	relu    bool
}

// sparseDotCall is one call of a dot kernel: one sparse row by dotTile outputs. The kernel takes each element
// into the sums of its lane, adds the lanes by halves, adds bias, applies ReLU if relu is set, and writes y.
type sparseDotCall struct {
	columns *int32            // [count], ascending
	values  *float32          // [count]
	count   int               // at least 0
	w       [dotTile]*float32 // [k] each
	sums    *float32          // [lanes][dotTile], zeros at first, overwritten
	y       *float32          // [dotTile], all of it
	bias    *float32          // [dotTile]
	relu    bool
}

// dotTile is how many outputs share a register in dot order. Their weights lie apart, so each is a load of its own.
const dotTile = 4

// maxPanel is the widest panel of any tiling.
const maxPanel = 32

// runSparsePanels computes one row in panel order. All panels come through a buffer, since the kernels write
// whole registers; beside fetching the weights that is nothing.
func (p *Packed) runSparsePanels(dst []float32, columns []int32, values []float32, relu bool) {
	var buffer [maxPanel]float32
	c := sparsePanelCall{count: len(columns), vectors: p.vectors, relu: relu}
	c.columns, c.values, c.y = unsafe.SliceData(columns), unsafe.SliceData(values), &buffer[0]
	for o := 0; o < p.n; o += p.tiling.panel {
		if p.n-o < p.tiling.panel {
			c.vectors = p.lastVectors
		}
		c.w, c.bias = &p.w[o*p.k], &p.b[o]
		p.isa.sparsePanelKernel(&c)
		copy(dst[o:], buffer[:p.tiling.panel])
	}
}

// runSparseDot computes one row in dot order. What a tile has beyond the last output is that output once more.
func (p *Packed) runSparseDot(dst []float32, columns []int32, values []float32, relu bool) {
	var sums [lanes * dotTile]float32
	var buffer [dotTile]float32
	c := sparseDotCall{count: len(columns), sums: &sums[0], y: &buffer[0], relu: relu}
	c.columns, c.values = unsafe.SliceData(columns), unsafe.SliceData(values)
	stride := roundUp(p.k, lanes)
	for o := 0; o < p.n; o += dotTile {
		for i := range c.w {
			c.w[i] = &p.w[min(o+i, p.n-1)*stride]
		}
		c.bias = &p.b[o]
		clear(sums[:])
		p.isa.sparseDotKernel(&c)
		copy(dst[o:], buffer[:])
	}
}
