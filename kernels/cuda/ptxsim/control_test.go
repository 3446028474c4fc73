package ptxsim

import (
	"slices"
	"testing"
)

func TestControl(t *testing.T) {
	for _, test := range []struct {
		name string
		body string
		n    uint32
		want []uint32 // at b
	}{
		{"a loop", "mov.u32 %r1, 0; mov.u32 %r2, 0;\nL: add.u32 %r2, %r2, %r1; add.u32 %r1, %r1, 1; setp.lt.u32 %p1, %r1, %n; @%p1 bra L;\nst.global.u32 [%rb], %r2; ret;", 10, []uint32{45}},
		{"a branch not taken", "setp.eq.u32 %p1, %n, 1; mov.u32 %r1, 1; @!%p1 bra L; mov.u32 %r1, 2;\nL: st.global.u32 [%rb], %r1;", 0, []uint32{1}},
		{"a switch, first", "T: .branchtargets A, B, C; mov.u32 %r1, 0; brx.idx.uni %n, T;\nA: add.u32 %r1, %r1, 1;\nB: add.u32 %r1, %r1, 10;\nC: add.u32 %r1, %r1, 100; st.global.u32 [%rb], %r1; ret;", 0, []uint32{111}},
		{"a switch, last", "T: .branchtargets A, B, C; mov.u32 %r1, 0; brx.idx %n, T;\nA: add.u32 %r1, %r1, 1;\nB: add.u32 %r1, %r1, 10;\nC: add.u32 %r1, %r1, 100; st.global.u32 [%rb], %r1; ret;", 2, []uint32{100}},
		{"a guarded switch", "T: .branchtargets A, A; setp.eq.u32 %p1, %n, 5; mov.u32 %r1, 3; @%p1 brx.idx %n, T;\nst.global.u32 [%rb], %r1; ret;\nA: trap;", 9, []uint32{3}},
		{"guards", "setp.eq.u32 %p1, %n, 1; mov.u32 %r1, 1; @%p1 mov.u32 %r1, 2; @!%p1 add.u32 %r1, %r1, 5; st.global.u32 [%rb], %r1; exit;", 1, []uint32{2}},
		{"a guarded store", "setp.eq.u32 %p1, %n, 1; st.global.u32 [%rb], 4; @%p1 st.global.u32 [%rb], 5; ret;", 0, []uint32{4}},
		{"an inner register hides an outer one", "mov.u32 %r1, 7; { .reg .b32 %r1; mov.u32 %r1, 9; } st.global.u32 [%rb], %r1; ret;", 0, []uint32{7}},
		{"a body that runs into its end", "st.global.u32 [%rb], 3;", 0, []uint32{3}},
		{"a label at the end", "st.global.u32 [%rb], 3; bra.uni L; st.global.u32 [%rb], 4; L:", 0, []uint32{3}},
		{"vectors", "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%ra+16]; st.global.v4.u32 [%rb], {%r4, %r3, %r2, 99}; st.global.v2.u32 [%rb+16], {%r1, %r1}; ret;", 0, []uint32{7, 6, 5, 99, 4, 4}},
		{"vectors of bytes", "ld.global.v4.u8 {%h1, %h2, %h3, %h4}, [%ra+4]; cvt.u32.u16 %r1, %h1; cvt.u32.u16 %r2, %h2; st.global.v2.u32 [%rb], {%r1, %r2}; ret;", 0, []uint32{1, 0}},
		{"vectors of 64 bits", "ld.global.v2.u64 {%rd1, %rd2}, [%ra]; st.global.v2.u64 [%rb], {%rd2, %rd1}; ret;", 0, []uint32{2, 3, 0, 1}},
		{"bytes, with their sign and without", "st.global.u8 [%rb], 200; ld.global.s8 %r1, [%rb]; ld.global.u8 %r2, [%rb]; st.global.u32 [%rb+4], %r1; st.global.u32 [%rb], %r2; ret;", 0, []uint32{200, 0xffffffc8}},
		{"half words", "st.global.u16 [%rb], 0xfff0; ld.global.s16 %r1, [%rb]; ld.global.u16 %rd1, [%rb]; cvt.u32.u64 %r2, %rd1; st.global.v2.u32 [%rb], {%r1, %r2}; ret;", 0, []uint32{0xfffffff0, 0xfff0}},
		{"a wide register stored narrowly", "mov.u64 %rd1, 0x1122334455667788; st.global.u32 [%rb], %rd1; st.global.u8 [%rb+3], %rd1; ret;", 0, []uint32{0x88667788}},
		{"packing and unpacking", "mov.b64 %rd1, {%n, 5}; mov.b64 {%r1, %r2}, %rd1; mov.b32 {%h1, %h2}, 0x00010002; mov.b32 %r3, {%h2, %h1}; mov.b64 {_, %r4}, %rd1; st.global.v4.u32 [%rb], {%r1, %r2, %r3, %r4}; ret;", 3, []uint32{3, 5, 0x00020001, 5}},
		{"swapping by packing", "mov.b64 %rd1, {1, 2}; mov.b64 {%r1, %r2}, %rd1; mov.b64 %rd1, {%r2, %r1}; st.global.u64 [%rb], %rd1; ret;", 0, []uint32{2, 1}},
		{"local memory", ".local .align 8 .b8 l[16]; mov.u64 %rd1, l; cvta.local.u64 %rd2, %rd1; st.local.u32 [%rd1+4], 6; ld.u32 %r1, [%rd2+4]; cvta.to.local.u64 %rd3, %rd2; ld.local.u32 %r2, [%rd3+4]; st.global.v2.u32 [%rb], {%r1, %r2}; ret;", 0, []uint32{6, 6}},
		{"a vector of which a part is dropped", "ld.global.v2.u32 {_, %r1}, [%ra+16]; st.global.u32 [%rb], %r1; ret;", 0, []uint32{5}},
		{"a generic address of a name", ".shared .align 4 .b8 s[16]; cvta.shared.u64 %rd1, s+4; st.u32 [%rd1], 8; ld.shared.u32 %r1, [s+4]; st.global.u32 [%rb], %r1; ret;", 0, []uint32{8}},
		{"an address by name", ".shared .align 4 .b8 s[16]; st.shared.u32 [s+8], 6; mov.u64 %rd1, s+4; ld.shared.u32 %r1, [%rd1+4]; st.global.u32 [%rb], %r1; ret;", 0, []uint32{6}},
		{"special registers in arithmetic", "cvt.u64.u32 %rd1, %ntid.x; add.u32 %r1, %nctaid.x, 4; st.global.u64 [%rb], %rd1; st.global.u32 [%rb+4], %r1; ret;", 0, []uint32{1, 5}},
		{"a parameter in parts", "ld.param.u32 %r1, [a]; cvt.u32.u64 %r2, %ra; sub.u32 %r1, %r1, %r2; ld.param.u8 %r2, [n+1]; ld.param.s8 %r3, [n]; ld.param.v2.u16 {%h1, %h2}, [n]; cvt.u32.u16 %r4, %h1; st.global.v4.u32 [%rb], {%r1, %r2, %r3, %r4}; ret;", 0x7f81, []uint32{0, 0x7f, 0xffffff81, 0x7f81}},
		{"fences", "membar.gl; membar.cta; fence.acq_rel.gpu; st.global.u32 [%rb], 1; ret;", 0, []uint32{1}},
		{"floats as bits", "mov.f32 %f1, 0f40490FDB; mov.b32 %r1, %f1; and.b32 %r2, %f1, 255; st.global.v2.u32 [%rb], {%r1, %r2}; ret;", 0, []uint32{0x40490fdb, 0xdb}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newBench(t)
			r.mustRun(t, test.body, test.n)
			if got := r.words(t, r.b, len(test.want)); !slices.Equal(got, test.want) {
				t.Errorf("%#x, want %#x", got, test.want)
			}
		})
	}
}

