package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/detect"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// summary is what an export did, as --json prints it.
type summary struct {
	Source     string        `json:"source"`
	Kind       detect.Kind   `json:"kind"`
	File       string        `json:"file"`
	Bytes      int           `json:"bytes"`
	Name       string        `json:"name"`
	Trained    string        `json:"trained_by,omitempty"`
	Inputs     []int         `json:"inputs"` // shape of a row
	Outputs    int           `json:"outputs"`
	OutputKind format.Kind   `json:"output_kind"`
	Labels     []string      `json:"labels,omitempty"`
	Threshold  string        `json:"threshold,omitempty"`
	Layers     []layerLine   `json:"layers"`
	Parameters int           `json:"parameters"`
	Rounding   *roundingLine `json:"rounding,omitempty"`
	Golden     goldenLine    `json:"golden"`
	Decisions  []string      `json:"decisions,omitempty"`
	Folded     *foldedLine   `json:"folded,omitempty"`
	Fates      []draft.Fate  `json:"source_layers,omitempty"` // what became of them
	Warnings   []string      `json:"warnings,omitempty"`
}

type layerLine struct {
	Layer      string `json:"layer"`
	Inputs     int    `json:"inputs"`
	Outputs    int    `json:"outputs"`
	Parameters int    `json:"parameters"`
	Bytes      int    `json:"bytes"`
}

type roundingLine struct {
	Values   int     `json:"values"`
	Relative float64 `json:"greatest_relative_difference"`
	Tensor   string  `json:"tensor"`
}

type goldenLine struct {
	Vectors  int         `json:"vectors"`
	Compared bool        `json:"compared"` // with the framework's outputs
	MaxError *cli.Number `json:"greatest_difference,omitempty"`
	Vector   *int        `json:"vector,omitempty"` // where that is
	Output   *int        `json:"output,omitempty"`
	Absolute float64     `json:"absolute_tolerance"`
	Relative float64     `json:"relative_tolerance"`
	Agreeing *int        `json:"agreeing,omitempty"` // vectors that both give the same class, if a class is decided
}

func newSummary(source string, file *detect.File, target string, size int, result *assemble.Result, r *runtime.Report) *summary {
	m := result.Model
	s := &summary{
		Source: source, Kind: file.Kind, File: target, Bytes: size,
		Name: m.Name, Trained: strings.TrimSpace(m.Source.Name + " " + m.Source.Version),
		Inputs: m.Input.Shape, Outputs: m.OutputSize(), OutputKind: m.Output.Kind, Labels: m.Output.Labels,
		Decisions: result.Decisions,
	}
	if m.Output.Threshold != nil {
		s.Threshold = arch.CutString(*m.Output.Threshold)
	}
	if file.Draft != nil {
		s.Fates = file.Draft.Fates
	}
	s.layers(m)
	if rounding := result.Rounding; rounding.Values > 0 {
		s.Rounding = &roundingLine{rounding.Values, rounding.Relative, rounding.Tensor}
	}
	s.Golden = goldenLine{
		Vectors: r.Vectors, Compared: r.Compared,
		Absolute: m.Golden.Absolute, Relative: m.Golden.Relative,
	}
	if r.Compared {
		s.Golden.MaxError = (*cli.Number)(&r.MaxError)
		s.Golden.Vector, s.Golden.Output = &r.WorstError.Vector, &r.WorstError.Output
	}
	if r.Compared && runtime.Decides(&m.Output, r.Outputs) {
		agreeing := r.Vectors - r.Disagree
		s.Golden.Agreeing = &agreeing
	}
	return s
}

func (s *summary) layers(m *format.Model) {
	width := m.InputSize()
	for _, l := range m.Steps() {
		out, err := m.Outputs(l, width)
		if err != nil {
			panic("edge-export: " + err.Error()) // the model is valid
		}
		line := layerLine{Layer: arch.LayerString(l), Inputs: width, Outputs: out}
		for _, name := range format.TensorNames(l) {
			t := m.Tensor(name)
			line.Parameters += t.Len()
			line.Bytes += len(t.Data)
		}
		s.Layers = append(s.Layers, line)
		s.Parameters += line.Parameters
		width = out
	}
}

// print writes the summary for a person, or for a program.
func (s *summary) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return cli.PrintJSON(w, s)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s) -> %s, %d bytes\n\n", s.Source, s.Kind, s.File, s.Bytes)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "inputs\toutputs\tparameters\tbytes\t  layer\n")
	for _, l := range s.Layers {
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t  %s\n", l.Inputs, l.Outputs, l.Parameters, l.Bytes, l.Layer)
	}
	t.Flush()
	printFates(&b, s.Fates)
	t = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nname\t%s\n", printable(s.Name))
	if s.Trained != "" {
		fmt.Fprintf(t, "trained by\t%s\n", printable(s.Trained))
	}
	fmt.Fprintf(t, "output\t%s\n", printable(s.outputText()))
	if r := s.Rounding; r != nil {
		fmt.Fprintf(t, "float32\t%s rounded, relatively by at most %.2g (%s)\n", plural.Count(r.Values, "value"), r.Relative, printable(r.Tensor))
	}
	if s.Folded != nil {
		fmt.Fprintf(t, "folded\t%s\n", printable(s.Folded.text()))
	}
	fmt.Fprintf(t, "golden\t%s\n", s.Golden.text())
	for _, d := range s.Decisions {
		fmt.Fprintf(t, "decided\t%s\n", printable(d))
	}
	t.Flush()
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *summary) outputText() string {
	const most = 12
	text := fmt.Sprintf("%d of kind %s", s.Outputs, s.OutputKind)
	if n := len(s.Labels); n > most {
		text += fmt.Sprintf(", %d labels from %s to %s", n, s.Labels[0], s.Labels[n-1])
	} else if n > 0 {
		text += ": " + strings.Join(s.Labels, ", ")
	}
	if s.Threshold != "" {
		text += fmt.Sprintf("; the second where %s", s.Threshold)
	}
	return text
}

func (g goldenLine) text() string {
	if !g.Compared {
		return plural.Count(g.Vectors, "vector") + ", without outputs of the framework to compare with"
	}
	text := fmt.Sprintf("%s; greatest difference from the framework %.2g (vector %d, output %d), allowed %g + %g |y|",
		plural.Count(g.Vectors, "vector"), *g.MaxError, *g.Vector, *g.Output, g.Absolute, g.Relative)
	if g.Agreeing != nil {
		text += fmt.Sprintf("; the same class in %d of %d", *g.Agreeing, g.Vectors)
	}
	return text
}
