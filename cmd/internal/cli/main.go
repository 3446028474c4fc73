package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Main runs a tree of commands with the given arguments and streams, and returns the exit code. An
// error is printed on stderr, as one line that begins with the name of the root command.
//
// Whatever fails before a command's RunE begins is a wrong call: cobra checks flags and arguments
// there, and its errors have no type that tells them from others. Commands use RunE, not Run.
func Main(root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	text := &textWriter{w: stdout}
	root.SetArgs(append([]string{}, args...)) // not nil, for which cobra takes the process's own
	root.SetIn(stdin)
	root.SetOut(text)
	root.SetErr(stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true // they take lines of their own
	root.SetFlagErrorFunc(flagError)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	root.AddCommand(newMan())
	running := false
	prepare(root, func() {
		running = true
		root.SetOut(stdout) // which may be a file that can seek, or a terminal
	})

	command, err := root.ExecuteC()
	if err != nil && !running {
		err = Usagef("%w: see %s --help", err, command.CommandPath())
	}
	if err == nil {
		err = text.err
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %s\n", root.Name(), oneLine(err.Error()))
	}
	return exitCode(err)
}

// prepare makes every command of the tree call begin before its own code, and refuse arguments that
// cobra lets pass: topics of help that there are not, and words after a command that only holds others.
func prepare(c *cobra.Command, begin func()) {
	switch run := c.RunE; {
	case run != nil:
		c.RunE = func(c *cobra.Command, args []string) error {
			begin()
			return run(c, args)
		}
	case c.Name() == "help":
		c.Args = helpTopic
	case c.HasParent() && c.HasSubCommands():
		c.Args = cobra.NoArgs
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() } // without, Args is not looked at
	}
	for _, child := range c.Commands() {
		prepare(child, begin)
	}
}

// helpTopic is the Args of the help command.
func helpTopic(c *cobra.Command, args []string) error {
	if _, rest, err := c.Root().Find(args); err != nil || len(rest) > 0 {
		return fmt.Errorf("there is no help on %q", strings.Join(args, " "))
	}
	return nil
}

// textWriter is where cobra writes help, version and completions. It keeps the first error, which
// cobra would drop or print in its own way.
type textWriter struct {
	w   io.Writer
	err error
}

func (t *textWriter) Write(p []byte) (int, error) {
	if t.err == nil {
		_, t.err = t.w.Write(p)
	}
	return len(p), nil
}
