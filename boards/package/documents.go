package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// host is the machine that this program runs on.
var host = target{runtime.GOOS, runtime.GOARCH}

// completions are the files, by shell, in which a program's completions are looked for. %s is its name.
var completions = []struct{ shell, file, installed string }{
	{"bash", "%s.bash", "/usr/share/bash-completion/completions/%s"},
	{"zsh", "_%s", "/usr/share/zsh/vendor-completions/_%s"},
	{"fish", "%s.fish", "/usr/share/fish/vendor_completions.d/%s.fish"},
}

// document lets a program write its manual pages into dir/man and its completions into dir/completions. The program is
// built for this machine: the words are the same as those of any target.
func (b *builder) document(ctx context.Context, p program, dir string, day time.Time) error {
	scratch, err := os.MkdirTemp("", "edge-infer-package-")
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	defer os.RemoveAll(scratch)
	binary := filepath.Join(scratch, p.name)
	if err := b.static(ctx, host, p, binary); err != nil {
		return err
	}
	if _, err := b.output(ctx, binary, "man", filepath.Join(dir, "man"), "--date", day.Format(time.DateOnly)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "completions"), 0o777); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	for _, c := range completions {
		script, err := b.output(ctx, binary, "completion", c.shell)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "completions", fmt.Sprintf(c.file, p.name)), script, 0o666); err != nil {
			return fmt.Errorf("package: %w", err)
		}
	}
	return nil
}

// output is what a program prints.
func (b *builder) output(ctx context.Context, binary string, args ...string) ([]byte, error) {
	var out bytes.Buffer
	c := exec.CommandContext(ctx, binary, args...)
	c.Stdout, c.Stderr = &out, b.stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("package: %s %s: %w", filepath.Base(binary), args[0], err)
	}
	return out.Bytes(), nil
}
