package kernels

// This file is what all vector instruction sets share: the walk of a packed layer over panels, K blocks and
// rows. The arithmetic is in assembly. An architecture's own file (dense_amd64.go, dense_arm64.go, or
// dense_portable.go for all that have no kernels) provides, for the ISAs of vectorISAs:
//
//	(ISA) tiling() tiling          the shapes its kernels take
//	(ISA) tileKernel(c *tileCall)  several rows by one panel, one K block
//	(ISA) rowKernel(c *rowCall)    one row by several panels, all of K
//	(ISA) dotKernel(c *dotCall)    several rows by several outputs, all of K, in dot order

// tiling says which shapes the kernels of an instruction set take.
type tiling struct {
	vector     int // outputs in one register
	panel      int // outputs in a panel, a multiple of vector
	rows       int // rows of the tallest tileCall
	span       int // panels of the widest rowCall
	dotRows    int // rows of the tallest dotCall, at most maxDotRows
	dotOutputs int // outputs of the widest dotCall

	// partial says that the kernels can write a part of a register. Where they cannot, the columns that do
	// not fill one come through a buffer on the stack, which is why it is bounded.
	partial bool
}

// The most that a tiling may ask for.
const (
	maxBufferedPanel = 16 // unless the tiling is partial
	maxBufferedRows  = 6
	maxDotRows       = 4
)

// tileCall is one call of a panel kernel: one K block of some rows by one panel. The kernel sums the block
// as [PanelOrder] says, adds what y holds unless the block is the first, adds bias, applies ReLU if relu is
// set, and writes y. Until the last block bias is all zeros and relu is not set, so there is one way through
// the kernel: adding +0 shows in no result (see "Padding" in NUMERICS.md).
type tileCall struct {
	x       *float32 // [rows][k], rows ldx values apart
	ldx     int
	w       *float32 // [k][vectors registers]
	k       int      // 1 to panelBlock
	y       *float32 // [rows][columns], rows ldy values apart; nothing else may be written
	ldy     int
	columns int      // vectors registers; the last one need not be full if the tiling is partial
	bias    *float32 // [vectors registers]
	ahead   int      // where to prefetch, one cache line for each k: so many values behind w
	rows    int      // 2 to tiling.rows
	vectors int      // 1 to tiling.panel / tiling.vector
	first   bool
	relu    bool
}

// rowCall is one call of a row kernel: one row by several neighbouring panels, over all of K. It streams the
// weights, which is what one row of a large layer spends its time on. A single panel has too few sums to keep
// the adders busy, so its kernel works on several K blocks at once: their sums do not depend on each other.
type rowCall struct {
	x       *float32 // [k]
	w       *float32 // [panels][k][vectors registers]
	k       int      // at least 1
	y       *float32 // [panels][columns]; nothing else may be written
	columns int      // vectors registers; the last one need not be full if the tiling is partial
	bias    *float32 // [panels][vectors registers]
	panels  int      // 1 to tiling.span; 1 if vectors is less than a full panel's
	vectors int      // 1 to tiling.panel / tiling.vector
	relu    bool
}

// dotCall is one call of a dot kernel: some rows by some outputs, over all of K, bias and ReLU included.
type dotCall struct {
	x       *float32 // [rows][blocks*lanes and more], rows ldx values apart
	ldx     int
	blocks  int      // whole blocks of lanes inputs in x, at least 2
	tail    *float32 // [rows][lanes]: the inputs after them, padded with zeros; nil if there are none
	w       *float32 // [outputs][ldw]
	ldw     int      // lanes*blocks, plus lanes if there is a tail
	y       *float32 // [rows][outputs], rows ldy values apart; nothing else may be written
	ldy     int
	bias    *float32 // [outputs], and a register may be loaded from each
	rows    int      // 1 to tiling.dotRows
	outputs int      // 1 to tiling.dotOutputs
	relu    bool
}

