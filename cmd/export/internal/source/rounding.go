package source

import (
	"fmt"
	"math"
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
	for i, exact := range values {
		rounded[i] = float32(exact)
		stored := float64(rounded[i])
		if stored == exact || exact != exact {
			continue
		}
		if math.IsInf(stored, 0) {
			return nil, fmt.Errorf("tensor %q: value %d is %g, beyond float32", name, i, exact)
		}
		r.Values++
		if math.Abs(exact) < smallestNormal {
			continue // next to nothing, of which less than 2⁻¹⁴⁹ is lost
		}
		if d := math.Abs((stored - exact) / exact); d > r.Relative {
			r.Relative, r.Tensor = d, name
		}
	}
	return rounded, nil
}

// Add adds another account.
func (r *Rounding) Add(other Rounding) {
	r.Values += other.Values
	if other.Relative > r.Relative {
		r.Relative, r.Tensor = other.Relative, other.Tensor
	}
}
