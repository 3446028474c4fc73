package ptxsim

import "testing"

func TestComparisonsOfFloats(t *testing.T) {
	// For each pair of operands, which comparisons hold.
	for _, test := range []struct {
		name  string
		a, b  uint64
		holds string
	}{
		{"less", f(1), f(2), " ne lt le neu ltu leu num "},
		{"greater", f(2), f(1), " ne gt ge neu gtu geu num "},
		{"the same", f(2), f(2), " eq le ge equ leu geu num "},
		{"zeros", 0, minusZeroF32, " eq le ge equ leu geu num "},
		{"infinities", minusInfF32, infF32, " ne lt le neu ltu leu num "},
		{"subnormal numbers", 1, 2, " ne lt le neu ltu leu num "},
		{"NaN before", nanF32, f(1), " equ neu ltu leu gtu geu nan "},
		{"NaN behind", f(1), signalF32, " equ neu ltu leu gtu geu nan "},
		{"NaN on both sides", otherNaNF32, otherNaNF32, " equ neu ltu leu gtu geu nan "},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMachine(t)
			for _, name := range []string{"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"} {
				want := truth(containsWord(test.holds, name))
				if got := m.evaluate(t, "setp."+name+".f32", pred, []kind{f32, f32}, test.a, test.b); got != want {
					t.Errorf("setp.%s is %d, want %d", name, got, want)
				}
			}
		})
	}
}

func TestComparisonsOfIntegers(t *testing.T) {
	for _, test := range []struct {
		kind  kind
		a, b  uint64
		holds string
	}{
		{s16, 0xffff, 1, " ne lt le "},
		{u16, 0xffff, 1, " ne gt ge hi hs "},
		{s32, 0xffffffff, 1, " ne lt le "},
		{s32, 5, 5, " eq le ge "},
		{u32, 0xffffffff, 1, " ne gt ge hi hs "},
		{u32, 1, 2, " ne lt le lo ls "},
		{u32, 2, 2, " eq le ge ls hs "},
		{s64, 1 << 63, 1, " ne lt le "},
		{u64, 1 << 63, 1, " ne gt ge hi hs "},
		{b32, 7, 7, " eq "},
		{b64, 7, 7 << 32, " ne "},
		{b16, 7, 8, " ne "},
	} {
		m := newMachine(t)
		names := []string{"eq", "ne"}
		if !test.kind.untyped() {
			names = append(names, "lt", "le", "gt", "ge")
		}
		if test.kind.unsigned() {
			names = append(names, "lo", "ls", "hi", "hs")
		}
		for _, name := range names {
			want := truth(containsWord(test.holds, name))
			opcode := "setp." + name + "." + test.kind.String()
			if got := m.evaluate(t, opcode, pred, []kind{test.kind, test.kind}, test.a, test.b); got != want {
				t.Errorf("%s of %#x and %#x is %d, want %d", opcode, test.a, test.b, got, want)
			}
		}
	}
}

// A comparison combined with a predicate, and its second result, which is of the opposite comparison.
func TestCombinedComparisons(t *testing.T) {
	for _, test := range []struct {
		opcode, third string
		a, c          uint64 // is a < 5; the third predicate
		first, second uint32
	}{
		{"setp.lt.and.s32", "%p3", 1, 1, 1, 0},
		{"setp.lt.and.s32", "%p3", 9, 1, 0, 1},
		{"setp.lt.and.s32", "%p3", 1, 0, 0, 0},
		{"setp.lt.or.s32", "%p3", 9, 1, 1, 1},
		{"setp.lt.or.s32", "%p3", 9, 0, 0, 1},
		{"setp.lt.xor.s32", "%p3", 1, 1, 0, 1},
		{"setp.lt.and.s32", "!%p3", 1, 0, 1, 0},
		{"setp.lt.and.s32", "!%p3", 1, 1, 0, 0},
	} {
		r := newBench(t)
		body := "setp.ne.s32 %p3, %n, 0; mov.u32 %r1, " + string(rune('0'+test.a)) + ";\n" +
			test.opcode + " %p1|%p2, %r1, 5, " + test.third + ";\n" +
			"selp.u32 %r2, 1, 0, %p1; selp.u32 %r3, 1, 0, %p2; st.global.v2.u32 [%rb], {%r2, %r3}; ret;"
		r.mustRun(t, body, uint32(test.c))
		if got := r.words(t, r.b, 2); got[0] != test.first || got[1] != test.second {
			t.Errorf("%s %d < 5 with %s = %d: %v, want %d and %d", test.opcode, test.a, test.third, test.c, got, test.first, test.second)
		}
	}
}

// The third predicate may be the register of the first result, and a result may be dropped.
func TestComparisonOverwritesItsOperand(t *testing.T) {
	r := newBench(t)
	r.mustRun(t, `setp.eq.u32 %p1, %n, 1;
setp.lt.and.u32 %p1|%p2, %n, 0, %p1;
setp.eq.u32 _|%p3, %n, 7;
selp.u32 %r1, 1, 0, %p1; selp.u32 %r2, 1, 0, %p2; selp.u32 %r3, 1, 0, %p3;
st.global.u32 [%rb], %r1; st.global.u32 [%rb+4], %r2; st.global.u32 [%rb+8], %r3; ret;`, 1)
	if got := r.words(t, r.b, 3); got[0] != 0 || got[1] != 1 || got[2] != 1 {
		t.Errorf("%v, want 0, 1 and 1", got)
	}
}

func containsWord(words, word string) bool {
	for i := 0; i+len(word)+2 <= len(words); i++ {
		if words[i:i+len(word)+2] == " "+word+" " {
			return true
		}
	}
	return false
}
