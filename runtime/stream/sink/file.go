package sink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

// FileOptions describe a file of lines that rotates.
type FileOptions struct {
	Path     string        // the file that is written; its folder exists
	MaxBytes int64         // a line that would make the file longer begins a new one; 0: no limit
	MaxAge   time.Duration // a line that comes later than this after the file was opened begins a new one; 0: no limit
	Keep     int           // how many finished files stay; at least 1 with MaxBytes or MaxAge

	// SyncAfter is how long a line may be lost to a power cut: below a millisecond, Send returns after an fsync; 0 leaves
	// the time to the kernel, which takes half a minute. A crash of the program alone loses no line whatever it is.
	SyncAfter time.Duration
}

// A File writes each message as a line of a file. When the file has grown enough, or is old enough, it is finished:
// it becomes PATH.000001, PATH.000002 and so on, and the oldest beyond [FileOptions].Keep are deleted. The numbers only
// grow: a board without a clock battery begins each day in 1970, and names made of times would lie about the order.
type File struct {
	options  FileOptions
	lines    *disk.Appender // nil after a failure, until the file could be opened again
	opened   time.Time
	finished []uint64 // the numbers of the finished files that are there, oldest first
	last     uint64   // the number given last
	line     []byte
	cut      int64

	open func(path string) (disk.File, int64, int64, error) // openLines, but for tests
}

// NewFile opens or creates the file. A line at its end that a crash has torn is cut off ([File.Torn]).
func NewFile(o FileOptions) (*File, error) {
	switch {
	case o.MaxBytes < 0 || o.MaxAge < 0 || o.SyncAfter < 0 || o.Keep < 0:
		return nil, fmt.Errorf("sink: file %s: a limit is negative", o.Path)
	case (o.MaxBytes > 0 || o.MaxAge > 0) && o.Keep == 0:
		return nil, fmt.Errorf("sink: file %s: it rotates, so at least 1 finished file must be kept", o.Path)
	}
	finished, err := finishedFiles(o.Path)
	if err != nil {
		return nil, fmt.Errorf("sink: file: %w", err)
	}
	f := &File{options: o, finished: finished, open: openLines}
	if n := len(finished); n > 0 {
		f.last = finished[n-1]
	}
	if err := f.reopen(); err != nil {
		return nil, err
	}
	return f, nil
}

// Torn is how many bytes of torn lines were cut off when the file was opened.
func (f *File) Torn() int64 { return f.cut }

// Send writes the line, after finishing the file where that is due. On a full disk the part that was written is
// taken back, the error is returned, and the next line is tried afresh.
func (f *File) Send(_ context.Context, m *Message) error {
	f.line = append(append(f.line[:0], m.Line...), '\n')
	if f.lines == nil {
		if err := f.reopen(); err != nil {
			return err
		}
	}
	if f.due() {
		if err := f.rotate(); err != nil {
			return fmt.Errorf("sink: file: rotating: %w", err)
		}
	}
	if err := f.lines.Append(f.line); err != nil {
		if f.lines.Broken() {
			_ = f.lines.Close()
			f.lines = nil
		}
		return fmt.Errorf("sink: file %s: %w", f.options.Path, err)
	}
	return nil
}

// Close fsyncs and closes the file.
func (f *File) Close() error {
	if f.lines == nil {
		return nil
	}
	err := f.lines.Close()
	f.lines = nil
	return err
}

// due tells whether the line in hand belongs into a new file. An empty file is never finished.
func (f *File) due() bool {
	size := f.lines.Size()
	if size == 0 {
		return false
	}
	return f.options.MaxBytes > 0 && size+int64(len(f.line)) > f.options.MaxBytes ||
		f.options.MaxAge > 0 && time.Since(f.opened) >= f.options.MaxAge
}

// rotate finishes the file and opens the next. The old ones go first: where they cannot, nothing is begun, and lines
// are refused rather than the folder filled. A power cut between any two steps leaves a state that the next start
// goes on from.
func (f *File) rotate() error {
	for len(f.finished) >= f.options.Keep {
		err := os.Remove(finishedName(f.options.Path, f.finished[0]))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		f.finished = f.finished[1:]
	}
	err := f.lines.Close()
	f.lines = nil
	if err != nil {
		return err
	}
	if err := os.Rename(f.options.Path, finishedName(f.options.Path, f.last+1)); err != nil {
		return err
	}
	f.last++
	f.finished = append(f.finished, f.last)
	if err := disk.SyncDir(filepath.Dir(f.options.Path)); err != nil {
		return err
	}
	return f.reopen()
}

func (f *File) reopen() error {
	file, size, torn, err := f.open(f.options.Path)
	if err != nil {
		return fmt.Errorf("sink: file: %w", err)
	}
	f.cut += torn
	f.lines = disk.NewAppender(file, size, f.options.SyncAfter)
	f.opened = time.Now()
	return nil
}

// openLines opens a file of lines and cuts off a torn last one.
func openLines(path string) (file disk.File, size, torn int64, err error) {
	f, size, err := disk.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	whole, err := disk.WholeLines(f, size)
	if err == nil && whole < size {
		err = f.Truncate(whole)
	}
	if err != nil {
		f.Close()
		return nil, 0, 0, err
	}
	return f, whole, size - whole, nil
}
