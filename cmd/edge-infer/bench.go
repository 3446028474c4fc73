package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

type benchCommand struct {
	session  sessionFlags
	elements int
	batches  []int
	duration time.Duration
	plot     plotFlag
	root     rootFlag
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
number is printed. Reading and writing rows is not measured: only the model is.

Meanwhile the clocks, the hottest temperature, the power and the power mode of the board are read ten
times a second, and bench says whether the board was slowed down, for how long, and what says so: the
board itself, or a clock that fell below 90 % of what it was at the start. --json has the times of
calls in order, at most 256 points of one or more samples each, with the state of the board at each
point; --plot draws them.

Where there is a GPU, --backend auto measures the processor and the GPU, and --backend cuda also
what a call does on the GPU, by the GPU's own clock: copying rows there (h2d, host to device), the
kernels, and copying the results back (d2h), each the median of calls of their own. The copies are 0
where the GPU reads and writes the processor's memory in place.`,
		Example: `  edge-infer bench digits.edge
  edge-infer bench digits.edge --batch 1 --duration 10s --json
  edge-infer bench digits.edge --batch 64 --duration 5m --plot hot.svg
  edge-infer bench clicks.edge --elements 30`,
		Args:              modelArgument,
		ValidArgsFunction: completeModel,
		RunE:              func(c *cobra.Command, args []string) error { return b.run(c, args[0]) },
	}
	c.Flags().IntSliceVar(&b.batches, "batch", []int{1, 8, 64}, "rows a call, one measurement for each number")
	c.Flags().DurationVar(&b.duration, "duration", time.Second, "how long to measure each batch")
	c.Flags().IntVar(&b.elements, "elements", 0, "run sparse rows of so many elements (default: dense rows)")
	b.plot.add(c)
	b.session.add(c)
	b.root.add(c)
	c.Flags().BoolVar(&b.json, "json", false, "print JSON")
	return c
}

func (b *benchCommand) run(c *cobra.Command, model string) error {
	if b.duration <= 0 {
		return cli.Usagef("--duration %v: a time above 0 is needed", b.duration)
	}
	if err := b.plot.checkName(); err != nil {
		return err
	}
	telemetry, err := b.root.telemetry()
	if err != nil {
		return err
	}
	m, err := b.session.model(model)
	if err != nil {
		return err
	}
	if b.elements > 0 && b.session.backend.Backend == runtime.CUDA {
		return cli.Usagef("--elements and --backend %s: sparse rows always run on the processor", runtime.CUDA)
	}
	s, err := b.session.session(m, model, work{slices.Max(b.batches), b.elements > 0}, c.ErrOrStderr())
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
		Machine:     readMachine(b.root.dir),
		running:     chosen(s.Tuning(), s.BackendFor(1)),
	}
	runners, err := b.runners(m, s, c.ErrOrStderr())
	if err != nil {
		return err
	}
	if len(runners) > 1 {
		r.Backend = runtime.Auto
	}
	err = b.plot.around(c.Context(), func() []byte { return r.draw(title(m, model)) }, func() error {
		recorder := record(telemetry)
		err := b.measureAll(m, r, runners, c.ErrOrStderr())
		r.join(recorder.end())
		return err
	})
	if err != nil {
		return err
	}
	if b.json {
		return cli.PrintJSON(c.OutOrStdout(), r)
	}
	return r.print(c.OutOrStdout())
}

// runners returns the sessions to measure: the chosen one; or, where auto has the choice between the
// processor and a GPU, one for each.
func (b *benchCommand) runners(m *format.Model, s *runtime.Session, stderr io.Writer) ([]*runtime.Session, error) {
	if s.Tuning().Measured == nil {
		return []*runtime.Session{s}, nil
	}
	processor, err := runtime.New(m, runtime.Options{Backend: processorBackend(), Threads: b.session.threads})
	if err != nil {
		return nil, err
	}
	gpu, err := runtime.New(m, runtime.Options{Backend: runtime.CUDA, Threads: b.session.threads})
	if err != nil { // it has become so since it was measured
		gpuNotUsed(stderr, err)
		return []*runtime.Session{processor}, nil
	}
	return []*runtime.Session{processor, gpu}, nil
}

// measureAll measures each batch on each session. A GPU that fails is left out from then on.
func (b *benchCommand) measureAll(m *format.Model, r *benchReport, runners []*runtime.Session, stderr io.Writer) error {
	for _, batch := range b.batches {
		for i, s := range runners {
			result, drawn, err := b.measure(m, s, batch)
			if err != nil && i > 0 {
				gpuNotUsed(stderr, err)
				runners = runners[:i]
				break
			}
			if err != nil {
				return err
			}
			r.Rows = drawn
			r.Batches = append(r.Batches, result)
		}
	}
	return nil
}

