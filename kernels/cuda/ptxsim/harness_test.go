package ptxsim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// header begins the texts of tests: a version and a target that have every instruction.
const header = ".version 6.3\n.target sm_61\n.address_size 64\n"

// mustParse parses a text that is right.
func mustParse(t testing.TB, text string) *Module {
	t.Helper()
	m, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// kernel is the text of one entry named "k" with two pointers, a and b, and a number n, loaded into %ra, %rb and %n,
// and registers of every type. The body begins in line 10 of the text.
func kernel(body string) string {
	return header + `.visible .entry k(.param .u64 a, .param .u64 b, .param .u32 n)
{
.reg .pred %p<8>; .reg .b16 %h<8>; .reg .b32 %r<16>; .reg .f32 %f<16>; .reg .b64 %rd<16>; .reg .f64 %d<4>; .reg .b64 %ra, %rb; .reg .b32 %n, %tid;
ld.param.u64 %ra, [a]; ld.param.u64 %rb, [b]; ld.param.u32 %n, [n]; mov.u32 %tid, %tid.x;
mul.wide.u32 %rd8, %tid, 4; add.s64 %rd9, %ra, %rd8;

` + body + "\n}\n"
}

// firstBodyLine is the line of the text at which the body given to kernel begins.
const firstBodyLine = 10

// A bench runs kernel texts: a and b point to 64 words each, those of a written with 0, 1, 2 and so on, those of b not
// at all.
type bench struct {
	memory *Memory
	a, b   uint64
	launch Launch
}

const benchWords = 64

func newBench(t testing.TB) *bench {
	t.Helper()
	r := &bench{memory: NewMemory(1 << 20), launch: Launch{Entry: "k", Grid: [3]int{1, 1, 1}, Block: [3]int{1, 1, 1}, Instructions: 100000}}
	var err error
	if r.a, err = r.memory.Alloc(4 * benchWords); err != nil {
		t.Fatal(err)
	}
	if r.b, err = r.memory.Alloc(4 * benchWords); err != nil {
		t.Fatal(err)
	}
	words := make([]byte, 4*benchWords)
	for i := range benchWords {
		binary.LittleEndian.PutUint32(words[4*i:], uint32(i))
	}
	if err := r.memory.Write(r.a, words); err != nil {
		t.Fatal(err)
	}
	return r
}

// run launches a body.
func (r *bench) run(t testing.TB, body string, n uint32) (*Counts, error) {
	t.Helper()
	m := mustParse(t, kernel(body))
	e, _ := m.Entry("k")
	params, err := PackParams(e, r.a, r.b, uint64(n))
	if err != nil {
		t.Fatal(err)
	}
	l := r.launch
	l.Params = params
	return r.memory.Launch(m, l)
}

// mustRun launches a body that is right.
func (r *bench) mustRun(t testing.TB, body string, n uint32) *Counts {
	t.Helper()
	c, err := r.run(t, body, n)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// words reads numbers back.
func (r *bench) words(t testing.TB, address uint64, n int) []uint32 {
	t.Helper()
	b := make([]byte, 4*n)
	if err := r.memory.Read(address, b); err != nil {
		t.Fatal(err)
	}
	words := make([]uint32, n)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return words
}

// A machine evaluates single instructions, through everything that a launch goes through. It keeps what it has parsed.
type machine struct {
	memory  *Memory
	in, out uint64
	modules map[string]*Module
}

func newMachine(t testing.TB) *machine {
	t.Helper()
	m := &machine{memory: NewMemory(1 << 20), modules: map[string]*Module{}}
	var err error
	if m.in, err = m.memory.Alloc(64); err == nil {
		m.out, err = m.memory.Alloc(16)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// registerKind is the type of a register for values of a type, by which it can be loaded and stored.
func registerKind(k kind) kind {
	switch k.bits() {
	case 1:
		return pred
	case 8, 16:
		return b16
	case 32:
		return b32
	}
	return b64
}

// evaluate returns what an instruction makes of operands: "add.s32" with the types of its result and its operands.
func (m *machine) evaluate(t testing.TB, opcode string, result kind, kinds []kind, values ...uint64) uint64 {
	t.Helper()
	key := fmt.Sprint(opcode, result, kinds)
	mod, known := m.modules[key]
	if !known {
		mod = mustParse(t, instructionText(opcode, result, kinds))
		m.modules[key] = mod
	}
	in := make([]byte, 64)
	for i, v := range values {
		binary.LittleEndian.PutUint64(in[8*i:], v)
	}
	if err := m.memory.Write(m.in, in); err != nil {
		t.Fatal(err)
	}
	params := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, m.in), m.out)
	if _, err := m.memory.Launch(mod, Launch{Entry: "k", Grid: [3]int{1, 1, 1}, Block: [3]int{1, 1, 1}, Params: params}); err != nil {
		t.Fatalf("%s: %v", opcode, err)
	}
	out := make([]byte, 8)
	if err := m.memory.Read(m.out, out); err != nil {
		t.Fatal(err)
	}
	return binary.LittleEndian.Uint64(out)
}

// instructionText is a kernel that loads operands, executes one instruction and stores the result with 64 bits.
// Operands that an opcode has beside registers stand behind it in brackets: "lop3.b32 [150]".
func instructionText(opcode string, result kind, kinds []kind) string {
	opcode, immediate, _ := strings.Cut(strings.TrimSuffix(opcode, "]"), " [")
	var text strings.Builder
	fmt.Fprintf(&text, "%s.entry k(.param .u64 in, .param .u64 out)\n{\n.reg .b64 %%in, %%out, %%wide;\n.reg .pred %%flag;\n", header)
	text.WriteString("ld.param.u64 %in, [in];\nld.param.u64 %out, [out];\n")
	operands := "%d"
	for i, k := range kinds {
		reg := fmt.Sprintf("%%x%d", i)
		fmt.Fprintf(&text, ".reg .%v %s;\n", registerKind(k), reg)
		if k == pred {
			fmt.Fprintf(&text, "ld.global.u64 %%wide, [%%in+%d];\nsetp.ne.u64 %s, %%wide, 0;\n", 8*i, reg)
		} else {
			fmt.Fprintf(&text, "ld.global.%v %s, [%%in+%d];\n", registerKind(k), reg, 8*i)
		}
		operands += ", " + reg
	}
	if immediate != "" {
		operands += ", " + immediate
	}
	fmt.Fprintf(&text, ".reg .%v %%d;\n%s %s;\n", registerKind(result), opcode, operands)
	switch registerKind(result) {
	case pred:
		text.WriteString("selp.b64 %wide, 1, 0, %d;\n")
	case b64:
		text.WriteString("mov.b64 %wide, %d;\n")
	default:
		fmt.Fprintf(&text, "cvt.u64.u%d %%wide, %%d;\n", registerKind(result).bits())
	}
	text.WriteString("st.global.u64 [%out], %wide;\nret;\n}\n")
	return text.String()
}

// wantFault fails the test unless err is a fault of a kind in a line.
func wantFault(t testing.TB, err, kind error, line int) *Fault {
	t.Helper()
	var fault *Fault
	if !errors.As(err, &fault) || !errors.Is(err, kind) {
		t.Fatalf("error %v, want a fault of %v", err, kind)
	}
	if fault.Line != line {
		t.Fatalf("the fault is in line %d, want %d: %v", fault.Line, line, err)
	}
	return fault
}

func f(x float64) uint64 { return uint64(math.Float32bits(float32(x))) }

func d(x float64) uint64 { return math.Float64bits(x) }

// Floats by their bits.
const (
	infF32       = 0x7f800000
	minusInfF32  = 0xff800000
	minusZeroF32 = 0x80000000
	leastF32     = 0x00000001 // 2^-149
	greatestF32  = 0x7f7fffff
	signalF32    = 0x7f800001 // a signalling NaN
	otherNaNF32  = 0xffc12345
)
