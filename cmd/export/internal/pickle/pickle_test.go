package pickle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// entries loads a file that holds a dict.
func entries(t *testing.T, name string) *Dict {
	t.Helper()
	data := readFile(t, name)
	r := NewReader(bytes.NewReader(data), int64(len(data)), Options{Allow: func(module, name string) bool {
		return module == "__main__" && name == "Thing" || IsNumPy(module, name)
	}})
	v, err := r.Load()
	if err != nil {
		t.Fatal(err)
	}
	if r.Left() != 0 || r.Offset() != int64(len(data)) {
		t.Errorf("%s: %d bytes are left", name, r.Left())
	}
	d, ok := v.(*Dict)
	if !ok {
		t.Fatalf("%s: %s", name, Describe(v))
	}
	return d
}

// TestValues reads the same values as Python wrote them in every protocol.
func TestValues(t *testing.T) {
	xs := strings.Repeat("x", 300)
	want := map[string]string{
		"none":    "<nil>",
		"true":    "true",
		"false":   "false",
		"ints":    "[0 1 -1 255 256 65535 65536 -2147483648 2147483648 9223372036854775807 -9223372036854775808 9223372036854775808 -9223372036854775809 1606938044258990275541962092341162602522202993782792835301376]",
		"floats":  "[float(0.1) float(-0) float(1e+308) float(+Inf) float(NaN) float(3)]",
		"texts":   `["" "plain" "back\\slash\nline" "é" "日本" "😀" "\\u0041" "` + xs + `"]`,
		"bytes":   `[b"" b"ab\x00\xff" b"` + xs + `" b"ba\x80" b""]`,
		"tuples":  "[() (1) (1 2) (1 2 3) (1 2 3 4)]",
		"sets":    `[{} {1} {"a"}]`,
		"ordered": `{"z": 1, "a": 2}`,
		"default": `{"k": [1]}`,
		"keys":    `{1: "one", float(2.5): "float", <nil>: "none", (1 "a"): "tuple", "1": "text"}`,
		"shared":  `[["shared"] ["shared"]]`,
		"loop":    "[[[[[[[[…]]]]]]]]",
		"thing":   `__main__.Thing() state {"name": "thing", "size": 3}`,
	}
	for protocol := range maxProtocol + 1 {
		d := entries(t, fmt.Sprintf("values-%d.pickle", protocol))
		if d.Len() != len(want) {
			t.Errorf("protocol %d: %d values, want %d", protocol, d.Len(), len(want))
		}
		for key, v := range d.All() {
			if got := render(v); got != want[key.(string)] {
				t.Errorf("protocol %d: %s is %s, want %s", protocol, key, got, want[key.(string)])
			}
		}
		shared, _ := d.Get("shared")
		if items := shared.(*List).Items; items[0] != items[1] {
			t.Errorf("protocol %d: what was one list is two", protocol)
		}
		keys, _ := d.Get("keys")
		for _, key := range []any{true, int64(1), 1.0} {
			if v, ok := keys.(*Dict).Get(key); !ok || v != "one" {
				t.Errorf("protocol %d: key %v has %v", protocol, key, v)
			}
		}
		if v, ok := keys.(*Dict).Get(Tuple{1.0, "a"}); !ok || v != "tuple" {
			t.Errorf("protocol %d: the tuple (1.0, 'a') has %v", protocol, v)
		}
		thing, _ := d.Get("thing")
		if v, ok := thing.(*Record).Attribute("size"); !ok || v != any(int64(3)) {
			t.Errorf("protocol %d: attribute size is %v", protocol, v)
		}
	}
}

