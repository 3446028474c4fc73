package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/output"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

type runCommand struct {
	input   inputFlags
	session sessionFlags
	output  string
	format  formatFlag
	stats   statsFlag
}

func newRun() *cobra.Command {
	var r runCommand
	c := &cobra.Command{
		Use:   "run MODEL",
		Short: "Answer rows of numbers, or texts, from a file or a pipe",
		Long: `Run reads rows, runs the model on each, and writes a row of answers for each, in order.

Rows are read and answers are written as csv, jsonl, npy or raw (little-endian float32). A csv
header that names the model's features picks the columns by name; otherwise they are taken by
position. A missing value is written nan, or null in jsonl; it passes through the model as NaN, and
a warning at the end says how many there were. Pixels, the input of a model of dtype u8, are whole
numbers from 0 to 255, and none is missing.

Rows that are mostly zeros may give only the other elements, as svmlight or, with --sparse, as
jsonl objects. Svmlight, which LIBSVM reads too, has a row a line: a label, which run passes over
and which may be missing, then index:value with ascending indices. They count from 1, unless
--first-index 0 or a comment before the rows, "# Column indices are zero-based", says otherwise.
The answers are the same bits as for whole rows, in time proportional to the elements if the model
begins with a dense layer of floats.

A model of layout words takes text too: --format text has a document on each line, --format
document a file for each --input, and --text-column names the csv column or jsonl key that holds
one. What counts are the words of the model's vocabulary: in lower case, runs of at least two
letters, digits or underscores, in UTF-8.

csv and jsonl answers hold the output values and, where the model's classes have labels, the label
of the class that the model decides for. npy and raw answers hold the values alone. Csv columns
are called probability_LABEL, logit_LABEL, decision_LABEL, class, or value_0 where a quantity has
no name.

Input of any length takes the same memory, and answers leave after each batch, so a live producer
is answered row by row with --batch 1; the answers are the same bits whatever the batch. Not so
with npy in two cases: npy answers to a pipe are held until the last, since the number of rows
comes first there, and an npy input in Fortran order is read whole before the first answer. Both
are limited to 1 GiB of values.

An output file appears whole, at the end, or not at all. It cannot be the input file.

With --stats a JSON object says at the end how long the calls of the model took, without reading and
writing rows, as percentiles of at most 16,384 calls drawn at random and as at most 256 points in the
order of time, each with the clocks, the temperature and the power of the board, and for how long the
board was slowed down.`,
		Example: `  edge-infer run digits.edge --input test.csv
  edge-infer run digits.edge --input test.npy --output answers.csv
  edge-infer run clicks.edge --input clicks.svmlight
  edge-infer run spam.edge --input mails.txt
  sensor | edge-infer run model.edge --batch 1 --output-format jsonl | publisher`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return r.run(c, args[0]) },
	}
	r.input.add(c, table.CSV, table.JSONL, table.NPY, table.Raw, table.SVMLight, table.Text, table.Document)
	c.Flags().StringVarP(&r.output, "output", "o", "-", "file for the answers, - for standard output")
	r.format.add(c, "output-format", "for standard output the input's, or csv", table.CSV, table.JSONL, table.NPY, table.Raw)
	r.format.lacks = "is only read"
	r.stats.add(c)
	r.session.add(c)
	return c
}

func (r *runCommand) run(c *cobra.Command, model string) error {
	m, err := r.session.model(model)
	if err != nil {
		return err
	}
	watcher := c.ErrOrStderr()
	if r.output == "-" && isTerminal(c.OutOrStdout()) {
		watcher = io.Discard // the answers themselves show how far it is
	}
	in, err := r.input.open(&m.Input, c.InOrStdin(), watcher)
	if err != nil {
		return err
	}
	defer in.Close()
	to, err := r.format.of(r.output, written(in.format))
	if err != nil {
		return err
	}
	if err := refuseToReplace(r.output, "answers", model, in); err != nil {
		return err
	}
	if err := r.stats.check(r.output, model, in); err != nil {
		return err
	}
	s, err := r.session.session(m, model, in.work(), c.ErrOrStderr())
	if err != nil {
		return err
	}
	stats, err := r.stats.begin(model, s, in)
	if err != nil {
		return err
	}
	stream, err := newAnswerer(m, stats.timed(s), in, "")
	if err != nil {
		return err
	}
	out, err := output.Create(r.output, c.OutOrStdout())
	if err != nil {
		return err
	}
	err = r.stats.around(c, stats, func() error {
		return out.Produce(c.Context(), func() error { return stream.run(out.To, to) })
	})
	if err != nil {
		return err
	}
	in.Close()
	stream.remark(c.ErrOrStderr())
	return nil
}

// written is the format of answers to rows of a format.
func written(rows table.Format) table.Format {
	if rows == table.SVMLight || rows == table.Text || rows == table.Document {
		return table.CSV
	}
	return rows
}
