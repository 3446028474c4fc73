package ptxsim

// A counter adds up what a launch does, by basic blocks. What one execution of a block comes to is known beforehand.
type counter struct {
	entry   *Entry
	visits  []int64 // of every basic block, in the whole launch
	generic Traffic // of generic addresses, whose space shows only at run time

	// Of the thread that runs, since the last barrier.
	now     []int64 // visits by basic block
	touched []int32 // the blocks with visits

	warps    [][classes]int64 // the most of any thread of the warp, since the last barrier
	issued   [classes]int64
	barriers int64
	fences   int64
}

func newCounter(e *Entry, block [3]int) counter {
	warps := (block[0]*block[1]*block[2] + warpSize - 1) / warpSize
	return counter{
		entry:  e,
		visits: make([]int64, len(e.blocks)), now: make([]int64, len(e.blocks)),
		warps: make([][classes]int64, warps),
	}
}

// visit counts one execution of a basic block.
func (c *counter) visit(block int32) {
	if c.now[block] == 0 {
		c.touched = append(c.touched, block)
	}
	c.now[block]++
}

// endOfPhase takes over what a thread did since the last barrier.
func (c *counter) endOfPhase(t *thread) {
	var sum [classes]int64
	for _, i := range c.touched {
		n := c.now[i]
		c.now[i] = 0
		c.visits[i] += n
		for class, each := range &c.entry.blocks[i].classes {
			sum[class] += n * each
		}
	}
	c.touched = c.touched[:0]
	warp := &c.warps[t.index/warpSize]
	for class, n := range &sum {
		warp[class] = max(warp[class], n)
	}
}

// endOfPhaseOfWarps takes over what the warps issued since the last barrier.
func (c *counter) endOfPhaseOfWarps() {
	for i := range c.warps {
		for class, n := range &c.warps[i] {
			c.issued[class] += n
		}
	}
	clear(c.warps)
}

// result sums up. The trace may be nil.
func (c *counter) result(t *trace) *Counts {
	counts := &Counts{ByOpcode: map[string]int64{}, Barriers: c.barriers, Fences: c.fences, Traffic: c.generic}
	for i, n := range c.visits {
		if n == 0 {
			continue
		}
		block := &c.entry.blocks[i]
		counts.Instructions += n * block.total
		counts.FMA += n * block.classes[classFMA]
		counts.Traffic.add(&block.Traffic, n)
		for _, o := range block.opcodes {
			counts.ByOpcode[c.entry.opcodes[o.opcode]] += n * o.count
		}
	}
	for _, n := range &c.issued {
		counts.WarpInstructions += n
	}
	counts.Warp = warpCounts(&c.issued)
	if t != nil {
		counts.GlobalSectors, counts.SharedWavefronts = t.sectors, t.wavefronts
	}
	return counts
}
