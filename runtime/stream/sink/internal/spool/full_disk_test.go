package spool

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

// fullDisk takes so many bytes and then fails, as a full file system does: in the middle of a write.
type fullDisk struct {
	disk.File
	left  int
	stuck bool
}

var errFull = errors.New("no space left on device")

func (f *fullDisk) Write(b []byte) (int, error) {
	n := min(f.left, len(b))
	f.left -= n
	if _, err := f.File.Write(b[:n]); err != nil {
		return 0, err
	}
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

func (f *fullDisk) Truncate(size int64) error {
	if f.stuck {
		return errFull
	}
	return f.File.Truncate(size)
}

func TestFullDisk(t *testing.T) {
	for name, broken := range map[string]bool{"the part is taken back": false, "nor can the part be taken back": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, MinBytes)
			add(t, s, 1, 4)
			f, err := os.OpenFile(s.last().path, os.O_RDWR|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.active.Close(); err != nil {
				t.Fatal(err)
			}
			full := &fullDisk{f, 60, broken}
			s.active = disk.NewAppender(full, s.last().size, 0)
			add(t, s, 4, 6)
			for range 3 {
				if err := s.Append(record(6)); !errors.Is(err, errFull) && !broken {
					t.Fatalf("on a full disk: %v", err)
				} else if broken {
					if !errors.Is(err, errFull) {
						t.Fatalf("on a full disk: %v", err)
					}
					break // The next begins a new segment.
				}
			}
			full.left = 1 << 20
			add(t, s, 6, 9)
			if got, _ := all(t, s); !slices.Equal(got, want(1, 9)) {
				t.Errorf("%v", got)
			}
			s.Close()
			s = mustOpen(t, dir, MinBytes)
			if got, _ := all(t, s); !slices.Equal(got, want(1, 9)) {
				t.Errorf("after reopening: %v", got)
			}
		})
	}
}
