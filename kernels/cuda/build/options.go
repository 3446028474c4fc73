package main

import (
	"cmp"
	"debug/elf"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/elfcheck"
	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/wheel"
)

const usage = `Build edge-infer with CUDA, needing nothing but Go:

  go run ./kernels/cuda/build -target linux/arm64 -o dist/edge-infer-cuda-arm64

The first run downloads a C compiler and NVIDIA's headers (97 MB) into the cache
folder, checks and unpacks them (400 MB); later runs download nothing. The binary
runs on every board, with and without a CUDA driver.

  # a test binary of a package
  go run ./kernels/cuda/build -target linux/arm64 -test -pkg ./runtime -o runtime.test

  # any other go command, in the environment of this build
  (eval "$(go run ./kernels/cuda/build -print-env -pkg ./...)" && go test ./kernels/cuda/...)

  # a compiler and headers that are there already, on a board with JetPack 6
  go run ./kernels/cuda/build -cc gcc -cuda-include /usr/local/cuda/include -glibc 2.35 -o edge-infer

Options:
`

// options are what a call asks for.
type options struct {
	target   target
	output   string // file to write
	packages string // pattern of what to build
	version  string // to stamp; empty: none
	test     bool   // build a test binary
	printEnv bool   // print the environment rather than build

	cache       string // absolute path
	index       string
	cc          string // words of a shell command; empty: Zig
	cudaInclude string // absolute path; empty: NVIDIA's wheel
	glibc       elfcheck.Version
	keep        string // folder for the import library's parts; empty: not wanted
}

// target is what a binary runs on.
type target struct {
	arch    string // as in GOARCH
	machine elf.Machine
	zig     string // as in zig cc -target, up to the version of glibc
}

var targets = map[string]target{
	"linux/amd64": {"amd64", elf.EM_X86_64, "x86_64-linux-gnu"},
	"linux/arm64": {"arm64", elf.EM_AARCH64, "aarch64-linux-gnu"},
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	system := flags.String("target", "linux/"+runtime.GOARCH, "`system` that the binary is for: linux/amd64 or linux/arm64")
	flags.StringVar(&o.output, "o", "", "`file` to write")
	flags.StringVar(&o.packages, "pkg", "./cmd/edge-infer", "`package` to build; with -print-env, a pattern of packages")
	flags.StringVar(&o.version, "version", "", "`version` to stamp into the binary")
	flags.BoolVar(&o.test, "test", false, "build the package's test binary")
	flags.BoolVar(&o.printEnv, "print-env", false, "print the environment of such a build as lines for a shell, and build nothing")
	flags.StringVar(&o.cache, "cache", "", "`folder` for what is downloaded (default edge-infer in the user's cache folder)")
	flags.StringVar(&o.index, "index", cmp.Or(os.Getenv("PIP_INDEX_URL"), wheel.DefaultIndex), "Python package index to download from: the `URL` of its simple API; also PIP_INDEX_URL")
	flags.StringVar(&o.cc, "cc", "", "C compiler for the target in place of Zig's, a shell `command`")
	flags.StringVar(&o.cudaInclude, "cuda-include", "", "`folder` with cuda.h in place of NVIDIA's wheel; of CUDA 11.0 to 12.9")
	newest := flags.String("glibc", "2.27", "the `version` of the C library on the oldest board; JetPack 4 has 2.27, 5 has 2.31, 6 has 2.35")
	flags.StringVar(&o.keep, "keep", "", "`folder` that gets a copy of the import library and its source")
	if err := flags.Parse(args); err != nil {
		if err != flag.ErrHelp {
			err = fmt.Errorf("build: %w", err)
		}
		return options{}, err
	}

	var known bool
	if o.target, known = targets[*system]; !known {
		return options{}, fmt.Errorf("build: -target %q: expected linux/amd64 or linux/arm64", *system)
	}
	switch {
	case flags.NArg() > 0:
		return options{}, fmt.Errorf("build: %q: no arguments are expected; -pkg names the package", flags.Arg(0))
	case o.output == "" && !o.printEnv:
		return options{}, fmt.Errorf("build: -o FILE is missing (or -print-env; -h tells more)")
	case strings.ContainsAny(o.version, " \t\n\"'"):
		return options{}, fmt.Errorf("build: -version %q: blanks and quotes do not work", o.version)
	case o.output != "" && o.printEnv:
		return options{}, fmt.Errorf("build: -o and -print-env: only one of them")
	}
	var err error
	if o.glibc, err = elfcheck.ParseVersion(*newest); err != nil {
		return options{}, fmt.Errorf("build: -glibc: %w", err)
	}
	if o.cache, err = cacheFolder(o.cache); err != nil {
		return options{}, err
	}
	if o.cudaInclude != "" {
		if o.cudaInclude, err = filepath.Abs(o.cudaInclude); err != nil {
			return options{}, fmt.Errorf("build: -cuda-include: %w", err)
		}
		if _, err := os.Stat(filepath.Join(o.cudaInclude, "cuda.h")); err != nil {
			return options{}, fmt.Errorf("build: -cuda-include: %w", err)
		}
	}
	return o, nil
}

// cacheFolder makes the path of the cache absolute. Its path goes into flags and shell lines, where blanks and quotes
// would have to be quoted differently at each place.
func cacheFolder(dir string) (string, error) {
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("build: %w: name a folder with -cache", err)
		}
		dir = filepath.Join(base, "edge-infer")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("build: -cache: %w", err)
	}
	if strings.ContainsAny(dir, " \t\n\"'\\$`") {
		return "", fmt.Errorf("build: cache folder %q: blanks, quotes and dollar signs do not work: name another with -cache", dir)
	}
	return dir, nil
}
