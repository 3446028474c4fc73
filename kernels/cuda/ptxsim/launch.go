package ptxsim

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// Limits of the hardware, for launches.
const (
	maxThreads = 1024 // of a block
	warpSize   = 32
)

var (
	maxBlock = [3]int{1024, 1024, 64}
	maxGrid  = [3]int{math.MaxInt32, 65535, 65535}
)

// defaultInstructions is how many instructions a thread may execute unless a launch says otherwise.
const defaultInstructions = 1 << 28

// A Launch says which entry to run over which grid.
type Launch struct {
	Entry        string
	Grid, Block  [3]int
	Shared       int    // bytes of dynamic shared memory
	Params       []byte // laid out as PTX aligns them, see [PackParams]
	Seed         uint64 // shuffles the order of blocks and threads; every seed must give the same
	Instructions int64  // that one thread may execute before the launch counts as endless; 0 stands for 2^28
	Trace        bool   // count memory transactions, too; slow
}

// A grid is a launch while it runs. Blocks run one after the other, in the same threads and shared memory.
type grid struct {
	memory *Memory
	module *Module
	entry  *Entry
	launch Launch
	clock  clock
	random *rand.Rand
	counts counter
	trace  *trace

	threads []thread
	order   []int // of threads
	shared  shared
	block   int // the one that runs
}

// Launch runs an entry of a module over a grid, to its end. Variables of the module live in the memory from the first
// launch on. It fails with [ErrLaunch] if the launch breaks a limit, with [ErrOutOfMemory], or with a [*Fault] if a thread
// does something wrong; memory then holds what was written so far.
func (m *Memory) Launch(mod *Module, l Launch) (*Counts, error) {
	e, ok := mod.Entry(l.Entry)
	if !ok {
		return nil, fmt.Errorf("ptxsim: %w: the module has no entry %q", ErrLaunch, l.Entry)
	}
	if err := checkLaunch(e, &l); err != nil {
		return nil, fmt.Errorf("ptxsim: %w: entry %s: %w", ErrLaunch, e.name, err)
	}
	addresses, err := m.load(mod)
	if err != nil {
		return nil, err
	}
	g := &grid{
		memory: m, module: mod, entry: e, launch: l,
		random: rand.New(rand.NewPCG(l.Seed, 0)),
		counts: newCounter(e, l.Block),
		shared: newShared(e, l.Shared),
	}
	if l.Trace {
		g.trace = newTrace(l.Block)
	}
	g.makeThreads(addresses)
	if err := g.run(); err != nil {
		return nil, err
	}
	return g.counts.result(g.trace), nil
}

// checkLaunch returns an error if a launch breaks a limit of the hardware or of the entry.
func checkLaunch(e *Entry, l *Launch) error {
	blocks := 1
	for i, axis := range []string{"x", "y", "z"} {
		switch {
		case l.Grid[i] < 1 || l.Grid[i] > maxGrid[i]:
			return fmt.Errorf("a grid of %d blocks in %s: 1 to %d are possible", l.Grid[i], axis, maxGrid[i])
		case l.Block[i] < 1 || l.Block[i] > maxBlock[i]:
			return fmt.Errorf("a block of %d threads in %s: 1 to %d are possible", l.Block[i], axis, maxBlock[i])
		}
		if blocks *= l.Grid[i]; blocks > math.MaxInt32 {
			return fmt.Errorf("a grid of more than %d blocks", math.MaxInt32)
		}
	}
	threads := l.Block[0] * l.Block[1] * l.Block[2]
	switch {
	case threads > maxThreads:
		return fmt.Errorf("a block of %d threads: at most %d are possible", threads, maxThreads)
	case e.maxThreads != 0 && threads > e.maxThreads:
		return fmt.Errorf("a block of %d threads: the entry is compiled for at most %d", threads, e.maxThreads)
	case e.required != [3]int{} && e.required != l.Block:
		return fmt.Errorf("a block of %v threads: the entry is compiled for %v", l.Block, e.required)
	case l.Shared < 0 || l.Shared > 0 && l.Shared > maxSharedBytes-e.dynamicAt:
		return fmt.Errorf("%d bytes of dynamic shared memory beside %d static ones: at most %d are there", l.Shared, e.staticShared, maxSharedBytes)
	case len(l.Params) != e.paramBytes:
		return fmt.Errorf("%d bytes of parameters: %d are expected", len(l.Params), e.paramBytes)
	case l.Instructions < 0:
		return fmt.Errorf("a limit of %d instructions", l.Instructions)
	}
	if l.Instructions == 0 {
		l.Instructions = defaultInstructions
	}
	return nil
}

// load gives the .global variables of a module addresses, once.
func (m *Memory) load(mod *Module) (map[*variable]uint64, error) {
	if known, ok := m.modules[mod]; ok {
		return known, nil
	}
	addresses := map[*variable]uint64{}
	for _, v := range mod.globals {
		address, err := m.Alloc(max(v.size, 1))
		if err == nil {
			addresses[v] = address
			err = m.Fill(address, 0, v.size)
		}
		if err == nil {
			err = m.Write(address, v.data)
		}
		if err != nil {
			m.release(addresses)
			return nil, fmt.Errorf("ptxsim: loading the variable %s: %w", v.name, err)
		}
	}
	m.modules[mod] = addresses
	return addresses, nil
}

// Unload frees the variables of a module. A later launch of it begins with fresh ones.
func (m *Memory) Unload(mod *Module) {
	if addresses, ok := m.modules[mod]; ok {
		m.release(addresses)
		delete(m.modules, mod)
	}
}

func (m *Memory) release(addresses map[*variable]uint64) {
	for _, address := range addresses {
		// It was allocated here and is known to nobody but kernels.
		if err := m.Free(address); err != nil {
			panic(err)
		}
	}
}

// makeThreads prepares the threads of a block, with all the values that hold for the whole launch.
func (g *grid) makeThreads(addresses map[*variable]uint64) {
	e, l := g.entry, &g.launch
	values := make([]uint64, e.slots)
	for i := range slot(3) {
		values[slotNtid+i] = uint64(l.Block[i])
		values[slotNctaid+i] = uint64(l.Grid[i])
	}
	for _, c := range e.constants {
		values[c.slot] = c.value
	}
	for _, p := range e.arguments {
		var number [8]byte
		copy(number[:], l.Params[p.offset:p.offset+p.bytes])
		values[p.slot] = binary.LittleEndian.Uint64(number[:])
	}
	for _, p := range e.places {
		values[p.slot] = addresses[p.variable] + uint64(p.offset)
	}
	count := l.Block[0] * l.Block[1] * l.Block[2]
	g.threads = make([]thread, count)
	g.order = make([]int, count)
	for i := range g.threads {
		t := &g.threads[i]
		t.index = i
		t.values = append([]uint64(nil), values...)
		for axis, at := range g.threadAt(i) {
			t.values[int(slotTid)+axis] = uint64(at)
		}
		t.values[slotLane] = uint64(i % warpSize)
		t.local = make([]byte, e.localBytes)
		t.wrote = make([]bool, e.localBytes)
		g.order[i] = i
	}
}

// threadAt returns the place of a thread in its block.
func (g *grid) threadAt(index int) [3]int { return split(index, g.launch.Block) }

// blockAt returns the place of a block in the grid.
func (g *grid) blockAt(index int) [3]int { return split(index, g.launch.Grid) }

func split(index int, size [3]int) [3]int {
	return [3]int{index % size[0], index / size[0] % size[1], index / (size[0] * size[1])}
}
