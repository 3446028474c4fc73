package spool

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestTornAnywhere cuts the last segment at every byte: the records before the cut are there, and go on.
func TestTornAnywhere(t *testing.T) {
	whole := t.TempDir()
	s := mustOpen(t, whole, MinBytes)
	add(t, s, 1, 6)
	s.Close()
	data, err := os.ReadFile(segments(t, whole)[0])
	if err != nil {
		t.Fatal(err)
	}
	size := headBytes + len(record(1))
	for n := range data {
		for _, tail := range []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, segmentName(1)), append(data[:n:n], tail...), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(Options{Dir: dir, MaxBytes: MinBytes})
			if err != nil {
				t.Fatal(err)
			}
			complete := n / size
			if got := s.Stats(); got.Waiting != uint64(complete) || got.Torn != int64(n%size+len(tail)) {
				t.Fatalf("cut at %d: %+v", n, got)
			}
			add(t, s, complete+1, 8)
			if got, _ := all(t, s); !slices.Equal(got, want(1, 8)) {
				t.Fatalf("cut at %d: %v", n, got)
			}
			s.Close()
		}
	}
}

// TestDamage flips a byte in the middle: what cannot be read is counted, to the record.
func TestDamage(t *testing.T) {
	fill := func(t *testing.T) (dir string, files []string) {
		dir = t.TempDir()
		s := mustOpen(t, dir, MinBytes)
		add(t, s, 1, 1001)
		s.Close()
		files = segments(t, dir)
		if len(files) < 3 {
			t.Fatalf("segments %v", files)
		}
		return dir, files
	}
	flip := func(t *testing.T, path string, offset int64) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var b [1]byte
		if _, err := f.ReadAt(b[:], offset); err != nil {
			t.Fatal(err)
		}
		b[0] ^= 0x40
		if _, err := f.WriteAt(b[:], offset); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("found at the start", func(t *testing.T) {
		dir, files := fill(t)
		flip(t, files[1], 500)
		s := mustOpen(t, dir, MinBytes)
		got, _ := all(t, s)
		if stats := s.Stats(); stats.Lost == 0 || int(stats.Lost)+len(got) != 1000 || int(stats.Waiting) != len(got) {
			t.Errorf("%d records, %+v", len(got), stats)
		}
	})
	t.Run("found while reading", func(t *testing.T) {
		dir, files := fill(t)
		s := mustOpen(t, dir, MinBytes)
		flip(t, files[0], 500)
		flip(t, files[len(files)-1], 500)
		add(t, s, 1001, 1006)
		got, _ := all(t, s)
		if stats := s.Stats(); stats.Lost == 0 || int(stats.Lost)+len(got) != 1005 {
			t.Errorf("%d records, %+v", len(got), stats)
		}
		// The segment that is written was the damaged one: what comes now has its right number.
		add(t, s, 1006, 1011)
		if list, last := all(t, s); last != 1010 || list[len(list)-1] != "record 1010" {
			t.Errorf("%s is number %d", list[len(list)-1], last)
		}
	})
	t.Run("a segment is missing", func(t *testing.T) {
		dir, files := fill(t)
		if err := os.Remove(files[1]); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, dir, MinBytes)
		got, last := all(t, s)
		if stats := s.Stats(); int(stats.Lost)+len(got) != 1000 || last != 1000 {
			t.Errorf("%d records, %+v", len(got), stats)
		}
	})
	t.Run("the last segment is missing", func(t *testing.T) {
		dir, files := fill(t)
		s := mustOpen(t, dir, MinBytes)
		if err := s.Acknowledge(1000); err != nil {
			t.Fatal(err)
		}
		s.Close()
		// A power cut may keep the acknowledgement and lose what it is about.
		if err := os.Truncate(files[len(files)-1], 30); err != nil {
			t.Fatal(err)
		}
		s = mustOpen(t, dir, MinBytes)
		add(t, s, 1001, 1003)
		if got, last := all(t, s); !slices.Equal(got, want(1001, 1003)) || last != 1002 {
			t.Errorf("%v up to %d", got, last)
		}
	})
	t.Run("the acknowledgements", func(t *testing.T) {
		dir, _ := fill(t)
		for _, content := range []string{"", "short", "twelve bytes", "more than twelve bytes"} {
			if err := os.WriteFile(filepath.Join(dir, ackName), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(Options{Dir: dir, MaxBytes: MinBytes})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Stats(); got.Waiting != 1000 {
				t.Errorf("%q: %+v", content, got)
			}
			s.Close()
		}
	})
	t.Run("other files", func(t *testing.T) {
		dir, _ := fill(t)
		for _, name := range []string{"README", "0000000000000000.spool", "ffffffffffffffff.spool", "1.spool", "000000000000000A.spool"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := mustOpen(t, dir, MinBytes)
		if got := s.Stats(); got.Waiting != 1000 || got.Lost != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// FuzzSegment opens a folder with a hostile segment, an older sound one, and an acknowledgement of any number.
func FuzzSegment(f *testing.F) {
	sound := appendRecord(appendRecord(nil, 3, []byte("three")), 4, []byte("four"))
	f.Add(sound, uint64(3), uint64(0))
	f.Add(sound[:len(sound)-1], uint64(3), uint64(3))
	f.Add([]byte("\xff\xff\xff\xff\x00\x00\x00\x00"), uint64(2), uint64(9))
	f.Add(make([]byte, 64), uint64(1)<<62, uint64(1)<<62)
	f.Fuzz(func(t *testing.T, data []byte, first, done uint64) {
		dir := t.TempDir()
		var ack [12]byte
		binary.LittleEndian.PutUint64(ack[:], done)
		binary.LittleEndian.PutUint32(ack[8:], crc32.Checksum(ack[:8], castagnoli))
		for name, content := range map[string][]byte{
			segmentName(1):     appendRecord(nil, 1, []byte("one")),
			segmentName(first): data,
			ackName:            ack[:],
		} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Open(Options{Dir: dir, MaxBytes: MinBytes})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		before, _ := all(t, s)
		if uint64(len(before)) != s.Stats().Waiting {
			t.Fatalf("%d records, %+v", len(before), s.Stats())
		}
		if err := s.Append([]byte("new")); err != nil {
			t.Fatal(err)
		}
		after, last := all(t, s)
		if len(after) != len(before)+1 || after[len(before)] != "new" || !slices.Equal(after[:len(before)], before) {
			t.Fatalf("%q, and with one more %q", before, after)
		}
		if err := s.Acknowledge(last); err != nil {
			t.Fatal(err)
		}
		if got := s.Stats(); got.Waiting != 0 {
			t.Fatalf("everything is acknowledged: %+v", got)
		}
	})
}
