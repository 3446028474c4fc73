package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

type verifyCommand struct {
	session sessionFlags
	json    bool
}

func newVerify() *cobra.Command {
	var v verifyCommand
	c := &cobra.Command{
		Use:   "verify MODEL",
		Short: "Prove with the model's golden vectors that the answers here are right",
		Long: `Verify runs the golden vectors that edge-export put into the model file, and holds the answers

  bit for bit  against the canonical ones, which every backend on every board must give,
  framework    against those of the framework that trained the model, within the file's tolerance,
  classes      and their classes against the framework's.

The second and third are possible if the framework's answers were given to edge-export. The exit
code is 1 if a check fails, and if the model holds no golden vectors.`,
		Example: `  edge-infer verify digits.edge
  edge-infer verify digits.edge --backend reference --json`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return v.run(c, args[0]) },
	}
	v.session.add(c)
	c.Flags().BoolVar(&v.json, "json", false, "print JSON")
	return c
}

func (v *verifyCommand) run(c *cobra.Command, model string) error {
	m, err := v.session.model(model)
	if err != nil {
		return err
	}
	s, err := v.session.session(m, model, work{}, c.ErrOrStderr())
	if err != nil {
		return err
	}
	r, err := runtime.Verify(m, s)
	if err != nil {
		return fmt.Errorf("%s: %w", model, err)
	}
	if v.json {
		err = cli.PrintJSON(c.OutOrStdout(), newVerifyReport(m, r))
	} else {
		_, err = c.OutOrStdout().Write(verifyText(m, r))
	}
	if err != nil {
		return err
	}
	if err := r.Err(); err != nil {
		return fmt.Errorf("%s: %w", model, err)
	}
	return nil
}

// verifyText prints a line for each check.
func verifyText(m *format.Model, r *runtime.Report) []byte {
	var text bytes.Buffer
	values := r.Vectors * r.Outputs
	line := func(check string, passed bool, format string, a ...any) {
		verdict := "ok"
		if !passed {
			verdict = "FAILED"
		}
		fmt.Fprintf(&text, "%-11s  %-6s  %s\n", check, verdict, fmt.Sprintf(format, a...))
	}
	if r.Differing == 0 {
		line("bit for bit", true, "%s of %s values in %s, backend %s", grouped(values), grouped(values), plural(r.Vectors, "vector"), r.Backend)
	} else {
		line("bit for bit", false, "%s of %s values differ, backend %s; the worst: %v", grouped(r.Differing), grouped(values), r.Backend, r.Worst)
	}
	if !r.Compared {
		fmt.Fprintf(&text, "%-11s  %-6s  %s\n", "framework", "-", "not compared: the file holds no answers of the framework that trained the model")
		return text.Bytes()
	}
	tolerance := fmt.Sprintf("tolerance %g + %g·|value|", m.Golden.Absolute, m.Golden.Relative)
	greatest := "no difference"
	if r.MaxError > 0 {
		greatest = fmt.Sprintf("greatest difference %.2g at vector %d, output %d", r.MaxError, r.WorstError.Vector, r.WorstError.Output)
	}
	if r.Outside == 0 {
		line("framework", true, "%s, %s", greatest, tolerance)
	} else {
		line("framework", false, "%s of %s values are beyond the %s; the worst: %v", grouped(r.Outside), grouped(values), tolerance, r.WorstOutside)
	}
	if !runtime.Decides(&m.Output, r.Outputs) {
		return text.Bytes()
	}
	if r.Disagree == 0 {
		line("classes", true, "agree on %s of %s vectors", grouped(r.Vectors), grouped(r.Vectors))
	} else {
		line("classes", false, "differ for %s of %s vectors, vector %d is the first", grouped(r.Disagree), grouped(r.Vectors), r.FirstDisagree)
	}
	return text.Bytes()
}
