package stream

import (
	"math"
	"math/bits"
	"sync/atomic"
	"time"
)

// A Histogram counts durations, in buckets whose width is at most 1/32 of what
// they hold. It never grows, adding takes a few instructions, and it may be read
// while it is written.
//
// That is all a stream needs of HdrHistogram's idea. The library's Go version is
// for one goroutine at a time: whoever serves metrics would have to stop the loop.
type Histogram struct {
	buckets [histogramBuckets]atomic.Uint64
	sum     atomic.Uint64
	max     atomic.Uint64
}

// The buckets: 2^subBits of width 1 ns, then for each power of two as many that
// share it, up to 2^histogramBits ns, an hour and more. Longer times share the last.
const (
	subBits          = 5
	histogramBits    = 42
	histogramBuckets = (histogramBits - subBits + 1) << subBits
)

// bucket returns where a duration is counted.
func bucket(ns uint64) int {
	shift := max(0, bits.Len64(ns)-subBits-1)
	return min(shift<<subBits+int(ns>>shift), histogramBuckets-1)
}

// bucketTop is the greatest duration of a bucket, in ns.
func bucketTop(i int) uint64 {
	if i == histogramBuckets-1 {
		return math.MaxInt64
	}
	shift := max(0, i>>subBits-1)
	return uint64(i-shift<<subBits+1)<<shift - 1
}

// Add counts a duration; a negative one is 0. Only one goroutine may add.
func (h *Histogram) Add(d time.Duration) {
	ns := uint64(max(d, 0))
	h.buckets[bucket(ns)].Add(1)
	h.sum.Add(ns)
	if ns > h.max.Load() {
		h.max.Store(ns)
	}
}

// Count is how many durations were added.
func (h *Histogram) Count() uint64 {
	n := uint64(0)
	for i := range h.buckets {
		n += h.buckets[i].Load()
	}
	return n
}

// Sum is the sum of all durations.
func (h *Histogram) Sum() time.Duration { return time.Duration(h.sum.Load()) }

// Max is the greatest duration, exactly.
func (h *Histogram) Max() time.Duration { return time.Duration(h.max.Load()) }

// Quantile returns a duration that a fraction q of them, from 0 to 1, does not
// exceed, at most 1/32 too great; 0 if there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	total := h.Count()
	if total == 0 {
		return 0
	}
	rank := uint64(q * float64(total))
	seen := uint64(0)
	for i := range h.buckets {
		if seen += h.buckets[i].Load(); seen > rank || seen == total {
			return min(time.Duration(bucketTop(i)), h.Max())
		}
	}
	return h.Max()
}

// AtMost is how many durations a limit holds, to within the width of a bucket: those of
// buckets that lie below the limit as a whole.
func (h *Histogram) AtMost(limit time.Duration) uint64 {
	n := uint64(0)
	for i := range h.buckets {
		if limit < 0 || bucketTop(i) > uint64(limit) {
			break
		}
		n += h.buckets[i].Load()
	}
	return n
}
