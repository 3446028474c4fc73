package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDigits runs the commands of testdata/digits/README.md, and compares what they write with the
// files there, byte for byte.
func TestDigits(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	readme, err := os.ReadFile("testdata/digits/README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := exportsIn(string(readme))
	if len(commands) != 2 {
		t.Fatalf("%d commands in the README, 2 are expected: %q", len(commands), commands)
	}
	for _, args := range commands {
		at := slices.Index(args, "-o") + 1
		committed, made := args[at], filepath.Join(t.TempDir(), "made.edge")
		t.Run(filepath.Base(committed), func(t *testing.T) {
			args[at] = made
			var stdout, stderr bytes.Buffer
			if code := run(args, bytes.NewReader(nil), &stdout, &stderr); code != 0 || stderr.Len() > 0 {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			got, err := os.ReadFile(made)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(committed)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the command writes other bytes than those of %s: run it and look what changed", committed)
			}
		})
	}
}

// exportsIn returns the arguments of the calls of edge-export in a text.
func exportsIn(text string) [][]string {
	var commands [][]string
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		if arguments, ok := strings.CutPrefix(strings.TrimSpace(line), "go run ./cmd/export "); ok {
			commands = append(commands, words(arguments))
		}
	}
	return commands
}

// words cuts a command line at its spaces, but for those between double quotes.
func words(line string) []string {
	quoted := false
	list := strings.FieldsFunc(line, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ' ' && !quoted
	})
	for i, word := range list {
		list[i] = strings.Trim(word, `"`)
	}
	return list
}
