package joblib

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// cases is where files of the real joblib lie.
const cases = "../../../../testdata/models/sklearn"

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(cases, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func everything(string, string) bool { return true }

func load(data []byte) (*File, error) {
	return Load(bytes.NewReader(data), int64(len(data)), everything)
}

// mean returns the mean of the StandardScaler that begins the pipeline of a file.
func mean(t *testing.T, f *File) []float64 {
	t.Helper()
	v := any(f.Values[0])
	for _, name := range []string{"steps", "mean_"} {
		r, ok := v.(*pickle.Record)
		if !ok {
			t.Fatalf("%s where an object is needed", pickle.Describe(v))
		}
		if v, ok = r.Attribute(name); !ok {
			t.Fatalf("no attribute %s", name)
		}
		if l, ok := v.(*pickle.List); ok {
			v = l.Items[0].(pickle.Tuple)[1]
		}
	}
	a, err := pickle.Array(v)
	if err != nil {
		t.Fatal(err)
	}
	return a.Float64s()
}

// TestCompressions reads one model as joblib and pickle wrote it in all their ways.
func TestCompressions(t *testing.T) {
	plain := readFile(t, "joblib_plain/model.joblib")
	f, err := load(plain)
	if err != nil {
		t.Fatal(err)
	}
	want := mean(t, f)
	tests := []struct {
		file        string
		compression Compression
	}{
		{"joblib_zlib/model.joblib", Zlib},
		{"joblib_gzip/model.joblib", Gzip},
		{"joblib_bz2/model.joblib", Bzip2},
		{"joblib_lz4/model.joblib", LZ4},
		{"joblib_xz/model.joblib", XZ},
		{"joblib_lzma/model.joblib", LZMA},
		{"pickle_gzip/model.pkl.gz", Gzip},
		{"pickle_bz2/model.pkl.bz2", Bzip2},
		{"pickle_xz/model.pkl.xz", XZ},
		{"pickle_0/model.pkl", None},
		{"pickle_5/model.pkl", None},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			data := readFile(t, test.file)
			if c, ok := Recognise(data[:16]); !ok || c != test.compression {
				t.Errorf("recognised as %q, %t", c, ok)
			}
			f, err := load(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := mean(t, f); !slices.Equal(got, want) {
				t.Errorf("mean %v, want %v", got, want)
			}
			if test.compression == None && f.Bytes != int64(len(data)) {
				t.Errorf("%d bytes, want %d", f.Bytes, len(data))
			}
		})
	}
}

// TestDamaged cuts files short and changes their bytes.
func TestDamaged(t *testing.T) {
	tests := []struct {
		name string
		step int // between the places; bzip2, xz and lzma take some megabytes each time
		end  int // bytes that nobody misses, lz4's mark of the end
		sums bool
	}{
		{"zlib", 5, 0, true}, {"gzip", 5, 0, true}, {"bz2", 17, 0, true}, {"xz", 31, 0, true},
		{"lz4", 5, 4, false}, {"lzma", 31, 0, false}, {"plain", 5, 0, false},
	}
	for _, test := range tests {
		data := readFile(t, "joblib_"+test.name+"/model.joblib")
		whole, err := load(data)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(test.name+", cut", func(t *testing.T) {
			for n := 0; n < len(data)-test.end; n += test.step {
				if _, err := load(data[:n]); err == nil {
					t.Fatalf("the first %d of %d bytes are accepted", n, len(data))
				}
			}
		})
		if !test.sums {
			continue
		}
		t.Run(test.name+", changed", func(t *testing.T) {
			for i := 0; i < len(data); i += test.step {
				changed := slices.Clone(data)
				changed[i] ^= 0x10
				if f, err := load(changed); err == nil && !slices.Equal(mean(t, f), mean(t, whole)) {
					t.Errorf("byte %d of %d is changed, and the values with it", i, len(data))
				}
			}
		})
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		head string
		want Compression
		ok   bool
	}{
		{"\x80\x04\x95", None, true},
		{"\x80\x02}q", None, true},
		{"\x80\x06", None, false},
		{"ccopy_reg\n_reconstructor\n", None, true},
		{"(dp0\n", None, true},
		{"(lp0\n", None, true},
		{"}q\x00(", None, true},
		{"\x78\x9c\x01", Zlib, true},
		{"\x78\xda", Zlib, true},
		{"\x78\x9d", None, false},
		{"xml", None, false},
		{"BZh91AY", Bzip2, true},
		{"(hello)", None, false},
		{"col1,col2\n", None, true}, // like a class; the pickle's reader refuses it
		{"", None, false},
		{"\x80", None, false},
		{"PK\x03\x04", None, false},
		{"{\"a\"", None, false},
	}
	for _, test := range tests {
		if c, ok := Recognise([]byte(test.head)); c != test.want || ok != test.ok {
			t.Errorf("%q is recognised as %q, %t, want %q, %t", test.head, c, ok, test.want, test.ok)
		}
	}
}

