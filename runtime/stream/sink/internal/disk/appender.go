package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// A File is what an Appender needs of an *os.File.
type File interface {
	io.Writer
	Truncate(size int64) error
	Sync() error
	Close() error
}

// An Appender is the one writer of a file.
type Appender struct {
	mu        sync.Mutex // the timer's fsync is on another goroutine
	file      File
	size      int64
	syncAfter time.Duration
	timer     *time.Timer // runs while something written waits for its fsync
	broken    error       // what the file holds is no longer known
	closed    bool
}

// NewAppender appends to a file that holds size bytes. What is appended is fsynced within syncAfter: before Append
// returns if that is below a millisecond, and when the kernel sees fit (and on Sync and Close) if it is 0.
func NewAppender(f File, size int64, syncAfter time.Duration) *Appender {
	return &Appender{file: f, size: size, syncAfter: syncAfter}
}

// Open opens or creates a regular file for one writer; a second process that tries is told so.
func Open(path string) (f *os.File, size int64, err error) {
	// Not O_TRUNC, and not yet trusted: the lock comes first. O_NONBLOCK returns from a named pipe that nobody reads.
	f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND|nonBlocking, 0o640)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s: not a regular file", path)
	default:
		err = lock(f)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Size is the length of the file.
func (a *Appender) Size() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.size
}

// Broken tells that the file can be used no more: a part of a record could not be taken back, or an fsync failed,
// after which the kernel may have forgotten what it did not write and would call a second fsync a success.
func (a *Appender) Broken() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.broken != nil
}

// Append writes b at the end, whole or, with an error, not at all.
func (a *Appender) Append(b []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return a.broken
	}
	n, err := a.file.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		if n > 0 {
			if back := a.file.Truncate(a.size); back != nil {
				a.broken = errors.Join(err, back)
				return a.broken
			}
		}
		return err
	}
	a.size += int64(n)
	switch {
	case a.syncAfter <= 0:
	case a.syncAfter < time.Millisecond:
		return a.sync()
	case a.timer == nil:
		a.timer = time.AfterFunc(a.syncAfter, func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.timer = nil
			if !a.closed {
				_ = a.sync() // The next Append returns it.
			}
		})
	}
	return nil
}

// Sync waits until what was appended is on the device.
func (a *Appender) Sync() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sync()
}

func (a *Appender) sync() error {
	if a.broken != nil {
		return a.broken
	}
	a.broken = a.file.Sync()
	return a.broken
}

// Close fsyncs and closes the file.
func (a *Appender) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil
	}
	a.closed = true
	if a.timer != nil {
		a.timer.Stop()
	}
	return errors.Join(a.sync(), a.file.Close())
}

// SyncDir makes the names in a folder as durable as an fsync makes a file: without it, a power cut can undo a
// rename or a new file.
func SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// LockDir keeps other processes that call it out of a folder until the file that it returns is closed.
func LockDir(path string) (*os.File, error) {
	d, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := lock(d); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}
