package spool

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// A reader remembers where the last record ended, since the next is what is mostly asked for.
type reader struct {
	segment *segment
	file    *os.File
	buffer  *bufio.Reader
	next    uint64 // the record that buffer goes on with
	offset  int64  // where it begins in the file
	record  []byte // the last one, with its head
}

func (r *reader) close() {
	if r.file != nil {
		r.file.Close()
	}
	r.segment, r.file = nil, nil
}

func (r *reader) forget(g *segment) {
	if r.segment == g {
		r.close()
	}
}

// Read returns the first record that is neither acknowledged nor numbered below from; it is valid until the next call. There
// being none yet is io.EOF. A damaged record, and with it the rest of its segment, is passed over and counted as lost.
func (s *Spool) Read(from uint64) (record []byte, number uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == nil {
		return nil, 0, fmt.Errorf("spool: %s: %w", s.options.Dir, os.ErrClosed)
	}
	from = max(from, s.done+1)
	for _, g := range s.segments {
		number = max(from, g.first)
		for number < g.end() {
			record, err = s.reader.read(g, number)
			if !errors.Is(err, errTorn) {
				if err != nil {
					err = fmt.Errorf("spool: %w", err)
				}
				return record, number, err
			}
			bad := s.reader.next
			s.lost += g.end() - max(bad, s.done+1)
			g.count = bad - g.first
			s.reader.close()
			if g == s.last() && s.active != nil {
				// Its places no longer tell the numbers: the next record begins a segment of its own.
				_ = s.active.Close()
				s.active = nil
			}
		}
	}
	return nil, 0, io.EOF
}

// read reads one record of a segment. With errTorn, r.next is the number of the record that is damaged.
func (r *reader) read(g *segment, number uint64) ([]byte, error) {
	if r.segment != g || number < r.next {
		r.close()
		f, err := os.Open(g.path)
		if err != nil {
			return nil, err
		}
		if r.buffer == nil {
			r.buffer = bufio.NewReaderSize(nil, 32<<10)
		}
		r.buffer.Reset(f)
		r.segment, r.file, r.next, r.offset = g, f, g.first, 0
	}
	for {
		var err error
		r.record, err = readRecord(r.buffer, g.size-r.offset, r.next, r.record)
		if err == io.EOF {
			err = errTorn // The segment is shorter than it was.
		}
		if err != nil {
			return nil, err
		}
		r.offset += int64(len(r.record))
		r.next++
		if r.next > number {
			return r.record[headBytes:], nil
		}
	}
}
