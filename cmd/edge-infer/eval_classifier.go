package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/metric"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

type classifierJudge struct {
	output  *format.Output
	classes *classes
	metric  *metric.Classification
	loss    func(outputs []float32, truth int) float64 // nil where there are no probabilities
}

func newClassifierJudge(m *format.Model) (*classifierJudge, error) {
	classes, err := newClasses(m)
	if err != nil {
		return nil, err
	}
	return &classifierJudge{
		output:  &m.Output,
		classes: classes,
		metric:  metric.NewClassification(len(classes.labels)),
		loss:    lossOf(&m.Output),
	}, nil
}

// lossOf returns how the loss of a row follows from its outputs.
func lossOf(o *format.Output) func(outputs []float32, truth int) float64 {
	single := o.Threshold != nil // one column, which speaks of the second class
	switch {
	case o.Kind == format.Probabilities && single:
		return func(p []float32, truth int) float64 { return metric.LossOfProbability(p[0], truth) }
	case o.Kind == format.Probabilities:
		return metric.LossOfProbabilities
	case o.Kind == format.Logits && single:
		return func(z []float32, truth int) float64 { return metric.LossOfLogit(z[0], truth) }
	case o.Kind == format.Logits:
		return metric.LossOfLogits
	}
	return nil
}

func (j *classifierJudge) add(label string, outputs []float32) error {
	truth, err := j.classes.find(label)
	if err != nil {
		return err
	}
	loss := math.NaN()
	if j.loss != nil {
		loss = j.loss(outputs, truth)
	}
	predicted := runtime.ClassOf(j.output, outputs)
	if predicted >= len(j.classes.labels) {
		predicted = -1 // a class number that no class has
	}
	j.metric.Add(truth, predicted, loss)
	return nil
}

type classifierReport struct {
	Backend      runtime.Backend `json:"backend"`
	Rows         int64           `json:"rows"`
	Correct      int64           `json:"correct"`
	Undecided    int64           `json:"undecided"`
	Accuracy     cli.Number      `json:"accuracy"`
	CrossEntropy *cli.Number     `json:"cross_entropy,omitempty"` // nats
	Classes      []classReport   `json:"classes"`
	Confusion    [][]int64       `json:"confusion"` // [true class][predicted class]
}

type classReport struct {
	Label   string      `json:"label"`
	Rows    int64       `json:"rows"`
	LogLoss *cli.Number `json:"log_loss,omitempty"` // nats
}

func (j *classifierJudge) report(b runtime.Backend) any {
	r := classifierReport{
		Backend:      b,
		Rows:         j.metric.Rows(),
		Correct:      j.metric.Correct(),
		Undecided:    j.metric.Undecided(),
		Accuracy:     cli.Number(j.metric.Accuracy()),
		CrossEntropy: j.number(j.metric.CrossEntropy()),
		Confusion:    j.metric.Confusion(),
	}
	for i, label := range j.classes.labels {
		r.Classes = append(r.Classes, classReport{label, j.metric.ClassRows(i), j.number(j.metric.ClassLoss(i))})
	}
	return r
}

// number returns a loss, or nil where there is none.
func (j *classifierJudge) number(loss float64) *cli.Number {
	if j.loss == nil {
		return nil
	}
	n := cli.Number(loss)
	return &n
}

func (j *classifierJudge) print(w io.Writer) error {
	var text bytes.Buffer
	m := j.metric
	fmt.Fprintf(&text, "accuracy       %v (%s of %s rows)\n", cli.Number(m.Accuracy()), grouped(m.Correct()), grouped(m.Rows()))
	if j.loss != nil {
		fmt.Fprintf(&text, "cross-entropy  %v\n", cli.Number(m.CrossEntropy()))
	}
	if n := m.Undecided(); n > 0 {
		fmt.Fprintf(&text, "undecided      %s, counted as wrong\n", plural(n, "row"))
	}
	const widest = 40 // columns that a terminal may show
	if m.Classes() > widest {
		fmt.Fprintf(&text, "\n%d classes are too many for a table: see --json\n", m.Classes())
	} else {
		fmt.Fprintf(&text, "\nEach line is a true class; the columns count what its rows were taken for.\n")
		printTable(&text, j.table(), 0)
	}
	_, err := w.Write(text.Bytes())
	return err
}

// table holds for each class its rows, its loss and its line of the confusion matrix.
func (j *classifierJudge) table() [][]string {
	heading := []string{"label", "rows"}
	if j.loss != nil {
		heading = append(heading, "log-loss")
	}
	for _, label := range j.classes.labels {
		heading = append(heading, printable(label))
	}
	rows := [][]string{heading}
	for i, counts := range j.metric.Confusion() {
		row := []string{printable(j.classes.labels[i]), strconv.FormatInt(j.metric.ClassRows(i), 10)}
		if j.loss != nil {
			row = append(row, cli.Number(j.metric.ClassLoss(i)).String())
		}
		for _, n := range counts {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	return rows
}
