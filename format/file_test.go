package format

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSaveAndOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "model.edge")
	want, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time over the first file
		if size, err := Save(name, example()); err != nil || size != len(want) {
			t.Fatalf("%d bytes, error %v: want %d", size, err, len(want))
		}
	}
	m, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Marshal(m); err != nil || string(again) != string(want) {
		t.Errorf("what was opened is not what was saved (%v)", err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o444 != 0o444 {
		t.Errorf("mode is %v: a service under another user could not read it", info.Mode())
	}
	checkFolder(t, filepath.Dir(name), "model.edge")
}

// TestSaveFails checks that a failed Save leaves a folder as it was.
func TestSaveFails(t *testing.T) {
	tests := map[string]struct {
		model   *Model
		prepare func(t *testing.T, name string)
		left    []string
		is      error
	}{
		"invalid model": {&Model{}, func(*testing.T, string) {}, nil, ErrInvalid},
		"the name is a folder in use": {example(), func(t *testing.T, name string) {
			if err := os.MkdirAll(filepath.Join(name, "kept"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, []string{"model.edge"}, nil},
		"no such folder": {example(), func(t *testing.T, name string) {
			if err := os.Remove(filepath.Dir(name)); err != nil {
				t.Fatal(err)
			}
		}, nil, fs.ErrNotExist},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "folder", "model.edge")
			if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			test.prepare(t, path)
			size, err := Save(path, test.model)
			if err == nil || size != 0 {
				t.Fatalf("%d bytes, error %v: want an error", size, err)
			}
			checkOneLine(t, err)
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("error %v, want %v", err, test.is)
			}
			checkFolder(t, filepath.Dir(path), test.left...)
		})
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sparse := write("sparse", nil) // takes no room on the disk
	if err := os.Truncate(sparse, MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		path string
		is   error
		text string
	}{
		"folder":    {dir, nil, "is a directory"},
		"missing":   {filepath.Join(dir, "nothing.edge"), fs.ErrNotExist, "nothing.edge"},
		"empty":     {write("empty", nil), ErrNotModel, "the file is empty"},
		"other":     {write("other", []byte("#!/bin/sh\n")), ErrNotModel, "other"},
		"cut":       {write("cut", cut("numpy")), ErrTruncated, "cut: format: byte "},
		"too large": {sparse, ErrTooLarge, "sparse: 2147483648 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m, err := Open(test.path)
			if m != nil || err == nil {
				t.Fatalf("model %v, error %v: want an error", m, err)
			}
			checkOneLine(t, err)
			if test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %v, want %v and the words %q", err, test.is, test.text)
			}
		})
	}
}

// checkFolder checks that a folder holds these entries and no others; none also
// stands for a folder that is not there.
func checkFolder(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

// checkOneLine checks the form of an error: one line, of a length that a person
// reads, with the package before the words.
func checkOneLine(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if !strings.Contains(text, "format: ") || strings.ContainsAny(text, "\n\r") || len(text) > 1000 {
		t.Errorf("error must be one line of at most 1000 bytes that names the package: %.2000q", text)
	}
}
