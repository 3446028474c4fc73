package driver

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write ../errors.h anew")

// TestErrorsHeader keeps the library's texts those of this package.
func TestErrorsHeader(t *testing.T) {
	var want strings.Builder
	want.WriteString("/* Made by go test ./kernels/cuda/ptxsim/libcuda/driver -run ErrorsHeader -update */\n")
	want.WriteString("static const struct {\n\tint number;\n\tconst char *name, *text;\n} errors[] = {\n")
	for _, d := range descriptions {
		fmt.Fprintf(&want, "\t{%d, %q, %q},\n", d.result, d.name, d.text)
	}
	want.WriteString("};\n")
	if *update {
		if err := os.WriteFile("../errors.h", []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("../errors.h")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want.String() {
		t.Error("../errors.h differs from descriptions.go: run the test with -update")
	}
}

// TestLibraryForwardsEveryCall compares the functions of libcuda.c with the
// calls of this package, and their numbers of arguments.
func TestLibraryForwardsEveryCall(t *testing.T) {
	source, err := os.ReadFile("../libcuda.c")
	if err != nil {
		t.Fatal(err)
	}
	local := map[string]bool{"cuGetErrorName": true, "cuGetErrorString": true}
	have := map[string]bool{}
	functions := regexp.MustCompile(`(?s)\nAPI (cu\w+)\((.*?)\)\s*\{`).FindAllStringSubmatch(string(source), -1)
	for _, f := range functions {
		name, parameters := f[1], len(strings.Split(f[2], ","))
		if f[2] == "void" {
			parameters = 0
		}
		have[name] = true
		if local[name] {
			continue
		}
		switch name {
		case "cuModuleLoadData", "cuModuleLoadDataEx", "cuModuleGetFunction":
			parameters++ // the length of a text
		}
		d, known := calls[name]
		if !known {
			t.Errorf("%s: the driver does not know it", name)
		} else if parameters != d.arguments {
			t.Errorf("%s: %d parameters, the driver expects %d", name, parameters, d.arguments)
		}
	}
	for name := range calls {
		if !have[name] {
			t.Errorf("%s: libcuda.c does not have it", name)
		}
	}
}
