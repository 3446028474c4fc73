package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

// MinBytes is the least limit of a spool.
const MinBytes = 64 << 10

// Options describe a spool.
type Options struct {
	Dir       string // made when absent; of this spool alone
	MaxBytes  int64  // of all segments together, at least MinBytes
	SyncAfter time.Duration
}

// Stats describe a spool at one moment.
type Stats struct {
	Waiting uint64 // records that are not acknowledged
	Bytes   int64  // what the segments take on the disk
	Dropped uint64 // records deleted unacknowledged, to stay within MaxBytes
	Lost    uint64 // records that a crash or the disk has damaged
	Torn    int64  // bytes cut from the end when the spool was opened: less than a record, or records that never were whole
}

// A Spool is safe for use by several goroutines.
type Spool struct {
	mu       sync.Mutex
	options  Options
	folder   *os.File // holds the lock
	ackFile  *os.File
	segments []*segment // oldest first
	active   *disk.Appender
	next     uint64 // the number of the record to come
	done     uint64 // the number of the last acknowledged record
	bytes    int64
	dropped  uint64
	lost     uint64
	torn     int64
	out, ack []byte // what is written, kept for its memory
	reader   reader
	ready    chan struct{}
}

// Open opens or creates a spool and finds what a crash left in it. Another process that has it open is an error.
func Open(o Options) (*Spool, error) {
	if o.MaxBytes < MinBytes {
		return nil, fmt.Errorf("spool: %s: a limit of %d bytes, at least %d are needed", o.Dir, o.MaxBytes, MinBytes)
	}
	if o.SyncAfter < 0 {
		return nil, fmt.Errorf("spool: %s: fsync after %v", o.Dir, o.SyncAfter)
	}
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	folder, err := disk.LockDir(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	s := &Spool{options: o, folder: folder, ready: make(chan struct{}, 1)}
	if err := s.recover(); err != nil {
		s.Close()
		return nil, fmt.Errorf("spool: %w", err)
	}
	return s, nil
}

// MaxRecord is the size of the largest record that the spool takes.
func (s *Spool) MaxRecord() int { return int(s.segmentBytes()) - headBytes }

func (s *Spool) segmentBytes() int64 { return min(s.options.MaxBytes/8, maxRecord) }

// Append adds a record of 1 to [Spool.MaxRecord] bytes. With an error, nothing was added.
func (s *Spool) Append(record []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == nil {
		return fmt.Errorf("spool: %s: %w", s.options.Dir, os.ErrClosed)
	}
	if len(record) == 0 || len(record) > s.MaxRecord() {
		return fmt.Errorf("spool: %s: a record of %d bytes, it takes 1 to %d", s.options.Dir, len(record), s.MaxRecord())
	}
	s.out = appendRecord(s.out[:0], s.next, record)
	need := int64(len(s.out))
	if s.active == nil || s.active.Broken() || s.last().size+need > s.segmentBytes() {
		if err := s.begin(); err != nil {
			return fmt.Errorf("spool: %w", err)
		}
	}
	for s.bytes+need > s.options.MaxBytes && len(s.segments) > 1 {
		if err := s.remove(); err != nil {
			return fmt.Errorf("spool: %w", err)
		}
	}
	if err := s.active.Append(s.out); err != nil {
		return fmt.Errorf("spool: %s: %w", s.last().path, err)
	}
	s.last().count++
	s.last().size += need
	s.bytes += need
	s.next++
	select {
	case s.ready <- struct{}{}:
	default:
	}
	return nil
}

// Ready yields a value after a record was added. One value may stand for many.
func (s *Spool) Ready() <-chan struct{} { return s.ready }

// Done is the number of the last acknowledged record.
func (s *Spool) Done() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// Acknowledge takes note that the records up to this number need not be kept.
func (s *Spool) Acknowledge(number uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number <= s.done || number >= s.next {
		return nil // Dropped meanwhile, or not ours.
	}
	s.done = number
	var err error
	for err == nil && len(s.segments) > 1 && s.segments[1].first <= s.done+1 {
		err = s.remove()
	}
	// A full disk may refuse the note; then the segments that went have made it room.
	if noted := s.writeDone(); err == nil {
		err = noted
	}
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Stats counts.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	var waiting uint64
	for _, g := range s.segments {
		waiting += s.waiting(g)
	}
	return Stats{waiting, s.bytes, s.dropped, s.lost, s.torn}
}

// Close fsyncs what was added. Records that are not acknowledged stay for the next [Open].
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == nil {
		return nil
	}
	var errs []error
	if s.active != nil {
		errs = append(errs, s.active.Close())
	}
	if s.ackFile != nil {
		errs = append(errs, s.ackFile.Close())
	}
	s.reader.close()
	errs = append(errs, s.folder.Close())
	s.folder = nil
	return errors.Join(errs...)
}

func (s *Spool) last() *segment { return s.segments[len(s.segments)-1] }

// waiting is how many readable records of a segment are not acknowledged.
func (s *Spool) waiting(g *segment) uint64 {
	if from := max(g.first, s.done+1); from < g.end() {
		return g.end() - from
	}
	return 0
}

// begin starts a new segment.
func (s *Spool) begin() error {
	if s.active != nil {
		// A failure to fsync what is finished says nothing about the new segment.
		_ = s.active.Close()
		s.active = nil
	}
	path := filepath.Join(s.options.Dir, segmentName(s.next))
	f, size, err := disk.Open(path)
	if err != nil {
		return err
	}
	if size != 0 {
		err = f.Truncate(0) // Of this name, and yet not among the segments: it never held a whole record.
	}
	if err == nil && s.options.SyncAfter > 0 {
		err = disk.SyncDir(s.options.Dir)
	}
	if err != nil {
		f.Close()
		return err
	}
	if n := len(s.segments); n > 0 && s.segments[n-1].first == s.next {
		s.segments = s.segments[:n-1] // The same file, started afresh.
	}
	s.segments = append(s.segments, &segment{path: path, first: s.next})
	s.active = disk.NewAppender(f, 0, s.options.SyncAfter)
	return nil
}

// remove deletes the oldest segment and moves on past its records.
func (s *Spool) remove() error {
	g := s.segments[0]
	if err := os.Remove(g.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s.dropped += s.waiting(g)
	s.done = max(s.done, s.segments[1].first-1)
	s.bytes -= g.size
	s.segments = s.segments[1:]
	s.reader.forget(g)
	return nil
}
