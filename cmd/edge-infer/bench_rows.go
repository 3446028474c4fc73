package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// calls returns a call of the model with so many rows.
type calls func(batch int) func() error

// denseCalls runs whole rows, and says what they are.
func denseCalls(m *format.Model, s *runtime.Session) (calls, string) {
	rows, drawn := benchRows(m)
	return func(batch int) func() error {
		src, dst := fill(batch*s.Inputs(), rows), make([]float32, batch*s.Outputs())
		return func() error { return s.Run(dst, src) }
	}, drawn
}

// sparseCalls runs rows of so many elements each, and says what they are.
func sparseCalls(s *runtime.Session, elements int) (calls, string) {
	return func(batch int) func() error {
		src, dst := drawSparse(batch, s.Inputs(), elements), make([]float32, batch*s.Outputs())
		return func() error { return s.RunSparse(dst, src) }
	}, fmt.Sprintf("seeded random rows of %s", plural(elements, "element"))
}

// drawSparse draws rows of whole numbers from 1 to 9 at different columns.
func drawSparse(rows, width, elements int) runtime.SparseRows {
	random := rand.New(rand.NewPCG(1, 2))
	x := runtime.SparseRows{Offsets: []int32{0}}
	taken := make(map[int32]bool, elements)
	for range rows {
		clear(taken)
		for column := width - elements; column < width; column++ {
			// Floyd's sample: draw among the columns up to this one, and take this one if
			// the drawn one is taken already.
			drawn := int32(random.IntN(column + 1))
			if taken[drawn] {
				drawn = int32(column)
			}
			taken[drawn] = true
			x.Columns = append(x.Columns, drawn)
			x.Values = append(x.Values, float32(1+random.IntN(9)))
		}
		slices.Sort(x.Columns[len(x.Columns)-elements:])
		x.Offsets = append(x.Offsets, int32(len(x.Columns)))
	}
	return x
}

// benchRows returns rows to run, and says what they are.
func benchRows(m *format.Model) ([]float32, string) {
	if g := m.Golden; g != nil {
		t := m.Tensor(g.Inputs)
		return t.Float32s(), plural(t.Shape[0], "golden vector")
	}
	const count = 64
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]float32, min(count*m.InputSize(), maxBatchValues))
	for i := range rows {
		if m.Input.DType == format.U8 {
			rows[i] = float32(random.IntN(256))
		} else {
			rows[i] = float32(random.NormFloat64())
		}
	}
	return rows, "seeded random rows"
}

// fill returns n values, which repeat the given ones.
func fill(n int, values []float32) []float32 {
	filled := make([]float32, 0, n)
	for len(filled) < n {
		filled = append(filled, values[:min(len(values), n-len(filled))]...)
	}
	return filled
}
