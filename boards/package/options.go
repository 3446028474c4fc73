package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

const usage = `Make everything that is handed out, below dist:

  go run ./boards/package

Static programs for each target, Debian packages of edge-infer, manual pages,
completions for bash, zsh and fish, the licences of what is linked in, and the
checksums of all of it. The same commit and the same Go give the same bytes.

Options:
`

// options are what a call asks for.
type options struct {
	version    string
	out        string
	targets    []target
	cuda       bool
	maintainer string
}

// target is a machine that programs are for.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

// known are the targets, whose architectures Debian calls as Go does.
var known = []target{{"linux", "arm64"}, {"linux", "amd64"}}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("package", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.version, "version", "", "`version` to stamp, such as v1.2.3 (default: what git describe says)")
	flags.StringVar(&o.out, "out", "", "`folder` to write into (default: dist in the module)")
	targets := flags.String("targets", "linux/arm64,linux/amd64", "`list` of what to build for")
	flags.BoolVar(&o.cuda, "cuda", false, "build edge-infer with CUDA too, and packages of it; downloads a compiler of 97 MB, once")
	flags.StringVar(&o.maintainer, "maintainer", "The edge-infer authors <edge-infer@users.noreply.github.com>", "`name and address` that packages bear")
	if err := flags.Parse(args); err != nil {
		if err != flag.ErrHelp {
			err = fmt.Errorf("package: %w", err)
		}
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("package: %q: no arguments are expected", flags.Arg(0))
	}
	for name := range strings.SplitSeq(*targets, ",") {
		i := slices.IndexFunc(known, func(t target) bool { return t.String() == name })
		if i < 0 {
			return options{}, fmt.Errorf("package: -targets %q: expected of %v", name, known)
		}
		if !slices.Contains(o.targets, known[i]) {
			o.targets = append(o.targets, known[i])
		}
	}
	if o.version != "" {
		if _, _, err := parseVersion(o.version); err != nil {
			return options{}, err
		}
	}
	if o.out != "" {
		var err error
		if o.out, err = filepath.Abs(o.out); err != nil {
			return options{}, fmt.Errorf("package: -out: %w", err)
		}
	}
	return o, nil
}
