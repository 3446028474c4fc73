package gallery

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A Program is one that the READMEs call, and what its tests know of it.
type Program struct {
	Name    string
	Run     func(args []string, stdin io.Reader, stdout, stderr io.Writer) int
	Outputs []string // flags that name a file to write
}

// Try runs the program's commands of a case, in the root of the repository. They must succeed, write
// the bytes of the files that they name, and print what the README shows. It returns what was made,
// in a temporary folder, and changes nothing in the repository.
func (p *Program) Try(t *testing.T, c Case) (made []string) {
	t.Helper()
	for _, block := range c.Blocks {
		var printed bytes.Buffer
		for _, command := range block.Commands {
			if command.Program == p.Name {
				made = append(made, p.try(t, command, &printed)...)
			}
		}
		if block.Program() != p.Name {
			continue
		}
		if lost := missing(block.Output, printed.String()); lost != "" {
			t.Errorf("the README shows the line\n%s\nwhich is not there, or not in its order, in\n%s", lost, &printed)
		}
	}
	return made
}

// try runs one command, and appends what it prints to stdout.
func (p *Program) try(t *testing.T, command Command, stdout io.Writer) (made []string) {
	t.Helper()
	args := slices.Clone(command.Args)
	var committed []string
	for i := 1; i < len(args); i++ {
		if slices.Contains(p.Outputs, args[i-1]) {
			committed = append(committed, args[i])
			args[i] = filepath.Join(t.TempDir(), filepath.Base(args[i]))
			made = append(made, args[i])
		}
	}
	var stderr bytes.Buffer
	if code := p.Run(args, strings.NewReader(""), stdout, &stderr); code != 0 {
		t.Fatalf("%s\nexit code %d: %s", command.Line, code, &stderr)
	}
	for i := range made {
		got, err := os.ReadFile(made[i])
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(committed[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s\nwrites other bytes than those of %s: run it and look what changed", command.Line, committed[i])
		}
	}
	return made
}

// missing returns the first of the lines that does not stand in a text after those before it, "" if
// all do. Spaces at the ends of lines do not count.
func missing(lines []string, text string) string {
	left := slices.Collect(strings.Lines(text))
	for _, line := range lines {
		at := slices.IndexFunc(left, func(l string) bool { return strings.TrimRight(l, " \n") == line })
		if at < 0 {
			return line
		}
		left = left[at+1:]
	}
	return ""
}
