package npz

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readBytes(data []byte) ([]source.Tensor, error) {
	return Read(bytes.NewReader(data), int64(len(data)))
}

// TestRead reads what NumPy wrote.
func TestRead(t *testing.T) {
	type tensor struct {
		name   string
		dtype  npy.DType
		shape  []int
		values []string
	}
	named := []tensor{
		{"w", "<f4", []int{2, 3}, []string{"0", "1", "2", "3", "4", "5"}},
		{"b", "<f8", []int{2}, []string{"0.1", "-0.2"}},
		{"classes", "<U3", []int{2}, []string{"no", "yes"}},
		{"layer/0", "<i8", []int{3}, []string{"1", "2", "3"}},
	}
	tests := []struct {
		file string
		want []tensor
	}{
		{"stored.npz", named},
		{"deflated.npz", named},
		{"unnamed.npz", []tensor{
			{"arr_0", "<f4", []int{2}, []string{"0", "0"}},
			{"arr_1", "<f4", []int{3}, []string{"1", "1", "1"}},
		}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got, err := readBytes(readFile(t, test.file))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(test.want) {
				t.Fatalf("%d tensors, want %d", len(got), len(test.want))
			}
			for i, want := range test.want {
				a := got[i].Array
				if got[i].Name != want.name || a.DType != want.dtype || !slices.Equal(a.Shape, want.shape) || !slices.Equal(a.Strings(), want.values) {
					t.Errorf("tensor %d is %q %q %v %q, want %v", i, got[i].Name, a.DType, a.Shape, a.Strings(), want)
				}
			}
		})
	}
}

// archive returns a zip file of the given names, each with the same content.
func archive(t testing.TB, content []byte, names ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range names {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// zeros returns an .npy file of n zero bytes.
func zeros(t testing.TB, n int) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := npy.Write(&file, []int{n / 4}, make([]float32, n/4)); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestReadRefuses(t *testing.T) {
	good := zeros(t, 400)
	many := make([]string, source.MaxTensors+1)
	for i := range many {
		many[i] = fmt.Sprintf("%d.npy", i)
	}
	stored := readFile(t, "stored.npz")
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "npz: zip: not a valid zip file"},
		{"an npy file", good, "npz: zip: not a valid zip file"},
		{"cut", stored[:len(stored)-30], "npz: zip: not a valid zip file"},
		{"other content", archive(t, good, "w.npy", "README"), `npz: entry "README" is not an .npy file`},
		{"a folder", archive(t, nil, "layers/"), `npz: entry "layers/" is not an .npy file`},
		{"one name twice", archive(t, good, "w.npy", "b.npy", "w.npy"), `two entries are called "w.npy"`},
		{"empty entry", archive(t, nil, "w.npy"), `npz: entry "w.npy": npy: not an .npy file`},
		{"short entry", archive(t, good[:len(good)-1], "w.npy"), "values end after 399 of 400 bytes"},
		{"long entry", archive(t, append(good[:len(good):len(good)], 0), "w.npy"), "more bytes follow"},
		{"objects", readFile(t, "object.npz"), `npz: entry "bad.npy": npy: dtype "|O" (Python objects)`},
		{"too many entries", archive(t, nil, many...), "npz: 4097 entries: at most 4096 are read"},
		{"encrypted", setFlags(archive(t, good, "w.npy"), 1), "encrypted"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := readBytes(test.data); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// setFlags sets bits of the general purpose flags in a zip file's directory.
func setFlags(file []byte, flags byte) []byte {
	directory := bytes.LastIndex(file, []byte("PK\x01\x02"))
	file[directory+8] |= flags
	return file
}

// TestChecksum changes one byte of one value.
func TestChecksum(t *testing.T) {
	data := readFile(t, "stored.npz")
	at := bytes.Index(data, []byte("\x00\x00\xa0\x40")) // 5.0, the last value of w
	if at < 0 {
		t.Fatal("no value of 5 in stored.npz")
	}
	data[at]++
	if _, err := readBytes(data); !errors.Is(err, zip.ErrChecksum) {
		t.Errorf("error %v, want %v", err, zip.ErrChecksum)
	}
}

// TestLimitIsForAll decompresses several arrays that are small enough one by one.
func TestLimitIsForAll(t *testing.T) {
	data := archive(t, zeros(t, 40_000), "a.npy", "b.npy", "c.npy")
	if len(data) > 2000 {
		t.Fatalf("an archive of zeros takes %d bytes", len(data))
	}
	if _, err := read(bytes.NewReader(data), int64(len(data)), 120_000); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := read(bytes.NewReader(data), int64(len(data)), 119_999)
	if want := `entry "c.npy": npy: shape [10000] of dtype "<f4" takes 40000 bytes: at most 39999 are read`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("past the limit: error %v, want one with %q", err, want)
	}
}

// TestBomb opens a few hundred kilobytes of zeros that would fill memory.
func TestBomb(t *testing.T) {
	const each = 32 << 20
	data := archive(t, zeros(t, each), "a.npy", "b.npy", "c.npy")
	if len(data) > 200_000 {
		t.Fatalf("an archive of zeros takes %d bytes", len(data))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readBytes(data)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a bomb is read: %v", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 256<<20 {
		t.Errorf("%d MiB were allocated", got>>20)
	}
}

// FuzzRead requires that names are unique, that values are as many as the shape says, and that the
// limit holds.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"stored.npz", "deflated.npz", "unnamed.npz", "object.npz"} {
		f.Add(readFile(f, name))
	}
	f.Add(archive(f, zeros(f, 400), "../w.npy", "/b.npy"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 20
		tensors, err := read(bytes.NewReader(data), int64(len(data)), limit)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		total := 0
		for _, tensor := range tensors {
			if seen[tensor.Name] {
				t.Fatalf("%q comes twice", tensor.Name)
			}
			seen[tensor.Name] = true
			total += len(tensor.Array.Bytes())
			if got, want := len(tensor.Array.Bytes()), tensor.Array.Len()*tensor.Array.DType.Size(); got != want {
				t.Fatalf("%q: %d bytes, want %d", tensor.Name, got, want)
			}
		}
		if total > limit {
			t.Fatalf("%d bytes of values, the limit is %d", total, limit)
		}
	})
}
