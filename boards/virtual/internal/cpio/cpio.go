package cpio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
)

// Kinds of entries, as in the mode of stat(2).
const (
	kindCharacter = 0o020000
	kindFolder    = 0o040000
	kindFile      = 0o100000
	kindLink      = 0o120000
)

// A Writer writes one archive. After an error, it writes nothing more and Close returns that error.
type Writer struct {
	out    io.Writer
	inode  uint32
	closed bool
	made   map[string]bool
	err    error
}

// NewWriter returns a Writer of an archive without entries.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out, made: map[string]bool{}}
}

// Folder adds a folder with mode 0755 unless there is one of that name.
func (w *Writer) Folder(name string) error { return w.entry(name, kindFolder|0o755, nil, 0, 0) }

// File adds a file with the permissions perm.
func (w *Writer) File(name string, perm uint32, data []byte) error {
	return w.entry(name, kindFile|perm&0o7777, data, 0, 0)
}

// Link adds a symbolic link to target.
func (w *Writer) Link(name, target string) error {
	return w.entry(name, kindLink|0o777, []byte(target), 0, 0)
}

// Character adds a character device.
func (w *Writer) Character(name string, perm, major, minor uint32) error {
	return w.entry(name, kindCharacter|perm&0o7777, nil, major, minor)
}

// Close ends the archive. It does not close what it was written to.
func (w *Writer) Close() error {
	if w.closed {
		return errors.New("cpio: closed twice")
	}
	w.write("TRAILER!!!", 0, nil, 0, 0)
	w.closed = true
	return w.err
}

func (w *Writer) entry(name string, mode uint32, data []byte, major, minor uint32) error {
	clean := strings.TrimPrefix(path.Clean("/"+name), "/")
	switch {
	case w.err != nil:
		return w.err
	case w.closed:
		return fmt.Errorf("cpio: %q: the archive is closed", name)
	case clean == "" || strings.ContainsRune(name, 0):
		return fmt.Errorf("cpio: name %q: expected a path below the root, without a zero byte", name)
	case uint64(len(data)) > math.MaxUint32:
		return fmt.Errorf("cpio: %q has %d bytes: an entry holds at most 4 GiB", name, len(data))
	case w.made[clean] && mode&^0o7777 == kindFolder:
		return nil
	case w.made[clean]:
		return fmt.Errorf("cpio: %q is there already", name)
	}
	if parent := path.Dir(clean); parent != "." {
		if err := w.Folder(parent); err != nil {
			return err
		}
	}
	w.made[clean] = true
	w.write(clean, mode, data, major, minor)
	return w.err
}

// write puts out one entry: magic, then inode, mode, uid, gid, links, time, size, device of the file, device that it
// is, length of the name with its zero byte, and a checksum that newc leaves at zero.
func (w *Writer) write(name string, mode uint32, data []byte, major, minor uint32) {
	if w.err != nil {
		return
	}
	w.inode++
	links := uint32(1)
	if mode&^0o7777 == kindFolder {
		links = 2
	}
	var b bytes.Buffer
	b.WriteString("070701")
	for _, field := range []uint32{w.inode, mode, 0, 0, links, 0, uint32(len(data)), 0, 0, major, minor, uint32(len(name) + 1), 0} {
		fmt.Fprintf(&b, "%08X", field)
	}
	b.WriteString(name)
	b.WriteByte(0)
	b.Write(padding(b.Len()))
	_, w.err = w.out.Write(b.Bytes())
	for _, part := range [][]byte{data, padding(len(data))} {
		if w.err == nil {
			_, w.err = w.out.Write(part)
		}
	}
}

// padding is what n bytes lack to a multiple of four.
func padding(n int) []byte { return make([]byte, -n&3) }
