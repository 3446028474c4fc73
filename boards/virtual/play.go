//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/guest"
	"github.com/edge-infer/edge-infer/boards/virtual/internal/script"
)

// board is what a script acts on.
type board interface {
	Run(line string) (guest.Result, error)
	Put(name string, perm fs.FileMode, content io.Reader) error
}

// plug is a device that can be pulled out and put back.
type plug interface {
	Plug() error
	Unplug() error
}

// scene is a script with the host's files that its lines name: found or built before the board starts, as what is missing
// should not be found out a minute later.
type scene struct {
	script.Script
	name  string
	files map[int]string // by the line's number
}

// prepare reads a script. build compiles a package and returns the binary.
func prepare(ctx context.Context, name string, build func(ctx context.Context, pkg string, test bool) (string, error)) (scene, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return scene{}, fmt.Errorf("virtual: %w", err)
	}
	s := scene{name: name, files: map[int]string{}}
	if s.Script, err = script.Parse(text); err != nil {
		return scene{}, fmt.Errorf("%s: %w", name, err)
	}
	for _, l := range s.Lines {
		var file string
		switch l.Verb {
		case script.Copy:
			file, err = find(filepath.Dir(name), l.File)
		case script.Build:
			file, err = build(ctx, l.File, l.Test)
		default:
			continue
		}
		if err != nil {
			return scene{}, fmt.Errorf("%s:%d: %w", name, l.Number, err)
		}
		s.files[l.Number] = file
	}
	return s, nil
}

// find returns the one file that a pattern matches, below a folder unless it is absolute.
func find(dir, pattern string) (string, error) {
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(dir, pattern)
	}
	found, err := filepath.Glob(pattern)
	if err != nil {
		return "", fmt.Errorf("cp: %s: %w", pattern, err)
	}
	if len(found) != 1 {
		return "", fmt.Errorf("cp: %s: %d files match, expected one", pattern, len(found))
	}
	return found[0], nil
}

// player plays scenes on a board, and prints what happens as testscript does.
type player struct {
	board board
	i2c   plug
	out   io.Writer
	last  guest.Result
}

func (p *player) play(ctx context.Context, s scene) error {
	for _, f := range s.Files {
		if err := p.board.Put(f.Name, 0o644, bytes.NewReader(f.Data)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for _, l := range s.Lines {
		fmt.Fprintf(p.out, "> %s\n", l.Text)
		if err := p.line(ctx, l, s.files[l.Number]); err != nil {
			return fmt.Errorf("%s:%d: %w", s.name, l.Number, err)
		}
	}
	return nil
}

func (p *player) line(ctx context.Context, l script.Line, file string) error {
	switch l.Verb {
	case script.Exec:
		return p.exec(l)
	case script.Stdout:
		return match(l, p.last.Stdout)
	case script.Stderr:
		return match(l, p.last.Stderr)
	case script.Copy:
		return p.put(file, l.Name, filepath.Base(file))
	case script.Build:
		return p.put(file, l.Name, path.Join("/usr/bin", filepath.Base(file)))
	case script.Sleep:
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(l.Duration):
			return nil
		}
	case script.Unplug:
		return p.i2c.Unplug()
	case script.Replug:
		return p.i2c.Plug()
	}
	panic("virtual: a line that the script's parser should not make: " + l.Text)
}

func (p *player) exec(l script.Line) error {
	var err error
	if p.last, err = p.board.Run(l.Command); err != nil {
		return err
	}
	for _, o := range []struct {
		name string
		text []byte
	}{{"stdout", p.last.Stdout}, {"stderr", p.last.Stderr}} {
		if len(o.text) > 0 {
			fmt.Fprintf(p.out, "[%s]\n%s", o.name, o.text)
			if !bytes.HasSuffix(o.text, []byte("\n")) {
				fmt.Fprintln(p.out)
			}
		}
	}
	fmt.Fprintf(p.out, "[exit %d after %v]\n", p.last.Code, p.last.Duration.Round(time.Millisecond))
	switch {
	case l.Outcome == script.MustPass && p.last.Code != 0:
		return fmt.Errorf("exit code %d, expected 0", p.last.Code)
	case l.Outcome == script.MustFail && p.last.Code == 0:
		return fmt.Errorf("exit code 0, expected a failure")
	}
	return nil
}

func match(l script.Line, text []byte) error {
	if found, want := l.Pattern.Match(text), l.Outcome == script.MustPass; found != want {
		return fmt.Errorf("%s matches %s: %v, expected %v", l.Verb, l.Pattern, found, want)
	}
	return nil
}

func (p *player) put(file, name, otherwise string) error {
	if name == "" {
		name = otherwise
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("cp: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("cp: %w", err)
	}
	return p.board.Put(name, info.Mode().Perm(), f)
}
