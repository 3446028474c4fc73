package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal returns the two ends of a pseudoterminal: what a person types and sees, and the stream
// that a program has.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// Without a word a program that waits for rows looks like one that hangs.
func TestRunSaysThatItReadsATerminal(t *testing.T) {
	person, program := openTerminal(t)
	if _, err := person.WriteString("1,2\n\x04"); err != nil { // Ctrl-D
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"run", modelFile(t, "logits.edge")}, program, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if got := stdout.String(); !strings.HasSuffix(got, "\n1,2,dog\n") {
		t.Errorf("stdout %q", got)
	}
	if got, want := stderr.String(), "edge-infer: note: reading rows from the terminal; end with Ctrl-D\n"; got != want {
		t.Errorf("stderr %q, want %q", got, want)
	}
}
