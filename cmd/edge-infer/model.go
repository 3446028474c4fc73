package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// modelArgument is the Args of a command that takes one model file.
func modelArgument(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return errors.New("no model file is named")
	case 1:
		return nil
	}
	return fmt.Errorf("one model file is taken, and %d arguments are there: %q", len(args), args)
}

// completeModel offers model files to the shell.
func completeModel(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"edge"}, cobra.ShellCompDirectiveFilterFileExt
}

func openModel(name string) (*format.Model, error) {
	if err := cli.CheckFile(name); err != nil {
		return nil, err
	}
	return format.Open(name)
}

// backendFlag is the flag --backend.
type backendFlag struct{ runtime.Backend }

func (b *backendFlag) String() string { return string(b.Backend) }
func (b *backendFlag) Type() string   { return "name" }

func (b *backendFlag) Set(name string) (err error) {
	if b.Backend, err = runtime.ParseBackend(name); err != nil {
		return fmt.Errorf("choose %s", strings.Join(backendNames(), " or "))
	}
	return nil
}

// backendNames names the backends that can run here.
func backendNames() []string {
	var names []string
	for _, backend := range runtime.Backends() {
		names = append(names, string(backend))
	}
	return names
}

// sessionFlags are the flags that say how a model is to be run.
type sessionFlags struct {
	backend backendFlag
	threads int
	tune    bool
}

// add defines the flags for a command.
func (f *sessionFlags) add(c *cobra.Command) {
	f.backend.Backend = runtime.Auto
	c.Flags().Var(&f.backend, "backend", "kernels to use: auto, reference, neon, avx2, avx512 or cuda, as far as they run here; all give the same bits")
	complete(c, "backend", backendNames()...)
	c.Flags().IntVar(&f.threads, "threads", 0, "how many threads may share a large batch or layer, 0 for all processors; any number gives the same bits")
	f.addTune(c)
}

func (f *sessionFlags) addTune(c *cobra.Command) {
	c.Flags().BoolVar(&f.tune, "tune", false, "where there is a GPU, measure anew from how many rows it is faster")
}

// model opens a model file, after a look at the flags.
func (f *sessionFlags) model(name string) (*format.Model, error) {
	if f.threads < 0 || f.threads > runtime.MaxThreads {
		return nil, cli.Usagef("--threads %d: from 1 to %d are possible, or 0 for all processors", f.threads, runtime.MaxThreads)
	}
	return openModel(name)
}

// session makes a session of the model in the named file. A GPU that fails is told on stderr.
func (f *sessionFlags) session(m *format.Model, name string, w work, stderr io.Writer) (*runtime.Session, error) {
	o := runtime.Options{
		Backend:  f.backend.Backend,
		Threads:  f.threads,
		Batch:    max(0, min(w.batch, runtime.MaxBatch)),
		CacheDir: cacheDir(),
		Tune:     f.tune,
		Notify:   func(err error) { gpuNotUsed(stderr, err) },
	}
	if w.sparse && o.Backend == runtime.Auto {
		o.Backend = processorBackend() // which runs sparse rows in any case: a GPU need not be looked for
	}
	s, err := runtime.New(m, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// work is what a session is for.
type work struct {
	batch  int  // rows a call, 0 for the usual
	sparse bool // they are sparse
}

// gpuNotUsed tells that the GPU has failed.
func gpuNotUsed(stderr io.Writer, err error) {
	fmt.Fprintf(stderr, "edge-infer: GPU not used: %v; the CPU goes on with the same bits\n", err)
}

// cacheDir is where it is kept what New has measured; empty if the system has no place for such files.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "edge-infer")
}

// processorBackend is the fastest backend of the processor.
func processorBackend() runtime.Backend {
	backends := runtime.Backends()
	return backends[slices.IndexFunc(backends, func(b runtime.Backend) bool { return b != runtime.Auto && b != runtime.CUDA })]
}

// complete offers the values of a flag to the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("edge-infer: " + err.Error()) // the flag is not there, or has completions already
	}
}
