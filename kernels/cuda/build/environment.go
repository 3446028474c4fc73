package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// tags are those of every build here: files that call the driver, and no C for host names and users, as in the plain
// build without cgo.
const tags = "cuda,netgo,osusergo"

// variable is a line of the environment.
type variable struct{ name, value string }

// environment is what the go command needs to compile for a target.
func environment(o options, cc string) []variable {
	return []variable{
		{"CGO_ENABLED", "1"},
		{"GOOS", "linux"},
		{"GOARCH", o.target.arch},
		{"CC", cc},
		{"CGO_CFLAGS", "-O2"},
	}
}

// linkFlags are what the linker is told beside the flags of the packages. They name the folder of the import library:
// not in CGO_LDFLAGS, with which every package would be compiled once more, since the library is made from the compiled
// packages. Before glibc 2.34, dlopen and threads were in libraries of their own.
func linkFlags(library string, more ...string) string {
	flags := append([]string{"-L" + library, "-ldl", "-lpthread"}, more...)
	return fmt.Sprintf(`-linkmode=external "-extldflags=%s"`, strings.Join(flags, " "))
}

// printEnvironment writes the environment, with the flags of a build, as lines for a shell.
func printEnvironment(w io.Writer, variables []variable, library string) error {
	flags := fmt.Sprintf("-tags=%s '-ldflags=%s'", tags, linkFlags(library))
	if given := os.Getenv("GOFLAGS"); given != "" {
		flags = given + " " + flags
	}
	var text strings.Builder
	for _, v := range append(variables, variable{"GOFLAGS", flags}) {
		fmt.Fprintf(&text, "export %s=%s\n", v.name, shellQuote(v.value))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// shellQuote makes one word of a shell's line out of any text.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
