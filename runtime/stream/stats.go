package stream

import (
	"iter"
	"sync/atomic"
)

// A Counter is something that a stream counts.
type Counter int

// The counters.
const (
	Readings        Counter = iota // that a source gave
	ReadErrors                     // reads that gave none
	StaleReadings                  // readings that were too old when they came
	LateReadings                   // not newer than the one before, and left out
	NaN                            // values
	OutOfRange                     // values beyond their range, or beyond binary32
	Held                           // values replaced by the last good one
	Dropped                        // readings that the policy dropped
	Filled                         // missing readings that were filled with the one before
	Gaps                           // pauses that emptied the window
	Crowded                        // readings pushed out of a window by time for want of room
	Windows                        // that were complete
	SkippedWindows                 // that came due together with a newer one, or had too few readings
	Predictions                    // that a session made
	MissedTicks                    // that passed while the stream was busy
	AbsentTicks                    // that passed while the sensor was away
	MissedDeadlines                // ticks whose work ended too late
	Lost                           // times that the sensor was given up and opened again
	Swaps                          // of the model
	Refused                        // models that were not taken
	Unrecorded                     // readings that the recorder could not keep
	counters
)

var counterNames = [counters]string{
	"readings", "read_errors", "stale_readings", "late_readings", "nan", "out_of_range", "held", "dropped", "filled", "gaps",
	"crowded", "windows", "skipped_windows", "predictions", "missed_ticks", "absent_ticks", "missed_deadlines", "sensor_lost",
	"model_swaps", "models_refused", "unrecorded",
}

func (c Counter) String() string { return counterNames[c] }

// Stats is what a stream counts and measures. One goroutine writes it, and any
// number may read while it does.
type Stats struct {
	counts [counters]atomic.Uint64

	Jitter  Histogram // how long after its tick each read began, ns
	Compute Histogram // from a reading to the decision: window, features and model, ns
	Latency Histogram // from the tick to the end of Emit, of each prediction, ns; without ticks, from the end of the read
}

func (s *Stats) add(c Counter, n int) { s.counts[c].Add(uint64(n)) }

// Count returns a counter.
func (s *Stats) Count(c Counter) uint64 { return s.counts[c].Load() }

// Counts yields every counter. They are read one after another, while the stream
// may be writing.
func (s *Stats) Counts() iter.Seq2[Counter, uint64] {
	return func(yield func(Counter, uint64) bool) {
		for c := range counters {
			if !yield(c, s.Count(c)) {
				return
			}
		}
	}
}