// wrapped returns the pickle of an array as joblib writes it, without its bytes and what follows.
func wrapped(subclass, dtype, shape, order, more string) string {
	name := strings.NewReplacer(".ndarray", "\nndarray", ".matrix", "\nmatrix", ".generic", "\ngeneric").Replace(subclass)
	return "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" +
		"S'subclass'\nc" + name + "\nS'shape'\n(" + shape + "tS'order'\nS'" + order + "'\n" +
		"S'dtype'\ncnumpy\ndtype\n(S'" + dtype + "'\nI00\nI01\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb" + more + "ub"
}

func TestArrays(t *testing.T) {
	const four = "\x01\x00\x02\x00\x03\x00\x04\x00"
	tests := map[string]struct {
		file  string
		want  string // of fmt.Sprint(values)
		fails string
	}{
		"no alignment":  {wrapped("numpy.ndarray", "i2", "I4\n", "C", "") + four + ".", "[1 2 3 4]", ""},
		"alignment":     {wrapped("numpy.ndarray", "i2", "I4\n", "C", "S'numpy_array_alignment_bytes'\nI16\n") + "\x03\xff\xff\xff" + four + ".", "[1 2 3 4]", ""},
		"no padding":    {wrapped("numpy.ndarray", "i2", "I4\n", "C", "S'numpy_array_alignment_bytes'\nI16\n") + "\x00" + four + ".", "[1 2 3 4]", ""},
		"none is older": {wrapped("numpy.ndarray", "i2", "I4\n", "C", "S'numpy_array_alignment_bytes'\nN") + four + ".", "[1 2 3 4]", ""},
		"Fortran order": {wrapped("numpy.ndarray", "i2", "I2\nI2\n", "F", "") + four + ".", "[1 3 2 4]", ""},
		"matrix":        {wrapped("numpy.matrix", "i2", "I2\nI2\n", "C", "") + four + ".", "[1 2 3 4]", ""},
		"no dimension":  {wrapped("numpy.ndarray", "i2", "", "C", "") + "\x07\x00.", "[7]", ""},
		"empty":         {wrapped("numpy.ndarray", "i2", "I0\nI4\n", "C", "") + ".", "[]", ""},
		"one short":     {wrapped("numpy.ndarray", "i2", "I4\n", "C", "") + four, "", "unexpected EOF"},
		"other class":   {wrapped("numpy.generic", "i2", "I4\n", "C", "") + four + ".", "", "array of class the name numpy.generic"},
		"other order":   {wrapped("numpy.ndarray", "i2", "I4\n", "A", "") + four + ".", "", `the text "A" as its order`},
		"too long":      {wrapped("numpy.ndarray", "f8", "I1000000\nI1000000\n", "C", "") + ".", "", "bytes are left"},
		"overflow":      {wrapped("numpy.ndarray", "f8", "I4294967296\nI4294967296\n", "C", "") + ".", "", "bytes are left"},
		"negative":      {wrapped("numpy.ndarray", "f8", "I-1\n", "C", "") + ".", "", "shape"},
		"no objects":    {wrapped("numpy.ndarray", "O", "I1\n", "C", ""), "", "unexpected EOF"},
		"endless":       {strings.Repeat(wrapped("numpy.ndarray", "O", "I1\n", "C", ""), 50), "", "pickles within pickles"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := load([]byte(test.file))
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("error %v, want one with %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			a, err := pickle.Array(f.Values[0])
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(a.Float64s()); got != test.want {
				t.Errorf("values %s, want %s", got, test.want)
			}
		})
	}
}

// TestSkipped reads past an array of records, which stays what it was.
func TestSkipped(t *testing.T) {
	f, err := load([]byte("(" + wrapped("numpy.ndarray", "V5", "I2\n", "C", "") + "0123456789" + "I7\nt."))
	if err != nil {
		t.Fatal(err)
	}
	v := f.Values[0].(pickle.Tuple)
	if r, ok := v[0].(*pickle.Record); !ok || r.Class.Name != "NumpyArrayWrapper" || v[1] != int64(7) {
		t.Errorf("values %v", v)
	}
}

// TestSeveral reads pickles that were written one after the other.
func TestSeveral(t *testing.T) {
	f, err := load([]byte("\x80\x02K\x01.\x80\x02K\x02."))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.Values, []any{int64(1), int64(2)}) {
		t.Errorf("values %v", f.Values)
	}
	if _, err := load(bytes.Repeat([]byte("\x80\x02K\x01."), MaxValues+1)); err == nil || !strings.Contains(err.Error(), "more than 64 pickles") {
		t.Errorf("error %v", err)
	}
}

func TestRefused(t *testing.T) {
	tests := map[string]struct{ file, want string }{
		"nothing":     {"", "neither a pickle nor compressed"},
		"text":        {"hello, world\n", "neither a pickle nor compressed"},
		"old joblib":  {"ZF0x1f               \x78\x9c", "joblib before 0.10"},
		"trailing":    {"\x80\x02K\x01.\x00", "instruction 0x00"},
		"empty gzip":  {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00", "EOF"},
		"broken gzip": {"\x1f\x8b\x08\x00", "joblib: gzip: unexpected EOF"},
		"os.system":   {"cposix\nsystem\n(S'true'\ntR.", `"posix.system" is refused`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Load(strings.NewReader(test.file), int64(len(test.file)), func(string, string) bool { return false })
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "joblib: ") {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
