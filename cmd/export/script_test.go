package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/edge-infer/edge-infer/format"
)

// TestScripts runs the scripts in testdata. They call the command in this process, so that it works
// under an emulator, and use beside testscript's own commands
//
//	export CODE ARGUMENTS      edge-export with these arguments, which ends with that exit code
//	golden FILE VECTORS        a model file has that many golden vectors
//	files DIRECTORY NAMES      these files are in it and no others, not even hidden ones
//
// They find the files of testdata/digits in digits, those of testdata/models in models, and those of
// writeSources in sources.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) < 8 {
		t.Fatalf("%d scripts in testdata (%v): at least 8 are expected", len(scripts), err)
	}
	sources := t.TempDir()
	writeSources(t, sources)
	digits := filepath.Join("..", "..", "testdata", "digits")
	models, err := filepath.Abs(filepath.Join("..", "..", "testdata", "models"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.RunT(oneByOne{t}, testscript.Params{
		Files: scripts,
		Setup: func(e *testscript.Env) error {
			if err := os.CopyFS(filepath.Join(e.WorkDir, "sources"), os.DirFS(sources)); err != nil {
				return err
			}
			if err := os.Symlink(models, filepath.Join(e.WorkDir, "models")); err != nil {
				return err
			}
			return os.CopyFS(filepath.Join(e.WorkDir, "digits"), os.DirFS(digits))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"export": runExport,
			"golden": checkGolden,
			"files":  checkFiles,
		},
	})
}

func runExport(ts *testscript.TestScript, _ bool, args []string) {
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	home, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	got := run(args[1:], bytes.NewReader(nil), ts.Stdout(), ts.Stderr())
	ts.Check(os.Chdir(home))
	if got != code {
		ts.Fatalf("exit code %d, want %d", got, code)
	}
}

func checkGolden(ts *testscript.TestScript, _ bool, args []string) {
	m, err := format.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.Itoa(m.Tensor(m.Golden.Inputs).Shape[0]); got != args[1] {
		ts.Fatalf("%s has %s golden vectors, want %s", args[0], got, args[1])
	}
}

func checkFiles(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if len(names) != len(args)-1 {
		ts.Fatalf("%s holds %q, want %q", args[0], names, args[1:])
	}
	for i, name := range names {
		if name != args[1+i] {
			ts.Fatalf("%s holds %q, want %q", args[0], names, args[1:])
		}
	}
}

// oneByOne runs scripts one after another: the command runs in the script's folder, and a process is
// in one folder at a time.
type oneByOne struct{ *testing.T }

func (oneByOne) Parallel() {}

func (oneByOne) Verbose() bool { return testing.Verbose() }

func (o oneByOne) Run(name string, script func(testscript.T)) {
	o.T.Run(name, func(t *testing.T) { script(oneByOne{t}) })
}
