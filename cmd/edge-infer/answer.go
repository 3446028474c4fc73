package main

import (
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/cmd/internal/words"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// An answerer runs a model on rows as they come.
type answerer struct {
	model    *format.Model
	session  session
	in       *input
	rows     rows
	label    string         // the column of labels, or "" for none
	counter  *words.Counter // nil where no words are counted
	answered int64          // rows
}

func newAnswerer(m *format.Model, s session, in *input, label string) (*answerer, error) {
	rows, counter, err := newRows(m, s, in, label)
	if err != nil {
		return nil, err
	}
	return &answerer{model: m, session: s, in: in, rows: rows, label: label, counter: counter}, nil
}

// maxBatchValues bounds the memory of a batch of very wide rows, or of very many. A smaller batch
// gives the same answers.
const maxBatchValues = 1 << 26

// run answers all rows, and writes the answers a batch at a time.
func (a *answerer) run(w io.Writer, f table.Format) error {
	o, width := &a.model.Output, a.session.Outputs()
	writer, err := table.NewWriter(w, f, o.ColumnNames(width), labelled(o))
	if err != nil {
		return err
	}
	var labels []string
	err = a.each(func(outputs []float32, _ []table.Label) error {
		labels = labels[:0]
		n := len(outputs) / width
		if labelled(o) {
			for row := range n {
				labels = append(labels, runtime.LabelOf(o, outputs[row*width:][:width]))
			}
		}
		return writer.Write(outputs, n, labels)
	})
	if err != nil {
		return err
	}
	return writer.Close()
}

// each calls use with the outputs of every batch of rows, and with their labels if there is a column
// of those.
func (a *answerer) each(use func(outputs []float32, labels []table.Label) error) error {
	out := a.session.Outputs()
	batch := min(a.in.flags.batch, max(1, maxBatchValues/out))
	outputs := make([]float32, batch*out)
	var labels []table.Label
	if a.label != "" {
		labels = make([]table.Label, batch)
	}
	for {
		n, err := a.rows.run(batch, outputs, labels)
		if n == 0 && err == io.EOF {
			return nil
		}
		// Rows before a bad one are good: whoever reads a pipe gets their answers first.
		if n > 0 {
			if err := use(outputs[:n*out], labels[:min(n, len(labels))]); err != nil {
				return err
			}
			a.answered += int64(n)
		}
		if err != nil && err != io.EOF {
			return err
		}
	}
}

// remark tells what the answers do not show of the rows.
func (a *answerer) remark(stderr io.Writer) {
	say := func(kind, format string, values ...any) {
		fmt.Fprintf(stderr, "edge-infer: %s: %s: %s\n", kind, a.in.name, fmt.Sprintf(format, values...))
	}
	if a.answered == 0 {
		say("note", "no rows")
	}
	if a.rows.ByPosition() {
		say("note", "the header has none of the model's feature names: columns are taken by position")
	}
	if names := a.rows.Ignored(); len(names) > 0 {
		say("note", "ignored, since the model has no such features: %s", some(names))
	}
	if a.counter != nil {
		if words := a.counter.Strangers(a.model.Input.Features); len(words) > 0 {
			say("note", "the model's vocabulary has words that no text has, since words are cut in another way: %s", some(words))
		}
	}
	if n := a.rows.NaNs(); n > 0 {
		went := "as it is"
		if n > 1 {
			went = "as they are"
		}
		say("warning", "%s in %s went through the model %s", plural(n, "NaN value"), plural(a.rows.nanRows(), "row"), went)
	}
}

// labelled reports whether an output row decides for a class that has a label.
func labelled(o *format.Output) bool { return len(o.Labels) > 0 && o.Kind != format.Value }
