package main

import (
	"fmt"
	goruntime "runtime"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, which model files it reads, and whether it has CUDA",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(c.OutOrStdout(), "edge-infer %s\nmodel files: format %d, numerics %d\nbuilt with %s for %s/%s\n%s\n",
				cli.Version(version), format.Version, format.Numerics, goruntime.Version(), goruntime.GOOS, goruntime.GOARCH, cudaText(runtime.FindGPU()))
			return err
		},
	}
}
