package ptxsim

import "fmt"

// A word is the shadow of four aligned bytes of memory: who touched them last.
//
// Both records have the fields
//
//	63..32  the phase, 0 if the last access came from outside or never was
//	31..22  the thread within the block
//	21..4   the place in the program
//	3..0    of a write: which of the bytes have ever been written; of a read: flags
//
// A phase is the time between two barriers of one block. Blocks run one after the other, and phases are counted
// through a memory's whole life, so the phases of a launch, and of a block, are a range. Two accesses of different
// threads, one of them a write, are in order only if they lie in different launches, or in different phases of one
// block.
type word struct {
	write, read uint64
}

const (
	byteFlags = 15

	manyBlocks = 1 // other blocks of the same launch read, too
	readOnly   = 2 // one of the reads relies on the bytes not changing during the launch

	placeShift, threadShift, phaseShift = 4, 22, 32
)

// A clock says where in time an access lies.
type clock struct {
	phase       uint64 // now
	blockStart  uint64 // the first phase of the block
	launchStart uint64 // the first phase of the launch
}

// record packs an access.
func (c *clock) record(thread, place uint64) uint64 {
	return c.phase<<phaseShift | thread<<threadShift | place<<placeShift
}

func threadOf(record uint64) uint64 { return record >> threadShift & (maxThreads - 1) }
func placeOf(record uint64) uint64  { return record >> placeShift & (maxInstructions - 1) }

// noteRead takes a read of some bytes of a word into account. It reports whether they may be read.
func (w *word) noteRead(c *clock, now, bytes uint64) bool {
	last := w.write
	if ^last&bytes != 0 {
		return false
	}
	if phase := last >> phaseShift; phase >= c.launchStart {
		if phase < c.blockStart || phase == c.phase && (last^now)>>threadShift != 0 {
			return false
		}
	}
	read := w.read
	switch phase := read >> phaseShift; {
	case phase == c.phase:
		// The first reader stays. It does not run again in this phase, so whoever writes is another thread.
	case phase < c.launchStart:
		w.read = now
	case phase < c.blockStart:
		w.read = now | read&readOnly | manyBlocks
	default:
		w.read = now | read&(readOnly|manyBlocks)
	}
	return true
}

// noteReadOnly is noteRead of ld.global.nc.
func (w *word) noteReadOnly(c *clock, now, bytes uint64) bool {
	if w.write>>phaseShift >= c.launchStart || !w.noteRead(c, now, bytes) {
		return false
	}
	w.read |= readOnly
	return true
}

// noteWrite takes a write of some bytes of a word into account. It reports whether they may be written.
func (w *word) noteWrite(c *clock, now, bytes uint64) bool {
	last := w.write
	if phase := last >> phaseShift; phase >= c.launchStart {
		if phase < c.blockStart || phase == c.phase && (last^now)>>threadShift != 0 {
			return false
		}
	}
	read := w.read
	if phase := read >> phaseShift; phase >= c.launchStart {
		if phase < c.blockStart || read&(manyBlocks|readOnly) != 0 ||
			phase == c.phase && (read^now)>>threadShift != 0 {
			return false
		}
	}
	w.write = now | last&byteFlags | bytes
	return true
}

// explain says why noteRead, noteReadOnly or noteWrite refused.
func (g *grid) explain(w *word, now, bytes uint64, write, constant bool) error {
	last, read := w.write, w.read
	if !write && ^last&bytes != 0 {
		return ErrUnwritten
	}
	if phase := last >> phaseShift; phase >= g.clock.launchStart {
		if constant && phase >= g.clock.blockStart && (phase < g.clock.phase || (last^now)>>threadShift == 0) {
			return fmt.Errorf("%w: it was written by %s", ErrReadOnly, g.culprit(last))
		}
		if phase < g.clock.blockStart || phase == g.clock.phase && (last^now)>>threadShift != 0 {
			return fmt.Errorf("%w: the same word is written by %s", ErrRace, g.culprit(last))
		}
	}
	alone := read>>phaseShift == g.clock.phase && (read^now)>>threadShift == 0 && read&manyBlocks == 0
	ordered := read>>phaseShift >= g.clock.blockStart && read>>phaseShift < g.clock.phase && read&manyBlocks == 0
	switch {
	case read&readOnly != 0 && (ordered || alone):
		return fmt.Errorf("%w: it was read by %s", ErrReadOnly, g.culprit(read))
	case read&manyBlocks != 0:
		return fmt.Errorf("%w: the same word is read by several blocks, and by %s", ErrRace, g.culprit(read))
	}
	return fmt.Errorf("%w: the same word is read by %s", ErrRace, g.culprit(read))
}

// culprit names the thread and the instruction of a record.
func (g *grid) culprit(record uint64) string {
	whose := "another block"
	if record>>phaseShift >= g.clock.blockStart {
		whose = "this block"
	}
	return fmt.Sprintf("thread %s of %s, at %s", coordinates(g.threadAt(int(threadOf(record)))), whose, g.at(placeOf(record)))
}
