package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// newTree returns a small tree of commands: tool, tool echo TEXT, tool fail.
func newTree(failure error) *cobra.Command {
	root := &cobra.Command{Use: "tool", Long: "A tool."}
	echo := &cobra.Command{
		Use:  "echo TEXT",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			n, _ := c.Flags().GetInt("times")
			text, err := io.ReadAll(c.InOrStdin())
			fmt.Fprint(c.OutOrStdout(), strings.Repeat(args[0]+string(text), n))
			return err
		},
	}
	echo.Flags().Int("times", 1, "how often")
	need := &cobra.Command{Use: "need", RunE: func(*cobra.Command, []string) error { return nil }}
	need.Flags().String("input", "", "a file")
	if err := need.MarkFlagRequired("input"); err != nil {
		panic(err)
	}
	fail := &cobra.Command{Use: "fail", RunE: func(*cobra.Command, []string) error { return failure }}
	root.AddCommand(echo, need, fail)
	return root
}

func TestMain_exitCodesAndMessages(t *testing.T) {
	failure := errors.New("model.edge: the file is empty")
	tests := map[string]struct {
		args    string
		failure error
		code    int
		stdout  string // that the output holds
		stderr  string // the whole of it
	}{
		"done":             {args: "echo a --times 2", code: 0, stdout: "a.a."},
		"help":             {args: "echo --help", code: 0, stdout: "tool echo TEXT"},
		"no command":       {args: "", code: 0, stdout: "A tool."},
		"completion":       {args: "completion bash", code: 0, stdout: "bash completion"},
		"unknown command":  {args: "ech", code: 2, stderr: "tool: unknown command \"ech\" for \"tool\": see tool --help\n"},
		"unknown flag":     {args: "echo a --tines 2", code: 2, stderr: "tool: unknown flag: --tines: see tool echo --help\n"},
		"missing argument": {args: "echo", code: 2, stderr: "tool: accepts 1 arg(s), received 0: see tool echo --help\n"},
		"missing flag":     {args: "need", code: 2, stderr: "tool: required flag(s) \"input\" not set: see tool need --help\n"},
		"bad flag value":   {args: "echo a --times x", code: 2, stderr: "tool: invalid argument \"x\" for \"--times\" flag: strconv.ParseInt: parsing \"x\": invalid syntax: see tool echo --help\n"},
		"failed":           {args: "fail", failure: failure, code: 1, stderr: "tool: model.edge: the file is empty\n"},
		"wrong call":       {args: "fail", failure: Usagef("--a and --b exclude each other"), code: 2, stderr: "tool: --a and --b exclude each other\n"},
		"wrapped":          {args: "fail", failure: fmt.Errorf("run: %w", Usagef("no")), code: 2, stderr: "tool: run: no\n"},
		"several lines":    {args: "fail", failure: errors.Join(failure, errors.New("disk full\n")), code: 1, stderr: "tool: model.edge: the file is empty; disk full\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := Main(newTree(test.failure), strings.Fields(test.args), strings.NewReader("."), &stdout, &stderr)
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if got := stdout.String(); !strings.Contains(got, test.stdout) || test.stdout == "" && got != "" {
				t.Errorf("stdout %q, want %q in it", got, test.stdout)
			}
			if got := stderr.String(); got != test.stderr {
				t.Errorf("stderr %q, want %q", got, test.stderr)
			}
		})
	}
}

func TestUsagefWraps(t *testing.T) {
	if err := Usagef("reading: %w", io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v does not wrap the error it was made from", err)
	}
}

func TestCheckFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		name string
		code int
	}{
		"a file":        {file, ExitDone},
		"a directory":   {dir, ExitUsage},
		"nothing there": {filepath.Join(dir, "absent"), ExitUsage},
		"not a path":    {filepath.Join(file, "below"), ExitFailed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := CheckFile(test.name)
			if code := exitCode(err); code != test.code {
				t.Errorf("%v: exit code %d, want %d", err, code, test.code)
			}
			if err != nil && !strings.Contains(err.Error(), test.name) {
				t.Errorf("%q does not name the file", err)
			}
		})
	}
}
