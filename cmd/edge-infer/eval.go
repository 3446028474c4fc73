package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

type evalCommand struct {
	input   inputFlags
	session sessionFlags
	label   string
	json    bool
	plot    plotFlag
}

func newEval() *cobra.Command {
	var e evalCommand
	c := &cobra.Command{
		Use:   "eval MODEL --input FILE",
		Short: "Judge a model by rows whose labels are known",
		Long: `Eval runs the model on rows whose labels are known, and holds its answers against those. Rows are
read as by run, which explains them: csv or jsonl with a column that --label-column names, beside
the values or a text (--text-column); or svmlight, whose rows begin with their label.

For a classifier the labels are those of the model, or class numbers from 0 if the model has no
labels; a label that is a number may be written in another way, 7.0 for 7. Printed are the
accuracy, the cross-entropy (mean of -ln p, p being the probability that the model gives to the
row's true class), the same for the rows of each class, the squared error (mean of the sum over the
outputs of (p - y)², y being 1 for the true class and 0 for others), and the confusion matrix. A row
that the model decides nothing for, because an output is NaN, counts as wrong.

Probabilities are taken as the model gives them, not made to add up to 1 again, widened to float64
and limited to [2^-52, 1 - 2^-52], as scikit-learn's log_loss does with float64. For logits the
cross-entropy is computed in float64 from the logits themselves, which needs no limit, and p in the
squared error is their softmax or sigmoid. Decision values and class numbers are no probabilities:
there is neither.

For a regression with one output the labels are the targets. Printed are the mean squared error,
its root, the mean absolute error, and R² (1 is perfect, 0 no better than the mean target).

With --plot a picture is written too: of a classifier's confusion matrix, at most 100 classes, or of
a regression's predictions against the targets. Of very many rows it shows some at equal distances,
and says so.`,
		Example: `  edge-infer eval digits.edge --input test.csv --label-column label
  edge-infer eval digits.edge --input test.csv --label-column label --json | jq .accuracy
  edge-infer eval spam.edge --input mails.csv --text-column text --label-column kind
  edge-infer eval clicks.edge --input clicks.svmlight --plot confusion.svg`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return e.run(c, args[0]) },
	}
	e.input.add(c, table.CSV, table.JSONL, table.SVMLight)
	e.input.format.lacks = "holds no labels"
	c.Flags().StringVar(&e.label, "label-column", "", "csv column or jsonl key that holds the label; svmlight rows begin with it")
	c.Flags().BoolVar(&e.json, "json", false, "print JSON")
	e.plot.add(c)
	e.session.add(c)
	return c
}

// labelOf is what the labels of rows are called.
func (e *evalCommand) labelOf(rows table.Format) (string, error) {
	switch {
	case rows == table.SVMLight && e.label != "":
		return "", cli.Usagef("--label-column %q: rows of svmlight begin with their label: leave the flag out", e.label)
	case rows == table.SVMLight:
		return "label", nil
	case e.label == "":
		return "", cli.Usagef("--label-column is needed: it names the csv column or jsonl key that holds the label")
	}
	return e.label, nil
}

func (e *evalCommand) run(c *cobra.Command, model string) error {
	m, err := e.session.model(model)
	if err != nil {
		return err
	}
	judge, err := newJudge(m)
	if err != nil {
		return fmt.Errorf("%s: %w", model, err)
	}
	in, err := e.input.open(&m.Input, c.InOrStdin(), c.ErrOrStderr())
	if err != nil {
		return err
	}
	defer in.Close()
	if err := e.plot.check(judge, model, in); err != nil {
		return err
	}
	label, err := e.labelOf(in.format)
	if err != nil {
		return err
	}
	s, err := e.session.session(m, model, in.work(), c.ErrOrStderr())
	if err != nil {
		return err
	}
	stream, err := newAnswerer(m, s, in, label)
	if err != nil {
		return err
	}
	draw := func() []byte { return judge.draw(title(m, model)) }
	if err := e.plot.around(c.Context(), draw, func() error { return stream.judge(judge) }); err != nil {
		return err
	}
	in.Close()
	stream.remark(c.ErrOrStderr())
	if e.json {
		return cli.PrintJSON(c.OutOrStdout(), judge.report(in.backend(s)))
	}
	return judge.print(c.OutOrStdout())
}

// judge holds the answers to all rows against their labels.
func (a *answerer) judge(j judge) error {
	width := a.session.Outputs()
	err := a.each(func(outputs []float32, labels []table.Label) error {
		for i, label := range labels {
			if err := j.add(label.Text, outputs[i*width:][:width]); err != nil {
				return &table.RowError{Name: a.in.name, Row: a.answered + int64(i) + 1, Line: label.Line, Err: fmt.Errorf("%s: %w", a.label, err)}
			}
		}
		return nil
	})
	if err == nil && a.answered == 0 {
		err = fmt.Errorf("%s: no rows", a.in.name)
	}
	return err
}

// A judge holds answers against labels.
type judge interface {
	// add counts a row: its label as it was read, and the model's outputs.
	add(label string, outputs []float32) error
	// report returns what is printed as JSON.
	report(b runtime.Backend) any
	// print writes what a person reads.
	print(w io.Writer) error
	// drawable refuses what is no picture.
	drawable() error
	// draw returns a picture as SVG.
	draw(title string) []byte
}

func newJudge(m *format.Model) (judge, error) {
	if m.Output.Kind == format.Value {
		return newRegressionJudge(m)
	}
	return newClassifierJudge(m)
}
