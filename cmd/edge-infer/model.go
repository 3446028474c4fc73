package main

import (
	"errors"
	"fmt"
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
}

// add defines the flags for a command.
func (f *sessionFlags) add(c *cobra.Command) {
	f.backend.Backend = runtime.Auto
	names := backendNames()
	c.Flags().Var(&f.backend, "backend", fmt.Sprintf("kernels to use: %s; all give the same bits", strings.Join(names, " or ")))
	complete(c, "backend", names...)
	c.Flags().IntVar(&f.threads, "threads", 0, "how many threads may share a large batch or layer, 0 for all processors; any number gives the same bits")
}

// open opens a model and a session of it.
func (f *sessionFlags) open(name string) (*format.Model, *runtime.Session, error) {
	if f.threads < 0 || f.threads > runtime.MaxThreads {
		return nil, nil, cli.Usagef("--threads %d: from 1 to %d are possible, or 0 for all processors", f.threads, runtime.MaxThreads)
	}
	m, err := openModel(name)
	if err != nil {
		return nil, nil, err
	}
	s, err := runtime.New(m, runtime.Options{Backend: f.backend.Backend, Threads: f.threads})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, s, nil
}

// complete offers the values of a flag to the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("edge-infer: " + err.Error()) // the flag is not there, or has completions already
	}
}
