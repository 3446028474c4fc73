package kernels

import "math"

// Norm names what [Normalize] divides a row by. The zero value names none.
type Norm uint8

const (
	L1  Norm = iota + 1 // the sum of |x|
	L2                  // the square root of the sum of x²
	Max                 // the greatest |x|
)

// String returns "l1", "l2" or "max".
func (n Norm) String() string {
	switch n {
	case L1:
		return "l1"
	case L2:
		return "l2"
	case Max:
		return "max"
	}
	return "undefined norm"
}

// Normalize divides each row by its norm. The sums of [L1] and [L2] are in dot order whatever n is. x and dst
// are [rows][n]; dst may be x. A row whose norm is 0 is left as it is; that includes an L2 row so small that
// its squares underflow. A NaN anywhere in a row makes the whole row NaN, for every norm.
func Normalize(norm Norm, dst, x []float32, rows, n int) {
	mustHold("Normalize", "dst", len(dst), rows, n)
	mustHold("Normalize", "x", len(x), rows, n)
	for row := range rows {
		xr, yr := x[row*n:][:n], dst[row*n:][:n]
		size := normOf(norm, xr)
		if size == 0 {
			copy(yr, xr)
			continue
		}
		for i, v := range xr {
			yr[i] = float32(v / size)
		}
	}
}

func normOf(norm Norm, row []float32) float32 {
	var lane [lanes]float32
	switch norm {
	case L1:
		for i, v := range row {
			lane[i%lanes] = float32(lane[i%lanes] + abs(v))
		}
		return addHalves(&lane)
	case L2:
		for i, v := range row {
			lane[i%lanes] = FMA(v, v, lane[i%lanes])
		}
		// The root of a binary32 value, rounded to binary64 and then to binary32, is the root rounded once.
		return float32(math.Sqrt(float64(addHalves(&lane))))
	case Max:
		return math.Float32frombits(maxMagnitude(row))
	}
	panicUndefined("Normalize", norm)
	return 0
}
