package main

import (
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/boards"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/output"
	"github.com/edge-infer/edge-infer/runtime"
)

// statsFlag is the flag --stats: how long calls of the model took, and what the board was like.
type statsFlag struct {
	file string
	root rootFlag
}

func (f *statsFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.file, "stats", "", "`file` for how long calls took and what the board was like meanwhile, as JSON; - for standard output")
	f.root.add(c)
}

// check refuses a place that something else goes to.
func (f *statsFlag) check(answers, model string, in *input) error {
	switch f.file {
	case "":
		return nil
	case answers:
		return cli.Usagef("--stats %s: the answers go there: name a file, or another --output", f.file)
	}
	return refuseToReplace(f.file, "statistics", model, in)
}

// begin begins to record if statistics are wanted, and returns nil if not.
func (f *statsFlag) begin(model string, s *runtime.Session, in *input) (*stats, error) {
	if f.file == "" {
		return nil, nil
	}
	telemetry, err := f.root.telemetry()
	if err != nil {
		return nil, err
	}
	report := statsReport{Model: model, Backend: in.backend(s), Threads: s.Threads(), Machine: readMachine(f.root.dir)}
	return newStats(report, telemetry), nil
}

// around does the work and then writes the statistics, if they are wanted.
func (f *statsFlag) around(c *cobra.Command, s *stats, work func() error) error {
	if s == nil {
		return work()
	}
	out, err := output.Create(f.file, c.OutOrStdout())
	if err != nil {
		return err
	}
	return out.Produce(c.Context(), func() error {
		recorder := record(s.telemetry)
		err := work()
		s.finish(recorder.end())
		if err != nil {
			return err
		}
		return cli.PrintJSON(out.To, &s.report)
	})
}

// mostReservoir is how many calls the percentiles are taken from.
const mostReservoir = 1 << 14

// stats collects how long calls take. A stream of any length takes the same memory: the percentiles are
// those of a reservoir, in which every call has the same chance to be, and the series joins neighbours.
type stats struct {
	report    statsReport
	telemetry *boards.Telemetry
	series    *series
	reservoir []time.Duration
	random    *rand.Rand
	ended     time.Time
}

func newStats(report statsReport, t *boards.Telemetry) *stats {
	return &stats{report: report, telemetry: t, series: newSeries(), random: rand.New(rand.NewPCG(1, 2))}
}

// statsReport is what run --stats writes.
type statsReport struct {
	Model     string          `json:"model"`
	Backend   runtime.Backend `json:"backend"`
	Threads   int             `json:"threads"` // that may share a call
	Machine   machine         `json:"machine"`
	Rows      int64           `json:"rows"`
	Calls     int64           `json:"calls"`
	Sampled   int             `json:"sampled_calls"`     // that the percentiles are of
	Call      *percentiles    `json:"call_ns,omitempty"` // of calls, which are of as many rows as --batch or, at the end, fewer
	Throttled *throttleReport `json:"throttled,omitempty"`
	Series    []pointReport   `json:"series"`
}

// timed is a session whose calls are timed, if statistics are wanted.
func (s *stats) timed(of *runtime.Session) session {
	if s == nil {
		return of
	}
	return timedSession{of, s}
}

// timedSession times the calls of a session.
type timedSession struct {
	*runtime.Session
	stats *stats
}

func (t timedSession) Run(dst, src []float32) error {
	start := time.Now()
	err := t.Session.Run(dst, src)
	t.stats.add(start, time.Now(), len(dst)/t.Outputs())
	return err
}

func (t timedSession) RunSparse(dst []float32, src runtime.SparseRows) error {
	start := time.Now()
	err := t.Session.RunSparse(dst, src)
	t.stats.add(start, time.Now(), len(dst)/t.Outputs())
	return err
}

// add adds a call. Vitter's algorithm R: the n-th call takes the place of a random one with the
// chance mostReservoir/n.
func (s *stats) add(start, stop time.Time, rows int) {
	took := stop.Sub(start)
	s.report.Rows += int64(rows)
	s.report.Calls++
	s.ended = stop
	s.series.add(start, took)
	if len(s.reservoir) < mostReservoir {
		s.reservoir = append(s.reservoir, took)
	} else if i := s.random.Int64N(s.report.Calls); i < mostReservoir {
		s.reservoir[i] = took
	}
}

// finish joins the calls to what the board was like.
func (s *stats) finish(moments []moment) {
	r := &s.report
	if r.Sampled = len(s.reservoir); r.Sampled == 0 {
		return
	}
	call := percentilesOf(s.reservoir)
	r.Call = &call
	began := s.series.points[0].at
	r.Throttled = throttling(moments, began, began, s.ended, r.Backend == runtime.CUDA)
	r.Series = s.series.report(moments, began, 1)
}
