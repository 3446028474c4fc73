//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// compiler builds programs for the board out of this module.
type compiler struct {
	module string // folder with go.mod
	dir    string // for what it builds
}

func newCompiler(ctx context.Context, dir string) (*compiler, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return nil, fmt.Errorf("virtual: go env: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return nil, fmt.Errorf("virtual: there is no go.mod here or above: run this in a clone of the repository")
	}
	return &compiler{filepath.Dir(mod), dir}, nil
}

// build compiles a package, named as for go build at the top of the module, and returns the binary. It is static, so that
// it runs with any C library or none.
func (c *compiler) build(ctx context.Context, pkg string, test bool) (string, error) {
	// A folder for each: two packages may have the same last word.
	dir, err := os.MkdirTemp(c.dir, "build-")
	if err != nil {
		return "", fmt.Errorf("virtual: %w", err)
	}
	out := filepath.Join(dir, programName(pkg, test))
	args := []string{"build", "-trimpath", "-ldflags=-s -w", "-o", out, pkg}
	if test {
		args = []string{"test", "-c", "-trimpath", "-o", out, pkg}
	}
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = c.module
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if printed, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("virtual: go %s: %w\n%s", strings.Join(args, " "), err, printed)
	}
	if _, err := os.Stat(out); err != nil {
		return "", fmt.Errorf("virtual: %s: nothing was built: it must be a program, or have tests", pkg)
	}
	return out, nil
}

// programName is the file name of what is built of a package.
func programName(pkg string, test bool) string {
	if test {
		return path.Base(pkg) + ".test"
	}
	return path.Base(pkg)
}
