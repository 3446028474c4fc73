//go:build cudabuild

package cuda

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var write = flag.Bool("generate", false, "write the PTX instead of comparing it")

// The committed PTX is what clang-19 makes of source/. It needs that compiler, and fails without.
func TestPTXIsCurrent(t *testing.T) {
	for _, m := range modules {
		t.Run(m.file, func(t *testing.T) {
			arguments := append([]string{"--target=nvptx64-nvidia-cuda", "-march=" + m.target, "-O2", "-ffp-contract=off", "-fno-math-errno",
				"-nostdinc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-S", "-o", filepath.Join(t.TempDir(), "kernels.ptx")}, m.flags...)
			output := arguments[len(arguments)-len(m.flags)-1]
			if message, err := exec.Command("clang-19", append(arguments, "source/kernels.c")...).CombinedOutput(); err != nil {
				t.Fatalf("clang-19: %v\n%s", err, message)
			}
			text, err := os.ReadFile(output)
			if err != nil {
				t.Fatal(err)
			}
			want := finishPTX(t, string(text))
			if *write {
				if err := os.WriteFile(m.file, []byte(want), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if committed, err := os.ReadFile(m.file); err != nil || string(committed) != want {
				t.Errorf("the file is not what clang-19 makes of source/ (%v): run go generate ./kernels/cuda", err)
			}
		})
	}
}

// finishPTX takes the comments out of what clang writes, says to the driver that no block has more than 256 threads and
// that two are to fit, so that it gives each thread up to 128 registers, which every board has, and puts the digest of the sources in front.
func finishPTX(t *testing.T, text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Written from source/ by go generate ./kernels/cuda. DO NOT EDIT.\n// %s\n", sourceDigest(t))
	entry := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		line = strings.TrimRight(line, " \t\n")
		if line == "" {
			continue
		}
		entry = entry || strings.Contains(line, ".entry ")
		b.WriteString(line + "\n")
		if entry && line == ")" {
			fmt.Fprintf(&b, ".maxntid %d, 1, 1\n.minnctapersm 2\n", lanes*mostWarps)
			entry = false
		}
	}
	return b.String()
}
