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

// newTree returns a small tree of commands: tool, tool echo TEXT, tool need, tool fail, and help on
// colours.
func newTree(failure error) *cobra.Command {
	root := &cobra.Command{Use: "tool", Long: "A tool.", Version: "v1.2.3"}
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
	echo.Flags().IntSlice("sizes", nil, "how large")
	echo.Flags().Uint64("seed", 1, "where to begin")
	echo.Flags().Duration("wait", 0, "how long")
	echo.Flags().Bool("loud", false, "whether to shout")
	echo.Flags().VarP(new(mode), "mode", "m", "black or white")
	need := &cobra.Command{Use: "need", RunE: func(*cobra.Command, []string) error { return nil }}
	need.Flags().String("input", "", "a file")
	if err := need.MarkFlagRequired("input"); err != nil {
		panic(err)
	}
	fail := &cobra.Command{Use: "fail", RunE: func(*cobra.Command, []string) error { return failure }}
	root.AddCommand(echo, need, fail, &cobra.Command{Use: "colours", Long: "Black and white."})
	return root
}

// mode is a flag of a type of its own.
type mode string

func (m *mode) String() string { return string(*m) }

func (m *mode) Type() string { return "name" }

func (m *mode) Set(name string) error {
	if name != "black" && name != "white" {
		return errors.New("choose black or white")
	}
	*m = mode(name)
	return nil
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
		"bad number":       {args: "echo a --times x", code: 2, stderr: "tool: --times \"x\": a whole number is needed: see tool echo --help\n"},
		"huge number":      {args: "echo a --times 99999999999999999999", code: 2, stderr: "tool: --times \"99999999999999999999\": the number is out of range: see tool echo --help\n"},
		"bad numbers":      {args: "echo a --sizes 1,,2", code: 2, stderr: "tool: --sizes \"1,,2\": a list of whole numbers, such as 1,8,64, is needed: see tool echo --help\n"},
		"bad seed":         {args: "echo a --seed=-1", code: 2, stderr: "tool: --seed \"-1\": a whole number from 0 is needed: see tool echo --help\n"},
		"bad time":         {args: "echo a --wait 5", code: 2, stderr: "tool: --wait \"5\": a time, such as 500ms or 1m30s, is needed: see tool echo --help\n"},
		"bad switch":       {args: "echo a --loud=maybe", code: 2, stderr: "tool: --loud \"maybe\": true or false is needed: see tool echo --help\n"},
		"bad word":         {args: "echo a -m grey", code: 2, stderr: "tool: --mode \"grey\": choose black or white: see tool echo --help\n"},
		"no value":         {args: "echo a --times", code: 2, stderr: "tool: flag needs an argument: --times: see tool echo --help\n"},
		"no such shell":    {args: "completion foo", code: 2, stderr: "tool: unknown command \"foo\" for \"tool completion\": see tool completion --help\n"},
		"which shell":      {args: "completion", code: 0, stdout: "tool completion [command]"},
		"help command":     {args: "help echo", code: 0, stdout: "tool echo TEXT"},
		"help topic":       {args: "help colours", code: 0, stdout: "Black and white."},
		"no such help":     {args: "help nope", code: 2, stderr: "tool: there is no help on \"nope\": see tool help --help\n"},
		"no further help":  {args: "help completion foo", code: 2, stderr: "tool: there is no help on \"completion foo\": see tool help --help\n"},
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

// TestMain_manualPages: a program can write its manual, which its help does not tell.
func TestMain_manualPages(t *testing.T) {
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	if code := Main(newTree(nil), []string{"man", dir, "--date", "2025-11-22"}, strings.NewReader(""), &stdout, &stderr); code != ExitDone {
		t.Fatalf("exit code %d, %s", code, stderr.String())
	}
	page, err := os.ReadFile(filepath.Join(dir, "man1", "tool-echo.1"))
	if err != nil || !strings.Contains(string(page), "2025-11-22") {
		t.Errorf("%v: %s", err, page)
	}
	if code := Main(newTree(nil), []string{"man", dir, "--date", "today"}, strings.NewReader(""), &stdout, &stderr); code != ExitUsage {
		t.Errorf("a wrong day: exit code %d", code)
	}
	if Main(newTree(nil), []string{"--help"}, strings.NewReader(""), &stdout, &stderr); strings.Contains(stdout.String(), "  man ") {
		t.Errorf("the help tells of it: %s", stdout.String())
	}
}

// fullDisk takes some bytes and no more.
type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.room {
		return d.room, errors.New("no space left")
	}
	d.room -= len(p)
	return len(p), nil
}

// TestMain_fullDisk: text that does not arrive is a failure, even if cobra wrote it, and its error is
// one line.
func TestMain_fullDisk(t *testing.T) {
	for _, args := range []string{"--help", "", "help", "help echo", "echo --help", "--version", "completion", "completion bash", "__complete echo --"} {
		for _, room := range []int{0, 3} {
			t.Run(fmt.Sprintf("%s, %d bytes", args, room), func(t *testing.T) {
				var stderr bytes.Buffer
				code := Main(newTree(nil), strings.Fields(args), strings.NewReader(""), &fullDisk{room}, &stderr)
				if code != ExitFailed {
					t.Errorf("exit code %d, want %d", code, ExitFailed)
				}
				if got := stderr.String(); !strings.HasSuffix(got, "tool: no space left\n") {
					t.Errorf("stderr %q", got)
				}
			})
		}
	}
}

// TestMain_handsOutTheFile: a command finds the streams themselves, whose methods it may need.
func TestMain_handsOutTheFile(t *testing.T) {
	root := newTree(nil)
	var stdout, got io.Writer = &fullDisk{100}, nil
	root.AddCommand(&cobra.Command{Use: "see", RunE: func(c *cobra.Command, _ []string) error {
		got = c.OutOrStdout()
		return nil
	}})
	if code := Main(root, []string{"see"}, strings.NewReader(""), stdout, io.Discard); code != ExitDone || got != stdout {
		t.Errorf("exit code %d, stdout %#v, want %#v", code, got, stdout)
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
