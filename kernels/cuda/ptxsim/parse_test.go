package ptxsim

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	m := mustParse(t, `// a comment
.version 4.2 /* and
another */ .target sm_53
.address_size 64
.visible .entry first(
	.param .u64 .ptr .global .align 16 a,
	.param .f32 b,
	.param .align 8 .b8 c[20]
)
.maxntid 16, 4, 1
.minnctapersm 2
{
	.reg .pred %p<3>;
	.reg .b32 %r<14>, %single;
	.shared .align 4 .b8 s[100];
	.pragma "nounroll";
	ret;
}
.weak .entry second { ret; }
`)
	if m.Target() != 53 || !slices.Equal(m.Entries(), []string{"first", "second"}) {
		t.Errorf("target %d, entries %v", m.Target(), m.Entries())
	}
	e, ok := m.Entry("first")
	if !ok {
		t.Fatal("no entry")
	}
	if want := []Param{{"u64", 8}, {"f32", 4}, {"b8", 20}}; !slices.Equal(e.Params(), want) {
		t.Errorf("parameters %v, want %v", e.Params(), want)
	}
	if e.Registers() != 18 || e.StaticShared() != 100 || e.MaxThreads() != 64 || e.paramBytes != 36 {
		t.Errorf("%d registers, %d bytes of shared memory, %d threads, %d bytes of parameters", e.Registers(), e.StaticShared(), e.MaxThreads(), e.paramBytes)
	}
	if second, ok := m.Entry("second"); !ok || len(second.Params()) != 0 || second.MaxThreads() != 0 {
		t.Error("the second entry is wrong")
	}
	if _, ok := m.Entry("third"); ok {
		t.Error("a third entry")
	}
}

