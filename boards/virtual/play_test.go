//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/guest"
)

// socket is an I2C adapter that writes down what is done to it.
type socket struct{ log []string }

func (s *socket) Plug() error   { s.log = append(s.log, "plug"); return nil }
func (s *socket) Unplug() error { s.log = append(s.log, "unplug"); return errors.New("stuck") }

// theatre is a player whose board is this machine's shell, and a script on disk for it.
func theatre(t *testing.T, text string) (*player, *bytes.Buffer, scene) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"script.txt": text, "data/a-1.deb": "one", "data/b-1.deb": "two", "data/b-2.deb": "three"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	build := func(_ context.Context, pkg string, test bool) (string, error) {
		file := filepath.Join(dir, programName(pkg, test))
		return file, os.WriteFile(file, []byte("#!/bin/sh\necho built\n"), 0o755)
	}
	s, err := prepare(t.Context(), filepath.Join(dir, "script.txt"), build)
	if err != nil {
		t.Fatal(err)
	}
	host, far := net.Pipe()
	host.SetDeadline(time.Now().Add(30 * time.Second))
	t.Cleanup(func() { host.Close() })
	go guest.Serve(far, t.TempDir(), "test")
	client := guest.NewClient(host)
	if _, err := client.Hello(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	return &player{board: client, i2c: &socket{}, out: &out}, &out, s
}

func TestPlay(t *testing.T) {
	p, out, s := theatre(t, `# Everything that a script can do.
cat rows.csv
stdout '^1,2$'
! stdout '3'
! stderr .
! false
? exit 3
exec printf 'no newline'
printf 'bad\n' >&2
stderr bad
cp data/a-*.deb
cp data/b-2.deb below/b.deb
cat a-1.deb below/b.deb
stdout '^onethree$'
stat -c %a a-1.deb
stdout 640
build -test ./boards/sensor ./sensor.test
./sensor.test
stdout built
sleep 1ms
replug i2c
-- rows.csv --
1,2
`)
	if err := p.play(t.Context(), s); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := p.i2c.(*socket).log; len(got) != 1 || got[0] != "plug" {
		t.Errorf("the adapter: %q", got)
	}
	got := regexp.MustCompile(`after \d+.*]`).ReplaceAllString(out.String(), "after T]")
	want := `> cat rows.csv
[stdout]
1,2
[exit 0 after T]
> stdout '^1,2$'
> ! stdout '3'
> ! stderr .
> ! false
[exit 1 after T]
> ? exit 3
[exit 3 after T]
> exec printf 'no newline'
[stdout]
no newline
[exit 0 after T]
> printf 'bad\n' >&2
[stderr]
bad
[exit 0 after T]
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPlayFails(t *testing.T) {
	for _, test := range []struct{ name, script, want string }{
		{"a command fails", "true\nexit 4\ntrue", "script.txt:2: exit code 4"},
		{"a command does not fail", "! true", "script.txt:1: exit code 0, expected a failure"},
		{"no match", "echo a\nstdout b", "script.txt:2: stdout matches (?m)b: false, expected true"},
		{"a match", "echo a >&2\n! stderr a", "script.txt:2: stderr matches (?m)a: true, expected false"},
		{"a program that cannot be put", "touch x\nbuild ./y ./x/y", "script.txt:2: guest: writing"},
		{"the adapter", "unplug i2c", "script.txt:1: stuck"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, out, s := theatre(t, test.script)
			err := p.play(t.Context(), s)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if strings.Count(out.String(), "> ") > 2 {
				t.Errorf("it went on after that:\n%s", out)
			}
		})
	}
}

func TestSleepIsInterrupted(t *testing.T) {
	p, _, s := theatre(t, "sleep 1h")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := p.play(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestPrepareFails(t *testing.T) {
	build := func(context.Context, string, bool) (string, error) { return "", errors.New("does not compile") }
	for text, want := range map[string]string{
		"true\ncp nothing":    "script.txt:2: cp: ",
		"cp script.t*\ncp [":  "script.txt:2: cp: ",
		"cp *":                "2 files match",
		"build ./x":           "script.txt:1: does not compile",
		"stdout before":       "line 1",
		"unplug camera":       "line 1",
		"cp /no/such/file /x": "0 files match",
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "script.txt")
		for _, file := range []string{name, filepath.Join(dir, "other")} {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := prepare(t.Context(), name, build); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
	if _, err := prepare(t.Context(), filepath.Join(t.TempDir(), "none"), build); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no script: %v", err)
	}
}

// The scripts that come with this program can be read, and name what there is.
func TestScripts(t *testing.T) {
	var scripts []string
	for _, pattern := range []string{"testdata/*.txt", "testdata/debian/*.txt"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d scripts (%v)", pattern, len(found), err)
		}
		scripts = append(scripts, found...)
	}
	module := filepath.Join("..", "..")
	build := func(_ context.Context, pkg string, _ bool) (string, error) {
		_, err := os.Stat(filepath.Join(module, pkg))
		return "", err
	}
	for _, name := range scripts {
		if _, err := prepare(t.Context(), name, build); err != nil && !strings.Contains(err.Error(), "dist") {
			t.Error(err) // dist is made before the scripts run that need it
		}
	}
}
