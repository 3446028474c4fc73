package main

import (
	"regexp"
	"strings"
	"testing"
)

// A state is drawn over the last one, cut to the terminal: a line too long or one too many would leave
// remains behind.
func TestWatchRedraws(t *testing.T) {
	var w watch
	for _, test := range []struct {
		name, text    string
		width, height int
		want          string
	}{
		{"first", "one\ntwo\n", 80, 24, "one\x1b[K\ntwo\x1b[K\n\x1b[J"},
		{"over it", "three\n", 80, 24, "\x1b[2Athree\x1b[K\n\x1b[J"},
		{"narrow and low", "°°°°\n2\n3\n4\n", 3, 4, "\x1b[1A°°°\x1b[K\n2\x1b[K\n3\x1b[K\n\x1b[J"},
		{"lower still", "1\n2\n3\n", 3, 2, "\x1b[1A1\x1b[K\n\x1b[J"},
	} {
		if got := string(w.redraw(test.text, test.width, test.height)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestCPURange(t *testing.T) {
	for want, cpus := range map[string][]int{"0-3,6": {0, 1, 2, 3, 6}, "5": {5}, "": nil, "1,3": {1, 3}} {
		if got := cpuRange(cpus); got != want {
			t.Errorf("%v: %q, want %q", cpus, got, want)
		}
	}
}

// What is drawn on a terminal is redrawn in place; a file or pipe gets no control characters.
func TestWatchOnATerminal(t *testing.T) {
	person, program := openTerminal(t)
	if code := run([]string{"board", "--watch=10ms", "--count", "2"}, strings.NewReader(""), program, program); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	var seen []byte
	for buf := make([]byte, 4096); strings.Count(string(seen), "\x1b[J") < 2; {
		n, err := person.Read(buf)
		if err != nil {
			t.Fatalf("%v after %q", err, seen)
		}
		seen = append(seen, buf[:n]...)
	}
	if !regexp.MustCompile(`\x1b\[J\x1b\[[1-9][0-9]*A[0-9]`).Match(seen) {
		t.Errorf("the second state is not drawn over the first: %q", seen)
	}
}