// Every thread finds its place in special registers.
func TestSpecialRegisters(t *testing.T) {
	const text = header + `.entry k(.param .u64 b)
{
.reg .b32 %r<32>; .reg .b64 %rd<4>;
ld.param.u64 %rd1, [b];
mov.u32 %r1, %tid.x; mov.u32 %r2, %tid.y; mov.u32 %r3, %tid.z; mov.u32 %r4, %ntid.x; mov.u32 %r5, %ntid.y; mov.u32 %r6, %ntid.z;
mov.u32 %r7, %ctaid.x; mov.u32 %r8, %ctaid.y; mov.u32 %r9, %ctaid.z; mov.u32 %r10, %nctaid.x; mov.u32 %r11, %nctaid.y; mov.u32 %r12, %nctaid.z;
mov.u32 %r13, %laneid;
mad.lo.u32 %r20, %r3, %r5, %r2; mad.lo.u32 %r20, %r20, %r4, %r1; // the thread's number
mad.lo.u32 %r21, %r9, %r11, %r8; mad.lo.u32 %r21, %r21, %r10, %r7; // the block's
mul.lo.u32 %r22, %r4, %r5; mul.lo.u32 %r22, %r22, %r6;
mad.lo.u32 %r23, %r21, %r22, %r20;
mul.wide.u32 %rd2, %r23, 16; add.s64 %rd1, %rd1, %rd2;
st.global.v4.u32 [%rd1], {%r20, %r21, %r13, %r12};
ret;
}
`
	m := mustParse(t, text)
	e, _ := m.Entry("k")
	memory := NewMemory(1 << 20)
	const threads, blocks = 3 * 4 * 5, 2 * 3 * 4
	out := allocate(t, memory, make([]byte, 16*threads*blocks))
	params, err := PackParams(e, out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := memory.Launch(m, Launch{Entry: "k", Grid: [3]int{2, 3, 4}, Block: [3]int{3, 4, 5}, Params: params, Seed: 9}); err != nil {
		t.Fatal(err)
	}
	words := (&bench{memory: memory}).words(t, out, 4*threads*blocks)
	for i := range threads * blocks {
		thread, block := uint32(i%threads), uint32(i/threads)
		if got, want := words[4*i:4*i+4], []uint32{thread, block, thread % 32, 4}; !slices.Equal(got, want) {
			t.Fatalf("record %d is %d, want %d", i, got, want)
		}
	}
}

// A sum over a tree with a barrier a level, in every order of threads.
func TestBarriersOrderThreads(t *testing.T) {
	for seed := range uint64(10) {
		r := newBench(t)
		r.launch.Block[0], r.launch.Seed, r.launch.Shared = 64, seed, 0
		counts := r.mustRun(t, `.shared .align 4 .b8 s[256];
mov.u64 %rd1, s; add.s64 %rd1, %rd1, %rd8;
ld.global.u32 %r1, [%rd9]; st.shared.u32 [%rd1], %r1;
mov.u32 %r2, 32;
LOOP: bar.sync 0;
setp.ge.u32 %p1, %tid, %r2; @%p1 bra NEXT;
mul.wide.u32 %rd2, %r2, 4; add.s64 %rd2, %rd1, %rd2;
ld.shared.u32 %r1, [%rd1]; ld.shared.u32 %r3, [%rd2]; add.u32 %r1, %r1, %r3; st.shared.u32 [%rd1], %r1;
NEXT: shr.u32 %r2, %r2, 1; setp.ne.u32 %p1, %r2, 0; @%p1 bra LOOP;
setp.ne.u32 %p1, %tid, 0; @%p1 ret;
ld.shared.u32 %r1, [s]; st.global.u32 [%rb], %r1;
ret;`, 0)
		if got := r.words(t, r.b, 1); got[0] != 63*64/2 {
			t.Errorf("seed %d: %d", seed, got[0])
		}
		if counts.Barriers != 6 {
			t.Errorf("%d barriers, want 6", counts.Barriers)
		}
	}
}