// TestByHand reads what Python writes for things that the values above lack.
func TestByHand(t *testing.T) {
	tests := []struct{ name, pickle, want string }{
		{"None", "N.", "<nil>"},
		{"Python 2 text", "S'it\\'s \\x41\\n'\n.", `"it's A\n"`},
		{"Python 2 short text", "U\x03abc.", `"abc"`},
		{"Python 2 long text", "T\x03\x00\x00\x00abc.", `"abc"`},
		{"Python 2 long integer", "L-12L\n.", "-12"},
		{"lines that end as on Windows", "I7\r\n.", "7"},
		{"integer of no bytes", "\x8a\x00.", "0"},
		{"list by a mark", "(I1\nI2\nl.", "[1 2]"},
		{"dict by a mark", "(I1\nI2\nd.", "{1: 2}"},
		{"key set twice", "}(K\x01K\x02K\x01K\x03u.", "{1: 3}"},
		{"duplicate", "K\x012\x86.", "(1 1)"},
		{"pop", "K\x01K\x020.", "1"},
		{"pop of a mark", "K\x01(0.", "1"},
		{"pop to a mark", "K\x01(K\x02K\x031.", "1"},
		{"object of an old class", "(K\x01im\nC\n.", "m.C(1)"},
		{"object of an old class in binary", "(cm\nC\nK\x01o.", "m.C(1)"},
		{"object with keywords", "cm\nC\n)}U\x01kK\x01s\x92.", `m.C()**{"k": 1}`},
		{"object by copyreg", "ccopy_reg\n_reconstructor\n(cm\nC\nc__builtin__\nobject\nNtR.", "m.C()"},
		{"object of a class derived from list", "ccopyreg\n_reconstructor\n(cm\nC\ncbuiltins\nlist\n]tR.", "m.C([])"},
		{"object with elements", "cm\nC\n)\x81(K\x01K\x02e.", "m.C() elements [1 2]"},
		{"object with items", "cm\nC\n)\x81K\x01K\x02s.", "m.C() items {1: 2}"},
		{"object by __newobj__", "ccopyreg\n__newobj__\ncm\nC\nK\x01\x86R.", "m.C(1)"},
		{"object by __newobj_ex__", "ccopyreg\n__newobj_ex__\ncm\nC\n)}\x87R.", "m.C()**{}"},
		{"call", "cm\nC\nK\x01\x85R.", "m.C(1)"},
		{"name", "cm\nC\n.", "m.C"},
		{"name of a type", "cbuiltins\nint\n.", "builtins.int"},
		{"persistent id", "K\x01Q.", "persistent(1)"},
		{"persistent id as text", "Pone\n.", `persistent("one")`},
		{"ordered dict of pairs", "ccollections\nOrderedDict\n]](K\x01K\x02ea\x85R.", "{1: 2}"},
		{"attributes of a dict", "ccollections\nOrderedDict\n)R}K\x01K\x02sb.", "{}"},
		{"bytes of latin-1", "cbuiltins\nbytearray\nV\xe9\nU\x07latin-1\x86R.", `b"\xe9"`},
		{"two backslashes are no escape", "V\\\\u0041\\u0041\n.", `"\\\\u0041A"`},
		{"set of a list that grows", "]q\x00K\x01aK\x02aK\x03acbuiltins\nset\nh\x00\x85R(K\x04\x90h\x00K\x05a0\x86.", "([1 2 3 5] {1 2 3 4})"},
		{"what follows is left", "K\x01.garbage", "1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := load([]byte(test.pickle))
			if err != nil {
				t.Fatal(err)
			}
			if got := render(v); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	tests := []struct{ name, pickle, want string }{
		{"cut off", "K", "byte 0: unexpected EOF"},
		{"no end", "K\x01", "byte 2: the pickle does not end"},
		{"nothing but the end", ".", "more values than there are"},
		{"values left over", "K\x01K\x02.", "1 values left over"},
		{"mark left over", "(K\x01.", "left over"},
		{"unknown instruction", "\xff", "instruction 0xff is in no protocol"},
		{"protocol 6", "\x80\x06N.", "protocol 6: up to 5"},
		{"frame beyond the end", "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xffN.", "a frame of 18446744073709551615 bytes where 2 are left"},
		{"bytes beyond the end", "\x8e\x00\x00\x00\x00\x01\x00\x00\x00.", "4294967296 bytes are announced and 1 are left"},
		{"bytearray beyond the end", "\x96\xff\xff\xff\xff\xff\xff\xff\x7f", "are announced and 0 are left"},
		{"text beyond the end", "X\xff\xff\xff\xffabc", "4294967295 bytes are announced and 3 are left"},
		{"text not UTF-8", "X\x01\x00\x00\x00\xff.", "not UTF-8"},
		{"half of a pair", "V\\ud800\n.", "no character"},
		{"escape cut off", "V\\u12\n.", "cut off"},
		{"string without quotes", "Sabc\n.", "without quotes"},
		{"string with an odd escape", "S'\\q'\n.", `escape "\\q"`},
		{"string with a short escape", "S'\\x1'\n.", "cut off"},
		{"string that ends in a backslash", "S'\\'\n.", "ends in a backslash"},
		{"number that is none", "Iabc\n.", `the number "abc"`},
		{"float that is none", "Fabc\n.", `the number "abc"`},
		{"memo without the value", "h\x05.", "the memo has no value 5"},
		{"memo with an odd index", "Nga\n.", `the index "a"`},
		{"memo of nothing", "q\x00.", "more values than there are"},
		{"no mark", "K\x01t.", "needs a mark"},
		{"below a mark", "K\x01()\x86.", "more values than there are"},
		{"append to a number", "K\x01K\x02a.", "contents for the number 1"},
		{"item of a list", "]K\x01K\x02s.", "contents for a list of 0"},
		{"element of a dict", "}K\x01a.", "contents for a dict of 0"},
		{"key without a value", "}(K\x01u.", "a key without a value"},
		{"list as a key", "}]K\x01s.", "a list of 0 as a key"},
		{"call of a number", "K\x01)R.", "a call of the number 1"},
		{"arguments that are a list", "cm\nC\n]R.", "a list of 0 as arguments"},
		{"keywords that are a list", "cm\nC\n)]\x92.", "a list of 0 as keyword arguments"},
		{"state of a number", "K\x01}b.", "a state for the number 1"},
		{"two states", "cm\nC\n)\x81}b}b.", "a second state for an object of m.C"},
		{"name that is a number", "K\x01K\x02\x93.", "as the name of a class"},
		{"class by number", "\x82\x01.", "a class by number"},
		{"buffer elsewhere", "\x97.", "a buffer outside"},
		{"tuples that begin alike as keys", "}X\x2c\x01\x00\x00" + strings.Repeat("x", 300) + "\x85Ns.", "a tuple of more than 256 bytes as a key"},
		{"defaultdict with values", "ccollections\ndefaultdict\nN}\x86R.", "a call of collections.defaultdict with 2 arguments"},
		{"set of a number", "cbuiltins\nset\nK\x01\x85R.", "a call of builtins.set with 1 arguments"},
		{"bytes of a wide character", "c_codecs\nencode\nV\\u0100\nU\x06latin1\x86R.", "the character 'Ā'"},
		{"bytes of another encoding", "c_codecs\nencode\nVa\nU\x05rot13\x86R.", "a call of _codecs.encode"},
		{"copyreg without a class", "ccopyreg\n_reconstructor\n)R.", "not understood"},
		{"a class that is not allowed", "cm\nD\n.", `"m.D" is refused`},
		{"a name with dots", "cm\nC.x\n.", `"m.C.x" is refused`},
		{"getattr", "cbuiltins\ngetattr\n.", `"builtins.getattr" is refused`},
		{"eval", "c__builtin__\neval\n(S'1'\ntR.", `"builtins.eval" is refused`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := load([]byte(test.pickle))
			if err == nil || !strings.HasPrefix(err.Error(), "pickle: byte ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, error %v, want one with %q", v, err, test.want)
			}
		})
	}
}

