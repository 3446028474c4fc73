package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Main runs a tree of commands with the given arguments and streams, and returns the exit code. An
// error is printed on stderr, as one line that begins with the name of the root command.
//
// Whatever fails before a command's RunE begins is a wrong call: cobra checks flags and arguments
// there, and its errors have no type that tells them from others. Commands use RunE, not Run.
func Main(root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root.SetArgs(append([]string{}, args...)) // not nil, for which cobra takes the process's own
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true // they take lines of their own
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	running := false
	watch(root, &running)

	command, err := root.ExecuteC()
	if err != nil && !running {
		err = Usagef("%w: see %s --help", err, command.CommandPath())
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %s\n", root.Name(), oneLine(err.Error()))
	}
	return exitCode(err)
}

// watch makes every command of the tree tell when its own code begins.
func watch(c *cobra.Command, running *bool) {
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*running = true
			return run(c, args)
		}
	}
	for _, child := range c.Commands() {
		watch(child, running)
	}
}
