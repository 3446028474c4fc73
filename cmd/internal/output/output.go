// Package output writes the results of a command: to standard output, to a
// device, or to a file that appears whole or not at all.
//
// A file is written under another name beside the one it will have, and takes
// that name at the end. So a bad row, a full disk or a signal leaves nothing
// behind, and what was there before stays.
package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
)

// ErrInterrupted says that a signal ended the work.
var ErrInterrupted = errors.New("interrupted")

// Output is where results go.
type Output struct {
	// To is what is written to. It is the file itself where there is one, so that a writer of npy
	// finds its Seek method.
	To io.Writer

	file *os.File // nil for standard output
	name string   // that the temporary file takes; empty for a device
	once sync.Once
}

// Create opens an output; the name - is stdout. A place where no file can be is a cli.UsageError.
func Create(name string, stdout io.Writer) (*Output, error) {
	if name == "-" {
		return &Output{To: stdout}, nil
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
		return &Output{To: file, file: file}, nil
	case err == nil:
		// The file that a link leads to is written, and the link stays.
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return nil, err
		}
		o, err := createBeside(name)
		if err == nil {
			err = o.file.Chmod(info.Mode().Perm())
		}
		return o, err
	case errors.Is(err, fs.ErrNotExist):
		return createBeside(name)
	}
	return nil, err
}

// createBeside opens a new file of any free name in the folder. Unlike os.CreateTemp it leaves the
// mode to the process's umask, as for any file that a person makes.
func createBeside(name string) (*Output, error) {
	dir, base := filepath.Split(name)
	for {
		temporary := filepath.Join(dir, fmt.Sprintf(".%s-%08x", base, rand.Uint32()))
		file, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		switch {
		case err == nil:
			return &Output{To: file, file: file, name: name}, nil
		case errors.Is(err, fs.ErrNotExist):
			return nil, cli.Usagef("%s: the directory %s does not exist", name, filepath.Dir(name))
		case !errors.Is(err, fs.ErrExist):
			return nil, fmt.Errorf("%s: %w", name, cause(err))
		}
	}
}

// cause is an error without the name of the temporary file, which says nothing to anybody.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// commit makes what was written appear. It fails if the output was aborted.
func (o *Output) commit() error {
	err := ErrInterrupted
	o.once.Do(func() { err = o.finish() })
	return err
}

func (o *Output) finish() (err error) {
	switch {
	case o.file == nil:
		return nil
	case o.name == "":
		return o.file.Close()
	}
	err = o.file.Sync()
	if closed := o.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(o.file.Name(), o.name)
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("%s: %w", o.name, cause(err)), os.Remove(o.file.Name()))
	}
	return err
}

// abort takes away what was written, unless it was committed. It may be called at any time, by
// another goroutine too, and more than once.
func (o *Output) abort() error {
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

// Produce runs work, which writes to o.To, and makes the output appear, or takes it away on an error.
//
// A signal to end, or the end of ctx, takes a file away without waiting: the work may be stuck in a
// read from a pipe that never ends. For other outputs there is nothing to take away, and a signal
// ends the process as it always does.
func (o *Output) Produce(ctx context.Context, work func() error) error {
	if o.name != "" {
		var stop func()
		// SIGHUP is what a dropped connection to a board brings.
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
	}
	result := make(chan error, 1)
	go func() {
		err := work()
		if err == nil {
			err = o.commit()
		} else {
			err = errors.Join(o.named(err), o.abort())
		}
		result <- err
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("%w: %s is not written", ErrInterrupted, o.name), o.abort())
	}
}

// named puts the output's own name into an error of writing to its temporary file.
func (o *Output) named(err error) error {
	var path *fs.PathError
	if o.name != "" && errors.As(err, &path) && path.Path == o.file.Name() {
		return fmt.Errorf("%s: %w", o.name, path.Err)
	}
	return err
}
