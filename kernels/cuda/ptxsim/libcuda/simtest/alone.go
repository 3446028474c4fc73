package simtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

const (
	// aloneVariable names the test that a process is there for.
	aloneVariable = "EDGE_INFER_ALONE"

	// emulatorVariable is a command to put in front of a test program, as -exec of
	// go test is, where the system does not run programs for its processor by
	// itself: "qemu-aarch64-static -L /usr/aarch64-linux-gnu".
	emulatorVariable = "EDGE_INFER_EMULATOR"
)

// IsAlone reports whether this process is there for a test alone: Alone has
// started it.
func IsAlone(t *testing.T) bool { return os.Getenv(aloneVariable) == t.Name() }

// Alone runs a test, and no other, in a process of its own: the test program
// again, with more in its environment.
func Alone(t *testing.T, environment ...string) error {
	parts := strings.Split(t.Name(), "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	command := append(strings.Fields(os.Getenv(emulatorVariable)), os.Args[0], "-test.v", "-test.run="+strings.Join(parts, "/"))
	child := exec.Command(command[0], command[1:]...)
	child.Env = append(append(os.Environ(), environment...), aloneVariable+"="+t.Name())
	out, err := child.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w:\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("--- PASS: "+t.Name()+" ")) {
		return fmt.Errorf("the test did not run:\n%s", out)
	}
	return nil
}

// WithoutDriver runs a test in a process of its own from which a driver that the
// machine may have is hidden.
func WithoutDriver(t *testing.T, test func(*testing.T)) {
	t.Helper()
	if IsAlone(t) {
		test(t)
		return
	}
	broken := t.TempDir()
	if err := os.Mkdir(broken+"/libcuda.so.1", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Alone(t, "LD_LIBRARY_PATH="+broken); err != nil {
		t.Error(err)
	}
}

// OnBoard runs a test in a process of its own on a board, with failures as
// driver.ParseFailure reads them. The library is compiled by the command in CC,
// which is that of cgo.
func OnBoard(t *testing.T, name string, failures []string, test func(*testing.T), environment ...string) {
	t.Helper()
	if IsAlone(t) {
		test(t)
		return
	}
	board, err := driver.FindBoard(name)
	if err != nil {
		t.Fatal(err)
	}
	o := driver.Options{Board: board}
	if o.Failures, err = driver.ParseFailures(failures); err != nil {
		t.Fatal(err)
	}
	library := t.TempDir()
	if err := (Library{Compiler: strings.Fields(os.Getenv("CC")), Driver: board.Driver}).Build(library); err != nil {
		t.Fatal(err)
	}
	gpu, err := Start(library, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := Alone(t, append(gpu.Environment(), environment...)...); err != nil {
		t.Error(err)
	}
	if err := gpu.Close(); err != nil {
		t.Error(err)
	}
}
