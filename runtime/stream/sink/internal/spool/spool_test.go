package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
