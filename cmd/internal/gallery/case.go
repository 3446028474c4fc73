package gallery

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// expected is how many cases there are. Fewer mean that something was lost, or not looked for in the
// right place.
const expected = 17

// Case is one folder of the gallery.
type Case struct {
	Name   string
	Blocks []Block
}

// Cases reads the READMEs of all folders of the gallery.
func Cases(root string) ([]Case, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, fmt.Errorf("gallery: %w", err)
	}
	var cases []Case
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		readme, err := os.ReadFile(filepath.Join(root, entry.Name(), "README.md"))
		if err != nil {
			return nil, fmt.Errorf("gallery: %w", err)
		}
		blocks, err := blocksIn(string(readme))
		if err != nil {
			return nil, fmt.Errorf("gallery: %s/README.md: %w", entry.Name(), err)
		}
		cases = append(cases, Case{entry.Name(), blocks})
	}
	if len(cases) < expected {
		return nil, fmt.Errorf("gallery: %d cases in %s: at least %d are expected", len(cases), root, expected)
	}
	return cases, nil
}

// Row is a line of the table in the gallery's own README.
type Row struct {
	Name    string // of a case
	Command string // the one that shows it
}

// Table returns the rows of a table that begin with the linked name of a case, as in
//
//	| [gates](gates/README.md) | what it shows | `./edge-infer …` |
func Table(readme string) []Row {
	var rows []Row
	for line := range strings.Lines(readme) {
		name, isRow := strings.CutPrefix(line, "| [")
		name, link, linked := strings.Cut(name, "](")
		if !isRow || !linked || !strings.HasPrefix(link, name+"/README.md)") {
			continue
		}
		row := Row{Name: name}
		if parts := strings.Split(line, "`"); len(parts) >= 3 {
			row.Command = parts[len(parts)-2]
		}
		rows = append(rows, row)
	}
	return rows
}
