package sensor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// attribute is an open file of sysfs that holds one value.
type attribute struct {
	path string
	fd   int
	buf  [128]byte
}

// openAttribute opens one for reading. Plain system calls are used, since Go's files would wait forever where a driver
// answers EAGAIN, and nothing else than a file is accepted, since a pipe would wait for a writer.
func openAttribute(path string) (*attribute, error) {
	fd, err := retried(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	})
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil || stat.Mode&syscall.S_IFMT != syscall.S_IFREG {
		syscall.Close(fd)
		return nil, &os.PathError{Op: "open", Path: path, Err: errors.New("no regular file")}
	}
	return &attribute{path: path, fd: fd}, nil
}

// retried repeats a system call that a signal interrupts; Go's scheduler sends some.
func retried(call func() (int, error)) (n int, err error) {
	for range 100 {
		if n, err = call(); err != syscall.EINTR {
			break
		}
	}
	return n, err
}

// text reads the value anew.
func (a *attribute) text() (string, error) {
	n, err := a.read()
	return strings.TrimSpace(string(a.buf[:max(n, 0)])), err
}

func (a *attribute) read() (int, error) {
	n, err := retried(func() (int, error) { return syscall.Pread(a.fd, a.buf[:], 0) })
	switch {
	case err != nil:
		return 0, &os.PathError{Op: "read", Path: a.path, Err: err}
	case n == 0:
		return 0, &os.PathError{Op: "read", Path: a.path, Err: io.ErrUnexpectedEOF}
	case n == len(a.buf):
		return 0, &os.PathError{Op: "read", Path: a.path, Err: fmt.Errorf("%d bytes or more, where one value is expected", n)}
	}
	return n, nil
}

// number reads the value anew, as a number.
func (a *attribute) number() (float64, error) {
	n, err := a.read()
	if err != nil {
		return 0, err
	}
	text := a.buf[:n]
	for len(text) > 0 && (text[len(text)-1] == '\n' || text[len(text)-1] == ' ') {
		text = text[:len(text)-1]
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, &os.PathError{Op: "read", Path: a.path, Err: fmt.Errorf("%.40q is no number", text)}
	}
	return v, nil
}

func (a *attribute) close() { syscall.Close(a.fd) }

// readText reads a file of sysfs once.
func readText(path string) (string, error) {
	a, err := openAttribute(path)
	if err != nil {
		return "", err
	}
	defer a.close()
	return a.text()
}

// readNumber reads a file of sysfs once, as a number.
func readNumber(path string) (float64, error) {
	a, err := openAttribute(path)
	if err != nil {
		return 0, err
	}
	defer a.close()
	return a.number()
}

// writeText sets a file of sysfs.
func writeText(path, text string) error {
	fd, err := retried(func() (int, error) {
		return syscall.Open(path, syscall.O_WRONLY|syscall.O_CLOEXEC|syscall.O_TRUNC, 0)
	})
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer syscall.Close(fd)
	if _, err := retried(func() (int, error) { return syscall.Write(fd, []byte(text)) }); err != nil {
		return &os.PathError{Op: "write", Path: path, Err: fmt.Errorf("%s: %w", text, err)}
	}
	return nil
}
