package ptxsim

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestIntegerInstructions(t *testing.T) {
	m := newMachine(t)
	for _, test := range []struct {
		opcode   string
		result   kind
		kinds    []kind
		operands []uint64
		want     uint64
	}{
		{"add.s16", s16, []kind{s16, s16}, []uint64{0xffff, 2}, 1},
		{"sub.s64", s64, []kind{s64, s64}, []uint64{0, 1}, ^uint64(0)},
		{"mul.lo.s32", s32, []kind{s32, s32}, []uint64{0xffffffff, 0xffffffff}, 1},
		{"mul.hi.s32", s32, []kind{s32, s32}, []uint64{0xffffffff, 0xffffffff}, 0},
		{"mul.hi.u32", u32, []kind{u32, u32}, []uint64{0xffffffff, 0xffffffff}, 0xfffffffe},
		{"mul.hi.s64", s64, []kind{s64, s64}, []uint64{^uint64(0), 5}, ^uint64(0)},
		{"mul.hi.s64", s64, []kind{s64, s64}, []uint64{^uint64(0), ^uint64(0)}, 0},
		{"mul.hi.s64", s64, []kind{s64, s64}, []uint64{1 << 63, 1 << 63}, 1 << 62},
		{"mul.hi.u64", u64, []kind{u64, u64}, []uint64{^uint64(0), ^uint64(0)}, ^uint64(1)},
		{"mul.hi.s16", s16, []kind{s16, s16}, []uint64{0x8000, 0x8000}, 0x4000},
		{"mul.hi.u16", u16, []kind{u16, u16}, []uint64{0x8000, 0x8002}, 0x4001},
		{"mul.wide.s16", s32, []kind{s16, s16}, []uint64{0xffff, 3}, 0xfffffffd},
		{"mul.wide.u16", u32, []kind{u16, u16}, []uint64{0xffff, 3}, 0x2fffd},
		{"mul.wide.s32", s64, []kind{s32, s32}, []uint64{0x80000000, 0x80000000}, 1 << 62},
		{"mul.wide.u32", u64, []kind{u32, u32}, []uint64{0x80000000, 6}, 3 << 32},
		{"mad.lo.s64", s64, []kind{s64, s64, s64}, []uint64{^uint64(0), 7, 8}, 1},
		{"mad.hi.u32", u32, []kind{u32, u32, u32}, []uint64{0xffffffff, 0xffffffff, 3}, 1},
		{"mad.wide.s32", s64, []kind{s32, s32, s64}, []uint64{0xffffffff, 7, 8}, 1},
		{"div.s32", s32, []kind{s32, s32}, []uint64{0xfffffff9, 2}, 0xfffffffd},
		{"div.s32", s32, []kind{s32, s32}, []uint64{0x80000000, 0xffffffff}, 0x80000000},
		{"div.u32", u32, []kind{u32, u32}, []uint64{0xffffffff, 2}, 0x7fffffff},
		{"div.s64", s64, []kind{s64, s64}, []uint64{1 << 63, ^uint64(0)}, 1 << 63},
		{"rem.s32", s32, []kind{s32, s32}, []uint64{0xfffffff9, 2}, 0xffffffff},
		{"rem.s32", s32, []kind{s32, s32}, []uint64{7, 0xfffffffe}, 1},
		{"rem.u64", u64, []kind{u64, u64}, []uint64{1 << 63, 1<<62 + 1}, 1<<62 - 1},
		{"min.s32", s32, []kind{s32, s32}, []uint64{0xffffffff, 1}, 0xffffffff},
		{"min.u32", u32, []kind{u32, u32}, []uint64{0xffffffff, 1}, 1},
		{"max.s16", s16, []kind{s16, s16}, []uint64{0xffff, 1}, 1},
		{"max.u64", u64, []kind{u64, u64}, []uint64{1 << 63, 1}, 1 << 63},
		{"neg.s32", s32, []kind{s32}, []uint64{0x80000000}, 0x80000000},
		{"abs.s32", s32, []kind{s32}, []uint64{0xfffffff0}, 16},
		{"abs.s64", s64, []kind{s64}, []uint64{1 << 63}, 1 << 63},
		{"dp4a.s32.s32", s32, []kind{b32, b32, s32}, []uint64{0x7f80ff01, 0x0280ff03, 5}, 5 + 3 + 1 + 128*128 + 254},
		{"dp4a.u32.u32", u32, []kind{b32, b32, u32}, []uint64{0xffffffff, 0xffffffff, 1}, 4*255*255 + 1},
		{"dp4a.u32.s32", s32, []kind{b32, b32, s32}, []uint64{0x000000ff, 0x000000ff, 0}, 0xffffff01},
		{"dp4a.s32.u32", s32, []kind{b32, b32, s32}, []uint64{0x0000ff00, 0x0000ff00, 0}, 0xffffff01},
		{"dp4a.s32.s32", s32, []kind{b32, b32, s32}, []uint64{0x00000001, 0x00000001, 0x7fffffff}, 0x80000000},
	} {
		if got := m.evaluate(t, test.opcode, test.result, test.kinds, test.operands...); got != test.want {
			t.Errorf("%s of %#x: %#x, want %#x", test.opcode, test.operands, got, test.want)
		}
	}
}

