package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// throttleReport says for how long the board was slowed down, and why it is thought so.
type throttleReport struct {
	Seconds float64      `json:"seconds"`
	Of      float64      `json:"of_seconds"`
	When    [][2]float64 `json:"when_s,omitempty"` // from and to, since the measurement began
	Why     []string     `json:"why,omitempty"`
}

// slower is the part of the clock at the start below which the board counts as slowed down.
const slower = 0.9

// throttling judges the moments between two times, each of which stands for the time until the next.
// The board was slowed down where it said so, where it counted an event since the moment before, and where a
// clock was below 90 % of what it was at the start, under the load of the warm-up: that of the
// fastest processors and, if it does the work, of the GPU. It is nil if the board tells none of this.
//
// Its times count from zero.
func throttling(moments []moment, zero, from, to time.Time, onGPU bool) *throttleReport {
	start, last := -1, len(moments)
	for i := range moments {
		if !moments[i].at.After(from) {
			start = i
		}
		if moments[i].at.After(to) {
			last = min(last, i)
		}
	}
	start = max(start, 0)
	if !slices.ContainsFunc(moments[start:last], func(m moment) bool { return m.tells }) {
		return nil
	}
	r := &throttleReport{Of: to.Sub(from).Seconds()}
	first := &moments[start]
	for i := start; i < last; i++ {
		m, begins, ends := &moments[i], moments[i].at, to
		if i+1 < last {
			ends = moments[i+1].at
		}
		if begins.Before(from) {
			begins = from
		}
		why := slices.Clone(m.throttled)
		if i > start {
			why = append(why, counted(&moments[i-1], m)...)
		}
		if fell(first.CPU.Value, m.CPU.Value, m.CPU.Known) {
			why = append(why, "the clock of the processors fell")
		}
		if onGPU && fell(first.GPU.Value, m.GPU.Value, m.GPU.Known) {
			why = append(why, "the clock of the GPU fell")
		}
		if len(why) == 0 || !ends.After(begins) {
			continue
		}
		r.Seconds += ends.Sub(begins).Seconds()
		for _, w := range why {
			if !slices.Contains(r.Why, w) {
				r.Why = append(r.Why, w)
			}
		}
		span := [2]float64{begins.Sub(zero).Seconds(), ends.Sub(zero).Seconds()}
		if n := len(r.When); n > 0 && r.When[n-1][1] == span[0] {
			r.When[n-1][1] = span[1]
		} else {
			r.When = append(r.When, span)
		}
	}
	return r
}

func fell(from, to float64, known bool) bool { return known && to < float64(slower*from) }

// counted names the events that were counted between two moments.
func counted(before, after *moment) []string {
	var names []string
	for i := range after.events {
		if i < len(before.events) && before.events[i].Count.Known && after.events[i].Count.Value > before.events[i].Count.Value {
			names = append(names, after.events[i].Name)
		}
	}
	return names
}

func (r *throttleReport) String() string {
	if r.Seconds == 0 {
		return "no"
	}
	times := fmt.Sprintf("%d times from %.1f s on", len(r.When), r.When[0][0])
	if len(r.When) == 1 {
		times = fmt.Sprintf("from %.1f s to %.1f s", r.When[0][0], r.When[0][1])
	}
	return fmt.Sprintf("%.1f s of %.1f s, %s: %s", r.Seconds, r.Of, times, strings.Join(r.Why, ", "))
}
