package format

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the cases under testdata/format and the bytes shown in SPEC.md")

const testdata = "../testdata/format"

// A malformed file, its place under testdata/format/invalid, and how reading it
// must fail.
type malformed struct {
	name    string // of the file, without its extension
	comment string // what is wrong
	expect  error  // the one error value that the error wraps
	reason  string // part of the error's text: it fails for this reason and no other
	file    func() []byte
}

// largest is the size of the largest file that is kept under testdata; larger
// ones are made anew for each test.
const largest = 4096

// malformedFiles are all cases, in the order of their names.
func malformedFiles(tb testing.TB) []malformed {
	all := slices.Concat(headCases(), encodingCases(), tableCases(), modelCases())
	slices.SortFunc(all, func(a, b malformed) int { return strings.Compare(a.name, b.name) })
	for i := range all[1:] {
		if all[i].name == all[i+1].name {
			tb.Fatalf("two cases of the name %s", all[i].name)
		}
	}
	return all
}

// outcomes are the words after "expect:" in a case.
var outcomes = map[string]error{
	"not-model":     ErrNotModel,
	"newer":         ErrNewer,
	"truncated":     ErrTruncated,
	"checksum":      ErrChecksum,
	"not-canonical": ErrNotCanonical,
	"invalid":       ErrInvalid,
	"too-large":     ErrTooLarge,
}

// outcome is the word for an error, which must wrap exactly one of the package's
// error values.
func outcome(err error) string {
	var words []string
	for word, value := range outcomes {
		if errors.Is(err, value) {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return strings.Join(words, " and ")
}

// TestMalformed decodes every case and checks how it fails.
func TestMalformed(t *testing.T) {
	seen := map[error]bool{}
	for _, c := range malformedFiles(t) {
		seen[c.expect] = true
		t.Run(c.name, func(t *testing.T) {
			m, err := Decode(c.file())
			if err == nil {
				t.Fatalf("no error: %s", c.comment)
			}
			if m != nil {
				t.Error("a model beside the error")
			}
			text := err.Error()
			if !errors.Is(err, c.expect) || outcome(err) != outcome(c.expect) {
				t.Errorf("error is %s, want %s: %s", outcome(err), outcome(c.expect), text)
			}
			if !strings.Contains(text, c.reason) {
				t.Errorf("error %q does not contain %q", text, c.reason)
			}
			checkOneLine(t, err)
		})
	}
	for word, value := range outcomes {
		if !seen[value] {
			t.Errorf("no case expects %s", word)
		}
	}
}

// TestMalformedFiles holds testdata/format/invalid against the table of cases.
func TestMalformedFiles(t *testing.T) {
	want := map[string][]byte{}
	for _, c := range malformedFiles(t) {
		file := c.file()
		if len(file) > largest {
			continue
		}
		want[c.name+".case"] = fmt.Appendf(nil, "comment: %s\nexpect: %s\n\n%s", c.comment, outcome(c.expect), file)
	}
	if len(want) < 150 {
		t.Errorf("%d cases to keep, there were 150 and more", len(want))
	}
	checkFiles(t, filepath.Join(testdata, "invalid"), want)
}

// TestCaseFiles reads the kept cases as a stranger's reader would: by their
// headers alone.
func TestCaseFiles(t *testing.T) {
	for name, file := range readFiles(t, filepath.Join(testdata, "invalid", "*.case"), 150) {
		header, body, ok := bytes.Cut(file, []byte("\n\n"))
		lines := strings.Split(string(header), "\n")
		if !ok || len(lines) != 2 || !strings.HasPrefix(lines[0], "comment: ") {
			t.Errorf("%s: the header is not a comment and an expectation", name)
			continue
		}
		word, _ := strings.CutPrefix(lines[1], "expect: ")
		if outcomes[word] == nil {
			t.Errorf("%s: nothing is known of %q", name, lines[1])
			continue
		}
		if _, err := Decode(body); outcome(err) != word {
			t.Errorf("%s: want %s: error is %v", name, word, err)
		}
	}
}

// TestValidFiles holds testdata/format/valid against the models they hold, and
// checks that reading and writing them again changes no byte.
func TestValidFiles(t *testing.T) {
	want := map[string][]byte{}
	for name, m := range validModels() {
		file, err := Marshal(m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want[name+".edge"] = file
	}
	checkFiles(t, filepath.Join(testdata, "valid"), want)
	for name, file := range readFiles(t, filepath.Join(testdata, "valid", "*.edge"), 7) {
		m, err := Decode(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again, err := Marshal(m); err != nil || !bytes.Equal(again, file) {
			t.Errorf("%s: written again, it is another file (%v)", name, err)
		}
	}
}

// readFiles reads the files that a pattern matches, by name, and fails if there
// are fewer than expected.
func readFiles(tb testing.TB, pattern string, least int) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		tb.Fatal(err)
	}
	if len(paths) < least {
		tb.Fatalf("%s: %d files, at least %d are expected", pattern, len(paths), least)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		files[filepath.Base(path)] = file
	}
	return files
}

// checkFiles holds the files of a folder against what they must be, both ways;
// with -update it makes them so.
func checkFiles(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	if *update {
		rewrite(t, dir, want)
	}
	got := readFiles(t, filepath.Join(dir, "*"), 1)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if file, ok := got[name]; !ok || !bytes.Equal(file, want[name]) {
			t.Errorf("%s is not what go test -update writes", filepath.Join(dir, name))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s belongs to no case", filepath.Join(dir, name))
		}
	}
}

func rewrite(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, file := range want {
		if err := os.WriteFile(filepath.Join(dir, name), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
