package ptxsim

import "slices"

// A trace pairs the accesses of the threads of a warp, to count how many transactions they make together.
type trace struct {
	threads [][]event // since the last barrier
	seen    map[int]uint64

	sectors, wavefronts int64
}

// An event is one access of a thread.
type event struct {
	pc, occurrence uint64 // the occurrence-th execution of the instruction since the last barrier
	space          space
	address        uint64
	bytes          uint64
}

func newTrace(block [3]int) *trace {
	return &trace{threads: make([][]event, block[0]*block[1]*block[2]), seen: map[int]uint64{}}
}

// add notes an access.
func (t *trace) add(thread, pc int, s space, address, bytes uint64) {
	if s != globalSpace && s != sharedSpace {
		return
	}
	t.threads[thread] = append(t.threads[thread], event{uint64(pc), t.seen[pc], s, address, bytes})
	t.seen[pc]++
}

// endOfThread forgets how often the thread executed what; the next thread begins.
func (t *trace) endOfThread() { clear(t.seen) }

// endOfPhase counts the transactions since the last barrier.
func (t *trace) endOfPhase() {
	for first := 0; first < len(t.threads); first += warpSize {
		t.countWarp(t.threads[first:min(first+warpSize, len(t.threads))])
	}
	for i := range t.threads {
		t.threads[i] = t.threads[i][:0]
	}
}

type execution struct{ pc, occurrence uint64 }

func (t *trace) countWarp(threads [][]event) {
	together := map[execution][]event{}
	for _, events := range threads {
		for _, e := range events {
			key := execution{e.pc, e.occurrence}
			together[key] = append(together[key], e)
		}
	}
	for _, events := range together {
		if events[0].space == globalSpace {
			t.sectors += countSectors(events)
		} else {
			t.wavefronts += countWavefronts(events)
		}
	}
}

// countSectors returns how many aligned pieces of 32 bytes the threads of a warp touch.
func countSectors(events []event) int64 {
	sectors := make([]uint64, 0, 2*warpSize)
	for _, e := range events {
		sectors = append(sectors, e.address/32)
	}
	slices.Sort(sectors)
	return int64(len(slices.Compact(sectors))) // an aligned access of up to 16 bytes lies in one
}

// countWavefronts returns how often the banks are asked. Threads go in groups that read 128 bytes at most: 32 of
// accesses up to 4 bytes, 16 of 8 bytes, 8 of 16 bytes. Within a group, a bank gives one word at a time, to all threads
// that want it.
func countWavefronts(events []event) int64 {
	group := warpSize
	if bytes := int(events[0].bytes); bytes > 4 {
		group = 128 / bytes
	}
	total := int64(0)
	for part := range slices.Chunk(events, group) {
		var words []uint64
		for _, e := range part {
			for at := uint64(0); at < max(e.bytes, 4); at += 4 {
				words = append(words, (e.address+at)/4)
			}
		}
		slices.Sort(words)
		var banks [32]int64
		for _, w := range slices.Compact(words) {
			banks[w%32]++
		}
		total += slices.Max(banks[:])
	}
	return total
}
