package gen

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var write = flag.Bool("generate", false, "write the files instead of comparing them")

const folder = "../.." // of package kernels

// The committed files are what this package writes.
func TestFilesAreCurrent(t *testing.T) {
	known, err := readConstants(folder)
	if err != nil {
		t.Fatal(err)
	}
	check(t, cHeader, cElementwise(known))
	for _, set := range instructionSets() {
		files, err := generate(set, known)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			check(t, name, files[name])
		}
	}
}

// check compares a file below the folder of package kernels with what it should hold, or writes it.
func check(t *testing.T, name string, want []byte) {
	t.Run(name, func(t *testing.T) {
		path := filepath.Join(folder, name)
		if *write {
			if err := os.WriteFile(path, want, 0o666); err != nil {
				t.Fatal(err)
			}
			return
		}
		committed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, want) {
			t.Errorf("line %d is not what gen writes: run go generate ./kernels", firstDifference(committed, want))
		}
	})
}

// firstDifference returns the number of the first line in which two texts differ.
func firstDifference(a, b []byte) int {
	as, bs := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(as), len(bs)) {
		if !bytes.Equal(as[i], bs[i]) {
			return i + 1
		}
	}
	return min(len(as), len(bs)) + 1
}