// TestSystem reads a pickle that Python would have run a command for.
func TestSystem(t *testing.T) {
	_, err := load(readFile(t, "system.pickle"))
	refused := new(ClassError)
	if !errors.As(err, &refused) || *refused != (ClassError{"posix", "system"}) {
		t.Errorf("error %v, want a ClassError of posix.system", err)
	}
}

// TestSeveral reads pickles and what is between them from one stream.
func TestSeveral(t *testing.T) {
	data := readFile(t, "two.pickle")
	r := NewReader(bytes.NewReader(data), int64(len(data)), Options{})
	if v, err := r.Load(); err != nil || v != "first" {
		t.Errorf("%v, %v", v, err)
	}
	if between, err := r.Take(3); err != nil || string(between) != "raw" {
		t.Errorf("between: %q, %v", between, err)
	}
	if v, err := r.Load(); err != nil || render(v) != `["second"]` {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := r.Load(); !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("at the end: error %v, want %v", err, io.EOF)
	}
}

// TestLimit stops at the limit of a stream that is longer.
func TestLimit(t *testing.T) {
	r := NewReader(strings.NewReader("K\x01.K\x02."), 3, Options{})
	if v, err := r.Load(); err != nil || v != any(int64(1)) {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := r.Load(); !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want %v", err, io.EOF)
	}
	if n, err := r.Read(make([]byte, 3)); n != 0 || err != io.EOF {
		t.Errorf("%d bytes more, %v", n, err)
	}
}

// TestStreamEnds has a stream end before its limit, as a compressed one may.
func TestStreamEnds(t *testing.T) {
	r := NewReader(strings.NewReader("\x8e\x00\x00\x10\x00\x00\x00\x00\x00abc"), 1<<30, Options{})
	if _, err := r.Load(); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "1048576 bytes are announced and 3 came") {
		t.Errorf("error %v", err)
	}
}
