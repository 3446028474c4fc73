package cuda

// A Program is a network as the device runs it: an image, and the launches that a pass of rows takes. It is never
// written after it is made.
type Program struct {
	Inputs, Outputs int

	// InputStride and OutputStride are how many float32 lie from one row to the next in the buffers of the inputs and
	// of the outputs. The rest of a row is 0.
	InputStride, OutputStride int

	// Image goes to the device once, 256-byte aligned: the packed weights, and the records of the steps.
	Image []byte

	traits   Traits
	buffers  []buffer
	launches []launch
	widen    *launch // bytes to floats, where the first launch reads floats only
}

// A buffer holds rows between two launches, or the frames of launches of wide rows.
type buffer struct {
	width int // float32 of the widest row
	frame int // float32 of the largest frame; 0 for rows
}

// A Launch is one kernel launch. Every kernel has the parameters image, src, dst, scratch (64-bit pointers), rows,
// per_block, record (32-bit numbers), in this order.
type Launch struct {
	Entry                  string
	Grid                   [3]int
	Block                  int // threads
	Shared                 int // bytes of dynamic shared memory
	Src, Dst, Scratch      int // buffers by number, −1 for none
	Rows, PerBlock, Record uint32
}

type kind uint8

const (
	rowsShared kind = iota
	rowsWide
	elements
	densePanel
	denseDot
	denseInt8
)

// A launch is what is known of a Launch before its number of rows.
type launch struct {
	kind                kind
	src, dst, scratch   int
	in, out             int // values in a row
	record, recordUint8 uint32
	frame               int // of rows: float32 of a row's frame
	units               int // of rows: warps that a row can use
}

const (
	mostRows  = 8192
	mostBytes = 64 << 20 // of all buffers, unless one row needs more
)

// MaxRows is how many rows a pass takes.
func (p *Program) MaxRows() int {
	row := 0
	for _, b := range p.buffers {
		row += 4 * (b.width + b.frame)
	}
	return min(max(mostBytes/row, 1), mostRows)
}

// Buffers returns how many bytes each buffer needs for a pass of so many rows. Buffer 0 holds the inputs, buffer 1 the
// outputs. They are to be zeros at first.
func (p *Program) Buffers(rows int) []int {
	sizes := make([]int, len(p.buffers))
	for i, b := range p.buffers {
		sizes[i] = 4 * rows * b.width
	}
	for i := range p.launches {
		if l := &p.launches[i]; l.scratch >= 0 {
			sizes[l.scratch] = max(sizes[l.scratch], 4*p.blocks(l, rows)*p.rowsPerBlock(l, rows)*l.frame)
		}
	}
	return sizes
}

// Launches returns the launches of a pass of so many rows, in order.
func (p *Program) Launches(rows int) []Launch {
	var list []Launch
	for i := range p.launches {
		l := &p.launches[i]
		list = append(list, p.geometry(l, rows, l.record))
	}
	return list
}

// LaunchesUint8 is Launches where buffer 0 holds bytes, rows of Inputs without padding.
func (p *Program) LaunchesUint8(rows int) []Launch {
	var list []Launch
	for i := range p.launches {
		l := &p.launches[i]
		switch {
		case i > 0:
			list = append(list, p.geometry(l, rows, l.record))
		case p.widen != nil:
			list = append(list, p.geometry(p.widen, rows, p.widen.recordUint8), p.geometry(l, rows, l.record))
			list[1].Src = p.widen.dst
		default:
			list = append(list, p.geometry(l, rows, l.recordUint8))
		}
	}
	return list
}

// geometry shares a launch among blocks. Whatever it decides changes no bit.
func (p *Program) geometry(l *launch, rows int, record uint32) Launch {
	g := Launch{Src: l.src, Dst: l.dst, Scratch: l.scratch, Rows: uint32(rows), PerBlock: 1, Record: record, Grid: [3]int{1, 1, 1}}
	panels := whole(l.out, lanes)
	switch l.kind {
	case rowsShared, rowsWide:
		perBlock := p.rowsPerBlock(l, rows)
		g.PerBlock = uint32(perBlock)
		g.Grid[0] = whole(rows, perBlock)
		g.Block = lanes * min(max(l.units*whole(perBlock, quad), perBlock), mostWarps)
		g.Entry = "rows_wide_f32"
		if l.kind == rowsShared {
			g.Entry, g.Shared = "rows_f32", 4*l.frame*perBlock
		}
	case elements:
		g.Entry, g.Block = "elements_f32", lanes*mostWarps
		g.Grid[0] = min(whole(padded(l.out)*rows, g.Block), 16*p.traits.Multiprocessors)
	case densePanel:
		if tiles := whole(rows, tileRows) * whole(l.out, tileOutputs); rows >= tileRows/2 && tiles >= p.traits.Multiprocessors {
			g.Entry, g.Block = "dense_tile_f32", lanes*mostWarps
			g.Grid = [3]int{whole(l.out, tileOutputs), whole(rows, tileRows), 1}
			g.Shared = 4 * tileInputs * (tileRows + tileOutputs)
			break
		}
		if rows >= quad {
			g.PerBlock = quad
		}
		blocks := whole(l.in, panelBlock)
		g.Entry, g.Block = "dense_panel_f32", lanes*min(max(blocks, int(g.PerBlock)), mostWarps)
		g.Grid = [3]int{panels, whole(rows, int(g.PerBlock)), 1}
		g.Shared = 4 * min(blocks, panelsAtOnce) * int(g.PerBlock) * lanes
	case denseDot:
		g.Entry, g.Block = "dense_dot_f32", lanes*mostWarps
		g.Grid[0] = whole(rows*l.out, mostWarps)
		g.Shared = 4 * mostWarps * sums
	case denseInt8:
		warps := min(panels, mostWarps)
		g.Entry, g.Block = "dense_int8_f32", lanes*warps
		g.Grid = [3]int{whole(panels, warps), rows, 1}
		g.Shared = int8Shared(l.in)
	}
	return g
}

func (p *Program) blocks(l *launch, rows int) int { return whole(rows, p.rowsPerBlock(l, rows)) }

// rowsPerBlock is 1 until there are enough blocks to fill the device, and then a power of two, so that rows share the
// loads of weights.
func (p *Program) rowsPerBlock(l *launch, rows int) int {
	most := mostRowsPerBlock
	if l.kind == rowsShared {
		most = min(most, p.traits.SharedBytes/(4*l.frame))
	}
	n := 1
	for 2*n <= most && rows > 4*p.traits.Multiprocessors*n {
		n *= 2
	}
	return n
}
