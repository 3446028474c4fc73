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
}

func newEval() *cobra.Command {
	var e evalCommand
	c := &cobra.Command{
		Use:   "eval MODEL --input FILE --label-column NAME",
		Short: "Judge a model by rows whose labels are known",
		Long: `Eval runs the model on rows of csv or jsonl and holds its answers against a column of them.

For a classifier the column holds the model's labels, or class numbers from 0 if the model has no
labels; a label that is a number may be written in another way, 7.0 for 7. Printed are the
accuracy, the cross-entropy (mean of -ln p, p being the probability that the model gives to the
row's true class), the same for the rows of each class, and the confusion matrix. A row that the
model decides nothing for, because an output is NaN, counts as wrong.

Probabilities are taken as the model gives them, not made to add up to 1 again, widened to float64
and limited to [2^-52, 1 - 2^-52], as scikit-learn's log_loss does with float64. For logits the
cross-entropy is computed in float64 from the logits themselves, which needs no limit. Decision
values and class numbers are no probabilities: there is no cross-entropy.

For a regression with one output the column holds the targets. Printed are the mean squared error,
its root, the mean absolute error, and R² (1 is perfect, 0 no better than the mean target).`,
		Example: `  edge-infer eval digits.edge --input test.csv --label-column label
  edge-infer eval digits.edge --input test.csv --label-column label --json | jq .accuracy`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return e.run(c, args[0]) },
	}
	e.input.add(c, table.CSV, table.JSONL)
	c.Flags().StringVar(&e.label, "label-column", "", "csv column or jsonl key that holds the label (required)")
	c.Flags().BoolVar(&e.json, "json", false, "print JSON")
	e.session.add(c)
	if err := c.MarkFlagRequired("label-column"); err != nil {
		panic("edge-infer: " + err.Error())
	}
	return c
}

func (e *evalCommand) run(c *cobra.Command, model string) error {
	m, s, err := e.session.open(model)
	if err != nil {
		return err
	}
	if e.label == "" {
		return cli.Usagef("--label-column is empty")
	}
	judge, err := newJudge(m)
	if err != nil {
		return fmt.Errorf("%s: %w", model, err)
	}
	in, err := e.input.open(c.InOrStdin(), c.ErrOrStderr())
	if err != nil {
		return err
	}
	defer in.Close()
	stream, err := newAnswerer(m, s, in, e.label)
	if err != nil {
		return err
	}
	err = stream.each(func(outputs []float32, labels []table.Label) error {
		width := s.Outputs()
		for i, label := range labels {
			if err := judge.add(label.Text, outputs[i*width:][:width]); err != nil {
				return &table.RowError{Name: in.name, Row: stream.rows + int64(i) + 1, Line: label.Line, Err: fmt.Errorf("%s: %w", e.label, err)}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if stream.rows == 0 {
		return fmt.Errorf("%s: no rows", in.name)
	}
	in.Close()
	stream.remark(c.ErrOrStderr())
	if e.json {
		return cli.PrintJSON(c.OutOrStdout(), judge.report(s.Backend()))
	}
	return judge.print(c.OutOrStdout())
}

// A judge holds answers against labels.
type judge interface {
	// add counts a row: its label as it was read, and the model's outputs.
	add(label string, outputs []float32) error
	// report returns what is printed as JSON.
	report(b runtime.Backend) any
	// print writes what a person reads.
	print(w io.Writer) error
}

func newJudge(m *format.Model) (judge, error) {
	if m.Output.Kind == format.Value {
		return newRegressionJudge(m)
	}
	return newClassifierJudge(m)
}
