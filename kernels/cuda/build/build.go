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

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/elfcheck"
)

// build does what the options ask for, from the compiler to the checked binary.
func build(ctx context.Context, o options, stdout, stderr io.Writer) error {
	cc, err := compiler(ctx, o, stderr)
	if err != nil {
		return err
	}
	env := environment(o, cc)
	command := goCommand{ctx: ctx, env: env, stderr: stderr}
	fmt.Fprintf(stderr, "compiling %s for linux/%s\n", o.packages, o.target.arch)
	exports, err := command.exports(o)
	if err != nil {
		return err
	}
	names, err := driverNames(exports)
	if err != nil {
		return err
	}
	library, err := importLibrary(ctx, o, cc, names)
	if err != nil {
		return err
	}
	if o.printEnv {
		return printEnvironment(stdout, env, library)
	}
	size, err := command.link(o, library, names)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s: %.1f MB for linux/%s with glibc %v or newer; %d functions of the CUDA driver, if there is one\n",
		o.output, float64(size)/1e6, o.target.arch, o.glibc, len(names))
	return nil
}

// goCommand runs go in the environment of a target.
type goCommand struct {
	ctx    context.Context
	env    []variable
	stderr io.Writer
}

func (g goCommand) run(stdout io.Writer, args ...string) error {
	command := exec.CommandContext(g.ctx, "go", args...)
	command.Env = os.Environ()
	for _, v := range g.env {
		command.Env = append(command.Env, v.name+"="+v.value)
	}
	command.Stdout, command.Stderr = stdout, g.stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("build: go %s: %w", args[0], err)
	}
	return nil
}

// exports compiles the packages of a link and lists their archives, but for the standard library's: that has no
// driver functions.
func (g goCommand) exports(o options) ([]string, error) {
	args := []string{"list", "-export", "-deps", "-tags=" + tags, "-f", "{{if not .Standard}}{{.Export}}{{end}}"}
	if o.test || o.printEnv {
		args = append(args, "-test")
	}
	if !o.printEnv { // a person's own commands have it not, and shall find what is compiled here
		args = append(args, "-trimpath")
	}
	var list bytes.Buffer
	if err := g.run(&list, append(args, o.packages)...); err != nil {
		return nil, err
	}
	return strings.Fields(list.String()), nil
}

// link makes the binary beside its place, checks it, puts it there, and gives its size in bytes.
func (g goCommand) link(o options, library string, names []string) (int64, error) {
	dir := filepath.Dir(o.output)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, fmt.Errorf("build: %w", err)
	}
	scratch, err := os.MkdirTemp(dir, ".linking-")
	if err != nil {
		return 0, fmt.Errorf("build: %w", err)
	}
	defer os.RemoveAll(scratch)
	linked := filepath.Join(scratch, filepath.Base(o.output))
	args := []string{"build"}
	if o.test {
		args = []string{"test", "-c"}
	}
	// The same bytes wherever it is built: without a build ID and C's symbols, which depend on the paths of the cache, and
	// without git's state, which the version tells.
	ldflags := "-ldflags=-s -w -buildid= "
	if o.version != "" {
		ldflags += "-X main.version=" + o.version + " "
	}
	args = append(args, "-trimpath", "-buildvcs=false", "-tags="+tags, ldflags+linkFlags(library, "-Wl,--strip-all"), "-o", linked, o.packages)
	if err := g.run(g.stderr, args...); err != nil {
		return 0, err
	}
	size, err := check(linked, o, names)
	if err != nil {
		return 0, fmt.Errorf("build: %s would not run on every board, and is not written: %w", o.output, err)
	}
	if err := os.Rename(linked, o.output); err != nil {
		return 0, fmt.Errorf("build: %w", err)
	}
	return size, nil
}

// check reads a binary back and gives its size in bytes. The driver functions must be settled inside the binary: open,
// they would be looked for in libraries, and exported, the driver would find them in place of its own.
func check(path string, o options, names []string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	rules := elfcheck.Rules{Machine: o.target.machine, GLIBC: o.glibc, Inside: names}
	if err := elfcheck.Check(f, rules); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
