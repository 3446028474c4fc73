package main

import (
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

type regressionJudge struct {
	metric  metric.Regression
	picture plot.Scatter
}

func newRegressionJudge(m *format.Model) (*regressionJudge, error) {
	if n := m.OutputSize(); n != 1 {
		return nil, cli.Usagef("a regression with %d outputs: one label column judges one output", n)
	}
	return new(regressionJudge), nil
}

func (j *regressionJudge) add(label string, outputs []float32) error {
	target, err := strconv.ParseFloat(label, 64)
	if err != nil || math.IsNaN(target) || math.IsInf(target, 0) {
		return fmt.Errorf("the target %.40q is not a finite number", label)
	}
	j.metric.Add(target, float64(outputs[0]))
	j.picture.Add(target, float64(outputs[0]))
	return nil
}

type regressionReport struct {
	Backend         runtime.Backend `json:"backend"`
	Rows            int64           `json:"rows"`
	MeanSquared     cli.Number      `json:"mean_squared_error"`
	RootMeanSquared cli.Number      `json:"root_mean_squared_error"`
	MeanAbsolute    cli.Number      `json:"mean_absolute_error"`
	R2              cli.Number      `json:"r2"`
}

func (j *regressionJudge) report(b runtime.Backend) any {
	return regressionReport{
		Backend:         b,
		Rows:            j.metric.Rows(),
		MeanSquared:     cli.Number(j.metric.MeanSquared()),
		RootMeanSquared: cli.Number(j.metric.RootMeanSquared()),
		MeanAbsolute:    cli.Number(j.metric.MeanAbsolute()),
		R2:              cli.Number(j.metric.R2()),
	}
}

func (j *regressionJudge) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "rows                     %s\n"+
		"mean squared error       %v\n"+
		"root mean squared error  %v\n"+
		"mean absolute error      %v\n"+
		"R²                       %v\n",
		grouped(j.metric.Rows()), cli.Number(j.metric.MeanSquared()), cli.Number(j.metric.RootMeanSquared()),
		cli.Number(j.metric.MeanAbsolute()), cli.Number(j.metric.R2()))
	return err
}

func (j *regressionJudge) drawable() error { return nil }

func (j *regressionJudge) draw(title string) []byte {
	j.picture.Title = title
	j.picture.Subtitle = fmt.Sprintf("root mean squared error %v, R² %v", cli.Number(j.metric.RootMeanSquared()), cli.Number(j.metric.R2()))
	return j.picture.SVG()
}
