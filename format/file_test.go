package format

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "model.edge")
	want, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, want, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Marshal(m); err != nil || string(again) != string(want) {
		t.Errorf("what was opened is not what was written (%v)", err)
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

// checkOneLine checks the form of an error: one line, of a length that a person
// reads, with the package before the words.
func checkOneLine(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if !strings.Contains(text, "format: ") || strings.ContainsAny(text, "\n\r") || len(text) > 1000 {
		t.Errorf("error must be one line of at most 1000 bytes that names the package: %.2000q", text)
	}
}
