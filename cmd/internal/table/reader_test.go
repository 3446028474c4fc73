package table

import (
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// result is all that a Reader tells.
type result struct {
	values     []float32
	labels     []string
	ignored    []string
	byPosition bool
	nans       int64
}

// readAll reads to the end in batches of the given number of rows. It returns the rows before an
// error as well.
func readAll(t testing.TB, r Reader, opts ReadOptions, batch int) (result, error) {
	t.Helper()
	var got result
	dst := make([]float32, batch*opts.Width)
	var labels []Label
	if opts.Label != "" {
		labels = make([]Label, batch)
	}
	for {
		n, err := r.Read(dst, labels)
		got.values = append(got.values, dst[:n*opts.Width]...)
		for _, label := range labels[:min(n, len(labels))] {
			got.labels = append(got.labels, label.Text)
		}
		got.ignored, got.byPosition, got.nans = r.Ignored(), r.ByPosition(), r.NaNs()
		if err == nil && n == 0 {
			t.Fatal("no rows and no error")
		}
		if err == nil {
			continue
		}
		if m, again := r.Read(dst, labels); m != 0 || again != err {
			t.Fatalf("after the error %v: %d rows, %v", err, m, again)
		}
		if err != io.EOF {
			return got, err
		}
		if n > 0 {
			t.Fatalf("%d rows beside io.EOF", n)
		}
		return got, nil
	}
}

// sameFloats compares bits, but takes any NaN for any other.
func sameFloats(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
	})
}

type goodTest struct {
	name  string
	opts  ReadOptions
	input string
	want  result
}

// reading reads all rows of an input in batches of the given number of rows.
type reading func(t testing.TB, in io.Reader, f Format, opts ReadOptions, batch int) (result, error)

func readValues(t testing.TB, in io.Reader, f Format, opts ReadOptions, batch int) (result, error) {
	t.Helper()
	r, err := NewReader(in, "in", f, opts)
	if err != nil {
		return result{}, err
	}
	return readAll(t, r, opts, batch)
}

func testGood(t *testing.T, f Format, tests []goodTest) { testGoodBy(t, readValues, f, tests) }

func testBad(t *testing.T, f Format, tests []badTest) { testBadBy(t, readValues, f, tests) }

// testGoodBy reads each input at once and byte by byte, in batches of one row, of two and of many.
func testGoodBy(t *testing.T, read reading, f Format, tests []goodTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, batch := range []int{1, 2, 100} {
				for how, in := range map[string]io.Reader{
					"at once":        strings.NewReader(test.input),
					"byte by byte":   iotest.OneByteReader(strings.NewReader(test.input)),
					"EOF with bytes": iotest.DataErrReader(strings.NewReader(test.input)),
				} {
					got, err := read(t, in, f, test.opts, batch)
					if err != nil {
						t.Fatal(err)
					}
					if !sameFloats(got.values, test.want.values) || !slices.Equal(got.labels, test.want.labels) ||
						!slices.Equal(got.ignored, test.want.ignored) || got.byPosition != test.want.byPosition || got.nans != test.want.nans {
						t.Errorf("%s in batches of %d: %v, want %v", how, batch, got, test.want)
					}
				}
			}
		})
	}
}

type badTest struct {
	name  string
	opts  ReadOptions
	input string
	rows  int // before the error
	want  string
}

// testBadBy requires the rows before the error as well as the error, in whatever batches.
func testBadBy(t *testing.T, read reading, f Format, tests []badTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, batch := range []int{1, 2, 100} {
				got, err := read(t, strings.NewReader(test.input), f, test.opts, batch)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("error %v, want one with %q", err, test.want)
				}
				if rows := len(got.values) / test.opts.Width; rows != test.rows {
					t.Errorf("%d rows in batches of %d before the error, want %d", rows, batch, test.rows)
				}
			}
		})
	}
}

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
	neg = float32(math.Copysign(0, -1))
)

func TestFormats(t *testing.T) {
	files := []struct {
		name string
		want Format
		ok   bool
	}{
		{"a.csv", CSV, true}, {"dir.npy/A.CSV", CSV, true}, {"a.jsonl", JSONL, true}, {"a.ndjson", JSONL, true},
		{"a.npy", NPY, true}, {"a.raw", Raw, true}, {"a.f32", Raw, true}, {"a.bin", Raw, true},
		{"a.svmlight", SVMLight, true}, {"a.LIBSVM", SVMLight, true}, {"a.svm", SVMLight, true}, {"a.txt", Text, true},
		{"a.json", 0, false}, {"a.csv.gz", 0, false}, {"csv", 0, false}, {"", 0, false},
	}
	for _, test := range files {
		if got, ok := FormatOf(test.name); got != test.want || ok != test.ok {
			t.Errorf("FormatOf(%q): %v, %t, want %v, %t", test.name, got, ok, test.want, test.ok)
		}
	}
	for _, f := range []Format{CSV, JSONL, NPY, Raw, SVMLight, Text, Document} {
		if got, err := ParseFormat(f.String()); got != f || err != nil {
			t.Errorf("ParseFormat(%q): %v, %v", f, got, err)
		}
	}
	for _, name := range []string{"", "CSV", "json", "Format(0)"} {
		if got, err := ParseFormat(name); err == nil || !strings.Contains(err.Error(), "choose csv, jsonl, npy, raw, svmlight, text or document") {
			t.Errorf("ParseFormat(%q): %v, %v", name, got, err)
		}
	}
}

