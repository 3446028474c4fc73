package ptxsim

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Programs that race, each beside its cure. The shared array s has a word a thread, the block 64 threads.
func TestRaces(t *testing.T) {
	const own = ".shared .align 4 .b8 s[256]; mov.u64 %rd1, s; mul.wide.u32 %rd2, %tid, 4; add.s64 %rd1, %rd1, %rd2;\n" +
		"xor.b32 %r1, %tid, 1; mov.u64 %rd3, s; mul.wide.u32 %rd4, %r1, 4; add.s64 %rd3, %rd3, %rd4; st.shared.u32 [%rd1], 0; bar.sync 0;\n" // %rd1: the thread's word, %rd3: its neighbour's
	const oneBlock, manyBlocks = 1, 4
	for _, test := range []struct {
		name   string
		body   string
		blocks int
		words  string // of the message; "" if there is no race
	}{
		{"read of what another thread has just written", own + "st.shared.u32 [%rd1], %tid;\nld.shared.u32 %r2, [%rd3];\nret;", oneBlock, "of this block"},
		{"behind a barrier", own + "st.shared.u32 [%rd1], %tid;\nbar.sync 0;\nld.shared.u32 %r2, [%rd3];\nret;", oneBlock, ""},
		{"behind a fence, which is no barrier", own + "st.shared.u32 [%rd1], %tid;\nmembar.cta;\nld.shared.u32 %r2, [%rd3];\nret;", oneBlock, "of this block"},
		{"write of what another thread has just read", own + "st.shared.u32 [%rd1], %tid;\nbar.sync 0;\nld.shared.u32 %r2, [%rd3];\nst.shared.u32 [%rd1], %r2;\nret;", oneBlock, "by thread"},
		{"behind two barriers", own + "st.shared.u32 [%rd1], %tid;\nbar.sync 0;\nld.shared.u32 %r2, [%rd3];\nbar.sync 0;\nst.shared.u32 [%rd1], %r2;\nret;", oneBlock, ""},
		{"two writes", ".shared .align 4 .b8 s[4];\nst.shared.u32 [s], %tid;\nret;", oneBlock, "is written by"},
		{"two writes of the same value", ".shared .align 4 .b8 s[4];\nst.shared.u32 [s], 7;\nret;", oneBlock, "is written by"},
		{"one write", ".shared .align 4 .b8 s[4]; setp.eq.u32 %p1, %tid, 0;\n@%p1 st.shared.u32 [s], 7;\nbar.sync 0;\nld.shared.u32 %r1, [s];\nret;", oneBlock, ""},
		{"many reads, then a write by one of the readers",
			".shared .align 4 .b8 s[4]; setp.eq.u32 %p1, %tid, 0;\n@%p1 st.shared.u32 [s], 7;\nbar.sync 0;\nld.shared.u32 %r1, [s];\n@%p1 st.shared.u32 [s], 8;\nret;", oneBlock, "thread"},
		{"bytes of one word", ".shared .align 4 .b8 s[64]; mov.u64 %rd1, s; cvt.u64.u32 %rd2, %tid; add.s64 %rd1, %rd1, %rd2;\nst.shared.u8 [%rd1], %tid;\nret;", oneBlock, "is written by"},
		{"a vector over another thread's word", own + "st.shared.u32 [%rd1], %tid;\nand.b64 %rd5, %rd1, -8;\nld.shared.v2.u32 {%r2, %r3}, [%rd5];\nret;", oneBlock, "thread"},
		{"the thread's own word, again and again", own + "st.shared.u32 [%rd1], 1;\nld.shared.u32 %r2, [%rd1];\nst.shared.u32 [%rd1], %r2;\nret;", oneBlock, ""},
		{"generic addresses", own + "cvta.shared.u64 %rd1, %rd1; cvta.shared.u64 %rd3, %rd3;\nst.u32 [%rd1], %tid;\nld.u32 %r2, [%rd3];\nret;", oneBlock, "of this block"},

		{"global memory without a barrier", "st.global.u32 [%rd9], 1;\nxor.b32 %r1, %tid, 1; mul.wide.u32 %rd1, %r1, 4; add.s64 %rd1, %ra, %rd1;\nld.global.u32 %r2, [%rd1];\nret;", oneBlock, "thread"},
		{"global memory with one", "st.global.u32 [%rd9], 1;\nxor.b32 %r1, %tid, 1; mul.wide.u32 %rd1, %r1, 4; add.s64 %rd1, %ra, %rd1;\nbar.sync 0;\nld.global.u32 %r2, [%rd1];\nret;", oneBlock, ""},
		{"one word written by several blocks", "setp.eq.u32 %p1, %tid, 0;\n@%p1 st.global.u32 [%rb], 1;\nret;", manyBlocks, "of another block"},
		{"several blocks, with barriers, which do not help", "setp.eq.u32 %p1, %tid, 0;\nbar.sync 0;\n@%p1 st.global.u32 [%rb], 1;\nbar.sync 0;\nret;", manyBlocks, "of another block"},
		{"read by several blocks, written by one",
			"ld.global.u32 %r1, [%ra]; mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; setp.eq.and.u32 %p1, %tid, 0, %p1;\nbar.sync 0;\n@%p1 st.global.u32 [%ra], 9;\nret;", manyBlocks, "block"},
		{"read by all", "ld.global.u32 %r1, [%ra];\nbar.sync 0;\nld.global.u32 %r2, [%ra];\nret;", manyBlocks, ""},
		{"a word a block", "mov.u32 %r1, %ctaid.x; mul.wide.u32 %rd1, %r1, 4; add.s64 %rd1, %rb, %rd1; setp.eq.u32 %p1, %tid, 0;\n@%p1 st.global.u32 [%rd1], 1;\nret;", manyBlocks, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(4) {
				r := newBench(t)
				r.launch.Grid[0], r.launch.Block[0], r.launch.Seed = test.blocks, 64, seed
				_, err := r.run(t, test.body, 0)
				if test.words == "" {
					if err != nil {
						t.Fatal(err)
					}
					continue
				}
				if text := fmt.Sprint(err); !errors.Is(err, ErrRace) || !strings.Contains(text, test.words) || !strings.Contains(text, "at line ") {
					t.Fatalf("error %v, want a race whose message holds %q and a second line", err, test.words)
				}
			}
		})
	}
}

