//go:build linux || darwin

package format

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSaveOnAFullDisk stops a Save in the middle of its writing and checks that
// the file that was there before is untouched. A limit on the size of files
// stands for the full disk: it needs no rights and fails at the same call.
func TestSaveOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "model.edge")
	want, err := Save(name, minimal())
	if err != nil {
		t.Fatal(err)
	}

	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	small := old
	small.Cur = 1024 // less than the example takes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	size, saveErr := Save(name, example())
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}

	if !errors.Is(saveErr, syscall.EFBIG) || size != 0 {
		t.Fatalf("%d bytes, error %v: want %v", size, saveErr, syscall.EFBIG)
	}
	checkOneLine(t, saveErr)
	checkFolder(t, dir, "model.edge")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != int64(want) {
		t.Errorf("the file has %d bytes, want the %d it had before", info.Size(), want)
	}
	if _, err := Open(name); err != nil {
		t.Error(err)
	}
}

// TestOpenPipe reads from a pipe, whose size is not known before its end.
func TestOpenPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error)
	go func() { written <- os.WriteFile(name, file, 0) }()
	m, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if m.Name != "example" {
		t.Errorf("the model is %q", m.Name)
	}
}
