package pickle

import (
	"math/big"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Scalar returns Python's own value for a scalar of NumPy or an array without dimensions: a bool, an
// int64 or *big.Int, a float64, or a string. Other values come back as they are, also those that are
// no readable scalar.
func Scalar(v any) any {
	a, ok := v.(*npy.Array)
	if !ok {
		r, isRecord := v.(*Record)
		if !isRecord || !isNumPy(r, "scalar") && !IsArray(r) {
			return v
		}
		array, err := Array(r)
		if err != nil {
			return v
		}
		a = array
	}
	if len(a.Shape) > 0 {
		return v
	}
	return elements(a)[0]
}

// Number returns the value of a number, Python's or NumPy's. True is 1; an integer beyond 2⁵³ is
// rounded to nearest.
func Number(v any) (float64, bool) {
	switch v := Scalar(v).(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), true
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, true
	case float64:
		return v, true
	}
	return 0, false
}

// elements returns the values of an array as Python's own.
func elements(a *npy.Array) []any {
	values := make([]any, a.Len())
	kind := a.DType[1]
	if kind == 'f' {
		for i, f := range a.Float64s() {
			values[i] = f
		}
		return values
	}
	for i, text := range a.Strings() {
		switch kind {
		case 'b':
			values[i] = text == "True"
		case 'i', 'u':
			n, _ := new(big.Int).SetString(text, 10)
			values[i] = integer(n)
		default:
			values[i] = text
		}
	}
	return values
}
