package kernels

import "math"

// Softmax sets each row of dst to e^(x−m) divided by the sum of e^(x−m), m being the greatest value of the
// row. The sum is in dot order whatever n is. x and dst are [rows][n]; dst may be x. A row that holds a NaN
// or +Inf, or nothing but −Inf, becomes NaN throughout.
func Softmax(dst, x []float32, rows, n int) {
	mustHold("Softmax", "dst", len(dst), rows, n)
	mustHold("Softmax", "x", len(x), rows, n)
	for row := range rows {
		softmaxRow(dst[row*n:][:n], x[row*n:][:n])
	}
}

func softmaxRow(y, x []float32) {
	greatest := float32(math.Inf(-1))
	for _, v := range x {
		if v > greatest { // a NaN never is; it reaches the result through its own exponential
			greatest = v
		}
	}
	var lane [lanes]float32
	for i, v := range x {
		e := Exp(float32(v - greatest))
		lane[i%lanes] = float32(lane[i%lanes] + e)
		y[i] = e
	}
	sum := addHalves(&lane)
	for i, e := range y {
		y[i] = float32(e / sum)
	}
}

// ArgMax sets dst[row] to the index of the row's greatest value, as a float32: the lowest index where several
// are equal (+0 equals −0), NaN where the row holds a NaN. x is [rows][n], dst is [rows]; n is at least 1 and
// at most 2^24, so that every index is exact. dst must not overlap x.
func ArgMax(dst, x []float32, rows, n int) {
	mustBeWithin("ArgMax", "n", n, 1, 1<<24+1)
	mustHold("ArgMax", "dst", len(dst), rows, 1)
	mustHold("ArgMax", "x", len(x), rows, n)
	for row := range dst {
		dst[row] = argMaxRow(x[row*n:][:n])
	}
}

func argMaxRow(x []float32) float32 {
	best := 0
	for i, v := range x {
		if v != v {
			return v
		}
		if v > x[best] {
			best = i
		}
	}
	return float32(best)
}
