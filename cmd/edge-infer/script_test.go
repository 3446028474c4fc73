package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/edge-infer/edge-infer/boards/boardstest"

	"github.com/edge-infer/edge-infer/runtime"
)

// The scripts in testdata call the command in this process, which works under an emulator and takes
// no time. Beside testscript's own commands they use
//
//	edge-infer ARGUMENTS [< FILE] [> FILE]        the command, which must succeed
//	exits CODE ARGUMENTS [< FILE] [> FILE]        the command, which must end with that exit code
//	empty DIRECTORY                               nothing is in it, not even a hidden file
//	board NAME DIRECTORY                          the system of a board of testdata/boards, below a directory
//
// and the condition [cuda] for a program that was built with CUDA.
//
// They find the models of writeModels in their folder, and the files of testdata/digits below it, in digits.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) < 6 {
		t.Fatalf("%d scripts in testdata (%v): at least 6 are expected", len(scripts), err)
	}
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	models := t.TempDir()
	writeModels(t, models)
	call := func(ts *testscript.TestScript, code int, args []string) {
		args, stdin, stdout := redirect(ts, args)
		defer stdin.Close()
		ts.Check(os.Chdir(ts.MkAbs(".")))
		got := run(args, stdin, stdout, ts.Stderr())
		ts.Check(os.Chdir(home))
		if file, ok := stdout.(*os.File); ok {
			ts.Check(file.Close())
		}
		if got != code {
			ts.Fatalf("exit code %d, want %d", got, code)
		}
	}
	testscript.RunT(serial{t}, testscript.Params{
		Files: scripts,
		Setup: func(e *testscript.Env) error {
			if err := os.CopyFS(e.WorkDir, os.DirFS(models)); err != nil {
				return err
			}
			return os.CopyFS(filepath.Join(e.WorkDir, "digits"), os.DirFS(filepath.Join("..", "..", "testdata", "digits")))
		},
		Condition: func(name string) (bool, error) {
			if name != "cuda" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			_, err := runtime.FindGPU()
			return !errors.Is(err, runtime.ErrWithoutCUDA), nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"edge-infer": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg {
					ts.Fatalf("use exits CODE, which also tells how it fails")
				}
				call(ts, 0, args)
			},
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				code, err := strconv.Atoi(args[0])
				ts.Check(err)
				call(ts, code, args[1:])
			},
			"board": func(ts *testscript.TestScript, _ bool, args []string) {
				tree, err := boardstest.Load(filepath.Join(home, "..", "..", "testdata", "boards", args[0]+".txtar"))
				ts.Check(err)
				ts.Check(tree.Write(ts.MkAbs(args[1])))
			},
			"empty": func(ts *testscript.TestScript, _ bool, args []string) {
				entries, err := os.ReadDir(ts.MkAbs(args[0]))
				ts.Check(err)
				if len(entries) > 0 {
					ts.Fatalf("%s holds %v", args[0], entries)
				}
			},
		},
	})
}

// serial runs scripts one after another: the command runs in the script's folder, and a process is
// in one folder at a time.
type serial struct{ *testing.T }

func (serial) Parallel() {}

func (serial) Verbose() bool { return testing.Verbose() }

func (s serial) Run(name string, script func(testscript.T)) {
	s.T.Run(name, func(t *testing.T) { script(serial{t}) })
}

// redirect takes "< FILE" and "> FILE" out of the arguments and opens those files. Without them the
// input is empty and the output goes to the script.
func redirect(ts *testscript.TestScript, args []string) (rest []string, stdin io.ReadCloser, stdout io.Writer) {
	stdin, stdout = io.NopCloser(strings.NewReader("")), ts.Stdout()
	for ; len(args) > 0; args = args[1:] {
		switch args[0] {
		case "<":
			file, err := os.Open(ts.MkAbs(args[1]))
			ts.Check(err)
			stdin, args = file, args[1:]
		case ">":
			file, err := os.OpenFile(ts.MkAbs(args[1]), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
			ts.Check(err)
			stdout, args = file, args[1:]
		default:
			rest = append(rest, args[0])
		}
	}
	return rest, stdin, stdout
}
