package sink

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

// tree reads a folder: each file's lines, joined.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = strings.ReplaceAll(string(b), "\n", ";")
	}
	return files
}

func checkTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := tree(t, dir)
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s: %q, expected %q", name, got[name], content)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("more files: %q", got)
	}
}

func words(t *testing.T, s Sink, list ...string) {
	t.Helper()
	for _, w := range list {
		if err := s.Send(t.Context(), &Message{Line: []byte(w)}); err != nil {
			t.Fatal(err)
		}
	}
}

func mustFile(t *testing.T, o FileOptions) *File {
	t.Helper()
	f, err := NewFile(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFileRotatesBySize(t *testing.T) {
	dir := t.TempDir()
	o := FileOptions{Path: filepath.Join(dir, "a.jsonl"), MaxBytes: 10, Keep: 2}
	f := mustFile(t, o)
	words(t, f, "1234", "5678", "9", "a line of its own", "b", "c")
	checkTree(t, dir, map[string]string{"a.jsonl.000002": "9;", "a.jsonl.000003": "a line of its own;", "a.jsonl": "b;c;"})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// Files of others, and numbers that are none of ours, stay.
	for _, name := range []string{"a.jsonl.bak", "a.jsonl.1", "a.jsonl.0000000000000000001", "b.jsonl.000001"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f = mustFile(t, o)
	words(t, f, "defghi", "jklm")
	checkTree(t, dir, map[string]string{
		"a.jsonl.000004": "b;c;", "a.jsonl.000005": "defghi;", "a.jsonl": "jklm;",
		"a.jsonl.bak": "", "a.jsonl.1": "", "a.jsonl.0000000000000000001": "", "b.jsonl.000001": "",
	})
}

func TestFileRotatesByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		f := mustFile(t, FileOptions{Path: filepath.Join(dir, "a"), MaxAge: time.Hour, Keep: 9})
		time.Sleep(2 * time.Hour) // An empty file is never finished, but it is old now.
		words(t, f, "1", "2")
		time.Sleep(59 * time.Minute)
		words(t, f, "3")
		time.Sleep(time.Minute)
		words(t, f, "4")
		checkTree(t, dir, map[string]string{"a.000001": "1;", "a.000002": "2;3;", "a": "4;"})
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFileSurvivesACrash(t *testing.T) {
	for content, want := range map[string]string{
		"":              "new;",
		"one\ntwo\n":    "one;two;new;",
		"one\ntwo\nthr": "one;two;new;",
		"torn":          "new;",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f := mustFile(t, FileOptions{Path: path})
		if torn := len(content) - strings.LastIndex(content, "\n") - 1; f.Torn() != int64(torn) {
			t.Errorf("%q: %d bytes cut, expected %d", content, f.Torn(), torn)
		}
		words(t, f, "new")
		checkTree(t, dir, map[string]string{"a": want})
	}
}

// fullFile fails in the middle of a write while the disk is full.
type fullFile struct {
	disk.File
	full  *bool
	stuck *bool // nor can anything be taken back
}

var errFull = errors.New("no space left on device")

func (f fullFile) Write(b []byte) (int, error) {
	if !*f.full {
		return f.File.Write(b)
	}
	n, err := f.File.Write(b[:len(b)/2])
	return n, errors.Join(err, errFull)
}

func (f fullFile) Truncate(size int64) error {
	if *f.stuck {
		return errFull
	}
	return f.File.Truncate(size)
}

func TestFileOnAFullDisk(t *testing.T) {
	for name, stuckToo := range map[string]bool{"part taken back": false, "part stays until reopening": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			f := mustFile(t, FileOptions{Path: filepath.Join(dir, "a")})
			var full, stuck bool
			f.open = func(path string) (disk.File, int64, int64, error) {
				file, size, torn, err := openLines(path)
				return fullFile{file, &full, &stuck}, size, torn, err
			}
			if err := errors.Join(f.Close(), f.reopen()); err != nil {
				t.Fatal(err)
			}
			words(t, f, "first")
			full, stuck = true, stuckToo
			for range 3 {
				if err := f.Send(t.Context(), &Message{Line: []byte("lost")}); !errors.Is(err, errFull) {
					t.Errorf("on a full disk: %v", err)
				}
				if got := tree(t, dir)["a"]; !stuckToo && got != "first;" {
					t.Errorf("half a line stands: %q", got)
				}
			}
			full, stuck = false, false
			words(t, f, "second")
			checkTree(t, dir, map[string]string{"a": "first;second;"})
		})
	}
}

// TestFileThatCannotRotate refuses lines rather than let the folder grow, and goes on when it can.
func TestFileThatCannotRotate(t *testing.T) {
	dir := t.TempDir()
	f := mustFile(t, FileOptions{Path: filepath.Join(dir, "a"), MaxBytes: 4, Keep: 1})
	words(t, f, "one", "two")
	// A folder that is not empty, where the oldest file was: it cannot be removed, not even by root.
	oldest := filepath.Join(dir, "a.000001")
	if err := errors.Join(os.Remove(oldest), os.MkdirAll(filepath.Join(oldest, "x"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := f.Send(t.Context(), &Message{Line: []byte("three")}); err == nil {
			t.Error("sent")
		}
	}
	if err := os.RemoveAll(oldest); err != nil {
		t.Fatal(err)
	}
	words(t, f, "four")
	checkTree(t, dir, map[string]string{"a.000002": "two;", "a": "four;"})
}

func TestFileOptions(t *testing.T) {
	dir := t.TempDir()
	for name, o := range map[string]FileOptions{
		"keeps none":    {Path: filepath.Join(dir, "a"), MaxBytes: 1},
		"negative size": {Path: filepath.Join(dir, "a"), MaxBytes: -1, Keep: 1},
		"negative age":  {Path: filepath.Join(dir, "a"), MaxAge: -1, Keep: 1},
		"negative sync": {Path: filepath.Join(dir, "a"), SyncAfter: -1},
		"no folder":     {Path: filepath.Join(dir, "b", "a")},
		"a folder":      {Path: dir},
	} {
		if f, err := NewFile(o); err == nil {
			f.Close()
			t.Errorf("%s: accepted", name)
		}
	}
	f := mustFile(t, FileOptions{Path: filepath.Join(dir, "a")})
	if _, err := NewFile(FileOptions{Path: filepath.Join(dir, "a")}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("opened twice: %v", err)
	}
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if got, err := finishedFiles(filepath.Join(dir, "a")); err != nil || !slices.Equal(got, nil) {
		t.Errorf("%v, %v", got, err)
	}
}
