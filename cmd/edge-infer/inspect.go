package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

func newInspect() *cobra.Command {
	asJSON := false
	var auto sessionFlags
	c := &cobra.Command{
		Use:   "inspect MODEL",
		Short: "Show what is in a model file",
		Long: `Inspect shows where a model comes from, what it takes and gives, its layers with their widths and
parameters, its tensors, its golden vectors, and the backend that would run it here. Where there is a
GPU, it shows from how many rows a call on calls are faster there, and what calls take.`,
		Example: `  edge-infer inspect digits.edge
  edge-infer inspect digits.edge --json | jq .parameters`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE: func(c *cobra.Command, args []string) error {
			m, err := auto.model(args[0])
			if err != nil {
				return err
			}
			// What a GPU fails with is printed, so it is not told in another line.
			s, err := auto.session(m, args[0], work{}, io.Discard)
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			r := newInspectReport(m)
			r.File, r.FileBytes, r.Backend, r.GPU = args[0], info.Size(), s.Backend(), newGPUJSON(s.Tuning())
			if asJSON {
				return cli.PrintJSON(c.OutOrStdout(), r)
			}
			_, err = c.OutOrStdout().Write(inspectText(m, s, r))
			return err
		},
	}
	auto.addTune(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func inspectText(m *format.Model, s *runtime.Session, r *inspectReport) []byte {
	var text bytes.Buffer
	line := func(name, format string, a ...any) {
		if value := fmt.Sprintf(format, a...); value != "" {
			fmt.Fprintf(&text, "%-12s  %s\n", name, value)
		}
	}
	line("model", "%s", printable(r.Name))
	line("description", "%s", printable(r.Description))
	line("file", "%s, %s bytes", r.File, grouped(r.FileBytes))
	line("producer", "%s", printable(r.Producer))
	line("source", "%s", printable(r.Source))
	line("input", "%s", inputText(&m.Input))
	line("output", "%s", outputText(&m.Output, r.Output.Width))
	line("golden", "%s", goldenText(m.Golden, r.Golden))
	line("parameters", "%s in %s", grouped(r.Parameters), plural(len(r.Layers), "layer"))
	line("backend", "%s", chosenByAuto(s.Tuning(), processorBackend()))
	line("gpu", "%s", gpuText(s.Tuning(), processorBackend()))

	layers := [][]string{{"layer", "in", "out", "parameters", "place"}}
	for _, l := range r.Layers {
		layers = append(layers, []string{l.Text, grouped(l.Inputs), grouped(l.Outputs), grouped(l.Parameters), l.Place})
	}
	printTable(&text, layers, 0, 4)
	tensors := [][]string{{"tensor", "dtype", "shape", "bytes"}}
	for _, t := range r.Tensors {
		tensors = append(tensors, []string{printable(t.Name), t.DType, fmt.Sprint(t.Shape), grouped(t.Bytes)})
	}
	printTable(&text, tensors, 0, 1, 2)
	return text.Bytes()
}

func inputText(in *format.Input) string {
	text := fmt.Sprintf("%v %s, %s", in.Shape, in.DType, in.Layout)
	if len(in.Features) > 0 {
		text += ": " + some(in.Features)
	}
	if in.Layout == format.Words {
		text += "; takes text: see edge-infer run --format text"
	}
	return text
}

func outputText(o *format.Output, width int) string {
	text := fmt.Sprintf("[%d] %s", width, o.Kind)
	if len(o.Labels) > 0 {
		text += ": " + some(o.Labels)
	}
	if o.Threshold != nil {
		text += fmt.Sprintf("; %.40q where %s %g", o.Labels[1], o.Threshold.Comparison, o.Threshold.Value)
	}
	return text
}

func goldenText(g *format.Golden, r *goldenReport) string {
	if g == nil {
		return "none: verify cannot prove anything"
	}
	text := plural(r.Vectors, "vector")
	if r.Framework {
		return text + fmt.Sprintf(" with the framework's answers, tolerance %g + %g·|value|", g.Absolute, g.Relative)
	}
	return text + " without the framework's answers"
}

// printable makes text from a file fit for a terminal: what could move its cursor is escaped.
func printable(s string) string {
	quoted := fmt.Sprintf("%q", s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}
