package driverlib

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/functions.h again")

func TestSources(t *testing.T) {
	sources, err := Sources([]string{"cuCtxCreate_v2", "cuDeviceGetCount", "cuInit", "cuLaunchKernel", "cuModuleLoadDataEx"})
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) != 3 || sources[0].Name != "loader.c" || sources[1].Name != "trampolines.S" || sources[2].Name != "functions.h" {
		t.Fatalf("%d files, the first is %s", len(sources), sources[0].Name)
	}
	for _, s := range sources[:2] {
		if !bytes.Contains(s.Text, []byte(`#include "functions.h"`)) {
			t.Errorf("%s does not include functions.h", s.Name)
		}
	}
	golden := filepath.Join("testdata", "functions.h")
	if *update {
		if err := os.WriteFile(golden, sources[2].Text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sources[2].Text, want) {
		t.Errorf("functions.h is\n%s\nexpected\n%s", sources[2].Text, want)
	}
}

func TestSourcesRefuse(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		want  string
	}{
		{"nothing", nil, "cuInit is not among the 0"},
		{"no cuInit", []string{"cuCtxCreate_v2"}, "cuInit is not among the 1"},
		{"only cuInit", []string{"cuInit"}, "no driver function but cuInit"},
		{"not a name", []string{"cuInit", "cuX)\n#include <x>"}, "is not the name of a driver function"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Sources(test.names)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, expected %q in it", err, test.want)
			}
		})
	}
}
