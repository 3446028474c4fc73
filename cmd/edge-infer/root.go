package main

import (
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/spf13/cobra"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "edge-infer",
		Short: "Run trained models on small boards",
		Long: `Edge-infer runs a trained model, exported to one file by edge-export, and proves that its
answers have the right bits.

Data goes to standard output and everything else to standard error. The exit code is 0 when done,
1 when what was asked for failed, and 2 when the call was wrong.`,
		Example: `  edge-infer verify model.edge                             are the answers right on this board?
  edge-infer run model.edge --input rows.csv               answer the rows of a file
  sensor | edge-infer run model.edge --batch 1             answer a live stream, row by row
  edge-infer eval model.edge --input test.csv --label-column label
  edge-infer bench model.edge
  edge-infer board                                         what is it, how is it, what slows it down?`,
		Version: cli.Version(version),
	}
	root.AddCommand(newRun(), newEval(), newVerify(), newInspect(), newBench(), newBoard(), newVersion())
	return root
}
