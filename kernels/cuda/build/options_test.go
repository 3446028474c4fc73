package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/elfcheck"
)

func TestWrongCalls(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"no output", nil, "-o FILE is missing"},
		{"output of an environment", []string{"-o", "x", "-print-env"}, "only one of them"},
		{"unknown target", []string{"-o", "x", "-target", "linux/riscv64"}, `-target "linux/riscv64"`},
		{"unknown flag", []string{"-race"}, "-race"},
		{"an argument", []string{"-o", "x", "./cmd/edge-infer"}, "-pkg names the package"},
		{"no version", []string{"-o", "x", "-glibc", "new"}, `glibc version "new"`},
		{"no header", []string{"-o", "x", "-cuda-include", "testdata"}, "cuda.h"},
		{"a cache with a blank", []string{"-o", "x", "-cache", "my cache"}, "name another with -cache"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(test.args, &stdout, &stderr); code != 2 {
				t.Errorf("exit code %d, expected 2", code)
			}
			if !strings.Contains(stderr.String(), test.want) || stdout.Len() > 0 {
				t.Errorf("stdout %q, stderr %q, expected %q", &stdout, &stderr, test.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-h"}, &stdout, &stderr); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"go run ./kernels/cuda/build", "-cuda-include folder", "-glibc version"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("the help lacks %q:\n%s", want, &stderr)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Setenv("PIP_INDEX_URL", "https://index.example/simple")
	o, err := parseOptions([]string{"-o", "x"}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if o.target.arch != runtime.GOARCH || o.packages != "./cmd/edge-infer" || o.glibc != (elfcheck.Version{Major: 2, Minor: 27}) ||
		!filepath.IsAbs(o.cache) || filepath.Base(o.cache) != "edge-infer" || o.index != "https://index.example/simple" {
		t.Errorf("%+v", o)
	}
}
