package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
)

// An output is where results go: standard output, a device, or a file that appears whole or not at
// all. For the last, what is written goes to a temporary file beside it, which takes its name in
// commit.
type output struct {
	// To is what is written to. It is the file itself where there is one, so that a writer of npy
	// finds its Seek method.
	To io.Writer

	file *os.File // nil for standard output
	name string   // that the temporary file takes; empty for a device
	mode fs.FileMode
	once sync.Once
}

// errInterrupted says that a signal ended the command.
var errInterrupted = errors.New("interrupted")

// createOutput opens an output; the name - is stdout.
func createOutput(name string, stdout io.Writer) (*output, error) {
	if name == "-" {
		return &output{To: stdout}, nil
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil, cli.Usagef("%s: is a directory: name a file in it", name)
	case err == nil && !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY, 0) // a device or a pipe cannot be replaced
		if err != nil {
			return nil, err
		}
		return &output{To: file, file: file}, nil
	case err == nil:
		// The file that a link leads to is written, and the link stays.
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return nil, err
		}
		return createBeside(name, info.Mode().Perm())
	case errors.Is(err, fs.ErrNotExist):
		return createBeside(name, 0o644)
	}
	return nil, err
}

func createBeside(name string, mode fs.FileMode) (*output, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, cli.Usagef("%s: the directory %s does not exist", name, filepath.Dir(name))
	}
	if err != nil {
		return nil, err
	}
	return &output{To: file, file: file, name: name, mode: mode}, nil
}

// commit makes what was written appear. It fails if the output was aborted.
func (o *output) commit() error {
	err := errInterrupted
	o.once.Do(func() { err = o.finish() })
	return err
}

func (o *output) finish() (err error) {
	switch {
	case o.file == nil:
		return nil
	case o.name == "":
		return o.file.Close()
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(o.file.Name()))
		}
	}()
	err = o.file.Chmod(o.mode)
	if err == nil {
		err = o.file.Sync()
	}
	if closed := o.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(o.file.Name(), o.name)
	}
	return err
}

// abort takes away what was written, unless it was committed. It may be called at any time, by
// another goroutine too, and more than once.
func (o *output) abort() error {
	var err error
	o.once.Do(func() {
		if o.file == nil {
			return
		}
		err = o.file.Close()
		if o.name != "" {
			err = errors.Join(err, os.Remove(o.file.Name()))
		}
	})
	return err
}

// sameFile reports whether two names lead to one file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// produce runs work, which writes the output, and then commits it, or aborts it on an error.
//
// A signal to end, or the end of ctx, aborts a file without waiting: the work may be stuck in a read
// from a pipe that never ends. For other outputs there is nothing to take away, and a signal ends
// the process as it always does.
func (o *output) produce(ctx context.Context, work func() error) error {
	if o.name != "" {
		var stop func()
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
	}
	result := make(chan error, 1)
	go func() {
		err := work()
		if err == nil {
			err = o.commit()
		} else {
			err = errors.Join(err, o.abort())
		}
		result <- err
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("%w: %s is not written", errInterrupted, o.name), o.abort())
	}
}