// Texts of a body that are refused, in the line that comes first.
func TestBodyErrors(t *testing.T) {
	for _, test := range []struct{ body, words string }{
		{"frob.u32 %r1, %r2;", "the opcode frob.u32 is not known"},
		{"add.q32 %r1, %r2, %r3;", "not known"},
		{"add.f32 %f1, %f2, %f3;", "without .rn may be contracted"},
		{"mul.f32 %f1, %f2, %f3;", "without .rn may be contracted"},
		{"sub.f32 %f1, %f2, %f3;", "without .rn may be contracted"},
		{"mad.rn.f32 %f1, %f2, %f3, %f4;", "write fma.rn"},
		{"add.rn.ftz.f32 %f1, %f2, %f3;", ".ftz"},
		{"div.approx.f32 %f1, %f2, %f3;", ".approx"},
		{"div.full.f32 %f1, %f2, %f3;", ".full"},
		{"ex2.approx.f32 %f1, %f2;", ".approx"},
		{"add.rn.sat.f32 %f1, %f2, %f3;", "not known"},
		{"fma.rz.f32 %f1, %f2, %f3, %f4;", "not known"},
		{"add.rn.f64 %d1, %d2, %d3;", "not known"},
		{"cvt.rn.ftz.f32.s32 %f1, %r1;", ".ftz"},
		{"cvt.f32.s32 %f1, %r1;", "not known"},
		{"cvt.rz.f32.f64 %f1, %d1;", "not known"},
		{"cvt.rn.u32.u64 %r1, %rd1;", "not known"},
		{"cvt.u32 %r1, %rd1;", "not known"},
		{"cvt.sat.f32.f32 %f1, %f2;", "not known"},
		{"cvt.u64.u32 %r1, %r2;", "holds .u64"},
		{"cvt.u32.u64 %r1, %r2;", ".b32 where .u64"},
		{"atom.global.add.u32 %r1, [%ra], 1;", "atomic"},
		{"red.global.add.f32 [%ra], %f1;", "atomic"},
		{"shfl.sync.down.b32 %r1, %r2, 1, 31, -1;", "within a warp"},
		{"vote.sync.all.pred %p1, %p2, -1;", "within a warp"},
		{"call f;", "calls are not run"},
		{"call.uni (%r1), f, (%r2);", "calls are not run"},
		{"bar.sync 1;", "only barrier 0"},
		{"bar.sync 0, 32;", "2 operands where 1"},
		{"bar.sync %r1;", "only barrier 0"},
		{"bar.warp.sync -1;", "only bar.sync 0"},
		{"bar.arrive 0, 32;", "only bar.sync 0"},
		{"ld.volatile.shared.u32 %r1, [%ra];", ".volatile"},
		{"ld.global.cv.u32 %r1, [%ra];", "not known"},
		{"ld.global.v3.u32 {%r1, %r2, %r3}, [%ra];", "not known"},
		{"ld.global.v4.u64 {%rd1, %rd2, %rd3, %rd4}, [%ra];", "not known"},
		{"ld.global.v2.u32 {%r1}, [%ra];", "2 values are expected"},
		{"ld.global.v2.u32 %r1, [%ra];", "2 values are expected"},
		{"ld.global.u32 {%r1, %r2}, [%ra];", "1 values are expected"},
		{"ld.shared.nc.u32 %r1, [%ra];", "not known"},
		{"ld.global.u32 %r1, %ra;", "address in brackets"},
		{"ld.global.u32 %r1, [%r2];", "64 bits"},
		{"ld.global.u64 %r1, [%ra];", "holds .u64"},
		{"ld.global.f32 %rd1, [%ra];", "holds .f32"},
		{"ld.global.u32 1, [%ra];", "holds .u32"},
		{"ld.global.u32 [%r1], [%ra];", "holds .u32"},
		{"ld.global.v2.u32 {%r1, %rd1}, [%ra];", "one type"},
		{"ld.global.u32 %r1, [somewhere];", "somewhere is not declared"},
		{".shared .b8 s[4]; ld.global.u32 %r1, [s];", ".shared variable s read or written as .global memory"},
		{"ld.global.u32 %r1, [%ra+99999999999999999999];", "not an integer of 64 bits"},
		{"ld.global.u32 %r1, [%ra+18446744073709551615];", "above the greatest signed integer"},
		{"ld.global.u32 %r1, [%ra+0f3F800000];", "where an integer is expected"},
		{"mov.u64 %rd1, -9223372036854775809;", "below the least integer"},
		{"cvta.global.u64 %rd1, nothing;", "nothing is not declared"},
		{"ld.global.u32 %r1, [5];", "an address begins"},
		{"ld.param.u32 %r1, [m];", "m is not a parameter"},
		{"ld.param.u32 %r1, [n+1];", "4 bytes at 1"},
		{"ld.param.u16 %r1, [n+1];", "misaligned"},
		{"ld.param.u64 %rd1, [n];", "the parameter has 4"},
		{"ld.param.u32 %r1, [n+-4];", "4 bytes at -4"},
		{"ld.param.u32 %r1, [%ra];", "by its name"},
		{"st.param.u32 [n], %r1;", "not written"},
		{"st.const.u32 [%ra], %r1;", "not written"},
		{"st.global.nc.u32 [%ra], %r1;", "not known"},
		{"st.global.u64 [%ra], %r1;", ".b32 where .u64"},
		{"st.global.u8 [%ra], 256;", "does not fit"},
		{"st.global.f32 [%ra], 1;", "an integer where .f32"},
		{"mov.u64 %rd1, n;", "read by ld.param only"},
		{"mov.u64 %rd1, nothing;", "nothing is not declared"},
		{"mov.u32 %r1, %rd1;", ".b64 where .u32"},
		{"mov.u32 %r1, %f1;", ".f32 where .u32"},
		{"mov.f32 %f1, 1;", "an integer where .f32"},
		{"mov.f32 %f1, 1.5;", "decimal fractions"},
		{"mov.f32 %f1, 0f3F8000;", "8 hexadecimal digits"},
		{"mov.f32 %f1, 0fG0000000;", "8 hexadecimal digits"},
		{"mov.f32 %f1, 0d3FF0000000000000;", "a .f64 number where .f32"},
		{"mov.f32 %f1, -0f3F800000;", "the sign of a float"},
		{"mov.u32 %r1, 4294967296;", "does not fit"},
		{"mov.u32 %r1, -2147483649;", "does not fit"},
		{"mov.u64 %rd1, 18446744073709551616;", "not an integer of 64 bits"},
		{"mov.u64 %rd1, 0x;", "not an integer"},
		{"mov.u32 %r1, 1_000;", "not a number"},
		{"mov.pred %p1, 2;", "0 or 1"},
		{"mov.pred %p1, !%p2;", "a register or a number of type .pred"},
		{"selp.u32 %r1, %r2, %r3, !%p1;", "a register or a number of type .pred"},
		{"and.pred %p1, %p2, !%p3;", "a register or a number of type .pred"},
		{"mov.b64 {%r1, %r2, %r3}, %rd1;", "a list of 3"},
		{"mov.u64 {%r1, %r2}, %rd1;", "does not make up"},
		{"mov.b8 %r1, 1;", "not known"},
		{"mov.u32 %r1, %clock;", "%clock is not declared"},
		{"mov.u64 %rd1, %tid.x;", "special registers are .u32"},
		{"mov.u32 %tid.x, 1;", "the result needs a register"},
		{"mov.u32 5, 1;", "the result needs a register"},
		{"add.u32 %r1, %r2;", "2 operands where 3"},
		{"add.u32 %r1, %r2, %rd1;", ".b64 where .u32"},
		{"add.u32 %r1, %r2, [%ra];", "a register or a number"},
		{"add.u32 %r99, %r2, 1;", "%r99 is not declared"},
		{"add.u32 %r01, %r2, 1;", "%r01 is not declared"},
		{"setp.frob.u32 %p1, %r1, %r2;", "not known"},
		{"setp.lo.s32 %p1, %r1, %r2;", "not known"},
		{"setp.lt.b32 %p1, %r1, %r2;", "not known"},
		{"setp.eq.nand.u32 %p1, %r1, %r2, %p2;", "not known"},
		{"setp.eq.and.u32 %p1, %r1, %r2, 1;", "a predicate is expected"},
		{"setp.eq.u32 %r1, %r2, %r3;", ".b32 where .pred"},
		{"setp.eq.u32 _, %r2, %r3;", "needs a register"},
		{"lop3.b32 %r1, %r2, %r3, %r4, 256;", "0 to 255"},
		{"lop3.b32 %r1, %r2, %r3, %r4, %r5;", "0 to 255"},
		{"bfi.u32 %r1, %r2, %r3, 1, 2;", "not known"},
		{"cvta.param.u64 %rd1, %rd2;", "not known"},
		{".shared .b8 s[4]; cvta.shared.u64 %rd1, [s];", "a register or a number"},
		{"cvta.global.u32 %r1, %r2;", "not known"},
		{"@%r1 ret;", "a guard is a predicate"},
		{"@5 ret;", "a guard is a predicate"},
		{"@%p1;", "an opcode is expected"},
		{"add.u32 %r1, !%r2, 1;", "before predicates only"},
		{"bra NOWHERE;", "there is no label NOWHERE"},
		{"bra 5;", "a label is expected"},
		{"bra [L]; L:", "a label is expected"},
		{"L: L: ret;", "twice"},
		{"brx.idx %r1, T;", "comes later"},
		{"T: .branchtargets NOWHERE; brx.idx %n, T;", "there is no label NOWHERE"},
		{"T: .branchtargets 1;", "a label is expected"},
		{"T: .branchtargets L; T: ret;", "twice"},
		{"ret 1;", "1 operands where 0"},
		{"trap frob; ret;", "1 operands where 0"},
		{".reg .b32 %r<4>;", "declared twice"},
		{".reg .b32 %x, %x;", "declared twice"},
		{".reg .b32 %r1;", "declared twice"},
		{".reg .b8 %x;", "no type of a register"},
		{".reg .b32 %tid.x;", "no name of a register"},
		{".reg .b32 %x<2000000>;", "at most 1048576"},
		{".reg b32 %x;", "no type of a register"},
		{".shared .b8 s[40000]; .shared .b8 u[40000];", "more than 49152"},
		{".shared .b8 s[4]; .shared .b8 s[4];", "declared twice"},
		{".shared .b8 s[4] = 1;", "only .global and .const"},
		{".shared .b8 s[];", ".extern goes with"},
		{".local .b8 s[600000];", "at most 524288"},
		{".local .b8 s[400000]; .local .b8 u[400000];", "more than 524288"},
		{".param .b32 p;", "belong to calls"},
		{".pragma nounroll;", "string of a pragma"},
		{".loc 1 2 3", "not known in a body"},
		{"\"text\";", "where a statement"},
		{"5;", "where a statement"},
		{"mov.b64 {%r1, %r2, %r3, %r4, %r1, %r2, %r3, %r4, %r1}, %rd1;", "more than 8"},
		{"add.u32 %r1, %r2, \"x\";", "where an operand"},
		{"add.u32 %r1, %r2, ^;", "unexpected character"},
		{strings.Repeat("{", 64), "braces more than 64 deep"},
	} {
		t.Run(test.body, func(t *testing.T) {
			_, err := Parse(kernel(test.body))
			wantParseError(t, err, firstBodyLine, test.words)
		})
	}
}

