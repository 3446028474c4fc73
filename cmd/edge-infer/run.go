package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

type runCommand struct {
	input   inputFlags
	backend backendFlag
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
at the end says how many there were.

csv and jsonl answers hold the output values and, where the model's classes have labels, the label
of the class that the model decides for. npy and raw answers hold the values alone. Csv columns
are called probability_LABEL, logit_LABEL, decision_LABEL, class, or value_0 where a quantity has
no name.

Input of any length takes the same memory. Answers leave after each batch, so a live producer is
answered row by row with --batch 1; the answers are the same bits whatever the batch. An output
file appears whole, at the end, or not at all.`,
		Example: `  edge-infer run digits.edge --input test.csv
  edge-infer run digits.edge --input test.npy --output answers.csv
  sensor | edge-infer run model.edge --batch 1 --output-format jsonl | publisher`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return r.run(c, args[0]) },
	}
	r.input.add(c)
	c.Flags().StringVarP(&r.output, "output", "o", "-", "file for the answers, - for standard output")
	r.format.add(c, "output-format", "csv, jsonl, npy or raw (default: by the file's extension; the input's for standard output)")
	r.backend.add(c)
	return c
}

func (r *runCommand) run(c *cobra.Command, model string) error {
	m, s, err := r.backend.session(model)
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
	to, err := r.outputFormat(in.format)
	if err != nil {
		return err
	}
	if sameFile(r.output, model) {
		return cli.Usagef("%s: the answers would replace the model", r.output)
	}
	reader, err := table.NewReader(in, in.name, in.format, table.ReadOptions{Width: s.Inputs(), Features: m.Input.Features})
	if err != nil {
		return err
	}
	out, err := createOutput(r.output, c.OutOrStdout())
	if err != nil {
		return err
	}
	stream := answerer{model: m, session: s, reader: reader, batch: r.input.batch}
	if err := out.produce(c.Context(), func() error { return stream.run(out.To, to) }); err != nil {
		return err
	}
	in.Close()
	in.noteIgnored(c.ErrOrStderr(), reader)
	if stream.rows == 0 {
		fmt.Fprintf(c.ErrOrStderr(), "edge-infer: note: %s: no rows\n", in.name)
	}
	if n := reader.NaNs(); n > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "edge-infer: warning: %s: %s in %s went through the model as they are\n",
			in.name, plural(n, "NaN value"), plural(stream.nanRows, "row"))
	}
	return nil
}

// outputFormat settles the format of the answers.
func (r *runCommand) outputFormat(input table.Format) (table.Format, error) {
	if r.format.Format != 0 {
		return r.format.Format, nil
	}
	if r.output == "-" {
		return input, nil
	}
	if f, ok := table.FormatOf(r.output); ok {
		return f, nil
	}
	return 0, cli.Usagef("%s: the extension tells no format: add --output-format csv, jsonl, npy or raw", r.output)
}