// runRow computes one row in panel order, from output o on to end, which is where a panel ends: full panels in
// spans, then the last one if it is narrower.
func (p *Packed) runRow(dst, x []float32, relu bool, o, end int) {
	c := rowCall{k: p.k, columns: p.tiling.panel, vectors: p.vectors, relu: relu}
	c.x = &x[0]
	for full := (end - o) / p.tiling.panel; full > 0; full -= c.panels {
		c.panels = evenShare(full, p.tiling.span)
		c.w, c.y, c.bias = &p.w[o*p.k], &dst[o], &p.b[o]
		p.isa.rowKernel(&c)
		o += c.panels * p.tiling.panel
	}
	if o == end {
		return
	}
	if p.buffered {
		p.runRowBuffered(dst, x, o, relu)
		return
	}
	c.w, c.y, c.bias = &p.w[o*p.k], &dst[o], &p.b[o]
	c.panels, c.columns, c.vectors = 1, p.n-o, p.lastVectors
	p.isa.rowKernel(&c)
}

// runRowBuffered computes the last panel, from output o on, by way of a buffer.
func (p *Packed) runRowBuffered(dst, x []float32, o int, relu bool) {
	var buffer [maxBufferedPanel]float32
	c := rowCall{k: p.k, panels: 1, columns: p.lastVectors * p.tiling.vector, vectors: p.lastVectors, relu: relu}
	c.x, c.w, c.y, c.bias = &x[0], &p.w[o*p.k], &buffer[0], &p.b[o]
	p.isa.rowKernel(&c)
	copy(dst[o:], buffer[:])
}

// runBatch computes two rows or more in panel order.
func (p *Packed) runBatch(dst, x []float32, rows int, relu bool) {
	if p.crowded(rows) {
		p.runBlocks(dst, x, rows, relu)
		return
	}
	c := tileCall{ldx: p.k, ldy: p.n, columns: p.tiling.panel, vectors: p.vectors}
	o := 0
	for range p.full {
		p.runPanel(&c, dst, x, rows, o, relu)
		o += p.tiling.panel
	}
	if o == p.n {
		return
	}
	if p.buffered {
		p.runPanelBuffered(dst, x, rows, o, relu)
		return
	}
	c.columns, c.vectors = p.n-o, p.lastVectors
	p.runPanel(&c, dst, x, rows, o, relu)
}

// runPanel computes the panel from output o on. A K block of it stays in the nearest cache while all rows pass.
func (p *Packed) runPanel(c *tileCall, dst, x []float32, rows, o int, relu bool) {
	for first := 0; first < p.k; first += panelBlock {
		c.setBlock(p, o, first, relu)
		block := c.ahead
		for row := 0; row < rows; row += c.rows {
			c.rows = evenShare(rows-row, p.tiling.rows)
			c.x, c.y = &x[row*p.k+first], &dst[row*p.n+o]
			p.isa.tileKernel(c)
			c.ahead = min(c.ahead+c.k*cacheLine, 2*block)
		}
	}
}

// runPanelBuffered computes the last panel, from output o on: each tile goes through a buffer, over all of K.
func (p *Packed) runPanelBuffered(dst, x []float32, rows, o int, relu bool) {
	var buffer [maxBufferedRows * maxBufferedPanel]float32
	width := p.lastVectors * p.tiling.vector
	c := tileCall{ldx: p.k, ldy: width, columns: width, vectors: p.lastVectors}
	c.y = &buffer[0]
	for row := 0; row < rows; row += c.rows {
		c.rows = evenShare(rows-row, p.tiling.rows)
		for first := 0; first < p.k; first += panelBlock {
			c.setBlock(p, o, first, relu)
			c.x = &x[row*p.k+first]
			p.isa.tileKernel(&c)
		}
		for i := range c.rows {
			copy(dst[(row+i)*p.n+o:(row+i+1)*p.n], buffer[i*width:])
		}
	}
}

// crowded reports whether the rows of x lie so that those of a tile compete for the same few lines of the
// nearest cache: a multiple of half a page apart, as those of a layer with 512 or 1024 inputs do. A copy of few
// rows, or for few outputs, would cost more than the crowd.
func (p *Packed) crowded(rows int) bool {
	const halfPage, few, narrow = 512, 12, 256
	return p.k%halfPage == 0 && rows >= few && p.n >= narrow
}

// blockRows is how many rows runBlocks copies at a time.
const blockRows = 64

