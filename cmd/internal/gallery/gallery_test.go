package gallery

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestBlocks(t *testing.T) {
	readme := "# A case\n\n```sh\n# first\n./edge-export a.npz -o a.edge \\\n    --source \"by hand\"\n./edge-infer verify a.edge\n```\n\n" +
		"It prints\n\n```text\nok\n\nfine  \n```\n\n```python\npass\n```\n\n    ./not run\n\n```sh\n./edge-infer inspect a.edge\n```\n"
	blocks, err := blocksIn(readme)
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 2 || len(blocks[0].Commands) != 2 || len(blocks[1].Commands) != 1 {
		t.Fatalf("got %+v", blocks)
	}
	first := blocks[0].Commands[0]
	if first.Program != "edge-export" || first.Line != `./edge-export a.npz -o a.edge --source "by hand"` ||
		!slices.Equal(first.Args, []string{"a.npz", "-o", "a.edge", "--source", "by hand"}) {
		t.Errorf("got %+v", first)
	}
	if got := blocks[0].Program(); got != "edge-infer" {
		t.Errorf("the block shows what %s prints", got)
	}
	if !slices.Equal(blocks[0].Output, []string{"ok", "fine"}) || blocks[1].Output != nil {
		t.Errorf("outputs %q and %q", blocks[0].Output, blocks[1].Output)
	}
}

func TestBlocksRefuse(t *testing.T) {
	for name, readme := range map[string]string{
		"nothing to run":      "# A case\n",
		"an empty block":      "```sh\n# later\n```\n",
		"another program":     "```sh\npython train.py\n```\n",
		"no ./":               "```sh\nedge-infer verify a.edge\n```\n",
		"a pipe":              "```sh\n./edge-infer run a.edge | head\n```\n",
		"a variable":          "```sh\n./edge-infer verify \"$MODEL\"\n```\n",
		"an open quote":       "```sh\n./edge-infer verify \"a.edge\n```\n",
		"output of nothing":   "```text\nok\n```\n```sh\n./edge-infer verify a.edge\n```\n",
		"two outputs for one": "```sh\n./edge-infer verify a.edge\n```\n```text\nok\n```\n```text\nok\n```\n",
	} {
		if blocks, err := blocksIn(readme); err == nil {
			t.Errorf("%s: got %+v, want an error", name, blocks)
		}
	}
}

func TestMissing(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		text  string
		want  string
	}{
		"all":           {[]string{"a", "c"}, "a\nb  \nc\n", ""},
		"nothing shown": {nil, "a\n", ""},
		"spaces":        {[]string{"b"}, "a\nb  \n", ""},
		"lost":          {[]string{"a", "d"}, "a\nb\n", "d"},
		"in part":       {[]string{"answer"}, "the answer\n", "answer"},
		"another order": {[]string{"b", "a"}, "a\nb\n", "a"},
		"twice":         {[]string{"a", "a"}, "a\nb\n", "a"},
	} {
		if got := missing(c.lines, c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestTable holds the table of the gallery's README against its folders: each is there once, with a
// command that its own README has too, and which is therefore tested.
func TestTable(t *testing.T) {
	root := filepath.Join("..", "..", "..", "testdata", "gallery")
	cases, err := Cases(root)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := Table(string(readme))
	for _, c := range cases {
		at := slices.IndexFunc(rows, func(r Row) bool { return r.Name == c.Name })
		if at < 0 {
			t.Errorf("%s is not in the table", c.Name)
			continue
		}
		has := func(b Block) bool {
			return slices.ContainsFunc(b.Commands, func(command Command) bool { return command.Line == rows[at].Command })
		}
		if !slices.ContainsFunc(c.Blocks, has) {
			t.Errorf("%s: the table's command %q is not in its README", c.Name, rows[at].Command)
		}
	}
	if len(rows) != len(cases) {
		t.Errorf("%d rows in the table for %d cases", len(rows), len(cases))
	}
}
