package table

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npyRows are the values of testdata/rows.npy, two rows of three.
var npyRows = []float32{1.5, neg, nan, inf, -inf, 0x1p-149}

// write writes values as rows of three in batches of one, and closes.
func write(t testing.TB, w io.Writer, f Format, values []float32, labels []string) error {
	t.Helper()
	writer, err := NewWriter(w, f, []string{"a", "b, c", "d"}, labels != nil)
	if err != nil {
		return err
	}
	for i := 0; i < len(values)/3; i++ {
		var label []string
		if labels != nil {
			label = labels[i : i+1]
		}
		if err := writer.Write(values[3*i:3*i+3], 1, label); err != nil {
			return err
		}
	}
	return writer.Close()
}

func TestWrite(t *testing.T) {
	values := append(slices.Clone(npyRows), 1e-7, 0.1, 16777216)
	labels := []string{"cat", `say "<no>"`, ""}
	tests := []struct {
		name   string
		format Format
		values []float32
		labels []string
		want   string
	}{
		{"csv", CSV, values, nil, "a,\"b, c\",d\n1.5,-0,nan\ninf,-inf,1e-45\n1e-07,0.1,1.6777216e+07\n"},
		{"csv with labels", CSV, values, labels, "a,\"b, c\",d,label\n1.5,-0,nan,cat\ninf,-inf,1e-45,\"say \"\"<no>\"\"\"\n1e-07,0.1,1.6777216e+07,\"\"\n"},
		{"csv of no rows", CSV, nil, []string{}, "a,\"b, c\",d,label\n"},
		{"jsonl", JSONL, values, nil, `{"values":[1.5,-0,"NaN"]}` + "\n" + `{"values":["Infinity","-Infinity",1e-45]}` + "\n" + `{"values":[1e-07,0.1,1.6777216e+07]}` + "\n"},
		{"jsonl with labels", JSONL, values[:6], labels, `{"values":[1.5,-0,"NaN"],"label":"cat"}` + "\n" + `{"values":["Infinity","-Infinity",1e-45],"label":"say \"<no>\""}` + "\n"},
		{"raw", Raw, values, nil, rawFloats(values...)},
		{"raw leaves labels out", Raw, values, labels, rawFloats(values...)},
		{"npy", NPY, npyRows, nil, testFile(t, "rows.npy")},
		{"npy leaves labels out", NPY, npyRows, labels, testFile(t, "rows.npy")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var pipe bytes.Buffer
			if err := write(t, &pipe, test.format, test.values, test.labels); err != nil {
				t.Fatal(err)
			}
			if pipe.String() != test.want {
				t.Errorf("to a pipe\n%q, want\n%q", pipe.String(), test.want)
			}
			// A file that holds something already, which stays.
			file, err := os.Create(filepath.Join(t.TempDir(), "rows"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			for range 2 {
				if err := write(t, file, test.format, test.values, test.labels); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := os.ReadFile(file.Name()); err != nil || string(got) != test.want+test.want {
				t.Errorf("twice to a file\n%q, %v, want twice\n%q", got, err, test.want)
			}
		})
	}
}

// TestRoundTrip reads back what was written, bit for bit, labels too where the format has them.
func TestRoundTrip(t *testing.T) {
	const width, rows = 4, 5000 // enough to fill every buffer
	values := make([]float32, width*rows)
	labels := make([]string, rows)
	state := uint32(1)
	for i := range values {
		state = state*1664525 + 1013904223 // covers exponents, subnormals and NaN alike
		values[i] = math.Float32frombits(state)
	}
	copy(values, []float32{0, neg, inf, -inf, nan, 0x1p-149, -0x1p-126, math.MaxFloat32})
	odd := []string{"cat", "", "a,b", `"`, "ends with \\", "two\nlines", "<&>", "1", "true", "日本", " around ", "\x00", "\ufeff", "null"}
	for i := range labels {
		labels[i] = odd[i%len(odd)]
	}
	for _, f := range []Format{CSV, JSONL, NPY, Raw} {
		opts := ReadOptions{Width: width}
		if f == CSV || f == JSONL {
			opts.Label = "label"
		}
		var file bytes.Buffer
		w, err := NewWriter(&file, f, []string{"a", "b", "c", "d"}, opts.Label != "")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(values, rows, labels); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(&file, "in", f, opts)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(t, r, opts, 333)
		if err != nil {
			t.Fatal(err)
		}
		if !sameFloats(got.values, values) {
			t.Errorf("%v: values read differ from those written", f)
		}
		want := slices.Clone(labels)
		for i := range want {
			if f == CSV {
				want[i] = strings.TrimSpace(want[i]) // as every csv field
			}
		}
		if opts.Label != "" && !slices.Equal(got.labels, want) {
			t.Errorf("%v: labels read differ from those written", f)
		}
	}
}

func TestNewWriterRefuses(t *testing.T) {
	if _, err := NewWriter(io.Discard, CSV, nil, true); err == nil || !strings.Contains(err.Error(), "at least 1") {
		t.Errorf("no columns: %v", err)
	}
	if _, err := NewWriter(io.Discard, 0, []string{"a"}, true); err == nil || !strings.Contains(err.Error(), "Format(0) is not a format") {
		t.Errorf("no format: %v", err)
	}
}

// TestWriteNPYToPipe uses a pipe of the system, whose Seek exists and fails.
func TestWriteNPYToPipe(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := write(t, in, NPY, npyRows, nil); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if got, err := io.ReadAll(out); err != nil || string(got) != testFile(t, "rows.npy") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWriteNPYRefuses(t *testing.T) {
	t.Run("more than can be held", func(t *testing.T) {
		w, err := newNPYWriter(new(bytes.Buffer), rows{width: 2}, 16)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := w.Write([]float32{1, 2}, 1, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Write([]float32{1, 2}, 1, nil); err == nil || !strings.Contains(err.Error(), "more than 16 bytes are not held for a pipe: write npy to a file, or choose raw") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("appending", func(t *testing.T) {
		file, err := os.OpenFile(filepath.Join(t.TempDir(), "rows.npy"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := write(t, file, NPY, npyRows, nil); err == nil || !strings.Contains(err.Error(), "cannot be appended to a file") {
			t.Errorf("error %v", err)
		}
	})
}

// failAfter fails once n bytes are written.
type failAfter struct{ n int }

var errFull = errors.New("disk full")

func (f *failAfter) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return f.n, errFull
	}
	f.n -= len(p)
	return len(p), nil
}

// seekFile is an output in memory that can seek and that fails after some calls of Seek and Write.
type seekFile struct {
	bytes.Buffer
	calls int
}

func (f *seekFile) call() error {
	if f.calls == 0 {
		return errFull
	}
	f.calls--
	return nil
}

func (f *seekFile) Write(p []byte) (int, error) {
	if err := f.call(); err != nil {
		return 0, err
	}
	return f.Buffer.Write(p)
}

func (f *seekFile) Seek(int64, int) (int64, error) { return 0, f.call() }

// TestWriteErrors fails at every byte of what is written, and at every call on a file.
func TestWriteErrors(t *testing.T) {
	for _, f := range []Format{CSV, JSONL, NPY, Raw} {
		var whole bytes.Buffer
		if err := write(t, &whole, f, npyRows, nil); err != nil {
			t.Fatal(err)
		}
		for n := range whole.Len() {
			if err := write(t, &failAfter{n}, f, npyRows, nil); !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), "table: ") {
				t.Errorf("%v to a disk with room for %d bytes: error %v", f, n, err)
			}
		}
	}
	// Seek, header, two rows; Seek, Seek, header, Seek, Seek.
	const calls = 9
	for n := 1; n < calls; n++ { // without the first Seek it is a pipe
		err := write(t, &seekFile{calls: n}, NPY, npyRows, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "table: ") {
			t.Errorf("npy to a file that fails after %d calls: error %v", n, err)
		}
	}
	if err := write(t, &seekFile{calls: calls}, NPY, npyRows, nil); err != nil {
		t.Errorf("npy to a file that does not fail: %v", err)
	}
}
