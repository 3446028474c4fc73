package ptxsim

// Counts say what a launch did. An instruction whose guard was false is not counted.
type Counts struct {
	Instructions int64            // of all threads
	ByOpcode     map[string]int64 // of all threads, by the opcode of the text: "fma.rn.f32"
	FMA          int64            // fused multiply-adds of all threads
	Traffic
	Barriers int64 // passed by whole blocks
	Fences   int64 // of all threads

	// What warps of 32 threads would issue, estimated: between two barriers, the most that any thread of the warp
	// executed, class by class. It is exact where the threads of a warp take one path.
	WarpInstructions int64
	Warp             WarpCounts

	// Only with [Launch].Trace. Accesses of a warp's threads belong together if they are the same execution, counted
	// from the last barrier, of the same instruction.
	GlobalSectors    int64 // aligned pieces of 32 bytes, summed over the accesses of warps
	SharedWavefronts int64 // passes over the 32 banks of 4 bytes that the accesses of warps take; 1 is free of conflicts
}

// Traffic is what all threads read and wrote, without regard to caches. A vector access counts once.
type Traffic struct {
	GlobalRead, GlobalWritten int64 // bytes
	SharedRead, SharedWritten int64
	GlobalLoads, GlobalStores int64
	SharedLoads, SharedStores int64
}

// WarpCounts are instructions of warps by class.
type WarpCounts struct {
	FMA         int64
	Float       int64 // other arithmetic and comparisons of floats
	Integer     int64 // arithmetic, comparisons, conversions, moves, and reads of parameters and constants
	GlobalLoads int64
	SharedLoads int64
	Stores      int64 // global and shared
	Local       int64 // loads and stores of local memory: arrays that found no registers
	Control     int64 // branches, returns, barriers, fences
}

// Classes of instructions, in the order of WarpCounts.
const (
	classFMA = iota
	classFloat
	classInteger
	classGlobalLoad
	classSharedLoad
	classStore
	classLocal
	classControl
	classes
)

// classOf returns the class of a micro-operation that stands for an opcode. A generic load counts as global.
func classOf(m *micro, opcode string) int {
	switch m.op {
	case opLoad, opLoadGlobal32, opLoadShared32, opLoadNC:
		switch m.space {
		case sharedSpace:
			return classSharedLoad
		case localSpace:
			return classLocal
		case constSpace:
			return classInteger
		}
		return classGlobalLoad
	case opStore, opStoreShared32:
		if m.space == localSpace {
			return classLocal
		}
		return classStore
	case opBranch, opBranchIf, opBranchNot, opSwitch, opReturn, opBarrier, opFence, opTrap:
		return classControl
	case opFMA:
		return classFMA
	}
	if isFloatOpcode(opcode) {
		return classFloat
	}
	return classInteger
}

// addAccess adds one execution of a load or store to the traffic.
func (t *Traffic) addAccess(s space, write bool, bytes int64) {
	switch {
	case s == globalSpace && write:
		t.GlobalWritten += bytes
		t.GlobalStores++
	case s == globalSpace:
		t.GlobalRead += bytes
		t.GlobalLoads++
	case s == sharedSpace && write:
		t.SharedWritten += bytes
		t.SharedStores++
	case s == sharedSpace:
		t.SharedRead += bytes
		t.SharedLoads++
	}
}

// add adds n times another traffic.
func (t *Traffic) add(other *Traffic, n int64) {
	t.GlobalRead += n * other.GlobalRead
	t.GlobalWritten += n * other.GlobalWritten
	t.SharedRead += n * other.SharedRead
	t.SharedWritten += n * other.SharedWritten
	t.GlobalLoads += n * other.GlobalLoads
	t.GlobalStores += n * other.GlobalStores
	t.SharedLoads += n * other.SharedLoads
	t.SharedStores += n * other.SharedStores
}

// warpCounts sorts numbers by class into their names.
func warpCounts(n *[classes]int64) WarpCounts {
	return WarpCounts{
		FMA: n[classFMA], Float: n[classFloat], Integer: n[classInteger],
		GlobalLoads: n[classGlobalLoad], SharedLoads: n[classSharedLoad], Stores: n[classStore],
		Local: n[classLocal], Control: n[classControl],
	}
}
