package stream

import (
	"math"
	"time"
)

// ticks are the times at which readings are due: start + k·period. Each is
// computed from the start, so errors do not add up.
type ticks struct {
	start  time.Time
	period float64 // ns
	k      int64
}

func newTicks(start time.Time, rate float64) ticks { return ticks{start, 1e9 / rate, 0} }

// due is the time of the tick.
func (t *ticks) due() time.Time {
	return t.start.Add(time.Duration(math.Round(float64(t.k) * t.period)))
}

// next goes to the tick after, and returns how many it passed over. A tick that
// passed less than half a period ago is taken late, since its reading still lies
// nearer to it than to another; older ones are over.
func (t *ticks) next(now time.Time) (missed int) {
	nearest := int64(math.Floor(float64(now.Sub(t.start))/t.period + 0.5))
	after := max(t.k+1, nearest)
	missed = int(after - t.k - 1)
	t.k = after
	return missed
}
