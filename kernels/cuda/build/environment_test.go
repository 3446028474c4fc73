package main

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A shell takes the lines as they are meant, quotes and all.
func TestPrintedEnvironment(t *testing.T) {
	t.Setenv("GOFLAGS", "-buildvcs=false")
	o := options{target: targets["linux/arm64"]}
	var lines bytes.Buffer
	if err := printEnvironment(&lines, environment(o, "/cache/it's/cc"), "/cache/libcuda/0123"); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("sh", "-c", lines.String()+"env")
	command.Env = []string{"PATH=/usr/bin:/bin"}
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(string(output), "\n")
	for _, want := range []string{
		"CGO_ENABLED=1", "GOOS=linux", "GOARCH=arm64", "CC=/cache/it's/cc", "CGO_CFLAGS=-O2",
		`GOFLAGS=-buildvcs=false -tags=cuda,netgo,osusergo '-ldflags=-linkmode=external "-extldflags=-L/cache/libcuda/0123 -ldl -lpthread"'`,
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
}
