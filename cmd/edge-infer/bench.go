package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/runtime"
)

type benchCommand struct {
	session  sessionFlags
	elements int
	batches  []int
	duration time.Duration
	json     bool
}

func newBench() *cobra.Command {
	var b benchCommand
	c := &cobra.Command{
		Use:   "bench MODEL",
		Short: "Measure how fast a model runs here",
		Long: `Bench calls the model again and again, after a warm-up, and prints how long a call takes: the
least, the median, and what 95 and 99 of 100 calls stay within. The inputs are the model's golden
vectors, or seeded random rows; with --elements rows that are 0 but for so many elements, at random
columns, run as the sparse rows they are. With --threads 1 one processor does all the work.

Reading the clock takes some tens of nanoseconds. Where a call takes less than ten microseconds a
sample is therefore the mean of several calls, and the percentiles are those of such means; their
number is printed. Reading and writing rows is not measured: only the model is.`,
		Example: `  edge-infer bench digits.edge
  edge-infer bench digits.edge --batch 1 --duration 10s --json
  edge-infer bench clicks.edge --elements 30`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return b.run(c, args[0]) },
	}
	c.Flags().IntSliceVar(&b.batches, "batch", []int{1, 8, 64}, "rows a call, one measurement for each number")
	c.Flags().DurationVar(&b.duration, "duration", time.Second, "how long to measure each batch")
	c.Flags().IntVar(&b.elements, "elements", 0, "run sparse rows of so many elements (default: dense rows)")
	b.session.add(c)
	c.Flags().BoolVar(&b.json, "json", false, "print JSON")
	return c
}

func (b *benchCommand) run(c *cobra.Command, model string) error {
	if b.duration <= 0 {
		return cli.Usagef("--duration %v: a time above 0 is needed", b.duration)
	}
	m, s, err := b.session.open(model)
	if err != nil {
		return err
	}
	most := maxBatchValues / max(s.Inputs(), s.Outputs())
	for _, batch := range b.batches {
		if batch < 1 || batch > most {
			return cli.Usagef("--batch %d: from 1 to %d rows a call are possible with this model", batch, most)
		}
	}
	if b.elements < 0 || b.elements > s.Inputs() {
		return cli.Usagef("--elements %d: a row of this model has from 1 to %d", b.elements, s.Inputs())
	}
	r := &benchReport{
		Model:       model,
		Backend:     s.Backend(),
		Threads:     s.Threads(),
		Inputs:      s.Inputs(),
		Outputs:     s.Outputs(),
		WeightBytes: s.WeightBytes(),
		Machine:     readMachine("/"),
	}
	calls, drawn := denseCalls(m, s)
	if b.elements > 0 {
		calls, drawn = sparseCalls(s, b.elements)
	}
	r.Rows = drawn
	for _, batch := range b.batches {
		result, err := measure(calls(batch), b.duration)
		if err != nil {
			return err
		}
		r.Batches = append(r.Batches, newBatchReport(batch, result))
	}
	if b.json {
		return cli.PrintJSON(c.OutOrStdout(), r)
	}
	return r.print(c.OutOrStdout())
}

// benchReport is what bench --json prints.
type benchReport struct {
	Model       string          `json:"model"`
	Backend     runtime.Backend `json:"backend"`
	Threads     int             `json:"threads"` // that may share a call
	Inputs      int             `json:"inputs"`
	Outputs     int             `json:"outputs"`
	WeightBytes int             `json:"weight_bytes"` // that a pass over the model reads
	Rows        string          `json:"rows"`         // what was run
	Machine     machine         `json:"machine"`
	Batches     []batchReport   `json:"batches"`
}

type batchReport struct {
	Batch          int         `json:"batch"` // rows a call
	Samples        int         `json:"samples"`
	CallsPerSample int         `json:"calls_per_sample"`
	Call           percentiles `json:"call_ns"`
	Inference      percentiles `json:"inference_ns"`
	PerSecond      float64     `json:"inferences_per_second"` // by the median
	Allocations    float64     `json:"allocations_per_call"`
}

func newBatchReport(batch int, m measurement) batchReport {
	return batchReport{
		Batch:          batch,
		Samples:        m.samples,
		CallsPerSample: m.callsPerSample,
		Call:           m.call,
		Inference:      m.call.dividedBy(batch),
		PerSecond:      float64(batch) * 1e9 / m.call.Median,
		Allocations:    m.allocations,
	}
}

func (r *benchReport) print(w io.Writer) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "model    %s: %s, %s, %s bytes of weights read by a pass\n",
		r.Model, plural(r.Inputs, "input"), plural(r.Outputs, "output"), grouped(r.WeightBytes))
	fmt.Fprintf(&text, "machine  %v\n", r.Machine)
	fmt.Fprintf(&text, "backend  %s, %s\n", r.Backend, plural(r.Threads, "thread"))
	fmt.Fprintf(&text, "rows     %s\n", r.Rows)
	batches := [][]string{{"batch", "min", "median", "p95", "p99", "per inference", "inferences/s", "allocations", "samples"}}
	for _, b := range r.Batches {
		batches = append(batches, []string{grouped(b.Batch),
			span(b.Call.Min), span(b.Call.Median), span(b.Call.P95), span(b.Call.P99),
			span(b.Inference.Median), grouped(int64(b.PerSecond)), fmt.Sprintf("%.3g", b.Allocations),
			grouped(b.Samples) + " of " + plural(b.CallsPerSample, "call")})
	}
	printTable(&text, batches)
	_, err := w.Write(text.Bytes())
	return err
}

// span writes nanoseconds with three digits and a unit.
func span(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.3g ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	}
	return fmt.Sprintf("%.3g s", ns/1e9)
}
