package wheel

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readZip(t *testing.T, content []byte) []*zip.File {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if r == nil { // names that lead out of the folder come with an error and a reader
		t.Fatal(err)
	}
	return r.File
}

func TestUnpackRefuses(t *testing.T) {
	tests := []struct {
		name  string
		files []file
		want  string
	}{
		{"a way out", []file{{"tool/../../escaped", "x", 0o644}}, "leads out of the folder"},
		{"a way out by backslashes", []file{{`tool/..\..\escaped`, "x", 0o644}}, "leads out of the folder"},
		{"a link", []file{{"tool/link", "/etc", 0o777 | fs.ModeSymlink}}, "only files are unpacked"},
		{"a device", []file{{"tool/device", "", 0o644 | fs.ModeDevice}}, "only files are unpacked"},
		{"a file twice", []file{{"tool/a", "x", 0o644}, {"tool/a", "y", 0o644}}, "file exists"},
		{"a file as a folder", []file{{"tool/a", "x", 0o644}, {"tool/a/b", "y", 0o644}}, "not a directory"},
		{"too much in one", []file{{"tool/a", strings.Repeat("x", 101), 0o644}}, `"tool/a" has 101 bytes`},
		{"too much in all", []file{{"tool/a", strings.Repeat("x", 60), 0o644}, {"tool/b", strings.Repeat("x", 41), 0o644}}, `"tool/b" has 41 bytes`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			dst := filepath.Join(dir, "a", "b")
			err := unpackFiles(readZip(t, makeZip(t, test.files...)), dst, "tool/", 100)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, expected %q in it", err, test.want)
			}
			for _, escaped := range []string{filepath.Join(dir, "escaped"), filepath.Join(dir, "a", "escaped")} {
				if _, err := os.Lstat(escaped); err == nil {
					t.Errorf("%s was written", escaped)
				}
			}
		})
	}
}

func TestUnpackAbsoluteName(t *testing.T) {
	escaped := filepath.Join(t.TempDir(), "escaped")
	err := unpackFiles(readZip(t, makeZip(t, file{escaped, "x", 0o644})), t.TempDir(), "/", 100)
	if err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Lstat(escaped); err == nil {
		t.Errorf("%s was written", escaped)
	}
}

// A directory that says less than there is does not get more unpacked.
func TestUnpackUnderstatedSize(t *testing.T) {
	files := readZip(t, makeZip(t, file{"tool/a", strings.Repeat("x", 1000), 0o644}))
	files[0].UncompressedSize64 = 10
	dst := t.TempDir()
	if err := unpackFiles(files, dst, "tool/", 100); err == nil {
		t.Error("it is unpacked")
	}
	if info, err := os.Stat(filepath.Join(dst, "tool", "a")); err == nil && info.Size() > 100 {
		t.Errorf("%d bytes were written", info.Size())
	}
}

func TestUnpackManyEntries(t *testing.T) {
	one := readZip(t, makeZip(t, file{"tool/a", "x", 0o644}))[0]
	files := make([]*zip.File, maxEntries+1)
	for i := range files {
		files[i] = one
	}
	if err := unpackFiles(files, t.TempDir(), "tool/", 100); err == nil || !strings.Contains(err.Error(), "100001 entries") {
		t.Errorf("error %v", err)
	}
}
