package casetest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Case is one folder. Keys of case.txt that are absent leave their field empty.
type Case struct {
	Name      string   // FRAMEWORK/CASE
	Dir       string   // path of the folder
	File      string   // file: path of the trained file
	MadeBy    string   // made by: framework and version, as "torch 2.9.1"
	Shows     []string // shows: what the case is there for; may be repeated, one item a line
	Flags     []string // flags: of edge-export, parted at spaces; {dir} stands for the folder
	Layers    string   // layers: the model that is expected, in the words of --arch, names left out
	Kind      string   // kind: of the output
	Labels    []string // labels: A,B,C
	Features  []string // features: A,B,C
	Tolerance float64  // tolerance: relative to the largest output; 1e-5 if not given
	Refused   string   // refused: words that the error must have; there is no model then
}

// Load returns the cases of a framework, in the order of their names. Fewer than least fail the test.
func Load(t *testing.T, framework string, least int) []Case {
	t.Helper()
	root := filepath.Join(models(t), framework)
	files, err := filepath.Glob(filepath.Join(root, "*", "case.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < least {
		t.Fatalf("%d cases in %s: at least %d are expected", len(files), root, least)
	}
	cases := make([]Case, len(files))
	for i, name := range files {
		if cases[i], err = read(name); err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

// models returns the folder of all cases: the module's, wherever within it the test runs.
func models(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "testdata", "models")
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("casetest: no go.mod above the test")
		}
		dir = up
	}
}

func read(name string) (Case, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Case{}, err
	}
	dir := filepath.Dir(name)
	c := Case{Name: filepath.Base(filepath.Dir(dir)) + "/" + filepath.Base(dir), Dir: dir, Tolerance: 1e-5}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			return Case{}, fmt.Errorf("%s:%d: %q is no \"key: value\"", name, i+1, line)
		}
		if err := c.set(key, strings.TrimSpace(value)); err != nil {
			return Case{}, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	if c.File == "" || c.MadeBy == "" || len(c.Shows) == 0 {
		return Case{}, fmt.Errorf("%s: the keys file, made by and shows are needed", name)
	}
	return c, nil
}

func (c *Case) set(key, value string) (err error) {
	switch key {
	case "file":
		c.File = filepath.Join(c.Dir, value)
	case "made by":
		c.MadeBy = value
	case "shows":
		c.Shows = append(c.Shows, value)
	case "flags":
		c.Flags = strings.Fields(strings.ReplaceAll(value, "{dir}", c.Dir))
	case "layers":
		c.Layers = value
	case "kind":
		c.Kind = value
	case "labels":
		c.Labels = strings.Split(value, ",")
	case "features":
		c.Features = strings.Split(value, ",")
	case "tolerance":
		c.Tolerance, err = strconv.ParseFloat(value, 64)
	case "refused":
		c.Refused = value
	default:
		err = fmt.Errorf("unknown key %q", key)
	}
	return err
}

// array reads an array of a case as rows of the given width.
func (c *Case) array(t *testing.T, name string, width int) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join(c.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	if a.Len() == 0 || a.Len()%width != 0 {
		t.Fatalf("%s: shape %v where the model has rows of %d", name, a.Shape, width)
	}
	return a.Float64s()
}

// CheckItems fails the test for an item that no case shows, and for a case that shows what is no
// item: the items are what the readers of a framework are known to meet.
func CheckItems(t *testing.T, cases []Case, items []string) {
	t.Helper()
	shown := map[string]bool{}
	for _, c := range cases {
		for _, item := range c.Shows {
			shown[item] = true
			if !slices.Contains(items, item) {
				t.Errorf("%s shows %q, which is not among the items", c.Name, item)
			}
		}
	}
	for _, item := range items {
		if !shown[item] {
			t.Errorf("no case shows %q", item)
		}
	}
}
