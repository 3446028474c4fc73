package main

import (
	"fmt"
	goruntime "runtime"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// Model files name their writer. The version is that of what this command does to a model, not of a
// build: the same source gives the same bytes from any checkout.
const (
	producerName    = "edge-export"
	producerVersion = "0.1.0"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and which model files it writes",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(c.OutOrStdout(), "edge-export %s\nmodel files: format %d, numerics %d, producer %s\nbuilt with %s for %s/%s\n",
				cli.Version(version), format.Version, format.Numerics, producerVersion, goruntime.Version(), goruntime.GOOS, goruntime.GOARCH)
			return err
		},
	}
}
