package ptxsim

// maxAnalysis bounds the work of analysing a module, in words of sets looked at. An entry for which nothing is left
// has all its registers checked while it runs.
const maxAnalysis = 1 << 28

// doubtful returns the registers that may be read before they are set, by their slots. It proves the others harmless:
// on every path to a read lies a write. The doubtful ones are looked after at run time, which makes the verdict exact.
func (b *body) doubtful() map[slot]string {
	flow := b.newFlow()
	checked := map[slot]string{}
	if !flow.solve() {
		for i := range b.code {
			for _, reg := range b.code[i].reads {
				checked[reg] = ""
			}
		}
	} else {
		for i := range flow.blocks {
			flow.readsBeforeWrites(&flow.blocks[i], func(reg slot) { checked[reg] = "" })
		}
	}
	for reg := range checked {
		checked[reg] = b.registerNames[reg]
	}
	return checked
}

// A flow is the graph of basic blocks with the set of registers that are surely set when one begins.
type flow struct {
	code   []micro
	blocks []flowBlock
	words  int  // of a set
	work   *int // done so far in this module
}

type flowBlock struct {
	first, end int // micro-operations
	next       []int
	in         []uint64 // nil until a path is known
}

func (b *body) newFlow() *flow {
	f := &flow{code: b.code, words: (b.frame.slots + 63) / 64, work: &b.analysed}
	leader := b.leaders()
	blockOf := make([]int, len(b.code)+1)
	for i := range b.code {
		if leader[i] {
			f.blocks = append(f.blocks, flowBlock{first: i})
		}
		blockOf[i] = len(f.blocks) - 1
		f.blocks[len(f.blocks)-1].end = i + 1
	}
	for i := range f.blocks {
		block := &f.blocks[i]
		last := &b.code[block.end-1]
		switch last.op {
		case opBranch:
			block.next = []int{blockOf[last.imm]}
		case opBranchIf, opBranchNot:
			block.next = []int{blockOf[last.imm], i + 1}
		case opSwitch:
			if *f.work += len(b.entry.switches[last.ext]); *f.work > maxAnalysis {
				break // solve gives up
			}
			for _, to := range b.entry.switches[last.ext] {
				block.next = append(block.next, blockOf[to])
			}
		case opReturn, opTrap:
		default:
			block.next = []int{i + 1}
		}
	}
	return f
}

// solve finds, for every block that can be reached, the registers set on all paths to it. It reports whether it could
// within its bounds.
func (f *flow) solve() bool {
	if *f.work += len(f.blocks) * f.words; *f.work > maxAnalysis {
		return false
	}
	f.blocks[0].in = make([]uint64, f.words)
	waiting := []int{0}
	queued := make([]bool, len(f.blocks))
	for len(waiting) > 0 {
		i := waiting[0]
		waiting, queued[i] = waiting[1:], false
		out := f.out(&f.blocks[i])
		for _, next := range f.blocks[i].next {
			*f.work += f.words
			if f.meet(&f.blocks[next], out) && !queued[next] {
				waiting, queued[next] = append(waiting, next), true
			}
		}
		*f.work += f.words + f.blocks[i].end - f.blocks[i].first
		if *f.work > maxAnalysis {
			return false
		}
	}
	return true
}

// out returns what is set when a block ends.
func (f *flow) out(block *flowBlock) []uint64 {
	set := append([]uint64(nil), block.in...)
	for i := block.first; i < block.end; i++ {
		for _, reg := range f.code[i].writes {
			set[reg/64] |= 1 << (reg % 64)
		}
	}
	return set
}

// meet takes a path into account that comes with the registers of set. It reports whether it brought something new.
func (f *flow) meet(block *flowBlock, set []uint64) bool {
	if block.in == nil {
		block.in = append([]uint64(nil), set...)
		return true
	}
	changed := false
	for i, word := range set {
		if block.in[i]&^word != 0 {
			block.in[i] &= word
			changed = true
		}
	}
	return changed
}

// readsBeforeWrites calls found for every read of a register that may not be set there. Blocks that cannot be reached
// read nothing.
func (f *flow) readsBeforeWrites(block *flowBlock, found func(slot)) {
	if block.in == nil {
		return
	}
	set := append([]uint64(nil), block.in...)
	for i := block.first; i < block.end; i++ {
		for _, reg := range f.code[i].reads {
			if set[reg/64]>>(reg%64)&1 == 0 {
				found(reg)
			}
		}
		for _, reg := range f.code[i].writes {
			set[reg/64] |= 1 << (reg % 64)
		}
	}
}
