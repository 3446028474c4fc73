package ptxsim

import (
	"errors"
	"strings"
	"testing"
)

// Everything that a thread can do wrong, each in the line that holds the word FAULT.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name    string
		body    string
		n       uint32
		threads int
		kind    error
		words   string // that the message holds
	}{
		{"a load behind the allocation", "ld.global.u32 %r1, [%ra+256]; // FAULT\nret;", 0, 1, ErrOutOfBounds, "256 bytes into an allocation of 256"},
		{"a load across its end", "ld.global.u64 %rd1, [%ra+252]; // FAULT\nret;", 0, 1, ErrOutOfBounds, "252 bytes into"},
		{"a load before it", "ld.global.u32 %r1, [%ra+-4]; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a null pointer", "mov.u64 %rd1, 0;\nld.global.u32 %r1, [%rd1]; // FAULT\nret;", 0, 1, ErrOutOfBounds, "no allocation"},
		{"a pointer cut to 32 bits", "cvt.u32.u64 %r1, %ra;\ncvt.u64.u32 %rd1, %r1;\nld.global.u32 %r1, [%rd1]; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a store behind the allocation", "st.global.u32 [%rb+256], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a misaligned load", "ld.global.u32 %r1, [%ra+2]; // FAULT\nret;", 0, 1, ErrMisaligned, ""},
		{"a misaligned vector", "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%ra+8]; // FAULT\nret;", 0, 1, ErrMisaligned, "16 bytes at"},
		{"a misaligned store", "st.global.u16 [%rb+1], 1; // FAULT\nret;", 0, 1, ErrMisaligned, ""},
		{"a read of what nobody has written", "ld.global.u32 %r1, [%rb]; // FAULT\nret;", 0, 1, ErrUnwritten, ""},
		{"a read of half that", "st.global.u16 [%rb], 1;\nld.global.u32 %r1, [%rb]; // FAULT\nret;", 0, 1, ErrUnwritten, ""},
		{"a vector with a hole", "st.global.u32 [%rb], 1;\nld.global.v2.u32 {%r1, %r2}, [%rb]; // FAULT\nret;", 0, 1, ErrUnwritten, ""},

		{"shared memory that is not there", ".shared .align 4 .b8 s[8];\nld.shared.u32 %r1, [s+8]; // FAULT\nret;", 0, 1, ErrOutOfBounds, "from 0x100 to 0x108"},
		{"shared memory before the first", ".shared .align 4 .b8 s[8];\nst.shared.u32 [s+-4], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"shared memory that nobody has written", ".shared .align 4 .b8 s[8];\nld.shared.u32 %r1, [s+4]; // FAULT\nret;", 0, 1, ErrUnwritten, ""},
		{"misaligned shared memory", ".shared .align 8 .b8 s[8];\nld.shared.u32 %r1, [s+1]; // FAULT\nret;", 0, 1, ErrMisaligned, ""},
		{"a global pointer as a shared one", "ld.shared.u32 %r1, [%ra]; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a shared pointer as a global one", ".shared .align 4 .b8 s[8];\nmov.u64 %rd1, s;\nst.global.u32 [%rd1], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a shared pointer as a generic one", ".shared .align 4 .b8 s[8];\nmov.u64 %rd1, s;\nst.u32 [%rd1], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"cvta.to of another space", "cvta.to.shared.u64 %rd1, %ra; // FAULT\nret;", 0, 1, ErrOutOfBounds, ".global memory"},

		{"local memory that is not there", ".local .align 4 .b8 l[8];\nmov.u64 %rd1, l;\nst.local.u32 [%rd1+8], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"local memory that nobody has written", ".local .align 4 .b8 l[8];\nmov.u64 %rd1, l;\nld.local.u32 %r1, [%rd1]; // FAULT\nret;", 0, 1, ErrUnwritten, ""},
		{"misaligned local memory", ".local .align 4 .b8 l[8];\nmov.u64 %rd1, l;\nst.local.u32 [%rd1+1], 1; // FAULT\nret;", 0, 1, ErrMisaligned, ""},
		{"constants that are not there", "mov.u64 %rd1, 256;\nld.const.u32 %r1, [%rd1]; // FAULT\nret;", 0, 1, ErrOutOfBounds, ""},
		{"a generic store into constants", "mov.u64 %rd1, 256;\ncvta.const.u64 %rd2, %rd1;\nst.u32 [%rd2], 1; // FAULT\nret;", 0, 1, ErrOutOfBounds, "only read"},

		{"a register that is not set", "add.s32 %r1, %r2, 1; // FAULT\nret;", 0, 1, ErrUninitialised, "%r2"},
		{"a register that one path does not set", "setp.eq.u32 %p1, %n, 0;\n@%p1 bra L;\nmov.u32 %r1, 5;\nL: st.global.u32 [%rb], %r1; // FAULT\nret;", 0, 1, ErrUninitialised, "%r1"},
		{"a register that a guard left alone", "setp.eq.u32 %p1, %n, 1;\n@%p1 mov.u32 %r1, 5;\nst.global.u32 [%rb], %r1; // FAULT\nret;", 0, 1, ErrUninitialised, "%r1"},
		{"a guard that is not set", "@%p1 mov.u32 %r1, 5; // FAULT\nret;", 0, 1, ErrUninitialised, "%p1"},
		{"an address that is not set", "ld.global.u32 %r1, [%rd1]; // FAULT\nret;", 0, 1, ErrUninitialised, "%rd1"},
		{"a stored vector that is not set", "mov.u32 %r1, 1;\nst.global.v2.u32 [%rb], {%r1, %r2}; // FAULT\nret;", 0, 1, ErrUninitialised, "%r2"},
		{"a register set by another thread only", "setp.eq.u32 %p1, %tid, 0;\n@%p1 mov.u32 %r1, 5;\nbar.sync 0;\nadd.u32 %r2, %r1, 1; // FAULT\nret;", 0, 2, ErrUninitialised, "%r1"},

		{"a barrier that some threads miss", "setp.eq.u32 %p1, %tid, 3;\n@%p1 ret;\nbar.sync 0; // FAULT\nret;", 0, 8, ErrBarrier, "thread (3,0,0) has returned"},
		{"two barriers at a time", "setp.eq.u32 %p1, %tid, 0;\n@%p1 bra L;\nbar.sync 0; // FAULT\nret;\nL: bar.sync 0;\nret;", 0, 2, ErrBarrier, "waits at line"},
		{"an endless loop", "L: // FAULT\nadd.u32 %n, %n, 1; bra.uni L;", 0, 1, ErrEndless, "100000"},
		{"a loop without end over a barrier", "L: bar.sync 0; // FAULT\nbra.uni L;", 0, 2, ErrEndless, ""},
		{"a branch target that is not there", "T: .branchtargets A, B;\nbrx.idx %n, T; // FAULT\nA: ret;\nB: ret;", 2, 1, ErrBranch, "number 2 of 2"},
		{"a division by zero", "mov.u32 %r1, 5;\ndiv.u32 %r2, %r1, %n; // FAULT\nret;", 0, 1, ErrDivision, ""},
		{"a remainder by zero", "mov.u64 %rd1, 5;\nrem.s64 %rd2, %rd1, 0; // FAULT\nret;", 0, 1, ErrDivision, ""},
		{"a divisor that is not set", "mov.u32 %r1, 5;\ndiv.u32 %r2, %r1, %r3; // FAULT\nret;", 0, 1, ErrUninitialised, "%r3"},
		{"a trap", "trap; // FAULT\nret;", 0, 1, ErrTrap, ""},
		{"memory read as constant, then written", "ld.global.nc.u32 %r1, [%ra];\nst.global.u32 [%ra], %r1; // FAULT\nret;", 0, 1, ErrReadOnly, "was read by thread (0,0,0)"},
		{"memory written, then read as constant", "st.global.u32 [%ra], 1;\nld.global.nc.u32 %r1, [%ra]; // FAULT\nret;", 0, 1, ErrReadOnly, "was written by thread (0,0,0)"},
		{"memory read as constant, written behind a barrier", "ld.global.nc.u32 %r1, [%ra];\nbar.sync 0;\nst.global.u32 [%ra], 1; // FAULT\nret;", 0, 1, ErrReadOnly, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, _, found := strings.Cut(test.body, "FAULT")
			if !found {
				t.Fatal("no line holds FAULT")
			}
			line := firstBodyLine + strings.Count(before, "\n")
			if test.kind == ErrEndless && !strings.Contains(before, "bar") {
				line++ // it is noticed where the loop begins, behind the label
			}
			r := newBench(t)
			r.launch.Block[0] = test.threads
			_, err := r.run(t, test.body, test.n)
			fault := wantFault(t, err, test.kind, line)
			if !strings.Contains(err.Error(), test.words) || fault.Text == "" || !strings.Contains(err.Error(), fault.Text) {
				t.Errorf("the message does not hold %q and %q: %v", test.words, fault.Text, err)
			}
		})
	}
}

func TestFaultNamesThreadAndBlock(t *testing.T) {
	r := newBench(t)
	r.launch.Grid, r.launch.Block = [3]int{2, 3, 1}, [3]int{4, 2, 2}
	_, err := r.run(t, `mov.u32 %r1, %ctaid.y; mov.u32 %r2, %tid.z; mov.u32 %r3, %ctaid.x;
setp.eq.u32 %p1, %r1, 2; setp.eq.and.u32 %p1, %r2, 1, %p1; setp.eq.and.u32 %p1, %r3, 1, %p1; setp.eq.and.u32 %p1, %tid, 3, %p1;
mov.u32 %r4, %tid.y; setp.eq.and.u32 %p1, %r4, 0, %p1;
@%p1 trap;
ret;`, 0)
	fault := wantFault(t, err, ErrTrap, firstBodyLine+3)
	if fault.Thread != [3]int{3, 0, 1} || fault.Block != [3]int{1, 2, 0} || fault.Entry != "k" || fault.Text != "@%p1 trap" {
		t.Errorf("%+v", fault)
	}
}

func TestUseAfterFree(t *testing.T) {
	r := newBench(t)
	r.mustRun(t, "st.global.u32 [%rb], 1; ret;", 0)
	if err := r.memory.Free(r.b); err != nil {
		t.Fatal(err)
	}
	_, err := r.run(t, "st.global.u32 [%rb], 1; ret;", 0)
	wantFault(t, err, ErrOutOfBounds, firstBodyLine)
	if !strings.Contains(err.Error(), "was freed") {
		t.Error(err)
	}
}

// A register that is always set, though no path alone shows it, is no fault.
func TestRegistersSetInTime(t *testing.T) {
	for _, body := range []string{
		"setp.eq.u32 %p1, %n, 0;\n@%p1 mov.u32 %r1, 5;\n@!%p1 mov.u32 %r1, 6;\nst.global.u32 [%rb], %r1;\nret;",
		"setp.eq.u32 %p1, %n, 0;\n@%p1 mov.u32 %r1, 5;\n@%p1 st.global.u32 [%rb], %r1;\nret;",
		"mov.u32 %r2, 0;\nL: setp.eq.u32 %p1, %r2, 0;\n@%p1 mov.u32 %r1, 5;\nadd.u32 %r2, %r2, 1;\nst.global.u32 [%rb], %r1;\nsetp.lt.u32 %p1, %r2, 3;\n@%p1 bra L;\nret;",
	} {
		r := newBench(t)
		r.mustRun(t, body, 0)
		if got := r.words(t, r.b, 1); got[0] != 5 {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// An entry too large to be analysed has all its registers looked after while it runs, with the same verdicts.
func TestRegistersWithoutAnalysis(t *testing.T) {
	for _, test := range []struct {
		body  string
		fault bool
	}{
		{"mov.u32 %r1, 0; L: add.u32 %r1, %r1, 1; setp.lt.u32 %p1, %r1, 9; @%p1 bra L;\nst.global.u32 [%rb], %r1; ret;", false},
		{"setp.eq.u32 %p1, %n, 1; @%p1 bra L;\nmov.u32 %r1, 9;\nL: st.global.u32 [%rb], %r1; ret;", false},
		{"setp.eq.u32 %p1, %n, 0; @%p1 bra L;\nmov.u32 %r1, 9;\nL: st.global.u32 [%rb], %r1; ret;", true},
	} {
		p := newParser(kernel(test.body))
		p.analysed = maxAnalysis
		m, err := p.parse()
		if err != nil {
			t.Fatal(err)
		}
		e, _ := m.Entry("k")
		r := newBench(t)
		params, err := PackParams(e, r.a, r.b, 0)
		if err != nil {
			t.Fatal(err)
		}
		r.launch.Params = params
		counts, err := r.memory.Launch(m, r.launch)
		if test.fault {
			wantFault(t, err, ErrUninitialised, firstBodyLine+2)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		same, err := r.run(t, test.body, 0)
		if err != nil || same.Instructions != counts.Instructions || len(e.names) == 0 {
			t.Errorf("%d instructions with %d registers looked after; %d without, error %v", counts.Instructions, len(e.names), same.Instructions, err)
		}
	}
}

// What one launch, or one block, has set is not set in the next.
func TestMarksAreCleared(t *testing.T) {
	r := newBench(t)
	r.launch.Grid[0] = 2
	_, err := r.run(t, "mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, %n;\n@%p1 mov.u32 %r1, 5;\n@!%p1 mov.u32 %r3, %r1;\nret;", 0)
	fault := wantFault(t, err, ErrUninitialised, firstBodyLine+2)
	if fault.Block != [3]int{1, 0, 0} {
		t.Errorf("block %v", fault.Block)
	}
}

// Shared and local memory are new in every block.
func TestSharedMemoryIsNewInEveryBlock(t *testing.T) {
	for _, space := range []string{"shared", "local"} {
		r := newBench(t)
		r.launch.Grid[0] = 2
		_, err := r.run(t, "."+space+` .align 4 .b8 s[4]; mov.u64 %rd1, s; mov.u32 %r1, %ctaid.x;
setp.eq.u32 %p1, %r1, %n;
@%p1 st.`+space+`.u32 [%rd1], 1;
@!%p1 ld.`+space+`.u32 %r2, [%rd1];
ret;`, 0)
		wantFault(t, err, ErrUnwritten, firstBodyLine+3)
	}
}

func TestLaunchErrors(t *testing.T) {
	text := header + ".extern .shared .align 16 .b8 s[];\n.entry k(.param .u64 a) .maxntid 64, 1, 1\n{\n.reg .b64 %d; mov.u64 %d, s; ret;\n}\n" +
		".entry q() .reqntid 8, 4\n{\n.shared .b8 t[1000]; .reg .b64 %d; mov.u64 %d, s; mov.u64 %d, t; ret;\n}\n.entry free()\n{\nret;\n}\n"
	m := mustParse(t, text)
	one := [3]int{1, 1, 1}
	eight := make([]byte, 8)
	for _, test := range []struct {
		name   string
		launch Launch
		words  string // "" if it is right
	}{
		{"right", Launch{Entry: "k", Grid: one, Block: one, Params: eight}, ""},
		{"no such entry", Launch{Entry: "other", Grid: one, Block: one}, `no entry "other"`},
		{"no parameters", Launch{Entry: "k", Grid: one, Block: one}, "0 bytes of parameters: 8"},
		{"no blocks", Launch{Entry: "k", Grid: [3]int{1, 0, 1}, Block: one, Params: eight}, "0 blocks in y"},
		{"too many blocks", Launch{Entry: "k", Grid: [3]int{1, 1, 65536}, Block: one, Params: eight}, "65536 blocks in z"},
		{"far too many blocks", Launch{Entry: "k", Grid: [3]int{1 << 30, 4, 1}, Block: one, Params: eight}, "more than"},
		{"no threads", Launch{Entry: "k", Grid: one, Block: [3]int{0, 1, 1}, Params: eight}, "0 threads in x"},
		{"a negative number of threads", Launch{Entry: "k", Grid: one, Block: [3]int{-1, 1, 1}, Params: eight}, "-1 threads in x"},
		{"too many threads", Launch{Entry: "free", Grid: one, Block: [3]int{32, 33, 1}}, "1056 threads"},
		{"as many threads as can be", Launch{Entry: "free", Grid: one, Block: [3]int{32, 32, 1}}, ""},
		{"too deep a block", Launch{Entry: "free", Grid: one, Block: [3]int{1, 1, 65}}, "65 threads in z"},
		{"more than .maxntid", Launch{Entry: "k", Grid: one, Block: [3]int{65, 1, 1}, Params: eight}, "at most 64"},
		{"other than .reqntid", Launch{Entry: "q", Grid: one, Block: [3]int{4, 8, 1}}, "compiled for [8 4 1]"},
		{"as .reqntid", Launch{Entry: "q", Grid: one, Block: [3]int{8, 4, 1}, Shared: 49152 - 1008}, ""},
		{"too much shared memory", Launch{Entry: "q", Grid: one, Block: [3]int{8, 4, 1}, Shared: 49152 - 1007}, "beside 1000 static ones"},
		{"negative shared memory", Launch{Entry: "q", Grid: one, Block: [3]int{8, 4, 1}, Shared: -1}, "-1 bytes"},
		{"all shared memory", Launch{Entry: "k", Grid: one, Block: one, Params: eight, Shared: 49152}, ""},
		{"a negative limit", Launch{Entry: "free", Grid: one, Block: one, Instructions: -1}, "limit of -1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewMemory(0).Launch(m, test.launch)
			if test.words == "" {
				if err != nil {
					t.Error(err)
				}
			} else if !errors.Is(err, ErrLaunch) || !strings.Contains(err.Error(), test.words) {
				t.Errorf("error %v, want one that holds %q", err, test.words)
			}
		})
	}
}

func TestPackParams(t *testing.T) {
	m := mustParse(t, header+".entry k(.param .u32 a, .param .u64 b, .param .u8 c, .param .f32 d)\n{\nret;\n}\n.entry array(.param .align 8 .b8 a[24])\n{\nret;\n}\n")
	k, _ := m.Entry("k")
	params, err := PackParams(k, 1, 2, 3, f(1))
	want := []byte{1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0x80, 0x3f}
	if err != nil || string(params) != string(want) {
		t.Errorf("%v, %v, want %v", params, err, want)
	}
	array, _ := m.Entry("array")
	for name, err := range map[string]error{
		"too few":  second(PackParams(k, 1, 2, 3)),
		"too much": second(PackParams(k, 1<<32, 2, 3, 4)),
		"a byte":   second(PackParams(k, 1, 2, 256, 4)),
		"an array": second(PackParams(array, 1)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second(_ []byte, err error) error { return err }
