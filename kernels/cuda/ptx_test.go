package cuda

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// modules are the committed files, and what makes them.
var modules = []struct {
	file, target string
	flags        []string
}{
	{"kernels_sm53.ptx", "sm_53", nil},
	{"kernels_sm61.ptx", "sm_61", []string{"-DDP4A"}},
}

func sourceDigest(t *testing.T) string {
	files, err := filepath.Glob("source/*.[ch]")
	if err != nil || len(files) < 5 {
		t.Fatalf("source/ holds %d files (%v)", len(files), err)
	}
	h := sha256.New()
	for _, name := range files { // in the order of their names
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(h, "%s %d\n%s", filepath.ToSlash(name), len(data), data)
	}
	return fmt.Sprintf("sha256 of the sources: %x", h.Sum(nil))
}

// A change of the sources shows without a compiler.
func TestPTXDigest(t *testing.T) {
	want := "// " + sourceDigest(t)
	for _, m := range modules {
		text, err := os.ReadFile(m.file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.SplitN(string(text), "\n", 3); lines[1] != want {
			t.Errorf("%s was made from other sources: run go generate ./kernels/cuda, which takes clang-19", m.file)
		}
	}
}

// Every float32 operation that rounds says so, nothing flushes or approximates, and no minimum or maximum stands in for
// a compare.
func TestPTXArithmetic(t *testing.T) {
	allowed := regexp.MustCompile(`^((fma|add|sub|mul|div|sqrt|rcp)\.rn\.f32|(neg|abs|mov|selp)\.f32|setp\.[a-z]+\.f32|(ld|st)\.(global|shared)(\.nc)?(\.v[24])?\.f32|cvt\.rn\.f32\.[us](16|32))$`)
	instruction := regexp.MustCompile(`^\s+(?:@!?%p\d+\s+)?([a-z][a-z0-9_.]*)\s`)
	for _, m := range modules {
		text, err := os.ReadFile(m.file)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i, line := range strings.Split(string(text), "\n") {
			found := instruction.FindStringSubmatch(line)
			if found == nil {
				continue
			}
			n++
			if strings.Contains(found[1], "f32") && !allowed.MatchString(found[1]) || strings.Contains(found[1], "f64") || found[1] == "call" || strings.Contains(found[1], ".local") {
				t.Errorf("%s, line %d: %s", m.file, i+1, found[1])
			}
		}
		if n < 1000 {
			t.Errorf("%s holds %d instructions", m.file, n)
		}
	}
}
