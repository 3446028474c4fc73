package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/gallery"
)

// TestDigits runs the commands of testdata/digits/README.md, and compares what they write with the
// files there, byte for byte.
func TestDigits(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	readme, err := os.ReadFile("testdata/digits/README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := exportsIn(t, string(readme))
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
func exportsIn(t *testing.T, text string) [][]string {
	t.Helper()
	var commands [][]string
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		if arguments, ok := strings.CutPrefix(strings.TrimSpace(line), "go run ./cmd/export "); ok {
			commands = append(commands, words(t, arguments))
		}
	}
	return commands
}

// words cuts a command line at its spaces.
func words(t *testing.T, line string) []string {
	t.Helper()
	words, err := gallery.Words(line)
	if err != nil {
		t.Fatal(err)
	}
	return words
}
