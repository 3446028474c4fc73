//go:build linux || darwin

package output

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk stops the work in the middle of a write. A limit on the size of files stands for the
// full disk: it needs no rights, and fails at the same call.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "answers.csv")
	old := create(t, name)
	if err := old.Produce(context.Background(), write(old, "old")); err != nil {
		t.Fatal(err)
	}
	o := create(t, name)

	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	small := limit
	small.Cur = 1024
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Fatal(err)
	}
	err := o.Produce(context.Background(), write(o, strings.Repeat("new", 1000)))
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}

	if !errors.Is(err, syscall.EFBIG) || err.Error() != name+": "+syscall.EFBIG.Error() {
		t.Errorf("error %v: it should be that of the disk, and name the file that was asked for", err)
	}
	checkText(t, name, "old")
	checkFolder(t, dir, "answers.csv")
}
