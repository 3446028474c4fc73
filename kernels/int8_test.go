package kernels

import (
	"fmt"
	"math"
	"testing"
)

func TestQuantizeRow(t *testing.T) {
	for _, c := range []struct {
		name  string
		x     []float32
		want  []int8
		scale float32
	}{
		{"whole numbers", []float32{127, -127, 1, -1, 0, negZero}, []int8{127, -127, 1, -1, 0, 0}, 1},
		{"ties go to even", []float32{127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5}, []int8{127, 0, 2, 2, 0, -2, -2, 126}, 1},
		{"just off a tie", []float32{127, 0x1.000002p-1, 0x1.fffffep-2, -0x1.000002p-1}, []int8{127, 1, 0, -1}, 1},
		{"all zero", []float32{0, negZero}, []int8{0, 0}, 0},
		{"just below 2^-118", []float32{0x1.fffffep-119, -0x1p-149}, []int8{0, 0}, 0},
		{"2^-118", []float32{0x1p-118, -0x1p-119}, []int8{127, -64}, 0x1.020408p-125},
		{"the greatest float", []float32{math.MaxFloat32, -math.MaxFloat32, 1}, []int8{127, -127, 0}, 0x1.020408p+121},
		{"Inf", []float32{1, inf}, []int8{0, 0}, nan},
		{"−Inf", []float32{1, -inf}, []int8{0, 0}, nan},
		{"NaN", []float32{1, 2, nan, 3}, []int8{0, 0, 0, 0}, nan},
		{"no values", nil, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := make([]int8, len(c.x))
			for i := range got {
				got[i] = 99 // no value may be left unset
			}
			scale := QuantizeRow(got, c.x)
			requireSame(t, "scale", []float32{scale}, []float32{c.scale})
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("value %d (%g) is %d: %d expected", i, c.x[i], got[i], c.want[i])
				}
			}
		})
	}
}

// The addition of a magic number rounds to nearest, ties to even, and never leaves [−127, 127].
func TestQuantizeRowRoundsToNearestEven(t *testing.T) {
	r := newRandom(7)
	quantised := 0
	for range 3000 {
		x := r.values(flavour(r.below(int(flavours))), 1+r.below(100))
		q := make([]int8, len(x))
		scale := QuantizeRow(q, x)
		if scale != scale || scale == 0 {
			continue
		}
		for i, v := range x {
			want := math.RoundToEven(float64(float32(v / scale)))
			if float64(q[i]) != want || math.Abs(want) > 127 {
				t.Fatalf("%x / %x is %d: %g expected, within ±127", v, scale, q[i], want)
			}
			quantised++
		}
	}
	if quantised < 30000 {
		t.Errorf("%d values were quantised: at least 30000 expected", quantised)
	}
}

func literalDenseInt8(x []float32, w []int8, scale, b []float32, rows, k, n int) []float32 {
	y := make([]float32, rows*n)
	for row := range rows {
		q := make([]int8, k)
		rowScale := QuantizeRow(q, x[row*k:][:k])
		for o := range n {
			sum := int64(0)
			for i := range q {
				sum += int64(q[i]) * int64(w[i*n+o])
			}
			product := float32(rowScale * scale[o])
			y[row*n+o] = FMA(float32(sum), product, b[o])
		}
	}
	return y
}

func randomInt8(r *random, n int) []int8 {
	v := make([]int8, n)
	for i := range v {
		v[i] = int8(r.below(255) - 127)
	}
	return v
}

func TestDenseInt8AgainstSpec(t *testing.T) {
	const rows = 2
	for _, k := range edges {
		for _, n := range edges {
			r := newRandom(uint64(k*1000 + n))
			x := r.values(flavour(r.below(int(flavours))), rows*k)
			w, b := randomInt8(r, k*n), r.values(ordinary, n)
			scale := r.values(ordinary, n)
			for i := range scale {
				scale[i] = abs(scale[i])
			}
			want := literalDenseInt8(x, w, scale, b, rows, k, n)
			dst, intact := guarded(t, rows*n)
			DenseInt8(dst, x, w, scale, b, rows, k, n, make([]int8, k))
			requireSame(t, fmt.Sprintf("%d inputs, %d outputs", k, n), dst, want)
			intact()
		}
	}
}

func TestDenseInt8Rows(t *testing.T) {
	const k, n = 2, 2
	w, scale, b := []int8{1, -2, 3, 4}, []float32{0.5, 0.25}, []float32{10, 20}
	x := []float32{
		127, 1, // scale 1
		0, negZero, // only the bias is left
		0x1p-120, 0, // too small to quantise
		nan, 1,
		1, -inf,
	}
	want := []float32{10 + 130*0.5, 20 - 250*0.25, 10, 20, 10, 20, nan, nan, nan, nan}
	got := make([]float32, len(want))
	DenseInt8(got, x, w, scale, b, 5, k, n, make([]int8, k))
	requireSame(t, "rows", got, want)
}

// The longest row that is allowed, with every product at its greatest: the sum stays below 2^31.
func TestDenseInt8GreatestSum(t *testing.T) {
	const k = int8MaxInputs - 1
	x, w := make([]float32, k), make([]int8, k)
	for i := range x {
		x[i], w[i] = -127, 127
	}
	var got [1]float32
	DenseInt8(got[:], x, w, []float32{1}, []float32{0}, 1, k, 1, make([]int8, k))
	requireSame(t, "sum", got[:], []float32{-127 * 127 * k})
}
