package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The script that stands before the compiler, before a command that prints its arguments.
func TestCompilerScript(t *testing.T) {
	include := filepath.Join(t.TempDir(), "it's CUDA")
	if err := os.Mkdir(include, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(include, "cuda.h"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(t.TempDir(), "cache;(1)&")
	options := func(cc string) options {
		o, err := parseOptions([]string{"-o", "x", "-cache", cache, "-cc", cc, "-cuda-include", include}, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	script, err := compiler(t.Context(), options(`printf '%s\n'`), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	given := []string{
		"-I/usr/include", "-I/usr/local/cuda/include", "-I/usr/local/cuda-11.0/targets/x86_64-linux/include", "-I/opt/cuda/include",
		"-L/usr/lib/x86_64-linux-gnu/", "-L/usr/local/cuda-10.2/lib64", "-L/opt/cuda/lib",
		"-I", "/usr/include/mine", "-I/usr/include/mine", "-L/opt/mine", "-DTEXT=two  words", "$HOME", "*", "-lcuda", "",
	}
	output, err := exec.Command(script, given...).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join(append([]string{"-isystem", include}, given[7:]...), "\n") + "\n"
	if string(output) != want {
		t.Errorf("the compiler gets\n%s\nexpected\n%s", output, want)
	}

	again, err := compiler(t.Context(), options(`printf '%s\n'`), t.Output())
	if err != nil || again != script {
		t.Errorf("the same compiler is called by %s and %s, %v", script, again, err)
	}
	other, err := compiler(t.Context(), options("cc"), t.Output())
	if err != nil || other == script {
		t.Errorf("two compilers are called by %s, %v", other, err)
	}
}