func TestNewReaderRefuses(t *testing.T) {
	tests := []struct {
		name   string
		format Format
		opts   ReadOptions
		want   string
	}{
		{"no width", CSV, ReadOptions{}, "at least 1"},
		{"too few names", CSV, ReadOptions{Width: 2, Features: []string{"a"}}, "1 feature names for rows of 2"},
		{"labels in npy", NPY, ReadOptions{Width: 2, Label: "y"}, "npy holds no labels"},
		{"labels in raw", Raw, ReadOptions{Width: 2, Label: "y"}, "raw holds no labels"},
		{"names twice, jsonl", JSONL, ReadOptions{Width: 2, Features: []string{"a", "a"}}, `features 0 and 1 are both called "a"`},
		{"names twice, csv", CSV, ReadOptions{Width: 2, Features: []string{"a", "a"}}, `features 0 and 1 are both called "a"`},
		{"no format", 0, ReadOptions{Width: 2}, "Format(0) is not a format"},
		{"rows of elements", SVMLight, ReadOptions{Width: 2}, "svmlight is not a format of values"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := NewReader(strings.NewReader("a,b\n"), "in", test.format, test.opts); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// TestRowError places an error for those who ask by type.
func TestRowError(t *testing.T) {
	r, err := NewReader(strings.NewReader("a,b\n1,2\n\n3\n"), "test.csv", CSV, ReadOptions{Width: 2})
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Read(make([]float32, 20), nil)
	var at *RowError
	if !errors.As(err, &at) || at.Name != "test.csv" || at.Row != 2 || at.Line != 4 || n != 1 {
		t.Errorf("%d rows and error %#v, want one row and an error in row 2, line 4", n, err)
	}
}

// TestLabelLines places the labels for whoever finds one wrong, much later than it was read.
func TestLabelLines(t *testing.T) {
	for f, input := range map[Format]string{
		CSV:   "y,a\r\n\r\nno,1\n\n\"o,\nk\",2\nno,3\n",
		JSONL: "\n\n" + `{"a":1,"y":"no"}` + "\n\n" + `{"a":2,"y":"ok"}` + "\n \n" + `{"a":3,"y":"no"}`,
	} {
		r, err := NewReader(strings.NewReader(input), "in", f, ReadOptions{Width: 1, Features: []string{"a"}, Label: "y"})
		if err != nil {
			t.Fatal(err)
		}
		labels := make([]Label, 4)
		n, err := r.Read(make([]float32, 4), labels)
		if n != 3 || err != nil || labels[0].Line != 3 || labels[1].Line != 5 || labels[2].Line != 7 {
			t.Errorf("%v: %d rows with labels %v, %v: want 3 in the lines 3, 5 and 7", f, n, labels, err)
		}
	}
}

// TestReadPixels allows whole numbers from 0 to 255 and nothing else, in whatever format they come.
func TestReadPixels(t *testing.T) {
	ab := []string{"a", "b"}
	opts := ReadOptions{Width: 2, Features: ab, Pixels: true}
	npyFile := func(dtype npy.DType, values ...byte) string {
		return npyHeader(t, dtype, len(values)/2/dtype.Size(), 2) + string(values)
	}
	want := result{values: []float32{0, 255, 7, 1}}
	testGood(t, CSV, []goodTest{{"csv", opts, "b,a\n255,0\n1.0,7e0\n", want}})
	testGood(t, JSONL, []goodTest{{"jsonl", opts, "[0,255.0]\n" + `{"b":1,"a":7}`, want}})
	testGood(t, Raw, []goodTest{{"raw", opts, rawFloats(0, 255, 7, 1), want}})
	testGood(t, NPY, []goodTest{{"npy of u1", opts, npyFile("|u1", 0, 255, 7, 1), want}})
	testGood(t, NPY, []goodTest{{"npy of i2", opts, npyFile("<i2", 0, 0, 255, 0, 7, 0, 1, 0), want}})

	const no = "is not a whole number from 0 to 255: the model's input is of dtype u8"
	testBad(t, CSV, []badTest{
		{"csv, half", opts, "b,a\n1,2\n3,0.5\n", 1, `in: row 2 (line 3): column 2 ("a"): 0.5 ` + no},
		{"csv, too large", opts, "1,2\n3,4\n256,5\n", 2, "in: row 3 (line 3): column 1: 256 " + no},
		{"csv, negative", opts, "1,-1\n", 0, "column 2: -1 " + no},
		{"csv, missing", opts, "1,nan\n", 0, "column 2: NaN " + no},
	})
	testBad(t, JSONL, []badTest{
		{"jsonl, array", opts, "[1,2]\n[3,4.5]\n", 1, "in: row 2 (line 2): value 2: 4.5 " + no},
		{"jsonl, object", opts, `{"a":1,"b":1e9}`, 0, `"b": 1e+09 ` + no},
		{"jsonl, null", opts, "[null,1]", 0, "value 1: NaN " + no},
	})
	testBad(t, Raw, []badTest{
		{"raw", opts, rawFloats(1, 2, 3, 4, 5, 0.1, 7, 8), 2, "in: row 3: column 2: 0.1 " + no},
		{"raw, cut behind it", opts, rawFloats(1, inf, 3), 0, "in: row 1: column 2: +Inf " + no},
	})
	testBad(t, NPY, []badTest{
		{"npy of i1", opts, npyFile("|i1", 1, 2, 3, 255), 1, "in: row 2: column 2: -1 " + no},
		{"npy of u2", opts, npyFile("<u2", 0, 1, 2, 0), 0, "in: row 1: column 1: 256 " + no},
	})
}

// TestReadErrors breaks the input after every byte of two rows.
func TestReadErrors(t *testing.T) {
	broken := errors.New("broken")
	npyRows, err := os.ReadFile(filepath.Join("testdata", "rows.npy"))
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[Format]string{
		CSV:   "a,b,c\n1,2,3\n4,5,6\n",
		JSONL: "[1,2,3]\n[4,5,6]\n",
		NPY:   string(npyRows),
		Raw:   strings.Repeat("\x00", 24),
	}
	opts := ReadOptions{Width: 3}
	for f, input := range inputs {
		for n := range len(input) + 1 {
			r, err := NewReader(io.MultiReader(strings.NewReader(input[:n]), iotest.ErrReader(broken)), "in", f, opts)
			if err == nil {
				_, err = readAll(t, r, opts, 1)
			}
			if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "in: ") {
				t.Errorf("%v broken after %d bytes: error %v", f, n, err)
			}
		}
	}
}

// TestLongRows reads rows of text that never end, or too late.
func TestLongRows(t *testing.T) {
	const limit = 200 << 10
	opts := ReadOptions{Width: 2}
	long := strings.Repeat("1", limit)
	tests := []struct {
		name   string
		format Format
		input  string
		want   string
	}{
		{"csv", CSV, "1,2\n" + long + long + ",2\n", "in: row 2: row is too long"},
		{"csv, first line", CSV, long + long, "in: first line: row is too long"},
		{"csv, open quote", CSV, "1,2\n\"" + strings.Repeat("3,4\n", limit), "in: row 2: row is too long"},
		{"jsonl", JSONL, "[1,2]\n[" + long + long + "]\n", "in: row 2 (line 2): row is too long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := newReader(strings.NewReader(test.input), "in", test.format, opts, limit)
			if err == nil {
				_, err = readAll(t, r, opts, 1)
			}
			if !errors.Is(err, errRowTooLong) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	// Many rows that keep to the limit are together far beyond it.
	for f, row := range map[Format]string{CSV: "1,2\n", JSONL: "[1,2]\n"} {
		r, err := newReader(strings.NewReader(strings.Repeat(row, limit)), "in", f, opts, limit)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(t, r, opts, 1000)
		if err != nil || len(got.values) != 2*limit {
			t.Errorf("%v: %d values, %v, want %d", f, len(got.values), err, 2*limit)
		}
	}
}

// TestPipeIsPrompt requires a row as soon as its line is there, with nothing after it.
func TestPipeIsPrompt(t *testing.T) {
	rows := map[Format]string{CSV: "1\n", JSONL: "[1]\n", Raw: "\x00\x00\x80\x3f"}
	for f, row := range rows {
		out, in := io.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 3 {
				if _, err := io.WriteString(in, row); err != nil {
					t.Errorf("%v: %v", f, err)
				}
			}
		}()
		r, err := NewReader(out, "in", f, ReadOptions{Width: 1})
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]float32, 1)
		for range 3 {
			if n, err := r.Read(dst, nil); n != 1 || err != nil || dst[0] != 1 {
				t.Errorf("%v: %d rows, %v, %v", f, n, dst, err)
			}
		}
		<-done
		in.Close()
	}
}

// TestBrokenContract holds calls that no input can excuse.
func TestBrokenContract(t *testing.T) {
	r, err := NewReader(strings.NewReader("a,b,y\n1,2,3\n"), "in", CSV, ReadOptions{Width: 2, Label: "y"})
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWriter(io.Discard, CSV, []string{"a", "b"}, true)
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func(){
		"no room":               func() { r.Read(nil, nil) },
		"room for half a row":   func() { r.Read(make([]float32, 3), make([]Label, 2)) },
		"no room for labels":    func() { r.Read(make([]float32, 2), nil) },
		"too few values":        func() { w.Write(make([]float32, 3), 2, make([]string, 2)) },
		"too few labels":        func() { w.Write(make([]float32, 4), 2, make([]string, 1)) },
		"less than no rows":     func() { w.Write(nil, -1, nil) },
		"more values than rows": func() { w.Write(make([]float32, 4), 0, nil) },
	}
	for name, call := range calls {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
