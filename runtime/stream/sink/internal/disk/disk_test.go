package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a file that can be told to fail.
type memory struct {
	mu       sync.Mutex
	data     []byte
	room     int // -1: endless
	syncs    int
	syncErr  error
	truncErr error
}

var errFull = errors.New("no space left on device")

func (m *memory) Write(b []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.room >= 0 && len(m.data)+len(b) > m.room {
		n := m.room - len(m.data)
		m.data = append(m.data, b[:n]...)
		return n, errFull
	}
	m.data = append(m.data, b...)
	return len(b), nil
}

func (m *memory) Truncate(size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.truncErr == nil {
		m.data = m.data[:size]
	}
	return m.truncErr
}

func (m *memory) Sync() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.syncs++
	return m.syncErr
}

func (m *memory) Close() error { return nil }

func TestWholeOrNotAtAll(t *testing.T) {
	m := &memory{room: 10}
	a := NewAppender(m, 0, 0)
	for _, c := range []struct {
		b    string
		want string
		fits bool
	}{{"12345", "12345", true}, {"678901", "12345", false}, {"67890", "1234567890", true}, {"1", "1234567890", false}} {
		if err := a.Append([]byte(c.b)); (err == nil) != c.fits || err != nil && !errors.Is(err, errFull) {
			t.Errorf("%q: %v", c.b, err)
		}
		if string(m.data) != c.want || a.Size() != int64(len(c.want)) || a.Broken() {
			t.Errorf("after %q: %q, size %d", c.b, m.data, a.Size())
		}
	}
}

func TestWhatCannotBeTakenBackBreaks(t *testing.T) {
	m := &memory{room: 3, truncErr: errors.New("read-only file system")}
	a := NewAppender(m, 0, 0)
	for range 2 {
		if err := a.Append([]byte("12345")); !errors.Is(err, errFull) || !a.Broken() {
			t.Errorf("%v, broken %v", err, a.Broken())
		}
	}
	if string(m.data) != "123" {
		t.Errorf("written to after it broke: %q", m.data)
	}
	if err := a.Close(); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

func TestSyncPolicies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			after  time.Duration
			atOnce int // after the first Append
			later  int // after a second
			closed int
		}{{0, 0, 0, 1}, {1, 1, 10, 11}, {time.Second, 0, 1, 2}, {time.Hour, 0, 0, 1}} {
			m := &memory{room: -1}
			a := NewAppender(m, 0, c.after)
			syncs := func() int {
				synctest.Wait()
				m.mu.Lock()
				defer m.mu.Unlock()
				return m.syncs
			}
			for i := range 10 {
				if err := a.Append([]byte("x")); err != nil {
					t.Fatal(err)
				}
				if i == 0 && syncs() != c.atOnce {
					t.Errorf("%v: %d fsyncs at once, expected %d", c.after, syncs(), c.atOnce)
				}
			}
			time.Sleep(time.Second)
			if got := syncs(); got != c.later {
				t.Errorf("%v: %d fsyncs after a second, expected %d", c.after, got, c.later)
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * time.Hour)
			if got := syncs(); got != c.closed {
				t.Errorf("%v: %d fsyncs at the end, expected %d", c.after, got, c.closed)
			}
		}
	})
}

// TestFailedSyncIsFinal: the kernel forgets what it could not write and calls the next fsync a success.
func TestFailedSyncIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("input/output error")
		m := &memory{room: -1, syncErr: failure}
		a := NewAppender(m, 0, time.Second)
		if err := a.Append([]byte("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		m.mu.Lock()
		m.syncErr = nil
		m.mu.Unlock()
		if err := a.Append([]byte("y")); !errors.Is(err, failure) || !a.Broken() {
			t.Errorf("after a failed fsync in the background: %v", err)
		}
		if err := a.Close(); !errors.Is(err, failure) {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	f, size, err := Open(path)
	if err != nil || size != 0 {
		t.Fatal(size, err)
	}
	if _, _, err := Open(path); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := f.WriteString("hello"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if f, size, err = Open(path); err != nil || size != 5 {
		t.Fatal(size, err)
	}
	f.Close()
	if _, _, err := Open(dir); err == nil {
		t.Error("a folder was opened")
	}
	if _, _, err := Open(os.DevNull); err == nil || !strings.Contains(err.Error(), "regular") {
		t.Errorf("a device was opened: %v", err)
	}
	lock, err := LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LockDir(dir); err == nil {
		t.Error("locked twice")
	}
	lock.Close()
	if lock, err = LockDir(dir); err != nil {
		t.Error(err)
	}
	lock.Close()
	if err := SyncDir(dir); err != nil {
		t.Error(err)
	}
}

func TestWholeLines(t *testing.T) {
	long := strings.Repeat("x", 100<<10)
	for _, c := range []struct {
		content string
		want    int
	}{
		{"", 0}, {"torn", 0}, {"\n", 1}, {"a\nb\n", 4}, {"a\nb", 2}, {long, 0},
		{"a\n" + long, 2}, {long + "\n", len(long) + 1}, {long + "\n" + long, len(long) + 1},
	} {
		if got, err := WholeLines(strings.NewReader(c.content), int64(len(c.content))); err != nil || got != int64(c.want) {
			t.Errorf("%.10q of %d bytes: %d, %v, expected %d", c.content, len(c.content), got, err, c.want)
		}
	}
}
