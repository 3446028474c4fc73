package stream

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// A Window says which readings a prediction is made from. It is by count (Count
// readings, one window every Hop) or by time (the readings of Span, one window
// every Every); hops shorter than the window make windows overlap.
type Window struct {
	Count int // readings in a window
	Hop   int // readings from one window to the next; 0 means Count, no overlap

	Span  time.Duration // time in a window
	Every time.Duration // time from one window to the next; 0 means Span
	Least int           // with fewer readings a window by time is passed over; 0 means 1

	// MaxGap is the longest pause between two readings that a window bears; after a
	// longer one it begins anew. 0 means one and a half times the period of the rate
	// in a window by count: no reading may be missing.
	//
	// In a window by count, a reading that is missing within a longer MaxGap is filled
	// with a copy of the one before it, so that samples stay a period apart. In a window by
	// time nothing is filled, and 0 means any pause is borne.
	MaxGap time.Duration
}

// MaxSamples is the greatest number of samples that a window holds.
const MaxSamples = 1 << 16

// check tells whether a window can be made, for so many readings a second.
func (w Window) check(rate float64) error {
	if !(rate >= 0 && rate <= MaxRate) {
		return fmt.Errorf("stream: a rate of %g readings a second: from 0, which is unknown, to %g are taken", rate, float64(MaxRate))
	}
	if w.Hop < 0 || w.Every < 0 || w.Least < 0 || w.MaxGap < 0 || w.Count < 0 || w.Span < 0 {
		return fmt.Errorf("stream: window %+v: nothing in it may be negative", w)
	}
	switch {
	case (w.Count > 0) == (w.Span > 0):
		return errors.New("stream: a window is either by count or by time: give one of the two")
	case w.Count > 0 && (w.Every > 0 || w.Least > 0):
		return errors.New("stream: a window by count hops by a number of readings, and holds always as many")
	case w.Span > 0 && w.Hop > 0:
		return errors.New("stream: a window by time hops by a time, not by a number of readings")
	case w.Span > 0 && rate == 0:
		return errors.New("stream: a window by time needs to know the rate, to make room")
	case w.samples(rate) > MaxSamples:
		return fmt.Errorf("stream: a window of %g readings: at most %d are held", math.Ceil(w.samples(rate)), MaxSamples)
	case w.Count > 0 && w.MaxGap.Seconds()*rate >= float64(w.Count)+0.5:
		return fmt.Errorf("stream: a gap of %v is filled with more readings than the %d of the window", w.MaxGap, w.Count)
	case w.Least > 0 && float64(w.Least) > w.samples(rate)+1:
		return fmt.Errorf("stream: a window of %v has fewer than %d readings at %g a second", w.Span, w.Least, rate)
	}
	return nil
}

// samples is how many readings a window has at a rate.
func (w Window) samples(rate float64) float64 {
	if w.Count > 0 {
		return float64(w.Count)
	}
	return w.Span.Seconds() * rate
}

// capacity is how many readings there is room for: in a window by time, twice as
// many as the rate promises.
func (w Window) capacity(rate float64) int {
	if w.Count > 0 {
		return w.Count
	}
	return min(2*int(math.Ceil(w.samples(rate)))+2, MaxSamples)
}
