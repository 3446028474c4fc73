package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"time"

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/wheel"
)

// compilerScript is what Go and this program call as the C compiler: %s are the folder for Zig's own cache, the folder
// with cuda.h, and the command. The flags it takes away are those of gorgonia.org/cu's cgoflags.go, for every CUDA that may
// be installed on a workstation.
const compilerScript = `#!/bin/sh
# Written by kernels/cuda/build of edge-infer: a C compiler without the build machine's own headers and libraries.
for argument do
	shift
	case $argument in
	-I/usr/include | -L/usr/lib/* | -[IL]/usr/local/cuda* | -[IL]/opt/cuda/*) ;;
	*) set -- "$@" "$argument" ;;
	esac
done
ZIG_GLOBAL_CACHE_DIR=%[1]s ZIG_LOCAL_CACHE_DIR=%[1]s
export ZIG_GLOBAL_CACHE_DIR ZIG_LOCAL_CACHE_DIR
exec %[3]s -isystem %[2]s "$@"
`

// compiler gets the C compiler and the headers and gives the path of a script that calls the one with the other.
func compiler(ctx context.Context, o options, progress io.Writer) (string, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	cache := wheel.Cache{Dir: o.cache, Index: o.index, Client: &http.Client{Transport: transport, Timeout: time.Hour}, Progress: progress}

	include := o.cudaInclude
	if include == "" {
		w := wheel.CUDAHeaders()
		dir, err := cache.Wheel(ctx, w)
		if err != nil {
			return "", fmt.Errorf("build: NVIDIA's headers: %w\nor name a folder with cuda.h by -cuda-include", err)
		}
		include = filepath.Join(dir, filepath.FromSlash(w.Prefix))
	}
	command := o.cc
	if command == "" {
		w, err := wheel.Zig(runtime.GOOS, runtime.GOARCH)
		if err != nil {
			return "", fmt.Errorf("build: C compiler: %w, by -cc", err)
		}
		dir, err := cache.Wheel(ctx, w)
		if err != nil {
			return "", fmt.Errorf("build: C compiler: %w\nor name a compiler by -cc", err)
		}
		// Without -fno-sanitize, Zig's C traps undefined behaviour where no optimisation is asked for.
		command = fmt.Sprintf("%s cc -target %s.%v -fno-sanitize=all", shellQuote(filepath.Join(dir, "ziglang", "zig")), o.target.zig, o.glibc)
	}
	script := fmt.Appendf(nil, compilerScript, shellQuote(filepath.Join(o.cache, "zig")), shellQuote(include), command)
	// The name holds a hash of the content, so that Go's cache does not mistake what another script compiled for its own.
	path := filepath.Join(o.cache, "cc", contentName(script), "cc")
	if err := writeOnce(path, script, 0o777); err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	return path, nil
}
