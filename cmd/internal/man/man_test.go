package man

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

var date = time.Date(2025, 11, 22, 23, 30, 0, 0, time.FixedZone("", -3600))

func tool() *cobra.Command {
	nothing := func(*cobra.Command, []string) error { return nil }
	root := &cobra.Command{Use: "tool", Short: "Do things", Version: "v1.2.3"}
	run := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a file",
		Long: `Run takes mean_ and std_ and 'rest'
of \it.

.dots lead here

  first   a-b  ~1
  second  "x"

  third
after the table`,
		Example: "  tool run a.b --level 2\n  .hidden",
		RunE:    nothing,
	}
	run.Flags().StringP("output", "o", "-", "`file` to write")
	run.Flags().Int("level", 0, "how deep")
	run.Flags().String("secret", "", "not told")
	if err := run.Flags().MarkHidden("secret"); err != nil {
		panic(err)
	}
	root.AddCommand(run, &cobra.Command{Use: "words", Short: "The words", Long: "A topic."},
		&cobra.Command{Use: "quiet", Short: "Hidden", Hidden: true, RunE: nothing})
	return root
}

func TestPage(t *testing.T) {
	root := tool()
	run, _, err := root.Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	want := `.TH "TOOL\-RUN" "1" "2025-11-23" "tool v1.2.3" "tool manual"
.SH "NAME"
tool\-run \- Run a file
.SH "SYNOPSIS"
.nf
tool run FILE [flags]
.fi
.SH "DESCRIPTION"
Run takes mean_ and std_ and \(aqrest\(aq
of \eit.
.PP
\&.dots lead here
.PP
.nf
  first   a\-b  \(ti1
  second  \(dqx\(dq

  third
.fi
.PP
after the table
.SH "OPTIONS"
.TP
.B "\-h, \-\-help"
help for run
.TP
.B "\-\-level int"
how deep
.TP
.B "\-o, \-\-output file"
file to write (default \-)
.SH "EXAMPLES"
.nf
  tool run a.b \-\-level 2
  .hidden
.fi
.SH "EXIT STATUS"
.TP
.B "0"
Done.
.TP
.B "1"
What was asked for failed.
.TP
.B "2"
The call was wrong.
.SH "SEE ALSO"
tool(1)
`
	if got := string(page(run, date)); got != want {
		t.Errorf("page:\n%s\nwant:\n%s", got, want)
	}
}

func TestPage_topic(t *testing.T) {
	root := tool()
	words, _, err := root.Find([]string{"words"})
	if err != nil {
		t.Fatal(err)
	}
	got := string(page(words, date))
	for _, absent := range []string{"SYNOPSIS", "OPTIONS", "EXIT STATUS"} {
		if strings.Contains(got, absent) {
			t.Errorf("a topic has %s:\n%s", absent, got)
		}
	}
	if got := string(page(root, date)); !strings.Contains(got, "tool\\-run(1), tool\\-words(7)\n") {
		t.Errorf("the root's page does not point to the others:\n%s", got)
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man")
	if err := Write(dir, tool(), date); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			got = append(got, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"man1/tool-run.1", "man1/tool.1", "man7/tool-words.7"}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(file, tool(), date); err == nil {
		t.Error("pages were written into a file")
	}
}