// Memory read by ld.global.nc in one block and written in another is wrong in every order: it is the promise of a
// constant that breaks, or a race.
func TestConstantReadAndWrittenByAnotherBlock(t *testing.T) {
	seen := map[error]bool{}
	for seed := range uint64(20) {
		r := newBench(t)
		r.launch.Grid[0], r.launch.Seed = 2, seed
		_, err := r.run(t, "mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0;\n@%p1 ld.global.nc.u32 %r1, [%ra];\n@!%p1 st.global.u32 [%ra], 9;\nret;", 0)
		for _, kind := range []error{ErrRace, ErrReadOnly} {
			seen[kind] = seen[kind] || errors.Is(err, kind)
		}
		if err == nil {
			t.Fatalf("seed %d: no error", seed)
		}
	}
	if !seen[ErrRace] {
		t.Error("no seed shows a race")
	}
}

// A read before another thread's write finds bytes that nobody has written, in whatever order they come.
func TestReadBeforeWrite(t *testing.T) {
	kinds := map[error]int{}
	for seed := range uint64(20) {
		r := newBench(t)
		r.launch.Block[0], r.launch.Seed = 2, seed
		_, err := r.run(t, ".shared .align 4 .b8 s[4]; setp.eq.u32 %p1, %tid, 0;\n@%p1 st.shared.u32 [s], 1;\n@!%p1 ld.shared.u32 %r1, [s];\nret;", 0)
		for _, kind := range []error{ErrRace, ErrUnwritten} {
			if errors.Is(err, kind) {
				kinds[kind]++
			}
		}
	}
	if kinds[ErrRace] == 0 || kinds[ErrUnwritten] == 0 || kinds[ErrRace]+kinds[ErrUnwritten] != 20 {
		t.Errorf("%v", kinds)
	}
}

// Launches are in order: what one wrote another may read, in any thread.
func TestLaunchesAreInOrder(t *testing.T) {
	r := newBench(t)
	r.launch.Block[0] = 32
	r.mustRun(t, "st.global.u32 [%rd9], %tid; ret;", 0)
	r.mustRun(t, "sub.u32 %r1, 31, %tid; mul.wide.u32 %rd1, %r1, 4; add.s64 %rd1, %ra, %rd1;\nld.global.nc.u32 %r2, [%rd1]; add.s64 %rd2, %rb, %rd8; st.global.u32 [%rd2], %r2; ret;", 0)
	for i, got := range r.words(t, r.b, 32) {
		if got != uint32(31-i) {
			t.Errorf("word %d is %d", i, got)
		}
	}
}

// Phases are counted anew before their 32 bits run over; what was written stays written.
func TestPhasesStartAnew(t *testing.T) {
	r := newBench(t)
	r.launch.Block[0] = 2
	const body = "ld.global.u32 %r1, [%rd9];\nbar.sync 0;\nst.global.u32 [%rd9], %r1; ret;"
	r.mustRun(t, body, 0)
	r.memory.phase = 1<<31 + 5
	r.mustRun(t, body, 0)
	if r.memory.phase > 10 {
		t.Errorf("the phase is %d", r.memory.phase)
	}
	_, err := r.run(t, "st.global.u32 [%ra], %tid; ret;", 0)
	wantFault(t, err, ErrRace, firstBodyLine)
}