func wantParseError(t testing.TB, err error, line int, words string) {
	t.Helper()
	prefix := fmt.Sprintf("ptxsim: line %d: ", line)
	if err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), words) {
		t.Errorf("error %v, want one that begins with %q and holds %q", err, prefix, words)
	}
}

func TestModuleErrors(t *testing.T) {
	for _, test := range []struct {
		text  string // "HEADER" stands for what is right, in three lines
		line  int
		words string
	}{
		{"", 1, "no .target"},
		{".version 4.2", 1, "no .target"},
		{".target sm_53", 1, ".target before .version"},
		{".version four", 1, "a version such as 4.2"},
		{".version 4.2\n.target sm_35", 2, "sm_50 or later"},
		{".version 4.2\n.target gpu", 2, "sm_50 or later"},
		{".version 4.2\n.entry k { ret; }", 2, "before .version and .target"},
		{"HEADER.address_size 32", 4, "only 64"},
		{"HEADER.func f() { ret; }", 4, "device functions"},
		{"HEADER.visible .func (.param .b32 r) f;", 4, "device functions"},
		{"HEADER.frob", 4, "not known here"},
		{"HEADER5", 4, "where a directive"},
		{"HEADER/* no end", 4, "a comment without an end"},
		{"HEADER.entry k { .pragma \"no end\n; }", 4, "a string without an end"},
		{"HEADER.entry k { ret; }\n.entry k { ret; }", 5, "twice"},
		{"HEADER.entry k(.param .u64 a, .param .u64 a) { ret; }", 4, "twice"},
		{"HEADER.entry k(.param .b8 a[4000], .param .b8 b[4000]) { ret; }", 4, "more than 4096"},
		{"HEADER.entry k(.param .b8 a[9999]) { ret; }", 4, "at most 4096"},
		{"HEADER.entry k(.param .frob a) { ret; }", 4, "no type"},
		{"HEADER.entry k(.param .pred a) { ret; }", 4, "no type"},
		{"HEADER.entry k(.reg .b32 a) { ret; }", 4, "where \".param\""},
		{"HEADER.entry k .maxntid 0 { ret; }", 4, ".maxntid of 0 threads"},
		{"HEADER.entry k .maxntid 64, 64 { ret; }", 4, ".maxntid of 4096 threads"},
		{"HEADER.entry k .frob { ret; }", 4, "not known before a body"},
		{"HEADER.entry k {\nret;\n", 6, "where a statement"},
		{"HEADER.entry k {\nret\n}", 6, "where an operand"},
		{"HEADER.global .u32 a;\n.global .u32 a;", 5, "twice"},
		{"HEADER.global .align 3 .b8 a[4];", 4, "a power of two"},
		{"HEADER.global .align 512 .b8 a[4];", 4, "at most 256"},
		{"HEADER.global .b8 a[2] = {1, 2, 3};", 4, "more values"},
		{"HEADER.global .b8 a = 300;", 4, "does not fit"},
		{"HEADER.global .b8 a[1000000000];", 4, "at most"},
		{"HEADER.global .b32 a[16384][16384];", 4, "more than"},
		{"HEADER.global .b8 a[];", 4, "needs a size"},
		{"HEADER.global .u64 a = b;", 4, "where a number"},
		{"HEADER.global .v4 .f32 a;", 4, "no type"},
		{"HEADER.const .b8 a[60000];\n.const .b8 b[60000];", 5, "more than 65536"},
		{"HEADER.extern .global .b8 a[4];", 4, ".extern goes with"},
		{"HEADER.extern .shared .b8 a[4];", 4, ".extern goes with"},
		{"HEADER.shared .b8 a[];", 4, ".extern goes with"},
		{"HEADER.shared .b8 a[30000];\n.shared .b8 b[30000];\n.entry k {\n.reg .b64 %d; mov.u64 %d, a;\nmov.u64 %d, b; }", 8, "more than 49152"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, err := Parse(strings.Replace(test.text, "HEADER", header, 1))
			wantParseError(t, err, test.line, test.words)
		})
	}
}

