package boards

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// system is what this package asks of an operating system. Names are slash-separated and relative to
// the root. Tests answer from archives, and fail as drivers do.
type system interface {
	// ReadFile fills buf from the beginning of a regular file, and returns how many bytes it holds then:
	// all of them, where the file may be larger.
	ReadFile(name string, buf []byte) (int, error)
	// ReadDir returns the names in a directory, in any order.
	ReadDir(name string) ([]string, error)
	// Group returns the number of the group that a file belongs to.
	Group(name string) (uint32, error)
	// Access fails if this process may not both read and write a file.
	Access(name string) error
}

const (
	smallFile = 4 << 10 // a page, the most that an attribute of sysfs gives
	textFile  = 4 << 20 // such as the cpuinfo of a machine with hundreds of processors
	// mostNames is the most names of a directory that are looked at.
	mostNames = 4096
)

var errNotRegular = errors.New("not a regular file")

// host is the system below a root.
type host string

func (h host) path(name string) string { return filepath.Join(string(h), name) }

// ReadFile uses plain reads: Go's own files go through its poller, which waits forever where the driver of a
// sensor answers EAGAIN. Without waiting for a writer (O_NONBLOCK) a pipe in the place of a file does no harm.
func (h host) ReadFile(name string, buf []byte) (int, error) {
	fd, err := ignoringEINTR(func() (int, error) {
		return syscall.Open(h.path(name), syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	})
	if err != nil {
		return 0, err
	}
	defer syscall.Close(fd)
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return 0, err
	}
	if stat.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return 0, errNotRegular
	}
	size := 0
	for size < len(buf) {
		n, err := ignoringEINTR(func() (int, error) { return syscall.Read(fd, buf[size:]) })
		if err != nil || n <= 0 {
			return size, err
		}
		size += n
	}
	return size, nil
}

// ignoringEINTR repeats a system call that a signal interrupts: Go's own scheduler sends some. A file
// whose driver does nothing else is given up.
func ignoringEINTR(call func() (int, error)) (n int, err error) {
	for range 100 {
		if n, err = call(); err != syscall.EINTR {
			break
		}
	}
	return n, err
}

func (h host) ReadDir(name string) ([]string, error) {
	path := h.path(name)
	fd, err := ignoringEINTR(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_DIRECTORY, 0)
	})
	if err != nil {
		return nil, err
	}
	dir := os.NewFile(uintptr(fd), path)
	defer dir.Close()
	names, err := dir.Readdirnames(mostNames)
	if len(names) > 0 {
		return names, nil
	}
	return nil, err
}

func (h host) Group(name string) (uint32, error) {
	info, err := os.Stat(h.path(name))
	if err != nil {
		return 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fs.ErrInvalid
	}
	return stat.Gid, nil
}

func (h host) Access(name string) error {
	const read, write = 4, 2
	return syscall.Access(h.path(name), read|write)
}

// reader reads values out of a system. It is for one goroutine at a time.
type reader struct {
	system
	buf [smallFile]byte
}

// small returns the bytes of a small file, until the next call. There are none if the file is larger.
func (r *reader) small(name string) []byte {
	n, err := r.ReadFile(name, r.buf[:])
	if err != nil || n == len(r.buf) {
		return nil
	}
	return r.buf[:n]
}

// head returns the beginning of a file, until the next call.
func (r *reader) head(name string) []byte {
	n, err := r.ReadFile(name, r.buf[:])
	if err != nil {
		return nil
	}
	return r.buf[:n]
}

// text returns the text of a small file without space around it, or "": also for text that no
// driver of the kernel writes.
func (r *reader) text(name string) string { return clean(string(r.small(name))) }

// line is the text of a small file that has one line.
func (r *reader) line(name string) string { return oneLine(string(r.small(name))) }

// long returns the text of a file of fewer than so many bytes.
func (r *reader) long(name string, most int) string {
	for size := smallFile; ; size = min(size*8, most) {
		buf := make([]byte, size)
		n, err := r.ReadFile(name, buf)
		switch {
		case err != nil:
			return ""
		case n < size:
			return string(buf[:n])
		case size == most:
			return ""
		}
	}
}

// integer reads a file that holds a whole number.
func (r *reader) integer(name string) Reading { return parseInteger(r.small(name)) }

// exists reports whether there is something of that name.
func (r *reader) exists(name string) bool {
	_, err := r.Group(name)
	return err == nil
}

// names returns the entries of a directory that begin with a prefix, in the order in which people
// count: device2 before device10.
func (r *reader) names(dir, prefix string) []string {
	all, err := r.ReadDir(dir)
	if err != nil {
		return nil
	}
	names := slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, prefix) || name != clean(name) })
	slices.SortFunc(names, compareNatural)
	return names
}

// checkRoot fails if there is no directory to read below.
func checkRoot(root string) error {
	info, err := os.Stat(root)
	if err != nil {
		return fmt.Errorf("boards: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("boards: the root %s is not a directory", root)
	}
	return nil
}
