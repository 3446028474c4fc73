package main

import (
	"io"
	"os"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
)

// version is set when a release is built: -ldflags "-X main.version=v1.2.3".
var version string

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Main(newRoot(), args, stdin, stdout, stderr)
}