// runBlocks is runBatch for crowded rows: it copies a K block of them, side by side, and runs it through all
// panels before it goes on to the next one.
func (p *Packed) runBlocks(dst, x []float32, rows int, relu bool) {
	var block [blockRows * panelBlock]float32
	end := p.n
	if p.buffered {
		end = p.full * p.tiling.panel
	}
	for row, n := 0, 0; row < rows; row += n {
		n = evenShare(rows-row, blockRows) // never a single row, of which there is no tile
		y, x := dst[row*p.n:(row+n)*p.n], x[row*p.k:(row+n)*p.k]
		for first := 0; first < p.k; first += panelBlock {
			for r := range n {
				copy(block[r*panelBlock:][:panelBlock], x[r*p.k+first:])
			}
			p.runBlock(y, block[:n*panelBlock], n, first, end, relu)
		}
		if p.buffered {
			p.runPanelBuffered(y, x, n, end, relu)
		}
	}
}

// runBlock runs a K block of some rows, the one from input first on, through the panels up to output end. Next in
// memory comes the same block of the next panel.
func (p *Packed) runBlock(dst, x []float32, rows, first, end int, relu bool) {
	for o := 0; o < end; o += p.tiling.panel {
		c := tileCall{ldx: panelBlock, ldy: p.n, columns: p.tiling.panel, vectors: p.vectors}
		if o == p.full*p.tiling.panel {
			c.columns, c.vectors = p.n-o, p.lastVectors
		}
		c.setBlock(p, o, first, relu)
		size := c.ahead
		c.ahead = p.k * c.vectors * p.tiling.vector
		last := c.ahead + size
		for row := 0; row < rows; row += c.rows {
			c.rows = evenShare(rows-row, p.tiling.rows)
			c.x, c.y = &x[row*panelBlock], &dst[row*p.n+o]
			p.isa.tileKernel(&c)
			c.ahead = min(c.ahead+c.k*cacheLine, last)
		}
	}
}

// setBlock turns c to the K block from input first on, in the panel from output o on. What comes behind it in
// memory is what comes next: the next block of the panel, or the next panel.
func (c *tileCall) setBlock(p *Packed, o, first int, relu bool) {
	width := c.vectors * p.tiling.vector
	c.w = &p.w[o*p.k+first*width]
	c.k = min(panelBlock, p.k-first)
	c.ahead = c.k * width
	c.first = first == 0
	if first+c.k < p.k {
		c.bias, c.relu = &p.b[len(p.b)-p.tiling.panel], false
	} else {
		c.bias, c.relu = &p.b[o], relu
	}
}

// evenShare returns how many of the rows (panels, outputs) that remain the next kernel call takes: as many as
// it can, but the last two calls share theirs evenly, since a small tile does not keep the adders busy.
func evenShare(remain, most int) int {
	switch {
	case remain <= most:
		return remain
	case remain < 2*most:
		return (remain + 1) / 2
	}
	return most
}

// runDot computes rows in dot order. Inputs after the last whole block of lanes go through a buffer in which
// they are padded with zeros, as the weights are.
func (p *Packed) runDot(dst, x []float32, rows int, relu bool) {
	c := dotCall{ldx: p.k, blocks: p.k / lanes, ldw: roundUp(p.k, lanes), ldy: p.n, relu: relu}
	if p.k%lanes == 0 {
		p.runDotRows(&c, dst, x, rows, nil)
		return
	}
	var tails [maxDotRows * lanes]float32
	c.tail = &tails[0]
	p.runDotRows(&c, dst, x, rows, tails[:])
}

// runDotRows makes the calls for all rows; tails is nil if there are no inputs after the last whole block.
func (p *Packed) runDotRows(c *dotCall, dst, x []float32, rows int, tails []float32) {
	for row := 0; row < rows; row += c.rows {
		c.rows = min(rows-row, p.tiling.dotRows)
		c.x = &x[row*p.k]
		if tails != nil {
			for i := range c.rows {
				copy(tails[i*lanes:], x[(row+i)*p.k+c.blocks*lanes:(row+i+1)*p.k])
			}
		}
		for o := 0; o < p.n; o += c.outputs {
			c.outputs = evenShare(p.n-o, p.tiling.dotOutputs)
			c.w, c.y, c.bias = &p.w[o*c.ldw], &dst[row*p.n+o], &p.b[o]
			p.isa.dotKernel(c)
		}
	}
}
