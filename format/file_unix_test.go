//go:build linux || darwin

package format

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

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
