package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/jsonmodel"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
)

func help(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, bytes.NewReader(nil), &stdout, &stderr); code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, &stderr)
	}
	return stdout.String()
}

// TestHelpJSON: the example in the help is a model, and every layer is described.
func TestHelpJSON(t *testing.T) {
	text := help(t, "help", "json")
	from, to := strings.Index(text, "  {\n"), strings.Index(text, "\n  }\n")
	if from < 0 || to < 0 {
		t.Fatal("there is no example in the help")
	}
	if _, err := jsonmodel.Parse([]byte(text[from : to+4])); err != nil {
		t.Error(err)
	}
}

// TestHelpArch: every layer is described, and everything described is a layer.
func TestHelpArch(t *testing.T) {
	text := help(t, "help", "arch")
	for _, word := range arch.Words() {
		name, _, _ := strings.Cut(word, "(")
		if !strings.Contains(text, " "+name+" ") && !strings.Contains(text, " "+name+"(") && !strings.Contains(text, " "+name+"\n") {
			t.Errorf("%s is not described", word)
		}
	}
	described := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "  ") || strings.TrimSpace(line) == "" {
			continue
		}
		words := strings.TrimRight(line[:min(len(line), 37)], " \n")
		for _, word := range strings.Fields(words) {
			if _, err := arch.Parse(word); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			described++
		}
		if strings.HasPrefix(line, "Names of") {
			break
		}
	}
	if described < len(arch.Words()) {
		t.Errorf("%d words are described, there are %d", described, len(arch.Words()))
	}
}

// TestHelp: the names under which tensors are found without being told are those of the code.
func TestHelp(t *testing.T) {
	text := strings.ReplaceAll(help(t, "--help"), "\n", " ")
	for _, pair := range assemble.Pairs() {
		if !strings.Contains(text, pair[0]+" and "+pair[1]) {
			t.Errorf("the help does not tell of %s and %s", pair[0], pair[1])
		}
	}
}

// TestHelpExample: the example of an export in the help works as it stands.
func TestHelpExample(t *testing.T) {
	text := strings.ReplaceAll(rootExample, "\\\n", " ")
	for line := range strings.Lines(text) {
		arguments, ok := strings.CutPrefix(strings.TrimSpace(line), "edge-export testdata/digits/mlp.npz ")
		if !ok {
			continue
		}
		t.Chdir(filepath.Join("..", ".."))
		args := append([]string{"testdata/digits/mlp.npz"}, words(t, arguments)...)
		for i, arg := range args {
			if arg == "digits.edge" {
				args[i] = filepath.Join(t.TempDir(), arg)
				help(t, args...)
				if _, err := os.Stat(args[i]); err != nil {
					t.Error(err)
				}
				return
			}
		}
	}
	t.Error("there is no example of the digits")
}
