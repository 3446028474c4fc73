package boards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/boards/boardstest"
)

var update = flag.Bool("update", false, "rewrite testdata/boards/*.json")

const fixtures = "../testdata/boards"

func load(t testing.TB, name string) *boardstest.Tree {
	t.Helper()
	tree, err := boardstest.Load(filepath.Join(fixtures, name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// Everything that is found on a board is compared: what it is, its state, and what the doctor says.
func TestBoards(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join(fixtures, "*.txtar"))
	if err != nil || len(archives) < 13 {
		t.Fatalf("%d archives (%v): at least 13 are expected", len(archives), err)
	}
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		t.Run(name, func(t *testing.T) {
			tree := load(t, name)
			board, state := detect(tree), newTelemetry(tree, nil).Read()
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(map[string]any{"board": board, "state": state, "findings": Doctor(board, state)}); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join(fixtures, name+".json")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("differs from %s; with -update it is rewritten:\n%s", golden, got.Bytes())
			}
		})
	}
}

// The same trees on a disk give the same: what is read is the files, and not a way of reading them.
// Only whether this process may open a device is another's affair there.
func TestBoardsOnDisk(t *testing.T) {
	for _, name := range []string{"orin-nano", "nano", "thor", "raspberry-pi-5", "hostile"} {
		t.Run(name, func(t *testing.T) {
			tree, dir := load(t, name), t.TempDir()
			if err := tree.Write(dir); err != nil {
				t.Fatal(err)
			}
			onDisk, err := Detect(dir)
			if err != nil {
				t.Fatal(err)
			}
			telemetry, err := NewTelemetry(dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			inMemory := detect(tree)
			onDisk.Devices, inMemory.Devices = nil, nil
			equalJSON(t, onDisk, inMemory)
			equalJSON(t, telemetry.Read(), newTelemetry(tree, nil).Read())
		})
	}
}

func equalJSON(t *testing.T, got, want any) {
	t.Helper()
	a, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("got\n%s, want\n%s", a, b)
	}
}
