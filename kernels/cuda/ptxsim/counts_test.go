package ptxsim

import (
	"maps"
	"testing"
)

func TestCounts(t *testing.T) {
	r := newBench(t)
	r.launch.Block[0], r.launch.Grid[0] = 40, 1
	got := r.mustRun(t, `.shared .align 16 .b8 s[640];
mul.wide.u32 %rd1, %tid, 16; mov.u64 %rd2, s; add.s64 %rd2, %rd2, %rd1;
ld.global.f32 %f1, [%rd9];
fma.rn.f32 %f2, %f1, %f1, %f1; add.rn.f32 %f3, %f2, %f1;
st.shared.v4.f32 [%rd2], {%f1, %f2, %f3, %f3};
bar.sync 0;
setp.ge.u32 %p1, %tid, 33; @%p1 bra L;
ld.shared.f32 %f4, [%rd2+8]; add.s64 %rd3, %rb, %rd8; st.global.f32 [%rd3], %f4;
membar.cta;
@%p1 fma.rn.f32 %f2, %f1, %f1, %f1;
L: ret;`, 0)
	opcodes := map[string]int64{
		"ld.param.u64": 80, "ld.param.u32": 40, "mov.u32": 40, "mul.wide.u32": 80, "add.s64": 80 + 33, "mov.u64": 40,
		"ld.global.f32": 40, "fma.rn.f32": 40, "add.rn.f32": 40, "st.shared.v4.f32": 40, "bar.sync": 40,
		"setp.ge.u32": 40, "bra": 40, "ld.shared.f32": 33, "st.global.f32": 33, "membar.cta": 33, "ret": 40,
	}
	if !maps.Equal(got.ByOpcode, opcodes) {
		t.Errorf("by opcode %v, want %v", got.ByOpcode, opcodes)
	}
	total := int64(0)
	for _, n := range opcodes {
		total += n
	}
	if got.Instructions != total || got.FMA != 40 || got.Barriers != 1 || got.Fences != 33 {
		t.Errorf("%d instructions, %d multiply-adds, %d barriers, %d fences; want %d, 40, 1, 33",
			got.Instructions, got.FMA, got.Barriers, got.Fences, total)
	}
	traffic := Traffic{
		GlobalRead: 160, GlobalLoads: 40, GlobalWritten: 132, GlobalStores: 33,
		SharedWritten: 640, SharedStores: 40, SharedRead: 132, SharedLoads: 33,
	}
	if got.Traffic != traffic {
		t.Errorf("traffic %+v, want %+v", got.Traffic, traffic)
	}
	// Two warps; the second has one thread that goes on behind the branch.
	warp := WarpCounts{FMA: 2, Float: 2, Integer: 2 * (3 + 1 + 2 + 2 + 1 + 1 + 1), GlobalLoads: 2, SharedLoads: 2, Stores: 4, Control: 2 * (1 + 1 + 1 + 1)}
	if got.Warp != warp {
		t.Errorf("warps %+v, want %+v", got.Warp, warp)
	}
	if want := int64(2 + 2 + 22 + 2 + 2 + 4 + 8); got.WarpInstructions != want {
		t.Errorf("%d warp instructions, want %d", got.WarpInstructions, want)
	}
}

// The threads of a warp that take two paths between barriers issue as much as the longer one, by class.
func TestCountsOfDivergence(t *testing.T) {
	r := newBench(t)
	r.launch.Block[0] = 32
	got := r.mustRun(t, `mov.f32 %f1, 0f3F800000; setp.lt.u32 %p1, %tid, 5; @%p1 bra L;
fma.rn.f32 %f1, %f1, %f1, %f1; fma.rn.f32 %f1, %f1, %f1, %f1; ret;
L: fma.rn.f32 %f1, %f1, %f1, %f1; add.rn.f32 %f1, %f1, %f1; ret;`, 0)
	if got.Warp.FMA != 2 || got.Warp.Float != 1 || got.FMA != 2*27+5 {
		t.Errorf("%d and %d of warps, %d of threads", got.Warp.FMA, got.Warp.Float, got.FMA)
	}
}

