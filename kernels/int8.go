package kernels

import "math"

const (
	int8Max = 127

	// Rows whose greatest magnitude is below 2^-118 quantise to zeros: their scale would come near the
	// subnormals, and the quotients by it would lose their bound.
	tinyRowBits = 0x04800000

	// With fewer than 2^17 products of at most 127·127 each, no int32 sum can overflow.
	int8MaxInputs = 1 << 17
)

// QuantizeRow writes q = x/scale rounded to the nearest integer, ties to even, and returns the scale, which
// is the greatest |x| over 127: so |q| <= 127. A row of values below 2^-118 gives zeros and scale 0; a row
// with a NaN or an infinity gives zeros and scale NaN. q and x have one length.
func QuantizeRow(q []int8, x []float32) (scale float32) {
	mustHold("QuantizeRow", "q", len(q), 1, len(x))
	greatest := maxMagnitude(x)
	switch {
	case greatest >= infinityBits:
		clear(q)
		return float32(math.NaN())
	case greatest < tinyRowBits:
		clear(q)
		return 0
	}
	scale = float32(math.Float32frombits(greatest) / int8Max)
	for i, v := range x {
		q[i] = int8(bitsOf(float32(float32(v/scale)+magic)) - magicBits)
	}
	return scale
}

// DenseInt8 computes dst = x·w + b with int8 products and int32 sums. Each row of x gets its own scale (see
// [QuantizeRow]); w is [k][n] in [−127, 127], and its column o stands for w·scale[o]. The sum of an output is
// exact, and is brought back by one FMA: sum·(scale of the row × scale[o]) + b[o], the product of the two
// scales rounded first. A row with a NaN or an infinity becomes NaN throughout.
//
// x is [rows][k], dst is [rows][n], row-major; scale and b are [n], b without −0; k is below 2^17; q is
// scratch of k values. dst must not overlap x.
func DenseInt8(dst, x []float32, w []int8, scale, b []float32, rows, k, n int, q []int8) {
	mustBeWithin("DenseInt8", "k", k, 0, int8MaxInputs)
	mustHold("DenseInt8", "dst", len(dst), rows, n)
	mustHold("DenseInt8", "x", len(x), rows, k)
	mustHold("DenseInt8", "w", len(w), k, n)
	mustHold("DenseInt8", "scale", len(scale), 1, n)
	mustHold("DenseInt8", "b", len(b), 1, n)
	mustHold("DenseInt8", "q", len(q), 1, k)
	for row := range rows {
		rowScale := QuantizeRow(q, x[row*k:][:k])
		yr := dst[row*n:][:n]
		for o := 0; o < n; o += columnTile {
			var sums [columnTile]int32
			y := yr[o:min(o+columnTile, n)]
			int8Columns(sums[:len(y)], q, w[o:], n)
			for j, sum := range sums[:len(y)] {
				y[j] = FMA(float32(sum), float32(rowScale*scale[o+j]), b[o+j])
			}
		}
	}
}

// int8Columns adds the products of neighbouring outputs into sums. w starts at the first of them, and its
// rows are stride apart.
func int8Columns(sums []int32, q, w []int8, stride int) {
	for i, v := range q {
		wr := w[i*stride:][:len(sums)]
		for j, weight := range wr {
			sums[j] += int32(v) * int32(weight)
		}
	}
}
