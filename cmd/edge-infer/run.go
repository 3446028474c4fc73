package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/output"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

type runCommand struct {
	input   inputFlags
	session sessionFlags
	output  string
	format  formatFlag
}

func newRun() *cobra.Command {
	var r runCommand
	c := &cobra.Command{
		Use:   "run MODEL",
		Short: "Answer rows of numbers from a file or a pipe",
		Long: `Run reads rows, runs the model on each, and writes a row of answers for each, in order.

Rows are read and written as csv, jsonl, npy or raw (little-endian float32). A csv header that
names the model's features picks the columns by name; otherwise they are taken by position. A
missing value is written nan, or null in jsonl; it passes through the model as NaN, and a warning
at the end says how many there were. Pixels, the input of a model of dtype u8, are whole numbers
from 0 to 255, and none is missing.

csv and jsonl answers hold the output values and, where the model's classes have labels, the label
of the class that the model decides for. npy and raw answers hold the values alone. Csv columns
are called probability_LABEL, logit_LABEL, decision_LABEL, class, or value_0 where a quantity has
no name.

Input of any length takes the same memory, and answers leave after each batch, so a live producer
is answered row by row with --batch 1; the answers are the same bits whatever the batch. Not so
with npy in two cases: npy answers to a pipe are held until the last, since the number of rows
comes first there, and an npy input in Fortran order is read whole before the first answer. Both
are limited to 1 GiB of values.

An output file appears whole, at the end, or not at all. It cannot be the input file.`,
		Example: `  edge-infer run digits.edge --input test.csv
  edge-infer run digits.edge --input test.npy --output answers.csv
  sensor | edge-infer run model.edge --batch 1 --output-format jsonl | publisher`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return r.run(c, args[0]) },
	}
	formats := []table.Format{table.CSV, table.JSONL, table.NPY, table.Raw}
	r.input.add(c, formats...)
	c.Flags().StringVarP(&r.output, "output", "o", "-", "file for the answers, - for standard output")
	r.format.add(c, "output-format", "the input's for standard output", formats...)
	r.session.add(c)
	return c
}

func (r *runCommand) run(c *cobra.Command, model string) error {
	m, s, err := r.session.open(model)
	if err != nil {
		return err
	}
	watcher := c.ErrOrStderr()
	if r.output == "-" && isTerminal(c.OutOrStdout()) {
		watcher = io.Discard // the answers themselves show how far it is
	}
	in, err := r.input.open(c.InOrStdin(), watcher)
	if err != nil {
		return err
	}
	defer in.Close()
	to, err := r.format.of(r.output, in.format)
	if err != nil {
		return err
	}
	if err := r.checkOutput(model, in); err != nil {
		return err
	}
	stream, err := newAnswerer(m, s, in, "")
	if err != nil {
		return err
	}
	out, err := output.Create(r.output, c.OutOrStdout())
	if err != nil {
		return err
	}
	if err := out.Produce(c.Context(), func() error { return stream.run(out.To, to) }); err != nil {
		return err
	}
	in.Close()
	stream.remark(c.ErrOrStderr())
	return nil
}

// checkOutput refuses to write over a file that is read.
func (r *runCommand) checkOutput(model string, in *input) error {
	out, err := os.Stat(r.output)
	if r.output == "-" || err != nil || !out.Mode().IsRegular() {
		return nil // nothing is lost; a device may be both
	}
	if info, err := os.Stat(model); err == nil && os.SameFile(info, out) {
		return cli.Usagef("%s: the answers would replace the model", r.output)
	}
	if in.file == nil {
		return nil
	}
	if info, err := in.file.Stat(); err == nil && os.SameFile(info, out) {
		return cli.Usagef("%s: the answers would replace the rows", r.output)
	}
	return nil
}
