package stream

import "math"

// The features of a window that are not taken from its spectrum. FEATURES.md
// defines them; here are the same definitions in Go. Samples are binary32 and are
// widened exactly; all arithmetic is binary64, one rounding an operation. Go may
// fuse x*y + z, so every product that is added stands in a conversion; so does a
// division by 2, of which the compiler makes a product with 0.5.
//
// Every function takes at least one sample.

// mean is the sum from the oldest to the newest, divided by their number.
func mean(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum / float64(len(x))
}

// meanSquare is the mean of (x − m)².
func meanSquare(x []float32, m float64) float64 {
	sum := 0.0
	for _, v := range x {
		d := float64(v) - m
		sum += float64(d * d)
	}
	return sum / float64(len(x))
}

// rootMeanSquare is std for m the mean, and rms for m = 0.
func rootMeanSquare(x []float32, m float64) float64 { return math.Sqrt(meanSquare(x, m)) }

// least is the first of the least samples.
func least(x []float32) float64 {
	l := x[0]
	for _, v := range x[1:] {
		if v < l {
			l = v
		}
	}
	return float64(l)
}

// greatest is the first of the greatest samples.
func greatest(x []float32) float64 {
	g := x[0]
	for _, v := range x[1:] {
		if v > g {
			g = v
		}
	}
	return float64(g)
}

// crossings counts the pairs of neighbours of which one is below m and the other
// is not.
func crossings(x []float32, m float64) float64 {
	count := 0
	below := float64(x[0]) < m
	for _, v := range x[1:] {
		if b := float64(v) < m; b != below {
			below = b
			count++
		}
	}
	return float64(count)
}

// slopeByCount is the slope of the line of least squares through samples that
// stand 1/rate seconds apart. Their places are counted from the middle, so that
// neither they nor the sum of their squares is rounded.
func slopeByCount(x []float32, m, rate float64) float64 {
	if len(x) == 1 {
		return 0
	}
	n := float64(len(x))
	middle := float64((n - 1) / 2)
	sum := 0.0
	for i, v := range x {
		sum += float64((float64(i) - middle) * (float64(v) - m))
	}
	squares := float64(n*float64(float64(n*n)-1)) / 12
	return sum / squares * rate
}

// slopeByTime is the slope of the line of least squares through samples with a
// time each, in ns.
func slopeByTime(x []float32, m float64, times []int64) float64 {
	seconds := func(i int) float64 { return float64(times[i]-times[0]) / 1e9 }
	middle := 0.0
	for i := range x {
		middle += seconds(i)
	}
	middle /= float64(len(x))
	sum, squares := 0.0, 0.0
	for i, v := range x {
		d := seconds(i) - middle
		sum += float64(d * (float64(v) - m))
		squares += float64(d * d)
	}
	if squares == 0 {
		return 0
	}
	return sum / squares
}
