package ptxsim

import (
	"fmt"
	"math"
)

// A thread of the block that runs.
type thread struct {
	index  int
	values []uint64 // by slot
	pc     int
	left   int64 // instructions it may still execute
	state  threadState
	barred int // the place of the barrier it waits at
	local  []byte
	wrote  []bool // which bytes of local memory were written
}

type threadState uint8

const (
	running threadState = iota
	waiting
	exited
)

// run runs all blocks.
func (g *grid) run() error {
	m := g.memory
	if m.phase > math.MaxUint32/2 {
		m.forget()
	}
	g.clock.launchStart = m.phase + 1
	blocks := g.launch.Grid[0] * g.launch.Grid[1] * g.launch.Grid[2]
	for _, block := range g.blockOrder(blocks) {
		g.block = block
		if err := g.runBlock(); err != nil {
			return err
		}
	}
	return nil
}

// blockOrder yields the numbers of blocks, every one once: shuffled by a walk of a stride without common factors, so
// that no list of them is needed.
func (g *grid) blockOrder(blocks int) func(yield func(int, int) bool) {
	stride := g.random.IntN(blocks) + 1
	for gcd(stride, blocks) != 1 {
		stride++
	}
	start := g.random.IntN(blocks)
	return func(yield func(int, int) bool) {
		at := start
		for i := range blocks {
			if !yield(i, at) {
				return
			}
			at = (at + stride) % blocks
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// forget clears who touched memory last, so that phases can be counted anew.
func (m *Memory) forget() {
	m.phase = 0
	for _, p := range m.pages {
		if p == nil {
			continue
		}
		for i := range p.words {
			p.words[i].write &= byteFlags
			p.words[i].read = 0
		}
	}
}

// runBlock runs the threads of a block, from barrier to barrier.
func (g *grid) runBlock() error {
	g.shared.clear()
	at := g.blockAt(g.block)
	for i := range g.threads {
		t := &g.threads[i]
		t.pc, t.left, t.state = 0, g.launch.Instructions, running
		for axis := range at {
			t.values[int(slotCtaid)+axis] = uint64(at[axis])
		}
		for _, mark := range g.entry.marks {
			t.values[mark] = 0
		}
		clear(t.wrote)
	}
	g.clock.blockStart = g.memory.phase + 1
	for {
		if g.memory.phase == math.MaxUint32 {
			return fmt.Errorf("ptxsim: %w: more than %d phases between barriers", ErrEndless, math.MaxUint32)
		}
		g.memory.phase++
		g.clock.phase = g.memory.phase
		g.random.Shuffle(len(g.order), func(i, j int) { g.order[i], g.order[j] = g.order[j], g.order[i] })
		for _, i := range g.order {
			t := &g.threads[i]
			if err := g.runThread(t); err != nil {
				return err
			}
			g.counts.endOfPhase(t)
		}
		g.counts.endOfPhaseOfWarps()
		if g.trace != nil {
			g.trace.endOfPhase()
		}
		more, err := g.meet()
		if err != nil || !more {
			return err
		}
	}
}

// meet checks that all threads have come to the same barrier and lets them go on, or that all have exited.
func (g *grid) meet() (more bool, err error) {
	var gone, there *thread
	for i := range g.threads {
		t := &g.threads[i]
		if t.state == exited {
			gone = t
			continue
		}
		if there != nil && t.barred != there.barred {
			return false, g.fault(t, &g.entry.code[t.barred],
				fmt.Errorf("%w: thread %s waits at %s", ErrBarrier, coordinates(g.threadAt(there.index)), g.at(uint64(there.barred))))
		}
		there = t
		t.state = running
	}
	if there == nil {
		return false, nil
	}
	if gone != nil {
		return false, g.fault(there, &g.entry.code[there.barred],
			fmt.Errorf("%w: thread %s has returned", ErrBarrier, coordinates(g.threadAt(gone.index))))
	}
	g.counts.barriers++
	return true, nil
}