// The fast forms and the pure functions they stand for agree.
func TestFastFormsAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	m := newMachine(t)
	tested := map[opcode]bool{}
	for name, form := range forms() {
		if form.op == opFn {
			continue
		}
		tested[form.op] = true
		for range 50 {
			operands := make([]uint64, len(form.sources))
			all := [3]uint64{}
			for i, k := range form.sources {
				operands[i] = random.Uint64() >> random.IntN(64) & k.mask()
				all[i] = operands[i]
			}
			got := m.evaluate(t, name, form.result, form.sources, operands...)
			if want := form.fn(all[0], all[1], all[2]); got != want {
				t.Fatalf("%s of %#x: %#x, want %#x", name, operands, got, want)
			}
		}
	}
	for _, name := range []string{"eq", "lt"} {
		for _, k := range []kind{u32, s32, u64} {
			compare, op := comparison(name, k)
			if op == opFn {
				t.Fatalf("setp.%s.%v has no fast form", name, k)
			}
			for range 50 {
				x, y := uint64(random.IntN(3))-1&k.mask(), uint64(random.IntN(3))-1&k.mask()
				if got, want := m.evaluate(t, "setp."+name+"."+k.String(), pred, []kind{k, k}, x, y), compare(x, y, 0); got != want {
					t.Fatalf("setp.%s.%v of %#x and %#x: %d, want %d", name, k, x, y, got, want)
				}
			}
		}
	}
	if len(tested) < 10 {
		t.Errorf("only %d fast forms were compared", len(tested))
	}
}

// What clang makes of C for PTX gives what it makes of the same C for the processor.
func TestArithmeticAgreesWithC(t *testing.T) {
	const results = 80
	text, err := os.ReadFile("testdata/arithmetic.ptx")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("testdata/arithmetic.txt")
	if err != nil {
		t.Fatal(err)
	}
	var numbers []uint64
	for field := range strings.FieldsSeq(string(golden)) {
		x, err := strconv.ParseUint(field, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, x)
	}
	cases := len(numbers) / (results + 2)
	if cases != 48 || len(numbers)%(results+2) != 0 {
		t.Fatalf("%d numbers are no 48 cases", len(numbers))
	}
	var in []uint64
	for i := range cases {
		in = append(in, numbers[i*(results+2):][:2]...)
	}
	out := runArrays(t, mustParse(t, string(text)), "arithmetic", in, results*cases, 3, 32)
	for i, got := range out {
		if want := numbers[i/results*(results+2)+2+i%results]; got != want {
			t.Errorf("result %d of %#x: %#x, want %#x", i%results, in[i/results*2:][:2], got, want)
		}
	}
}