// measure measures calls of a session, and says what rows it runs. Where the GPU is what was asked
// for, it also measures what a call does there.
func (b *benchCommand) measure(m *format.Model, s *runtime.Session, batch int) (batchReport, string, error) {
	calls, drawn := denseCalls(m, s)
	if b.elements > 0 {
		calls, drawn = sparseCalls(s, b.elements)
	}
	result, err := measure(calls(batch), b.duration)
	if err != nil {
		return batchReport{}, "", err
	}
	r := newBatchReport(batch, s.Backend(), result)
	if b.session.backend.Backend == runtime.CUDA {
		r.GPU, err = measureGPU(timedCall(m, s, batch), b.duration)
	}
	return r, drawn, err
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

	running string // the backend in words
	moments []moment
}

type batchReport struct {
	Batch          int             `json:"batch"` // rows a call
	Backend        runtime.Backend `json:"backend"`
	Samples        int             `json:"samples"`
	CallsPerSample int             `json:"calls_per_sample"`
	Call           percentiles     `json:"call_ns"`
	GPU            *gpuReport      `json:"gpu_ns,omitempty"` // with the backend cuda
	Inference      percentiles     `json:"inference_ns"`
	PerSecond      float64         `json:"inferences_per_second"` // by the median
	Allocations    float64         `json:"allocations_per_call"`
	Throttled      *throttleReport `json:"throttled,omitempty"` // where the board tells
	Series         []pointReport   `json:"series"`

	measured measurement
}

func newBatchReport(batch int, backend runtime.Backend, m measurement) batchReport {
	return batchReport{
		Batch:          batch,
		Backend:        backend,
		Samples:        m.samples,
		CallsPerSample: m.callsPerSample,
		Call:           m.call,
		Inference:      m.call.dividedBy(batch),
		PerSecond:      float64(batch) * 1e9 / m.call.Median,
		Allocations:    m.allocations,
		measured:       m,
	}
}

func (r *benchReport) print(w io.Writer) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "model    %s: %s, %s, %s bytes of weights read by a pass\n",
		r.Model, plural(r.Inputs, "input"), plural(r.Outputs, "output"), grouped(r.WeightBytes))
	fmt.Fprintf(&text, "machine  %v\n", r.Machine)
	fmt.Fprintf(&text, "backend  %s, %s\n", r.running, plural(r.Threads, "thread"))
	fmt.Fprintf(&text, "rows     %s\n", r.Rows)
	r.table(&text)
	r.printConditions(&text)
	_, err := w.Write(text.Bytes())
	return err
}

// table prints a line for each batch. The columns that tell backends apart, or say what a call does
// on the GPU, are there where there is something to tell.
func (r *benchReport) table(text *bytes.Buffer) {
	several := slices.ContainsFunc(r.Batches, func(b batchReport) bool { return b.Backend != r.Batches[0].Backend })
	split := slices.ContainsFunc(r.Batches, func(b batchReport) bool { return b.GPU != nil })
	row := func(batch, backend string, call, gpu, rest []string) []string {
		cells := []string{batch}
		if several {
			cells = append(cells, backend)
		}
		cells = append(cells, call...)
		if split {
			cells = append(cells, gpu...)
		}
		return append(cells, rest...)
	}
	rows := [][]string{row("batch", "backend", []string{"min", "median", "p95", "p99"}, []string{"h2d", "kernels", "d2h"},
		[]string{"per inference", "inferences/s", "allocations", "samples"})}
	for _, b := range r.Batches {
		gpu := make([]string, 3)
		if b.GPU != nil {
			gpu = []string{span(b.GPU.HostToDevice), span(b.GPU.Kernels), span(b.GPU.DeviceToHost)}
		}
		rows = append(rows, row(grouped(b.Batch), string(b.Backend),
			[]string{span(b.Call.Min), span(b.Call.Median), span(b.Call.P95), span(b.Call.P99)}, gpu,
			[]string{span(b.Inference.Median), grouped(int64(b.PerSecond)), fmt.Sprintf("%.3g", b.Allocations),
				grouped(b.Samples) + " of " + plural(b.CallsPerSample, "call")}))
	}
	if several {
		printTable(text, rows, 1)
	} else {
		printTable(text, rows)
	}
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
