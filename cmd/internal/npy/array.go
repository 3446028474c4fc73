package npy

import (
	"fmt"
	"slices"
)

// Array is an array in memory: values of one dtype, in C order (the last index varies fastest).
type Array struct {
	DType DType
	Shape []int // empty for a single value

	data []byte // Len()*DType.Size() bytes
}

// New returns an array over data, which it keeps: values of the given dtype in C order. The length
// of data must be what dtype and shape say.
func New(dtype DType, shape []int, data []byte) (*Array, error) {
	h := Header{DType: dtype, Shape: shape}
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	if want := h.Len() * dtype.Size(); len(data) != want {
		return nil, fmt.Errorf("npy: shape %v of dtype %q takes %d bytes, %d given", shape, string(dtype), want, len(data))
	}
	return &Array{DType: dtype, Shape: slices.Clone(shape), data: data}, nil
}

// Len returns the number of values, the product of the shape.
func (a *Array) Len() int { return Header{Shape: a.Shape}.Len() }

// Bytes returns the values as they lay in the file, in C order. It is the array's own memory.
func (a *Array) Bytes() []byte { return a.data }

// Float32s returns the values as float32, each rounded to nearest once if it is not exact: float64
// values, and integers beyond 2²⁴. Booleans become 0 and 1. It returns nil for strings.
func (a *Array) Float32s() []float32 {
	if a.DType.IsText() {
		return nil
	}
	out := make([]float32, a.Len())
	a.DType.Float32s(out, a.data)
	return out
}

// Float64s returns the values as float64. All are exact but integers beyond 2⁵³, which are rounded
// to nearest. It returns nil for strings.
func (a *Array) Float64s() []float64 {
	if a.DType.IsText() {
		return nil
	}
	out := make([]float64, a.Len())
	a.DType.Float64s(out, a.data)
	return out
}
