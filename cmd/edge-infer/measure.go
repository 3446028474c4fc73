package main

import (
	"cmp"
	goruntime "runtime"
	"slices"
	"time"
)

// measurement is how long a call takes.
type measurement struct {
	call           percentiles
	samples        int
	callsPerSample int // a sample is the mean of so many calls
	allocations    float64
	began, ended   time.Time // of the samples
	series         *series   // of samples, not of calls
}

// percentiles are times in nanoseconds. P95 is the least time that 95 of 100 samples stay within.
type percentiles struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
}

func (p percentiles) dividedBy(n int) percentiles {
	d := float64(n)
	return percentiles{p.Min / d, p.Median / d, p.P95 / d, p.P99 / d}
}

const (
	leastSample = 10 * time.Microsecond // 100 to 1000 times what reading the clock takes
	mostSamples = 1 << 20               // 8 MiB of them
)

// measure calls run for a warm-up and then for the duration, at least once.
func measure(run func() error, duration time.Duration) (measurement, error) {
	perCall, err := warmUp(run, min(duration/5, 200*time.Millisecond))
	if err != nil {
		return measurement{}, err
	}
	m := measurement{callsPerSample: callsPerSample(perCall, duration)}
	if m.allocations, err = allocations(run); err != nil {
		return measurement{}, err
	}
	samples := make([]time.Duration, 0, min(int(duration/max(perCall, 1))/m.callsPerSample+1, mostSamples))
	m.series, m.began = newSeries(), time.Now()
	for end := m.began.Add(duration); len(samples) < mostSamples; {
		start := time.Now()
		for range m.callsPerSample {
			if err := run(); err != nil {
				return measurement{}, err
			}
		}
		stop := time.Now()
		samples = append(samples, stop.Sub(start))
		m.series.add(start, stop.Sub(start))
		m.ended = stop
		if stop.After(end) {
			break
		}
	}
	m.samples = len(samples)
	m.call = percentilesOf(samples).dividedBy(m.callsPerSample)
	return m, nil
}

// warmUp calls run for some time, so that the caches are filled and the clock of the processor has
// risen, and returns what a call took towards the end.
func warmUp(run func() error, duration time.Duration) (time.Duration, error) {
	start := time.Now()
	for calls := 1; ; calls *= 2 {
		began := time.Now()
		for range calls {
			if err := run(); err != nil {
				return 0, err
			}
		}
		if now := time.Now(); now.Sub(start) >= duration {
			return now.Sub(began) / time.Duration(calls), nil
		}
	}
}

// callsPerSample is the number of calls that take long enough to time, and of which mostSamples
// fill the duration.
func callsPerSample(perCall, duration time.Duration) int {
	perCall = max(perCall, 1)
	sample := max(leastSample, duration/mostSamples)
	return int(max((sample+perCall-1)/perCall, 1))
}

// allocations is the number of allocations of a call. The counter is the whole program's, so the
// calmest of several rounds is taken.
func allocations(run func() error) (float64, error) {
	const rounds, calls = 8, 4
	least := ^uint64(0)
	var before, after goruntime.MemStats
	for range rounds {
		goruntime.ReadMemStats(&before)
		for range calls {
			if err := run(); err != nil {
				return 0, err
			}
		}
		goruntime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return float64(least) / calls, nil
}

// percentilesOf sorts the samples. A percentile is the sample at its nearest rank.
func percentilesOf(samples []time.Duration) percentiles {
	slices.SortFunc(samples, cmp.Compare)
	at := func(percent int) float64 {
		rank := (len(samples)*percent + 99) / 100
		return float64(samples[max(rank, 1)-1])
	}
	return percentiles{Min: at(0), Median: at(50), P95: at(95), P99: at(99)}
}
