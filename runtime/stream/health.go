package stream

import (
	"sync/atomic"
	"time"
)

// State is how a loop fares.
type State uint8

// The states.
const (
	Starting State = iota // there was no good reading yet
	Live                  // readings come
	Old                   // there was no good reading for as long as StaleAfter
	Ended                 // Run has returned
)

var stateNames = [...]string{Starting: "starting", Live: "live", Old: "stale", Ended: "ended"}

func (s State) String() string { return stateNames[s] }

// Health is how a loop fares at a moment.
type Health struct {
	State State
	Age   time.Duration // of the last good reading, by when it arrived; 0 while starting
	Away  bool          // the sensor is lost and being opened again
}

// health is what the loop notes for those who ask. Asking looks at the clock, so a
// loop that hangs in a read is seen too.
type health struct {
	epoch   time.Time
	arrived atomic.Int64 // when the last good reading came, ns since epoch; 0 for never
	away    atomic.Bool
	ended   atomic.Bool
}

func (h *health) note(now time.Time) { h.arrived.Store(max(1, int64(now.Sub(h.epoch)))) }

func (h *health) at(now time.Time, staleAfter time.Duration) Health {
	state := Health{Away: h.away.Load()}
	if arrived := h.arrived.Load(); arrived != 0 {
		state.State, state.Age = Live, now.Sub(h.epoch)-time.Duration(arrived)
		if staleAfter > 0 && state.Age >= staleAfter {
			state.State = Old
		}
	}
	if h.ended.Load() {
		state.State = Ended
	}
	return state
}
