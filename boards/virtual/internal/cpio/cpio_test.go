package cpio

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// list reads an archive back, one line an entry: name, mode, device, links, data.
func list(t *testing.T, b []byte) []string {
	t.Helper()
	var lines []string
	inodes := map[uint64]bool{}
	for {
		if len(b) < 110 || string(b[:6]) != "070701" {
			t.Fatalf("no header at %q", b[:min(len(b), 20)])
		}
		var f [13]uint64
		for i := range f {
			v, err := strconv.ParseUint(string(b[6+8*i:14+8*i]), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			f[i] = v
		}
		round := func(n uint64) uint64 { return (n + 3) &^ 3 }
		end := 110 + f[11]
		name := string(b[110 : end-1])
		if b[end-1] != 0 {
			t.Fatalf("%q does not end with a zero byte", name)
		}
		data := b[round(end):][:f[6]]
		b = b[round(end)+round(f[6]):]
		if inodes[f[0]] {
			t.Errorf("%q: inode %d is there twice", name, f[0])
		}
		inodes[f[0]] = true
		if name == "TRAILER!!!" {
			if len(b) != 0 {
				t.Errorf("%d bytes after the end", len(b))
			}
			return lines
		}
		lines = append(lines, fmt.Sprintf("%s %o %d:%d %d %q", name, f[1], f[9], f[10], f[4], data))
	}
}

func TestArchive(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, err := range []error{
		w.File("/init", 0o755, []byte("#!/bin/sh\n")),
		w.Character("dev/console", 0o600, 5, 1),
		w.Folder("dev"),
		w.File("lib/modules/6.1/a.ko", 0o644, []byte{1, 2, 3, 4}),
		w.Link("bin/sh", "busybox"),
		w.File("../lib/empty", 0o644, nil),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		`init 100755 0:0 1 "#!/bin/sh\n"`,
		`dev 40755 0:0 2 ""`,
		`dev/console 20600 5:1 1 ""`,
		`lib 40755 0:0 2 ""`,
		`lib/modules 40755 0:0 2 ""`,
		`lib/modules/6.1 40755 0:0 2 ""`,
		`lib/modules/6.1/a.ko 100644 0:0 1 "\x01\x02\x03\x04"`,
		`bin 40755 0:0 2 ""`,
		`bin/sh 120777 0:0 1 "busybox"`,
		`lib/empty 100644 0:0 1 ""`,
	}
	if got := list(t, b.Bytes()); !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if b.Len()%4 != 0 {
		t.Errorf("%d bytes are not a multiple of four", b.Len())
	}
}

func TestRefused(t *testing.T) {
	w := NewWriter(&bytes.Buffer{})
	if err := w.File("a", 0o644, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "/", "..", "a", "b\x00c"} {
		if err := w.File(name, 0o644, nil); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.File("late", 0o644, nil) == nil || w.Close() == nil {
		t.Error("a closed archive takes more")
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("no space")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWriteError(t *testing.T) {
	w := NewWriter(&fullDisk{room: 200})
	w.File("a", 0o644, make([]byte, 300))
	if err := w.Close(); !errors.Is(err, errFull) {
		t.Errorf("Close: %v, want %v", err, errFull)
	}
}
