package pickle

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostile has pickles of a few megabytes do as much as they may. All must come to an end within
// bounds of time and memory.
func TestHostile(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, 2*MaxOpcodes/len(s)) }
	text := func(n int) string { // a text, stored as value 0
		return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(n))) + strings.Repeat("x", n) + "q\x00"
	}
	tests := []struct{ name, pickle, want string }{
		{"dicts", many("}"), "instructions"},
		{"dicts of one", many("}NNs"), "instructions"},
		{"lists of one", many("]Na"), "instructions"},
		{"sets", many("\x8f"), "instructions"},
		{"marks", many("("), "instructions"},
		{"memo", "N" + many("\x94"), "instructions"},
		{"nested lists", many("]"), "instructions"},
		{"nested tuples", "N" + many("\x85"), "instructions"},
		{"tuples that double", "N" + many("2\x86"), "instructions"},
		{"tuples that double as keys", "}N" + strings.Repeat("2\x86", 100) + "q\x00" + many("Ns}h\x00"), "as a key"},
		{"objects", "cm\nC\nq\x00" + many("h\x00)\x81"), "instructions"},
		{"objects with items", "cm\nC\nq\x00" + many("h\x00)\x81NNs"), "instructions"},
		{"one key often", text(4096) + "}q\x01" + many("h\x01h\x00Ns0"), "instructions"},
		{"one long key", text(5000) + "}q\x01h\x00Ns.", "as a key"},
		{"bytes of one text", text(1<<20) + "c_codecs\nencode\nq\x01X\x06\x00\x00\x00latin1q\x020" + many("h\x01h\x00h\x02\x86R0"), "calls build more"},
		{"dicts of one list", "ccollections\nOrderedDict\nq\x00](" + strings.Repeat("NN\x86", 100_000) + "eq\x010" + many("h\x00h\x01\x85R0"), "calls build more"},
		{"sets of one list", "cbuiltins\nset\nq\x00](" + strings.Repeat("N", 100_000) + "eq\x010" + many("h\x00h\x01\x85R0"), "instructions"},
		{"a number of many digits", "I" + strings.Repeat("9", 1<<20) + "\n.", "a line of more than 2500 bytes"},
		{"a number of many bytes", "\x8b\x00\x00\x10\x00" + strings.Repeat("9", 1<<20) + ".", "an integer of 1048576 bytes"},
		{"numbers of many digits", many("I" + strings.Repeat("9", 2400) + "\n"), "does not end"},
		{"a long line", "S'" + strings.Repeat("x", 1<<20), "a line that does not end"},
		{"names", many("cm\nC\n"), "does not end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := []byte(test.pickle)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := load(data)
			elapsed := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 {
				t.Errorf("%d MiB were allocated", n>>20)
			}
			if elapsed > time.Minute { // half a second, but for an emulator or the race detector
				t.Errorf("it took %v", elapsed)
			}
		})
	}
}

// load reads a pickle in which class C of module m may occur, and NumPy's.
func load(data []byte) (any, error) {
	return NewReader(bytes.NewReader(data), int64(len(data)), Options{Allow: func(module, name string) bool {
		return module == "m" && name == "C" || IsNumPy(module, name)
	}}).Load()
}
