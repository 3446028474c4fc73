package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/detect"
	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// inspection is what an importer sees in a file, as --json prints it.
type inspection struct {
	Source   string            `json:"source"`
	Kind     detect.Kind       `json:"kind"`
	Tensors  []tensorLine      `json:"tensors,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	Layers   string            `json:"layers,omitempty"` // of a whole model
	Fates    []draft.Fate      `json:"source_layers,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
	Command  string            `json:"command,omitempty"`
	Note     string            `json:"note,omitempty"` // on tensors that the command leaves without a use
}

type tensorLine struct {
	Name  string   `json:"name"`
	Shape []int    `json:"shape"`
	DType string   `json:"dtype"`
	Least *float64 `json:"least,omitempty"`    // of the finite values
	Most  *float64 `json:"greatest,omitempty"` // of the finite values
	NaN   int      `json:"nan"`
	Inf   int      `json:"inf"`
	Use   string   `json:"use,omitempty"` // going by the name
}

func newInspect() *cobra.Command {
	o := new(options)
	c := &cobra.Command{
		Use:   "inspect SOURCE",
		Short: "Show what is in a trained file, and the command to export it",
		Long: `Inspect shows the layers of a whole model, and what becomes of each; or the tensors of a file of
weights with their shapes, dtypes and ranges, what each would be used for going by its name, and a
command to copy. The activations in it are the commonest ones: no file of weights says which they
were, so they are yours to correct.`,
		Example: `  edge-export inspect testdata/digits/mlp.npz
  edge-export inspect net.safetensors --json`,
		Args: sourceArgument,
		RunE: func(c *cobra.Command, args []string) error {
			file, err := openSource(args[0], o.detection())
			if err != nil {
				return err
			}
			i := o.inspect(args[0], file)
			if o.json {
				return cli.PrintJSON(c.OutOrStdout(), i)
			}
			return i.print(c.OutOrStdout())
		},
	}
	o.defineReading(c.Flags())
	c.Flags().BoolVar(&o.json, "json", false, "print the same as JSON")
	return c
}

func (o *options) inspect(name string, file *detect.File) *inspection {
	i := &inspection{Source: name, Kind: file.Kind, Metadata: file.Metadata, Notes: file.Notes}
	uses := assemble.Uses(file.Tensors)
	for j, t := range file.Tensors {
		i.Tensors = append(i.Tensors, newTensorLine(t, uses[j]))
	}
	target := strings.TrimSuffix(filepath.Base(filepath.Clean(name)), filepath.Ext(name)) + ".edge"
	if file.Model != nil {
		i.Layers = arch.String(file.Model.Steps())
		words := []string{"edge-export", name, "-o", target}
		if o.scaler != "" {
			words = append(words, "--scaler", o.scaler)
		}
		if o.onnxOutput != "" {
			words = append(words, "--onnx-output", o.onnxOutput)
		}
		i.Command = shell(words...)
		if file.Draft != nil {
			i.Fates, i.Notes = file.Draft.Fates, file.Draft.Notes
		}
	} else if s := assemble.Suggest(file.Tensors); s.Arch != "" {
		i.Command = shell("edge-export", name, "-o", target, "--arch", s.Arch)
		if len(s.Rest) > 0 {
			i.Note = s.Note()
		}
	}
	return i
}

func newTensorLine(t source.Tensor, use string) tensorLine {
	line := tensorLine{Name: t.Name, Shape: t.Array.Shape, DType: assemble.DTypeName(t.Array.DType), Use: use}
	least, most := math.Inf(1), math.Inf(-1)
	count := func(values []float64) {
		for _, v := range values {
			switch {
			case v != v:
				line.NaN++
			case math.IsInf(v, 0):
				line.Inf++
			default:
				least, most = min(least, v), max(most, v)
			}
		}
	}
	if !t.Array.DType.IsText() {
		eachPiece(t.Array, count)
	}
	if least <= most {
		line.Least, line.Most = &least, &most
	}
	return line
}

// eachPiece calls f with the values of an array, some thousands at a time: as float64, a byte takes
// eight.
func eachPiece(a *npy.Array, f func(values []float64)) {
	const most = 8192
	size := a.DType.Size()
	values := make([]float64, min(most, a.Len()))
	for data := a.Bytes(); len(data) > 0; {
		n := min(len(values), len(data)/size)
		a.DType.Float64s(values[:n], data[:n*size])
		f(values[:n])
		data = data[n*size:]
	}
}

// shell writes a command line that a shell reads as these words.
func shell(words ...string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=@%+"
	quoted := make([]string, len(words))
	for i, word := range words {
		if word == "" || strings.Trim(word, plain) != "" {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		quoted[i] = word
	}
	return strings.Join(quoted, " ")
}

// print writes the inspection for a person.
func (i *inspection) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", i.Source, i.Kind)
	if len(i.Tensors) > 0 {
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprint(t, "\ntensor\tshape\tdtype\tleast\tgreatest\tNaN\tinf\tuse, by its name\n")
		for _, line := range i.Tensors {
			use := line.Use
			if use == "" {
				use = "?"
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", printable(line.Name), assemble.ShapeString(line.Shape), line.DType,
				rangeText(line.Least), rangeText(line.Most), line.NaN, line.Inf, use)
		}
		t.Flush()
	}
	if i.Layers != "" {
		fmt.Fprintf(&b, "\na whole model: %s\n", i.Layers)
	}
	printFates(&b, i.Fates)
	for n, note := range i.Notes {
		fmt.Fprintf(&b, "%snote: %s\n", map[bool]string{true: "\n"}[n == 0], printable(note))
	}
	if i.Command != "" {
		fmt.Fprintf(&b, "\nto export it%s:\n  %s\n", map[bool]string{true: "", false: ", with the activations that it was trained with"}[i.Layers != ""], i.Command)
	} else {
		fmt.Fprint(&b, "\nno name tells of a layer: write the tensors into --arch, as in dense(WEIGHT,BIAS),relu,…\n")
	}
	if i.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", printable(i.Note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func rangeText(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'g', 4, 64)
}
