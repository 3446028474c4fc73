package source

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Rounding is what storing a file's values as float32 costs.
type Rounding struct {
	Values   int     // that float32 does not hold exactly
	Relative float64 // greatest |stored − original| / |original| of a normal value
	Tensor   string  // where that is
}

// smallestNormal is the least magnitude that float32 holds with all its digits.
const smallestNormal = 0x1p-126

// Round returns the values of the tensor of that name as float32, each rounded once, and adds to
// the account of what that costs. A finite value beyond float32 is an error.
func (r *Rounding) Round(name string, values []float64) ([]float32, error) {
	rounded := make([]float32, len(values))
	return rounded, r.round(rounded, name, values, 0)
}

// RoundArray is Round for an array of numbers, a piece at a time: a file of bytes must not take eight times its size
// on the way.
func (r *Rounding) RoundArray(name string, a *npy.Array) ([]float32, error) {
	rounded, data, size := make([]float32, a.Len()), a.Bytes(), a.DType.Size()
	var piece [1024]float64
	for first := 0; first < len(rounded); first += len(piece) {
		n := min(len(piece), len(rounded)-first)
		a.DType.Float64s(piece[:n], data[first*size:][:n*size])
		if err := r.round(rounded[first:], name, piece[:n], first); err != nil {
			return nil, err
		}
	}
	return rounded, nil
}

// round rounds a piece of a tensor that begins at value first.
func (r *Rounding) round(rounded []float32, name string, values []float64, first int) error {
	for i, exact := range values {
		rounded[i] = float32(exact)
		stored := float64(rounded[i])
		if stored == exact || exact != exact {
			continue
		}
		if math.IsInf(stored, 0) {
			return fmt.Errorf("tensor %q: value %d is %g, beyond float32", name, first+i, exact)
		}
		r.Values++
		if math.Abs(exact) < smallestNormal {
			continue // next to nothing, of which less than 2⁻¹⁴⁹ is lost
		}
		if d := math.Abs((stored - exact) / exact); d > r.Relative {
			r.Relative, r.Tensor = d, name
		}
	}
	return nil
}

// Add adds another account.
func (r *Rounding) Add(other Rounding) {
	r.Values += other.Values
	if other.Relative > r.Relative {
		r.Relative, r.Tensor = other.Relative, other.Tensor
	}
}
