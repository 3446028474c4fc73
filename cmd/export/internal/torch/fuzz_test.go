package torch

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// files are the trained files of all cases.
func files(f *testing.F) [][]byte {
	names, err := filepath.Glob(filepath.Join(models, "*", "model.pt"))
	if err != nil || len(names) < 30 {
		f.Fatalf("%d seeds, %v", len(names), err)
	}
	list := make([][]byte, len(names))
	for i, name := range names {
		if list[i], err = os.ReadFile(name); err != nil {
			f.Fatal(err)
		}
	}
	return list
}

// check requires that there is either a valid model or tensors, with names of their own and as many
// bytes as their shapes say.
func check(t *testing.T, f *File, err error) {
	if err != nil {
		return
	}
	if f.Draft != nil {
		if err := f.Draft.Model.Validate(); err != nil || f.Tensors != nil {
			t.Fatalf("a model with %d tensors beside it, %v", len(f.Tensors), err)
		}
		return
	}
	if len(f.Tensors) == 0 || len(f.Tensors) > source.MaxTensors {
		t.Fatalf("%d tensors", len(f.Tensors))
	}
	seen := map[string]bool{}
	for _, tensor := range f.Tensors {
		if seen[tensor.Name] {
			t.Fatalf("%q comes twice", tensor.Name)
		}
		seen[tensor.Name] = true
		if got, want := len(tensor.Array.Bytes()), tensor.Array.Len()*tensor.Array.DType.Size(); got != want {
			t.Fatalf("%q: %d bytes, want %d", tensor.Name, got, want)
		}
	}
}

// FuzzRead reads whole files. Checksums keep it from going deep into zip archives.
func FuzzRead(f *testing.F) {
	for _, data := range files(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := readBytes(data)
		check(t, file, err)
	})
}

// FuzzPickle reads the pickles of archives, with storages of zeros.
func FuzzPickle(f *testing.F) {
	for _, data := range files(f) {
		if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
			for _, entry := range z.File {
				if strings.HasSuffix(entry.Name, "/data.pkl") {
					f.Add(readAll(f, entry), z.File[0].Name != entry.Name)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, script bool) {
		c := &content{size: 1 << 16, script: script}
		c.fetch = func(s *storage) error {
			s.data = make([]byte, s.size)
			return nil
		}
		root, err := pickle.NewReader(bytes.NewReader(data), int64(len(data)), c.options()).Load()
		if err != nil {
			return
		}
		file, err := c.interpret(root)
		check(t, file, err)
	})
}

func readAll(f *testing.F, entry *zip.File) []byte {
	r, err := entry.Open()
	if err != nil {
		f.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		f.Fatal(err)
	}
	return data
}
