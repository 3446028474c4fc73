package runtime

import "github.com/edge-infer/edge-infer/kernels"

// An arena is the memory in which one goroutine walks a plan: what lies between
// the steps, for as many rows as a chunk has.
//
// Rows go through the whole model a chunk at a time, so that what one layer
// writes is still in cache when the next one reads it. Wide models get shorter
// chunks: an arena stays below its limit, or holds a single row.
type arena struct {
	plan    *plan
	rows    int               // in a chunk
	buffers [arenas][]float32 // [rows][width of the buffer]
	pixels  []float32         // [rows][inputs], the widened input of RunUint8
	scratch []int8
}

const (
	chunkRows  = 64
	arenaBytes = 16 << 20 // for a session; its helpers' arenas share as much again
)

func newArena(p *plan, most int) *arena {
	width := 0
	for _, w := range p.widths {
		width += w
	}
	if p.pixels {
		width += p.inputs
	}
	a := &arena{plan: p, rows: chunkRows}
	if width > 0 {
		a.rows = min(max(most/(4*width), 1), chunkRows)
	}
	for i, w := range p.widths {
		a.buffers[i] = make([]float32, a.rows*w)
	}
	if p.pixels {
		a.pixels = make([]float32, a.rows*p.inputs)
	}
	a.scratch = make([]int8, p.scratch)
	return a
}

// A batch is rows to run, and where their results go. Its source is src; or bytes
// for pixels; or sparse, for a plan whose first step is dense and finite.
type batch struct {
	dst    []float32 // [rows][outputs]
	src    []float32 // [rows][inputs]
	bytes  []uint8   // [rows][inputs]
	sparse SparseRows
	rows   int
}

// part returns n rows of a batch, from row first on.
func (b *batch) part(p *plan, first, n int) batch {
	part := batch{dst: b.dst[first*p.outputs:][:n*p.outputs], rows: n}
	switch {
	case b.sparse.Offsets != nil:
		part.sparse = b.sparse
		part.sparse.Offsets = b.sparse.Offsets[first:][:n+1]
	case b.bytes != nil:
		part.bytes = b.bytes[first*p.inputs:][:n*p.inputs]
	default:
		part.src = b.src[first*p.inputs:][:n*p.inputs]
	}
	return part
}

// run runs any number of rows. The large layers of a single row are shared with
// the pool, if there is one.
func (a *arena) run(b *batch, pl *pool) {
	for first := 0; first < b.rows; first += a.rows {
		n := min(a.rows, b.rows-first)
		c := b.part(a.plan, first, n)
		if c.sparse.Offsets != nil {
			a.sparseChunk(c.dst, c.sparse, n, pl)
			continue
		}
		if c.bytes != nil {
			c.src = a.pixels[:n*a.plan.inputs]
			a.plan.isa.FromUint8(c.src, c.bytes)
		}
		a.chunk(c.dst, c.src, n, pl)
	}
}

// chunk runs rows that the arena can hold.
func (a *arena) chunk(dst, src []float32, rows int, pl *pool) {
	if rows <= a.plan.netRows {
		a.plan.net.Run(dst, src, rows)
		return
	}
	a.walk(0, dst, src, rows, pl)
}

// walk takes rows through the plan, from a step on.
func (a *arena) walk(from int, dst, src []float32, rows int, pl *pool) {
	var buffers [arenas + 2][]float32
	copy(buffers[:arenas], a.buffers[:])
	buffers[input], buffers[output] = src, dst
	isa := a.plan.isa
	for i := from; i < len(a.plan.steps); i++ {
		st := &a.plan.steps[i]
		x := buffers[st.src][:rows*st.in]
		y := buffers[st.dst][:rows*st.out]
		switch st.op {
		case opDense:
			of := 1
			if rows == 1 && pl != nil {
				of = pl.shares(float64(st.in)*float64(st.out), st.dense.Shares())
			}
			if of > 1 {
				pl.dense(a, st, y, x, of)
			} else {
				st.dense.Run(y, x, rows, st.relu)
			}
		case opDenseInt8:
			kernels.DenseInt8(y, x, st.q, st.scale, st.v, rows, st.in, st.out, a.scratch[:st.in])
		case opMap:
			isa.Map(st.function, y, x, st.alpha, st.beta)
		case opAffine:
			isa.Affine(st.arithmetic, y, x, st.v, rows, st.in)
		case opPReLU:
			isa.PReLU(y, x, st.v, rows, st.in)
		case opSoftmax:
			isa.Softmax(y, x, rows, st.in)
		case opNormalize:
			isa.Normalize(st.norm, y, x, rows, st.in)
		case opArgMax:
			isa.ArgMax(y, x, rows, st.in)
		case opSelect:
			kernels.Select(y, x, st.columns, rows, st.in)
		case opOneHot:
			kernels.OneHot(y, x, st.v, st.alpha, rows)
		case opPolynomial:
			kernels.Polynomial(y, x, st.terms, rows, st.in)
		case opPlace:
			for r := range rows {
				copy(y[r*st.out+st.offset:][:st.in], x[r*st.in:])
			}
		}
	}
}