// What a target or a version lacks is refused.
func TestTargetsAndVersions(t *testing.T) {
	const dot = ".entry k { .reg .b32 %r<4>;\nmov.u32 %r1, 0; dp4a.s32.s32 %r2, %r1, %r1, %r1; ret; }"
	const table = ".entry k { .reg .b32 %r<4>; T: .branchtargets A; mov.u32 %r1, 0;\nbrx.idx %r1, T; A: ret; }"
	for _, test := range []struct {
		text  string
		words string
	}{
		{".version 5.0\n.target sm_61\n" + dot, ""},
		{".version 5.0\n.target sm_53\n" + dot, "dp4a.s32.s32 needs sm_61 and PTX 5.0; the text is for sm_53 and PTX 5.0"},
		{".version 4.2\n.target sm_61\n" + dot, "needs sm_61 and PTX 5.0"},
		{".version 8.4\n.target sm_90a, debug\n" + table, "where a directive"},
		{".version 8.4\n.target sm_90a\n" + table, ""},
		{".version 4.2\n.target sm_53\n" + table, "brx.idx needs PTX 6.0; the text is PTX 4.2"},
	} {
		_, err := Parse(test.text)
		if test.words == "" {
			if err != nil {
				t.Errorf("%s: %v", test.text, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: error %v, want one that holds %q", test.text, err, test.words)
		}
	}
}

// A module variable of shared memory counts only where it is used; dynamic memory begins behind the static one.
func TestSharedLayout(t *testing.T) {
	m := mustParse(t, header+`.shared .align 4 .b8 a[20];
.shared .align 8 .b8 unused[1000];
.extern .shared .align 32 .b8 dynamic[];
.entry k { .shared .b8 b[3]; .reg .b64 %rd<4>; mov.u64 %rd1, a; mov.u64 %rd2, dynamic; ret; }
.entry other { ret; }
`)
	k, _ := m.Entry("k")
	other, _ := m.Entry("other")
	if k.StaticShared() != 24 || k.dynamicAt != 32 || other.StaticShared() != 0 {
		t.Errorf("%d and %d bytes, dynamic ones at %d", k.StaticShared(), other.StaticShared(), k.dynamicAt)
	}
}

// Bounds of the parser, met without much memory or time.
func TestParseBounds(t *testing.T) {
	for _, test := range []struct{ name, text, words string }{
		{"a text", strings.Repeat(" ", maxText+1), "at most"},
		{"entries", header + manyEntries(maxEntries+1), "more than 4096 entries"},
		{"instructions", kernel(strings.Repeat("mov.u32 %r1, 1;", maxInstructions/4+2)), "more than 65536 instructions"},
		{"registers", kernel(".reg .b32 %x<70000>;" + manyRegisters(70000)), "more than"},
	} {
		_, err := Parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: error %v, want one that holds %q", test.name, err, test.words)
		}
	}
}

func manyEntries(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, ".entry k%d { }\n", i)
	}
	return text.String()
}

func manyRegisters(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "mov.u32 %%x%d, 1;", i)
	}
	return text.String()
}

// The committed kernels parse; their registers are all proved to be set before they are read.
func TestFixturesParse(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ptx")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := mustParse(t, string(text))
		for _, e := range m.entries {
			if len(e.names) != 0 {
				t.Errorf("%s: %s: the registers %v are doubtful", file, e.name, e.names)
			}
		}
	}
}
