package spool

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

const ackName = "acknowledged"

// recover reads the folder: what was acknowledged, which segments there are, and how much of each is whole.
func (s *Spool) recover() error {
	var err error
	if s.ackFile, err = os.OpenFile(filepath.Join(s.options.Dir, ackName), os.O_RDWR|os.O_CREATE, 0o640); err != nil {
		return err
	}
	s.done = readDone(s.ackFile)
	if err := s.list(); err != nil {
		return err
	}
	s.next = s.done + 1
	for i, g := range s.segments {
		whole, err := g.scan()
		if err != nil {
			return err
		}
		// Names tell where the next segment begins; what lies between cannot be read.
		if i+1 < len(s.segments) {
			following := s.segments[i+1].first
			g.count = min(g.count, following-g.first)
			if from := max(g.end(), s.done+1); from < following {
				s.lost += following - from
			}
		} else if s.torn = g.size - whole; s.torn > 0 {
			if err := os.Truncate(g.path, whole); err != nil {
				return err
			}
			g.size = whole
		}
		s.bytes += g.size
		s.next = max(s.next, g.end())
	}
	for len(s.segments) > 1 && s.segments[1].first <= s.done+1 {
		if err := s.remove(); err != nil {
			return err
		}
	}
	// Appending goes on where the numbers do; where they do not, since the acknowledgements are ahead of what a power cut left,
	// or the segment is damaged, a new segment begins with the next record.
	if n := len(s.segments); n > 0 && s.last().end() == s.next {
		f, size, err := disk.Open(s.last().path)
		if err != nil {
			return err
		}
		s.active = disk.NewAppender(f, size, s.options.SyncAfter)
	}
	if s.next > s.done+1 {
		s.ready <- struct{}{}
	}
	return nil
}

// list finds the segments, oldest first.
func (s *Spool) list() error {
	entries, err := os.ReadDir(s.options.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		first, ok := segmentFirst(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		s.segments = append(s.segments, &segment{path: filepath.Join(s.options.Dir, e.Name()), first: first, size: info.Size()})
	}
	slices.SortFunc(s.segments, func(a, b *segment) int { return cmp.Compare(a.first, b.first) })
	return nil
}

// readDone reads the number of the last acknowledged record, 0 where it is not to be had: then everything that is there is
// sent again.
func readDone(f *os.File) uint64 {
	var b [12]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		return 0
	}
	done := binary.LittleEndian.Uint64(b[:])
	if binary.LittleEndian.Uint32(b[8:]) != crc32.Checksum(b[:8], castagnoli) || done > maxFirst {
		return 0
	}
	return done
}

func (s *Spool) writeDone() error {
	s.ack = binary.LittleEndian.AppendUint64(s.ack[:0], s.done)
	s.ack = binary.LittleEndian.AppendUint32(s.ack, crc32.Checksum(s.ack, castagnoli))
	_, err := s.ackFile.WriteAt(s.ack, 0)
	return err
}
