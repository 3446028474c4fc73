package stream

import (
	"math"
	"slices"
	"time"
)

// A Buffer holds the readings of a sliding window. Nothing allocates once it is
// made.
//
// Each sample is stored twice, a capacity apart, so that the readings of a window
// always lie one after another, wherever the ring begins.
type Buffer struct {
	window   Window
	rate     float64
	capacity int
	samples  [][]float32 // a channel: [2·capacity]
	times    []int64     // [2·capacity], ns since epoch

	epoch time.Time // of the first reading
	any   bool      // whether there was one
	last  int64     // the time of the newest reading
	next  int       // where the next one goes, in [0, capacity)
	held  int       // how many there are

	since int   // readings since the last window, by count
	due   int64 // when the next window is due, by time
}

// An Arrival is what a reading did to the window.
type Arrival struct {
	Ready   bool // a window is complete: look at it before the next reading
	Late    bool // the reading was not newer than the one before it, and was left out
	Emptied bool // after a gap, or since the clock was set, the window began anew
	Filled  int  // missing readings that were filled with the one before
	Skipped int  // windows that came due together with a newer one, or by time had too few readings
	Crowded bool // there was no room for all readings of a window by time: the oldest is lost
}

// clockSet is by how much a reading must be older than the one before it to be
// taken for the beginning of another time, rather than for a late one.
const clockSet = time.Second

// NewBuffer makes a buffer for readings of so many channels, rate a second. The
// rate is nominal; 0 means unknown, and then no reading is known to be missing.
func NewBuffer(w Window, channels int, rate float64) (*Buffer, error) {
	if err := w.check(rate); err != nil {
		return nil, err
	}
	if w.Hop == 0 {
		w.Hop = w.Count
	}
	if w.Every == 0 {
		w.Every = w.Span
	}
	w.Least = max(w.Least, 1)
	switch {
	case w.MaxGap > 0:
	case w.Count > 0 && rate > 0:
		w.MaxGap = time.Duration(math.Ceil(1.5e9/rate)) - 1
	default:
		w.MaxGap = math.MaxInt64
	}
	b := &Buffer{window: w, rate: rate, capacity: w.capacity(rate)}
	for range channels {
		b.samples = append(b.samples, make([]float32, 2*b.capacity))
	}
	b.times = make([]int64, 2*b.capacity)
	return b, nil
}

// Push takes a reading in: a value for each channel, which is rounded to binary32,
// and the time at which it was taken.
func (b *Buffer) Push(t time.Time, values []float64) Arrival {
	var a Arrival
	if !b.any {
		b.any, b.epoch = true, t
		b.begin(0)
	} else {
		now := int64(t.Sub(b.epoch))
		switch pause := now - b.last; {
		case pause <= -int64(clockSet):
			// The epoch moves too: times relative to it stay small.
			b.epoch, a.Emptied = t, true
			b.begin(0)
		case pause <= 0:
			a.Late = true
			return a
		case pause > int64(b.window.MaxGap):
			a.Emptied = true
			b.begin(now)
		default:
			a.Filled = b.fill(pause)
			b.last = now
		}
	}
	if b.window.Count > 0 {
		b.put(values)
		b.readyByCount(&a)
	} else {
		b.forget(b.last - int64(b.window.Span))
		a.Crowded = b.held == b.capacity
		b.put(values)
		b.readyByTime(&a)
	}
	return a
}

// begin empties the window and sets the time of the reading that comes first.
func (b *Buffer) begin(now int64) {
	b.held, b.last = 0, now
	b.since = b.window.Hop - b.window.Count // so that the first window is due when it is full
	b.due = now + int64(b.window.Span)
}

// fill puts copies of the newest reading where a pause of several periods lacks
// some, and returns how many.
func (b *Buffer) fill(pause int64) int {
	if b.window.Count == 0 {
		return 0
	}
	missing := max(0, int(float64(pause)*b.rate/1e9+0.5)-1)
	before := b.last
	for i := range missing {
		for _, s := range b.samples {
			store(b, s, s[b.next+b.capacity-1])
		}
		b.advance(before + pause/int64(missing+1)*int64(i+1))
	}
	return missing
}

// put stores the reading of the time that last holds.
func (b *Buffer) put(values []float64) {
	for c, v := range values {
		store(b, b.samples[c], float32(v))
	}
	b.advance(b.last)
}

func (b *Buffer) advance(t int64) {
	store(b, b.times, t)
	b.next = (b.next + 1) % b.capacity
	b.held = min(b.held+1, b.capacity)
	b.since++
}

func store[T any](b *Buffer, twice []T, v T) {
	twice[b.next], twice[b.next+b.capacity] = v, v
}

// forget drops the readings up to a time.
func (b *Buffer) forget(until int64) {
	for _, t := range b.timesHeld() {
		if t > until {
			break
		}
		b.held--
	}
}

func (b *Buffer) readyByCount(a *Arrival) {
	if b.held < b.window.Count || b.since < b.window.Hop {
		return
	}
	a.Ready = true
	a.Skipped = b.since/b.window.Hop - 1
	b.since %= b.window.Hop
}

func (b *Buffer) readyByTime(a *Arrival) {
	if b.last < b.due {
		return
	}
	every := int64(b.window.Every)
	a.Skipped = int((b.last - b.due) / every)
	b.due += int64(a.Skipped+1) * every
	if a.Ready = b.held >= b.window.Least; !a.Ready {
		a.Skipped++
	}
}

// Len is the number of readings in the window.
func (b *Buffer) Len() int { return b.held }

// Channel returns the samples of a channel, the oldest first. They are valid until
// the next Push.
func (b *Buffer) Channel(c int) []float32 { return inWindow(b, b.samples[c]) }

// timesHeld returns the times of the readings, in ns.
func (b *Buffer) timesHeld() []int64 { return inWindow(b, b.times) }

func inWindow[T any](b *Buffer, twice []T) []T {
	end := b.next + b.capacity
	return slices.Clip(twice[end-b.held : end])
}

// Start and End are the times of the oldest reading in the window and of the
// newest. There must be one.
func (b *Buffer) Start() time.Time { return b.epoch.Add(time.Duration(b.timesHeld()[0])) }

// End is the time of the newest reading.
func (b *Buffer) End() time.Time { return b.epoch.Add(time.Duration(b.last)) }
