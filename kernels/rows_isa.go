package kernels

import "math"

// The row steps by instruction set: a few reductions of one row each, between passes of the elementwise
// kernels. A row stays in the nearest cache meanwhile.

// Softmax is the function [Softmax] in the kernels of i.
func (i ISA) Softmax(dst, x []float32, rows, n int) {
	if i == Portable {
		Softmax(dst, x, rows, n)
		return
	}
	mustHold("Softmax", "dst", len(dst), rows, n)
	mustHold("Softmax", "x", len(x), rows, n)
	raceRead(x)
	raceWrite(dst)
	for row := range rows {
		xr, yr := x[row*n:][:n], dst[row*n:][:n]
		i.expOfDifferenceKernel(yr, xr, i.greatestKernel(xr))
		i.affineByOneKernel(Divide, yr, yr, i.sumKernel(yr))
	}
}

// Normalize is the function [Normalize] in the kernels of i.
func (i ISA) Normalize(norm Norm, dst, x []float32, rows, n int) {
	if i == Portable {
		Normalize(norm, dst, x, rows, n)
		return
	}
	mustHold("Normalize", "dst", len(dst), rows, n)
	mustHold("Normalize", "x", len(x), rows, n)
	raceRead(x)
	raceWrite(dst)
	for row := range rows {
		xr, yr := x[row*n:][:n], dst[row*n:][:n]
		if size := i.normOf(norm, xr); size != 0 {
			i.affineByOneKernel(Divide, yr, xr, size)
		} else {
			copy(yr, xr)
		}
	}
}

func (i ISA) normOf(norm Norm, row []float32) float32 {
	switch norm {
	case L1:
		return i.sumOfMagnitudesKernel(row)
	case L2:
		return float32(math.Sqrt(float64(i.sumOfSquaresKernel(row)))) // rounded once: see the reference
	case Max:
		return math.Float32frombits(i.maxMagnitudeKernel(row))
	}
	panicUndefined("Normalize", norm)
	return 0
}

// ArgMax is the function [ArgMax] in the kernels of i.
func (i ISA) ArgMax(dst, x []float32, rows, n int) {
	const short = 32 // below this the reference is as fast
	if i == Portable || n < short {
		ArgMax(dst, x, rows, n)
		return
	}
	mustBeWithin("ArgMax", "n", n, 1, 1<<24+1)
	mustHold("ArgMax", "dst", len(dst), rows, 1)
	mustHold("ArgMax", "x", len(x), rows, n)
	raceRead(x)
	raceWrite(dst)
	for row := range dst {
		xr := x[row*n:][:n]
		if i.maxMagnitudeKernel(xr) > infinityBits {
			dst[row] = float32(math.NaN())
		} else {
			dst[row] = float32(indexOf(xr, i.greatestKernel(xr)))
		}
	}
}

// indexOf returns the index of the first element equal to v, which is there.
func indexOf(row []float32, v float32) int {
	for i, w := range row {
		if w == v {
			return i
		}
	}
	panic("kernels: ArgMax: the greatest value is not in its row")
}
