package stream

import (
	"math"
	"testing"
	"time"
)

// TestHistogramBuckets: the buckets follow each other without a gap, and none is
// wider than 1/32 of what it holds.
func TestHistogramBuckets(t *testing.T) {
	next := uint64(0)
	for i := range histogramBuckets - 1 {
		top := bucketTop(i)
		if bucket(next) != i || bucket(top) != i || bucket(top+1) != i+1 {
			t.Fatalf("bucket %d is from %d to %d: these are counted in %d and %d", i, next, top, bucket(next), bucket(top))
		}
		if width := top - next + 1; width > 1 && width*32 > next {
			t.Fatalf("bucket %d, from %d, is %d wide", i, next, width)
		}
		next = top + 1
	}
	if bucket(math.MaxUint64) != histogramBuckets-1 {
		t.Error("a long time has no bucket")
	}
}

func TestHistogram(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 || h.Count() != 0 {
		t.Error("an empty histogram is not 0")
	}
	for i := range 1000 {
		h.Add(time.Duration(i+1) * time.Microsecond)
	}
	h.Add(-5)
	if h.Count() != 1001 || h.Max() != time.Millisecond || h.Sum() != 500500*time.Microsecond {
		t.Errorf("%d durations, the greatest %v, sum %v", h.Count(), h.Max(), h.Sum())
	}
	for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 0.999, 1} {
		exact := float64(min(int(q*1001), 1000)) * 1000
		if got := float64(h.Quantile(q)); got < exact || got > exact*33/32+1 && got != float64(h.Max()) {
			t.Errorf("quantile %g is %v: %v expected", q, time.Duration(got), time.Duration(exact))
		}
	}
	for _, limit := range []time.Duration{-1, 0, 63, 100 * time.Microsecond, time.Second, math.MaxInt64} {
		exact := float64(min(max(limit, -1)/time.Microsecond, 1000) + 1)
		if limit < 0 {
			exact = 0
		}
		if got := float64(h.AtMost(limit)); got > exact || got < exact*31/32-1 {
			t.Errorf("%g are at most %v: %g expected", got, limit, exact)
		}
	}
}

func TestTicks(t *testing.T) {
	start := someTime
	ticks := newTicks(start, 30)
	if d := ticks.due(); d != start {
		t.Errorf("the first tick is at %v", d.Sub(start))
	}
	for _, test := range []struct {
		now    float64 // periods since the start
		missed int
		next   int64
	}{
		{0.2, 0, 1}, {1.4, 0, 2}, {2.9, 0, 3}, {4.4, 0, 4}, {5.6, 1, 6}, {6.1, 0, 7}, {7, 0, 8}, {108.2, 99, 108}, {50, 0, 109},
	} {
		now := start.Add(time.Duration(test.now * 1e9 / 30))
		if missed := ticks.next(now); missed != test.missed || ticks.k != test.next {
			t.Errorf("at %g: %d missed, then tick %d: want %d and %d", test.now, missed, ticks.k, test.missed, test.next)
		}
	}
	ticks.k = 30 * 86400 * 1000 // a thousand days
	if d := ticks.due().Sub(start); d != 86400*1000*time.Second {
		t.Errorf("after a thousand days the tick is at %v", d)
	}
}
