package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/metric"
	"github.com/edge-infer/edge-infer/cmd/internal/plot"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

type classifierJudge struct {
	output  *format.Output
	classes *classes
	metric  *metric.Classification
	loss    rowMeasure // nil where there are no probabilities
	squared rowMeasure // likewise
}

// A rowMeasure tells from a row's outputs how far they are from the true class.
type rowMeasure func(outputs []float32, truth int) float64

func newClassifierJudge(m *format.Model) (*classifierJudge, error) {
	classes, err := newClasses(m)
	if err != nil {
		return nil, err
	}
	loss, squared := measuresOf(&m.Output)
	return &classifierJudge{
		output:  &m.Output,
		classes: classes,
		metric:  metric.NewClassification(len(classes.labels)),
		loss:    loss,
		squared: squared,
	}, nil
}

// measuresOf returns how the loss and the squared error of a row follow from its outputs.
func measuresOf(o *format.Output) (loss, squared rowMeasure) {
	single := o.Threshold != nil // one column, which speaks of the second class
	switch {
	case o.Kind == format.Probabilities && single:
		return ofOne(metric.LossOfProbability), ofOne(metric.SquaredOfProbability)
	case o.Kind == format.Probabilities:
		return metric.LossOfProbabilities, metric.SquaredOfProbabilities
	case o.Kind == format.Logits && single:
		return ofOne(metric.LossOfLogit), ofOne(metric.SquaredOfLogit)
	case o.Kind == format.Logits:
		return metric.LossOfLogits, metric.SquaredOfLogits
	}
	return nil, nil
}

// ofOne measures rows of a single output.
func ofOne(measure func(output float32, truth int) float64) rowMeasure {
	return func(outputs []float32, truth int) float64 { return measure(outputs[0], truth) }
}

func (j *classifierJudge) add(label string, outputs []float32) error {
	truth, err := j.classes.find(label)
	if err != nil {
		return err
	}
	loss, squared := math.NaN(), math.NaN()
	if j.loss != nil {
		loss, squared = j.loss(outputs, truth), j.squared(outputs, truth)
	}
	predicted := runtime.ClassOf(j.output, outputs)
	if predicted >= len(j.classes.labels) {
		predicted = -1 // a class number that no class has
	}
	j.metric.Add(truth, predicted, loss, squared)
	return nil
}

type classifierReport struct {
	Backend      runtime.Backend `json:"backend"`
	Rows         int64           `json:"rows"`
	Correct      int64           `json:"correct"`
	Undecided    int64           `json:"undecided"`
	Accuracy     cli.Number      `json:"accuracy"`
	CrossEntropy *cli.Number     `json:"cross_entropy,omitempty"` // nats
	MeanSquared  *cli.Number     `json:"mean_squared_error,omitempty"`
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
		MeanSquared:  j.number(j.metric.MeanSquared()),
		Confusion:    j.metric.Confusion(),
	}
	for i, label := range j.classes.labels {
		r.Classes = append(r.Classes, classReport{label, j.metric.ClassRows(i), j.number(j.metric.ClassLoss(i))})
	}
	return r
}

// number returns a measure of probabilities, or nil where there are none.
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
		fmt.Fprintf(&text, "squared error  %v\n", cli.Number(m.MeanSquared()))
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

func (j *classifierJudge) drawable() error {
	if n := len(j.classes.labels); n > plot.MaxClasses {
		return cli.Usagef("--plot: %d classes: at most %d are drawn", n, plot.MaxClasses)
	}
	return nil
}

func (j *classifierJudge) draw(title string) []byte {
	m := j.metric
	subtitle := fmt.Sprintf("accuracy %v (%s of %s rows)", cli.Number(m.Accuracy()), grouped(m.Correct()), grouped(m.Rows()))
	if n := m.Undecided(); n > 0 {
		subtitle += fmt.Sprintf("; %s undecided, in no column", plural(n, "row"))
	}
	picture := plot.Confusion{Title: title, Subtitle: subtitle, Labels: j.classes.labels, Counts: m.Confusion()}
	return picture.SVG()
}
