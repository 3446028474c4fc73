package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/edge-infer/edge-infer/boards"
	"github.com/edge-infer/edge-infer/cmd/internal/plot"
	"github.com/edge-infer/edge-infer/runtime"
)

// join adds to each batch what the board was like while it was measured.
func (r *benchReport) join(moments []moment) {
	r.moments = moments
	for i := range r.Batches {
		b := &r.Batches[i]
		m := &b.measured
		b.Throttled = throttling(moments, r.zero(), m.began, m.ended, b.Backend == runtime.CUDA)
		b.Series = m.series.report(moments, r.zero(), m.callsPerSample)
	}
}

// zero is when the measurement began.
func (r *benchReport) zero() time.Time { return r.Batches[0].measured.began }

// printConditions says between what the board was, and whether it was slowed down.
func (r *benchReport) printConditions(text *bytes.Buffer) {
	if seen := conditions(r.moments); seen != "" {
		fmt.Fprintf(text, "\nboard      %s\n", seen)
	}
	for _, b := range r.Batches {
		if b.Throttled != nil && b.Throttled.Seconds > 0 {
			fmt.Fprintf(text, "throttled  with batch %d on %s for %v\n", b.Batch, b.Backend, b.Throttled)
		}
	}
}

// conditions gives the lowest and the highest of what was read.
func conditions(moments []moment) string {
	between := func(name string, of func(*moment) boards.Reading, text func(boards.Reading) string) string {
		low, high := boards.Known(math.Inf(1)), boards.Known(math.Inf(-1))
		for i := range moments {
			if v := of(&moments[i]); v.Known {
				low.Value, high.Value = min(low.Value, v.Value), max(high.Value, v.Value)
			}
		}
		switch first, last := text(low), text(high); {
		case low.Value > high.Value:
			return ""
		case first == last:
			return name + first
		default:
			return name + first + " to " + last
		}
	}
	modes := ""
	for i := range moments {
		if mode := moments[i].Mode; mode != "" && !strings.Contains(modes, mode) {
			modes = joined(", ", modes, mode)
		}
	}
	return joined(", ", prefixed("power mode ", modes),
		between("cpu ", func(m *moment) boards.Reading { return m.CPU }, hertz),
		between("gpu ", func(m *moment) boards.Reading { return m.GPU }, hertz),
		between("", func(m *moment) boards.Reading { return m.Celsius }, celsius),
		between("", func(m *moment) boards.Reading { return m.Watts }, func(r boards.Reading) string { return unit(r, 2, "W") }))
}

// draw draws the times of calls, and under them what the board was like.
func (r *benchReport) draw(title string) []byte {
	t := plot.Timeline{Title: title, Subtitle: fmt.Sprintf("%s; %s", r.Machine.Model, r.running)}
	var calls []plot.Line
	for _, b := range r.Batches {
		name := fmt.Sprintf("batch %d, %s", b.Batch, b.Backend)
		mean, longest := plot.Line{Name: name}, plot.Line{Faint: true}
		for _, p := range b.Series {
			mean.Points = append(mean.Points, [2]float64{p.At, p.Mean})
			longest.Points = append(longest.Points, [2]float64{p.At, p.Longest})
		}
		calls = append(calls, longest, mean)
		if b.Throttled != nil {
			t.Shaded = append(t.Shaded, b.Throttled.When...)
		}
	}
	if len(t.Shaded) > 0 {
		t.Subtitle += "; shaded: the board was slowed down"
	}
	t.Panels = []plot.Panel{{Name: "time of a call: mean, and longest (pale)", Log: true, Tick: span, Lines: calls}}
	panel := func(name string, scale float64, lines ...plot.Line) {
		p := plot.Panel{Name: name}
		for _, l := range lines {
			for i := range l.Points {
				l.Points[i][1] /= scale
			}
			if len(l.Points) > 0 {
				p.Lines = append(p.Lines, l)
			}
		}
		if len(p.Lines) > 0 {
			t.Panels = append(t.Panels, p)
		}
	}
	panel("clocks, GHz", 1e9, r.line("processors", func(m *moment) boards.Reading { return m.CPU }),
		r.line("GPU", func(m *moment) boards.Reading { return m.GPU }))
	panel("hottest zone, °C", 1, r.line("", func(m *moment) boards.Reading { return m.Celsius }))
	panel("power, W", 1, r.line("", func(m *moment) boards.Reading { return m.Watts }))
	return t.SVG()
}

// line is a reading over time. Where it is not known the line goes on to where it is again.
func (r *benchReport) line(name string, of func(*moment) boards.Reading) plot.Line {
	l := plot.Line{Name: name}
	for i := range r.moments {
		m := &r.moments[i]
		if v := of(m); v.Known && !m.at.Before(r.zero()) {
			l.Points = append(l.Points, [2]float64{m.at.Sub(r.zero()).Seconds(), v.Value})
		}
	}
	return l
}
