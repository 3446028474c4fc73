package guest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// connect joins a client to a server of this machine's shell.
func connect(t *testing.T) (*Client, string, chan error) {
	t.Helper()
	host, guest := net.Pipe()
	host.SetDeadline(time.Now().Add(30 * time.Second))
	t.Cleanup(func() { host.Close() })
	home, done := t.TempDir(), make(chan error, 1)
	go func() {
		done <- Serve(guest, home, "6.1.0-test")
		guest.Close()
	}()
	c := NewClient(host)
	release, err := c.Hello()
	if err != nil || release != "6.1.0-test" {
		t.Fatalf("hello %q, %v", release, err)
	}
	return c, home, done
}

func TestRun(t *testing.T) {
	c, home, done := connect(t)
	for _, test := range []struct {
		name, line     string
		stdout, stderr string
		code           int
	}{
		{"nothing", "", "", "", 0},
		{"both outputs", "echo out; echo err >&2", "out\n", "err\n", 0},
		{"bytes", `printf '\000\001\377\r\n'`, "\x00\x01\xff\r\n", "", 0},
		{"no newline", "printf x", "x", "", 0},
		{"exit code", "echo half; exit 42", "half\n", "", 42},
		{"signal", "kill -9 $$", "", "", 137},
		{"home", "pwd", home + "\n", "", 0},
		{"its own shell each time", "cd /; X=1", "", "", 0},
		{"home again", "pwd; echo $X", home + "\n\n", "", 0},
		{"no input", "cat", "", "", 0},
		{"long output", "head -c 300000 /dev/zero", strings.Repeat("\x00", 300000), "", 0},
	} {
		r, err := c.Run(test.line)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if string(r.Stdout) != test.stdout || string(r.Stderr) != test.stderr || r.Code != test.code || r.Duration <= 0 {
			t.Errorf("%s: %.100q, %.100q, %d, %v", test.name, r.Stdout, r.Stderr, r.Code, r.Duration)
		}
	}
	if r, err := c.Run("no-such-command-anywhere"); err != nil || r.Code != 127 || len(r.Stderr) == 0 {
		t.Errorf("unknown command: %+v, %v", r, err)
	}
	if err := c.Off(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestBackground(t *testing.T) {
	c, _, _ := connect(t)
	r, err := c.Run("sleep 20 & echo started")
	if err != nil || string(r.Stdout) != "started\n" || r.Code != 0 || r.Duration > 10*time.Second {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestPut(t *testing.T) {
	c, home, _ := connect(t)
	content := bytes.Repeat([]byte{0, 1, 2, 255}, 50000)
	for _, name := range []string{"a/b/file", filepath.Join(home, "absolute"), "a/b/file"} {
		if err := c.Put(name, 0o751, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(home, name)
		}
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode() != 0o751 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if err := c.Put("a/b/file/below", 0o644, bytes.NewReader(content)); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("below a file: %v", err)
	}
	if r, err := c.Run("ls"); err != nil || string(r.Stdout) != "a\nabsolute\n" {
		t.Errorf("after that: %q, %v", r.Stdout, err)
	}
	unreadable := errors.New("unreadable")
	if err := c.Put("x", 0o644, io.MultiReader(strings.NewReader("x"), broken{unreadable})); !errors.Is(err, unreadable) {
		t.Errorf("a source that fails: %v", err)
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// frames is a line on which a guest has sent these frames.
func frames(list ...any) io.ReadWriter {
	var b bytes.Buffer
	for i := 0; i < len(list); i += 2 {
		writeFrame(&b, list[i].(kind), []byte(list[i+1].(string)))
	}
	return struct {
		io.Reader
		io.Writer
	}{&b, io.Discard}
}

func TestBadGuest(t *testing.T) {
	raw := func(s string) io.ReadWriter {
		return struct {
			io.Reader
			io.Writer
		}{strings.NewReader(s), io.Discard}
	}
	for _, test := range []struct {
		name string
		line io.ReadWriter
		want string
	}{
		{"gone", frames(), "gone"},
		{"gone within a command", frames(kindStdout, "half"), "gone"},
		{"cut frame", raw("o\x05\x00\x00\x00abc"), "cut"},
		{"huge frame", raw("o\xff\xff\xff\xffabc"), "4294967295 bytes"},
		{"wrong frame", frames(kindRun, "rm"), "not expected"},
		{"short exit", frames(kindExit, "x"), "not expected"},
		{"endless output", &endless{frame: append([]byte("o\x00\x00\x01\x00"), make([]byte, maxPayload)...)}, "printed more than"},
	} {
		_, err := NewClient(test.line).Run("true")
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
	if _, err := NewClient(frames(kindStdout, "hi")).Hello(); err == nil {
		t.Error("a guest that does not say hello was taken")
	}
}

// endless is a guest that prints for ever: a frame of a full payload, again and again.
type endless struct{ frame, rest []byte }

func (*endless) Write(b []byte) (int, error) { return len(b), nil }
func (e *endless) Read(b []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = e.frame
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// FuzzClient: whatever the guest sends, the host's end returns, within its bound.
func FuzzClient(f *testing.F) {
	f.Add([]byte("h\x03\x00\x00\x006.1o\x02\x00\x00\x00hix\x04\x00\x00\x00\x01\x00\x00\x00"))
	f.Add([]byte("o\xff\xff\x00\x00"))
	f.Add([]byte("x\x04\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		c := NewClient(struct {
			io.Reader
			io.Writer
		}{bytes.NewReader(sent), io.Discard})
		c.Hello()
		for {
			r, err := c.Run("true")
			if len(r.Stdout)+len(r.Stderr) > len(sent) {
				t.Fatalf("%d bytes of output from %d", len(r.Stdout)+len(r.Stderr), len(sent))
			}
			if err != nil {
				return
			}
		}
	})
}
