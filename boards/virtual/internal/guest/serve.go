package guest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Serve says hello with the kernel's release and does what the host asks, in the folder home, until the host asks to power
// off or hangs up, which are no errors. Powering off is left to the caller.
func Serve(line io.ReadWriter, home, release string) error {
	s := server{in: bufio.NewReaderSize(line, maxPayload), out: line, home: home}
	if err := s.frame(kindHello, []byte(release)); err != nil {
		return err
	}
	for {
		k, payload, err := readFrame(s.in)
		switch {
		case err == io.EOF || err == nil && k == kindOff:
			return nil
		case err != nil:
			return err
		case k == kindRun:
			err = s.run(string(payload))
		case k == kindFile && len(payload) > 4:
			err = s.file(string(payload[4:]), fs.FileMode(binary.LittleEndian.Uint32(payload)))
		default:
			err = fmt.Errorf("guest: a frame %q of %d bytes was not expected here", k, len(payload))
		}
		if err != nil {
			return err
		}
	}
}

type server struct {
	in   *bufio.Reader
	home string
	mu   sync.Mutex // the two outputs of a command write at the same time
	out  io.Writer
}

func (s *server) frame(k kind, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return writeFrame(s.out, k, payload)
}

func (s *server) exit(code int) error {
	return s.frame(kindExit, binary.LittleEndian.AppendUint32(nil, uint32(code)))
}

// output sends what it is given as frames of one kind.
type output struct {
	server *server
	kind   kind
}

func (o output) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		n := min(len(rest), maxPayload)
		if err := o.server.frame(o.kind, rest[:n]); err != nil {
			return len(b) - len(rest), err
		}
		rest = rest[n:]
	}
	return len(b), nil
}

// run runs a line in a shell. What the shell leaves running may print for another second, and is then on its own.
func (s *server) run(line string) error {
	command := exec.Command("sh", "-c", line)
	command.Dir = s.home
	command.Stdout, command.Stderr = output{s, kindStdout}, output{s, kindStderr}
	command.WaitDelay = time.Second
	err := command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		return s.exit(0)
	case errors.As(err, &exit):
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return s.exit(128 + int(status.Signal()))
		}
		return s.exit(exit.ExitCode())
	}
	if err := s.frame(kindStderr, []byte(err.Error()+"\n")); err != nil {
		return err
	}
	return s.exit(127)
}

// file takes a file to its end even when it cannot be written, so that the line stays in step.
func (s *server) file(name string, perm fs.FileMode) error {
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.home, name)
	}
	failed := os.MkdirAll(filepath.Dir(name), 0o755)
	var f *os.File
	if failed == nil {
		os.Remove(name) // it may be a program that runs; an error shows when the new one is made
		f, failed = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm.Perm())
	}
	for {
		k, payload, err := readFrame(s.in)
		if err != nil {
			return err
		}
		if k == kindEnd {
			break
		}
		if k != kindData {
			return fmt.Errorf("guest: a frame %q inside a file", k)
		}
		if failed == nil {
			_, failed = f.Write(payload)
		}
	}
	if f != nil {
		failed = errors.Join(failed, f.Chmod(perm.Perm()), f.Close()) // the umask does not matter
	}
	if failed != nil {
		if err := s.frame(kindStderr, []byte(failed.Error())); err != nil {
			return err
		}
		return s.exit(1)
	}
	return s.exit(0)
}
