package runtime

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// keep writes a file as if a session of a model had measured this.
func keep(t *testing.T, dir string, m *format.Model, g *fakeGPU, measured Measured) *keptTuning {
	t.Helper()
	s, err := newSession(m, Options{}, g.host())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := newKeptTuning(dir, m, s, measured.Rows)
	if err == nil {
		err = kept.write(&measured, s.Tuning().GPU)
	}
	if err != nil {
		t.Fatal(err)
	}
	g.calls = nil
	return kept
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

// A measurement is kept, found again, and made anew when asked for.
func TestTuningIsKept(t *testing.T) {
	m, dir := perceptron(1, 4, 5, 3), filepath.Join(t.TempDir(), "not", "there", "yet")
	for i, test := range []struct {
		name  string
		model *format.Model
		gpu   *fakeGPU
		o     Options
		kept  bool
		files int
	}{
		{"first", m, slow(), Options{}, false, 1},
		{"again", m, slow(), Options{}, true, 1},
		{"its batch", m, slow(), Options{Batch: usualBatch}, true, 1},
		{"anew", m, fast(), Options{Tune: true}, false, 1},
		{"and again", m, fast(), Options{}, true, 1},
		{"another batch", m, fast(), Options{Batch: 8}, false, 2},
		{"other threads", m, fast(), Options{Threads: 7}, false, 3},
		{"another driver", m, &fakeGPU{driver: "13.0"}, Options{}, false, 4},
		{"another model", perceptron(2, 4, 5, 3), fast(), Options{}, false, 5},
		{"the first model again", m, slow(), Options{}, true, 5},
	} {
		test.o.CacheDir = dir
		s, err := newSession(test.model, test.o, test.gpu.host())
		if err != nil {
			t.Fatal(err)
		}
		tuning := s.Tuning()
		if tuning.Kept != test.kept || test.kept != (len(test.gpu.calls) == 0) || tuning.Unkept != nil {
			t.Errorf("%d, %s: %d calls, tuning %+v", i, test.name, len(test.gpu.calls), tuning)
		}
		if files := entries(t, dir); len(files) != test.files {
			t.Errorf("%d, %s: %d files are there: %q", i, test.name, len(files), files)
		}
		if want := tuning.Measured.breakEven() > 0; want != (test.gpu.models == 1) || want != (tuning.FromRows > 0) {
			t.Errorf("%d, %s: %d models on the GPU, tuning %+v", i, test.name, test.gpu.models, tuning)
		}
	}
}

// Files that are damaged, foreign or of the future are measured over.
func TestKeptFileIsNotTrusted(t *testing.T) {
	m, dir := perceptron(1, 4, 5, 3), t.TempDir()
	measured := Measured{Rows: 64, CPUOne: 10, CPUMany: 640, GPUOne: 100, GPUMany: 163}
	kept := keep(t, dir, m, fast(), measured)
	good, err := os.ReadFile(kept.path())
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.read(); got == nil || *got != measured {
		t.Fatalf("%s is read as %+v", good, got)
	}
	replaced := func(old, new string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("%s has no %s", good, old)
		}
		return bytes.Replace(good, []byte(old), []byte(new), 1)
	}
	for name, data := range map[string][]byte{
		"nothing":           {},
		"half":              good[:len(good)/2],
		"twice":             append(bytes.Clone(good), good...),
		"huge":              append(bytes.Clone(good), bytes.Repeat([]byte(" "), mostKept)...),
		"another format":    replaced(`"format": 1`, `"format": 2`),
		"another's key":     replaced(`"key": "`, `"key": "0`),
		"a field more":      replaced(`"format": 1`, `"format": 1, "wishes": 3`),
		"one row":           replaced(`"rows": 64`, `"rows": 1`),
		"too many rows":     replaced(`"rows": 64`, `"rows": 1000000000000`),
		"a negative time":   replaced(`"gpu_rows_ns": 163`, `"gpu_rows_ns": -163`),
		"no time":           replaced(`"cpu_one_row_ns": 10`, `"cpu_one_row_ns": 0`),
		"a day":             replaced(`"cpu_one_row_ns": 10`, `"cpu_one_row_ns": 86400000000000`),
		"a time in letters": replaced(`"cpu_one_row_ns": 10`, `"cpu_one_row_ns": "ten"`),
		"no object":         []byte("[1, 2]\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(kept.path(), data, 0o644); err != nil {
				t.Fatal(err)
			}
			if got := kept.read(); got != nil {
				t.Fatalf("%s is read as %+v", data, got)
			}
			g := slow()
			s, err := newSession(m, Options{CacheDir: dir}, g.host())
			if err != nil {
				t.Fatal(err)
			}
			if tuning := s.Tuning(); tuning.Kept || tuning.Unkept != nil || len(g.calls) == 0 {
				t.Errorf("tuning %+v after the calls %v", tuning, g.calls)
			}
			if got := kept.read(); got == nil || *got != *s.Tuning().Measured {
				t.Errorf("the file holds %+v", got)
			}
			if files := entries(t, dir); len(files) != 1 {
				t.Errorf("left behind: %q", files)
			}
		})
	}
}

func FuzzKeptTuning(f *testing.F) {
	dir := f.TempDir()
	kept := &keptTuning{dir, strings.Repeat("ab", 32)}
	if err := kept.write(&Measured{64, 10, 640, 100, 163}, GPU{Name: "Orin", Driver: "12.6"}); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(kept.path())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format": 1}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		kept := &keptTuning{t.TempDir(), kept.key}
		if err := os.WriteFile(kept.path(), data, 0o644); err != nil {
			t.Fatal(err)
		}
		m := kept.read()
		if m == nil {
			return
		}
		if from := m.breakEven(); from < 0 || from > 4*m.Rows {
			t.Errorf("%+v: from %d rows on", m, from)
		}
		if err := kept.write(m, GPU{}); err != nil {
			t.Fatal(err)
		}
		if again := kept.read(); again == nil || *again != *m {
			t.Errorf("%+v is read as %+v", m, again)
		}
	})
}

// A folder that cannot be written to costs a measurement, and is not an error.
func TestTuningThatCannotBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	notify, told := news()
	s, err := newSession(pixels(format.F32), Options{CacheDir: file, Notify: notify}, fast().host())
	if err != nil {
		t.Fatal(err)
	}
	if tuning := s.Tuning(); tuning.Unkept == nil || tuning.FromRows != 1 || len(*told) > 0 {
		t.Errorf("tuning %+v, told %v", tuning, *told)
	}
}
