package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/driverlib"
	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/elfcheck"
)

// archive packs the objects of package driverlib's tests, and puts the archive into a file.
func archive(t *testing.T, objects ...string) string {
	t.Helper()
	var members []driverlib.Member
	for _, name := range objects {
		data, err := os.ReadFile(filepath.Join("internal", "driverlib", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, driverlib.Member{Name: name, Data: data})
	}
	content, err := driverlib.Archive(members)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "package.a")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDriverNames(t *testing.T) {
	got, err := driverNames([]string{archive(t, "uses.o"), archive(t, "defines.o")})
	want := []string{"cuInit", "cuLaunchKernel", "cuMemAlloc_v2", "cuWeak"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, expected %q", got, err, want)
	}
	if _, err := driverNames([]string{archive(t)}); err == nil || !strings.Contains(err.Error(), "files tagged cuda") {
		t.Errorf("of a program without CUDA: error %v", err)
	}
	if _, err := driverNames([]string{"library_test.go"}); err == nil || !strings.Contains(err.Error(), "library_test.go: driverlib: archive") {
		t.Errorf("of a file that is no archive: error %v", err)
	}
}

func TestCheckedBinary(t *testing.T) {
	o := options{target: targets["linux/arm64"], glibc: elfcheck.Version{Major: 2, Minor: 27}}
	fixtures := filepath.Join("internal", "elfcheck", "testdata")
	size, err := check(filepath.Join(fixtures, "plain-arm64.elf"), o, []string{"cuInit"})
	if err != nil || size != 2720 {
		t.Errorf("%d bytes, %v", size, err)
	}
	for _, name := range []string{"plain-amd64.elf", "newer.elf", "extra.elf", "open.elf", "exports.elf", "none.elf"} {
		if _, err := check(filepath.Join(fixtures, name), o, []string{"cuInit"}); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestWriteOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "file")
	for _, content := range []string{"first", "second"} {
		if err := writeOnce(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "first" {
			t.Errorf("the file holds %q, %v", got, err)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}
