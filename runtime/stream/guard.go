package stream

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Policy says what becomes of a reading with a bad value: one that is NaN, that
// binary32 cannot hold, or that is out of its channel's range.
type Policy string

// The policies.
const (
	Drop Policy = "drop" // the whole reading is left out, as if it were missing
	Hold Policy = "hold" // the value is replaced by the channel's last good one
	Stop Policy = "stop" // the stream ends with an error
)

// ErrBadReading is wrapped by the error with which the policy Stop ends a stream.
var ErrBadReading = errors.New("bad reading")

// A Range is the values of a channel that are taken for real.
type Range struct{ Min, Max float64 }

// A Guard says what happens to bad readings.
type Guard struct {
	Policy Policy           // Drop when empty
	Ranges map[string]Range // by channel; one without has no limits

	// MaxHold is how long a channel's value may be held: after that the readings are
	// dropped, because a sensor that says nothing for so long is dead. 0 means a second.
	MaxHold time.Duration
}

// A guard checks readings as they come.
type guard struct {
	policy   Policy
	maxHold  time.Duration
	channels []Channel
	ranges   []Range
	good     []float64   // each channel's last good value
	since    []time.Time // and its time; zero before the first
	stats    *Stats
}

func newGuard(g Guard, channels []Channel, stats *Stats) (*guard, error) {
	checked := &guard{
		policy: g.Policy, maxHold: g.MaxHold, channels: channels, stats: stats,
		good: make([]float64, len(channels)), since: make([]time.Time, len(channels)),
	}
	switch g.Policy {
	case "":
		checked.policy = Drop
	case Drop, Hold, Stop:
	default:
		return nil, fmt.Errorf("stream: policy %q: choose %s, %s or %s", g.Policy, Drop, Hold, Stop)
	}
	if g.MaxHold < 0 {
		return nil, fmt.Errorf("stream: values held for %v: a time is expected", g.MaxHold)
	}
	if g.MaxHold == 0 {
		checked.maxHold = time.Second
	}
	found := 0
	for _, c := range channels {
		r, ok := g.Ranges[c.Name]
		if !ok {
			r = Range{math.Inf(-1), math.Inf(1)}
		} else if found++; !(r.Min < r.Max) {
			return nil, fmt.Errorf("stream: channel %q: a range from %g to %g: the lower first", c.Name, r.Min, r.Max)
		}
		checked.ranges = append(checked.ranges, r)
	}
	if found < len(g.Ranges) {
		for name := range g.Ranges {
			if channelNamed(channels, name) < 0 {
				return nil, fmt.Errorf("stream: a range for a channel %q: there are %s", name, channelNames(channels))
			}
		}
	}
	return checked, nil
}

// check looks at a reading, replaces values where the policy is to hold them, and
// reports whether the reading is to be used.
func (g *guard) check(t time.Time, values []float64) (bool, error) {
	use := true
	for c, v := range values {
		fault := g.fault(c, v)
		if fault == sound {
			g.good[c], g.since[c] = v, t
			continue
		}
		g.stats.add(fault, 1)
		switch {
		case g.policy == Stop:
			r := g.ranges[c]
			return false, fmt.Errorf("stream: channel %q reads %g %s at %v, from %g to %g is expected: %w",
				g.channels[c].Name, v, g.channels[c].Unit, t, r.Min, r.Max, ErrBadReading)
		case g.policy == Hold && !g.since[c].IsZero() && t.Sub(g.since[c]) <= g.maxHold:
			values[c] = g.good[c]
			g.stats.add(Held, 1)
		default:
			use = false
		}
	}
	if !use {
		g.stats.add(Dropped, 1)
	}
	return use, nil
}

// sound is no fault.
const sound Counter = -1

// fault returns the counter of what is wrong with a value.
func (g *guard) fault(channel int, v float64) Counter {
	r := g.ranges[channel]
	switch single := float32(v); {
	case v != v:
		return NaN
	case single-single != 0, v < r.Min, v > r.Max: // an infinity less itself is NaN
		return OutOfRange
	}
	return sound
}
