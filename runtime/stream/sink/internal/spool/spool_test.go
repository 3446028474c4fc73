package spool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/disk"
)

func mustOpen(t *testing.T, dir string, maxBytes int64) *Spool {
	t.Helper()
	s, err := Open(Options{Dir: dir, MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func record(i int) []byte { return fmt.Appendf(nil, "record %d", i) }

// add appends records, numbered on from the spool's own count.
func add(t *testing.T, s *Spool, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := s.Append(record(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// all reads what waits.
func all(t *testing.T, s *Spool) (list []string, last uint64) {
	t.Helper()
	for {
		b, number, err := s.Read(last + 1)
		if err == io.EOF {
			return list, last
		}
		if err != nil {
			t.Fatal(err)
		}
		if number <= last {
			t.Fatalf("record %d after %d", number, last)
		}
		list, last = append(list, string(b)), number
	}
}

func want(from, to int) (list []string) {
	for i := from; i < to; i++ {
		list = append(list, string(record(i)))
	}
	return list
}

func segments(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, 1<<20)
	select {
	case <-s.Ready():
		t.Error("ready, and empty")
	default:
	}
	add(t, s, 1, 101)
	<-s.Ready()
	if err := s.Acknowledge(40); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, dir, 1<<20)
	<-s.Ready()
	if got, last := all(t, s); !slices.Equal(got, want(41, 101)) || last != 100 {
		t.Errorf("%v up to %d", got, last)
	}
	add(t, s, 101, 111)
	if got, _ := all(t, s); !slices.Equal(got, want(41, 111)) {
		t.Errorf("%v", got)
	}
	// Backwards, as after a lost connection.
	if b, number, err := s.Read(70); string(b) != "record 70" || number != 70 || err != nil {
		t.Errorf("%q, %d, %v", b, number, err)
	}
	if err := s.Acknowledge(110); err != nil {
		t.Fatal(err)
	}
	if got := s.Stats(); got.Waiting != 0 || got.Dropped != 0 || got.Lost != 0 {
		t.Errorf("%+v", got)
	}
	if err := s.Append([]byte("x")); err != nil {
		t.Error(err)
	}
	s.Close()
	if err := s.Append([]byte("x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestBound(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, MinBytes)
	const n = 20000
	for i := 1; i <= n; i++ {
		add(t, s, i, i+1)
		if i%100 != 0 {
			continue
		}
		total := int64(0)
		for _, path := range segments(t, dir) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			total += info.Size()
		}
		if got := s.Stats(); total > MinBytes || got.Bytes != total || got.Waiting+got.Dropped != uint64(i) {
			t.Fatalf("after %d records: %d bytes, %+v", i, total, got)
		}
	}
	got := s.Stats()
	if got.Dropped == 0 || got.Waiting*28 < MinBytes*3/4 {
		t.Errorf("%+v", got)
	}
	list, last := all(t, s)
	if !slices.Equal(list, want(int(got.Dropped)+1, n+1)) || last != n {
		t.Errorf("%d records up to %d", len(list), last)
	}
	// What is acknowledged leaves the disk, but for the segment that is written.
	if err := s.Acknowledge(last); err != nil {
		t.Fatal(err)
	}
	if files := segments(t, dir); len(files) != 1 {
		t.Errorf("%v are left", files)
	}
	for name, size := range map[string]int{"empty": 0, "too large": s.MaxRecord() + 1} {
		if err := s.Append(make([]byte, size)); err == nil {
			t.Errorf("a record that is %s was taken", name)
		}
	}
	if err := s.Append(make([]byte, s.MaxRecord())); err != nil {
		t.Error(err)
	}
}

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

// fullDisk takes so many bytes and then fails, as a full file system does: in the middle of a write.
type fullDisk struct {
	disk.File
	left  int
	stuck bool
}

var errFull = errors.New("no space left on device")

func (f *fullDisk) Write(b []byte) (int, error) {
	n := min(f.left, len(b))
	f.left -= n
	if _, err := f.File.Write(b[:n]); err != nil {
		return 0, err
	}
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

func (f *fullDisk) Truncate(size int64) error {
	if f.stuck {
		return errFull
	}
	return f.File.Truncate(size)
}

func TestFullDisk(t *testing.T) {
	for name, broken := range map[string]bool{"the part is taken back": false, "nor can the part be taken back": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, MinBytes)
			add(t, s, 1, 4)
			f, err := os.OpenFile(s.last().path, os.O_RDWR|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.active.Close(); err != nil {
				t.Fatal(err)
			}
			full := &fullDisk{f, 60, broken}
			s.active = disk.NewAppender(full, s.last().size, 0)
			add(t, s, 4, 6)
			for range 3 {
				if err := s.Append(record(6)); !errors.Is(err, errFull) && !broken {
					t.Fatalf("on a full disk: %v", err)
				} else if broken {
					if !errors.Is(err, errFull) {
						t.Fatalf("on a full disk: %v", err)
					}
					break // The next begins a new segment.
				}
			}
			full.left = 1 << 20
			add(t, s, 6, 9)
			if got, _ := all(t, s); !slices.Equal(got, want(1, 9)) {
				t.Errorf("%v", got)
			}
			s.Close()
			s = mustOpen(t, dir, MinBytes)
			if got, _ := all(t, s); !slices.Equal(got, want(1, 9)) {
				t.Errorf("after reopening: %v", got)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	for name, o := range map[string]Options{
		"too small":    {Dir: t.TempDir(), MaxBytes: MinBytes - 1},
		"negative":     {Dir: t.TempDir(), MaxBytes: MinBytes, SyncAfter: -1},
		"not a folder": {Dir: "spool_test.go", MaxBytes: MinBytes},
	} {
		if s, err := Open(o); err == nil {
			s.Close()
			t.Errorf("%s: accepted", name)
		}
	}
	dir := t.TempDir()
	mustOpen(t, dir, MinBytes)
	if _, err := Open(Options{Dir: dir, MaxBytes: MinBytes}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("opened twice: %v", err)
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	s := mustOpen(t, t.TempDir(), 1<<20)
	line := bytes.Repeat([]byte("x"), 100)
	if got := testing.AllocsPerRun(1000, func() {
		if err := s.Append(line); err != nil {
			t.Fatal(err)
		}
		b, number, err := s.Read(s.Done() + 1)
		if err != nil || !bytes.Equal(b, line) {
			t.Fatal(b, err)
		}
		if err := s.Acknowledge(number); err != nil {
			t.Fatal(err)
		}
	}); got > 0 {
		t.Errorf("%v allocations for each record", got)
	}
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
