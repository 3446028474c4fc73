package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is one of the module's commands.
type program struct{ name, path string }

var (
	infer    = program{"edge-infer", "./cmd/edge-infer"}
	export   = program{"edge-export", "./cmd/export"}
	programs = []program{infer, export}
)

// builder runs the go command in the module.
type builder struct {
	root    string // folder of the module
	version string
	stderr  io.Writer
}

// moduleRoot is the folder of the module that the current folder is in.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("package: go env GOMOD: %w", err)
	}
	file := strings.TrimSpace(string(out))
	if file == "" || file == os.DevNull {
		return "", fmt.Errorf("package: the current folder is in no Go module: go into a clone of the repository")
	}
	return filepath.Dir(file), nil
}

// static makes a program that needs no library of the system.
func (b *builder) static(ctx context.Context, t target, p program, output string) error {
	// Without a build ID, which depends on paths, and without git's state, which the version tells.
	return b.goCommand(ctx, t, nil, "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X main.version="+b.version, "-o", output, p.path)
}

// withCUDA makes edge-infer with CUDA.
func (b *builder) withCUDA(ctx context.Context, t target, output string) error {
	return b.goCommand(ctx, host, nil, "run", "./kernels/cuda/build", "-target", t.String(), "-version", b.version, "-o", output)
}

// goCommand runs go for a target. What a person's environment would change in the result is set to what it is without.
func (b *builder) goCommand(ctx context.Context, t target, stdout *bytes.Buffer, args ...string) error {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = b.root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GOFLAGS=-mod=readonly")
	c.Stderr = b.stderr
	if stdout != nil {
		c.Stdout = stdout
	}
	if err := c.Run(); err != nil {
		return fmt.Errorf("package: go %s for %v: %w", args[0], t, err)
	}
	return nil
}