func TestTransactions(t *testing.T) {
	const shared = ".shared .align 16 .b8 s[16384]; mov.u64 %rd1, s;\n"
	for _, test := range []struct {
		name       string
		body       string
		threads    int
		sectors    int64
		wavefronts int64
	}{
		{"a row of words", "ld.global.u32 %r1, [%rd9]; ret;", 32, 4, 0},
		{"two warps", "ld.global.u32 %r1, [%rd9]; ret;", 64, 8, 0},
		{"one word for all", "ld.global.u32 %r1, [%ra+8]; ret;", 32, 1, 0},
		{"a row that is not aligned", "setp.eq.u32 %p1, %tid, 31; @%p1 ret; ld.global.u32 %r1, [%rd9+4]; ret;", 32, 4, 0},
		{"one word of each sector", "and.b32 %r1, %tid, 7; mul.wide.u32 %rd1, %r1, 32; add.s64 %rd1, %ra, %rd1; ld.global.u32 %r1, [%rd1]; ret;", 32, 8, 0},
		{"vectors", "and.b32 %r1, %tid, 15; mul.wide.u32 %rd1, %r1, 16; add.s64 %rd1, %ra, %rd1; ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%rd1]; ret;", 32, 8, 0},
		{"a loop, in which each time counts", "mov.u32 %r1, 3; L: ld.global.u32 %r2, [%rd9]; sub.u32 %r1, %r1, 1; setp.ne.u32 %p1, %r1, 0; @%p1 bra L; ret;", 32, 12, 0},
		{"behind a barrier, too", "ld.global.u32 %r2, [%rd9]; bar.sync 0; ld.global.u32 %r2, [%rd9]; ret;", 32, 8, 0},
		{"stores", "add.s64 %rd1, %rb, %rd8; st.global.u32 [%rd1], %tid; ret;", 32, 4, 0},

		{"a row of shared words", shared + "add.s64 %rd1, %rd1, %rd8; st.shared.u32 [%rd1], %tid; ret;", 32, 0, 1},
		{"every second word", shared + "mul.wide.u32 %rd2, %tid, 8; add.s64 %rd1, %rd1, %rd2; st.shared.u32 [%rd1], %tid; ret;", 32, 0, 2},
		{"one bank", shared + "mul.wide.u32 %rd2, %tid, 128; add.s64 %rd1, %rd1, %rd2; st.shared.u32 [%rd1], %tid; ret;", 32, 0, 32},
		{"a stride of 33", shared + "mul.wide.u32 %rd2, %tid, 132; add.s64 %rd1, %rd1, %rd2; st.shared.u32 [%rd1], %tid; ret;", 32, 0, 1},
		{"one word for all, which is free", shared + "setp.eq.u32 %p1, %tid, 0; @%p1 st.shared.u32 [s], 1; bar.sync 0; ld.shared.u32 %r1, [s]; ret;", 32, 0, 2},
		{"vectors of shared words", shared + "mul.wide.u32 %rd2, %tid, 16; add.s64 %rd1, %rd1, %rd2; st.shared.v4.u32 [%rd1], {%tid, %tid, %tid, %tid}; ret;", 32, 0, 4},
		{"pairs of shared words", shared + "mul.wide.u32 %rd2, %tid, 8; add.s64 %rd1, %rd1, %rd2; st.shared.v2.u32 [%rd1], {%tid, %tid}; ret;", 32, 0, 2},
		{"vectors in conflict", shared + "mul.wide.u32 %rd2, %tid, 128; add.s64 %rd1, %rd1, %rd2; st.shared.v4.u32 [%rd1], {%tid, %tid, %tid, %tid}; ret;", 32, 0, 32},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newBench(t)
			r.launch.Block[0], r.launch.Trace = test.threads, true
			got := r.mustRun(t, test.body, 0)
			if got.GlobalSectors != test.sectors || got.SharedWavefronts != test.wavefronts {
				t.Errorf("%d sectors, %d wavefronts; want %d, %d", got.GlobalSectors, got.SharedWavefronts, test.sectors, test.wavefronts)
			}
		})
	}
}

// Generic accesses are counted in the space that they meet.
func TestCountsOfGenericAccesses(t *testing.T) {
	r := newBench(t)
	got := r.mustRun(t, ".shared .align 4 .b8 s[4]; mov.u64 %rd1, s; cvta.shared.u64 %rd1, %rd1; st.u32 [%rd1], 1; ld.u32 %r1, [%rd1]; ld.u32 %r2, [%ra]; ret;", 0)
	if want := (Traffic{SharedWritten: 4, SharedStores: 1, SharedRead: 4, SharedLoads: 1, GlobalRead: 4, GlobalLoads: 1}); got.Traffic != want {
		t.Errorf("%+v, want %+v", got.Traffic, want)
	}
}
