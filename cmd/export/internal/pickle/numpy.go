package pickle

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// IsNumPy reports whether a name is among those by which NumPy writes arrays, scalars and dtypes,
// for use in Options.Allow.
func IsNumPy(module, name string) bool {
	switch module {
	case "numpy":
		return name == "dtype" || name == "ndarray"
	case "numpy.core.multiarray", "numpy._core.multiarray": // until NumPy 1, and from 2 on
		return name == "_reconstruct" || name == "scalar"
	case "numpy.core.numeric", "numpy._core.numeric":
		return name == "_frombuffer"
	}
	return false
}

// isNumPy reports whether r is made by that function of NumPy.
func isNumPy(r *Record, function string) bool {
	return r.Class.Name == function && r.Class.Module != "numpy" && IsNumPy(r.Class.Module, function)
}

// raw is an array as a pickle has it.
type raw struct {
	dtype   npy.DType
	shape   []int
	fortran bool
	data    any // bytes, or a list for an array of objects
}

// IsArray reports whether a value is an array: an *npy.Array, which OnBuild may have put there, or a
// record of one.
func IsArray(v any) bool {
	switch v := v.(type) {
	case *npy.Array:
		return true
	case *Record:
		return isNumPy(v, "_reconstruct") || isNumPy(v, "_frombuffer")
	}
	return false
}

// Array returns the array of numbers or of texts that a value is: an *npy.Array itself, a record of
// an array, or a record of a scalar, whose shape is empty. Values in C order are not copied.
func Array(v any) (*npy.Array, error) {
	if a, ok := v.(*npy.Array); ok {
		return a, nil
	}
	a, err := rawOf(v)
	if err != nil {
		return nil, fmt.Errorf("numpy: %w", err)
	}
	if a.dtype == objects {
		return nil, fmt.Errorf("numpy: an array of Python objects, where numbers or texts are needed")
	}
	var data []byte
	switch d := a.data.(type) {
	case []byte:
		data = d
	case string: // of Python 2
		data = []byte(d)
	default:
		return nil, fmt.Errorf("numpy: an array with %s as its values", Describe(d))
	}
	if !a.fortran || len(a.shape) < 2 {
		return npy.New(a.dtype, a.shape, data)
	}
	h := npy.Header{DType: a.dtype, Fortran: true, Shape: a.shape}
	return h.Read(bytes.NewReader(data), int64(len(data)))
}

// Objects returns the values of an array as Python's own, in C order, and its shape. Those of an
// array of objects are as they lie in the pickle; others come as Scalar has them.
func Objects(v any) (shape []int, values []any, err error) {
	if a, ok := v.(*npy.Array); ok {
		return a.Shape, elements(a), nil
	}
	a, err := rawOf(v)
	if err != nil {
		return nil, nil, fmt.Errorf("numpy: %w", err)
	}
	if a.dtype != objects {
		array, err := Array(v)
		if err != nil {
			return nil, nil, err
		}
		return array.Shape, elements(array), nil
	}
	list, ok := a.data.(*List)
	if !ok {
		return nil, nil, fmt.Errorf("numpy: an array of objects with %s as its values", Describe(a.data))
	}
	if !filled(a.shape, len(list.Items)) {
		return nil, nil, fmt.Errorf("numpy: shape %v with %d objects", a.shape, len(list.Items))
	}
	// They lie in C order, whatever the array's own.
	return a.shape, list.Items, nil
}

// filled reports whether an array of that shape has n elements. It divides, since a product of sizes
// may overflow.
func filled(shape []int, n int) bool {
	if slices.Contains(shape, 0) {
		return n == 0
	}
	for _, d := range shape {
		if n%d != 0 {
			return false
		}
		n /= d
	}
	return n == 1
}

// rawOf takes a record of an array or a scalar apart.
func rawOf(v any) (raw, error) {
	r, ok := v.(*Record)
	if !ok {
		return raw{}, fmt.Errorf("%s where an array is needed", Describe(v))
	}
	var dtype, shape any
	var a raw
	switch args := r.Args; {
	case isNumPy(r, "_reconstruct"):
		if class, ok := args.at(0).(*Global); !ok || !class.Is("numpy", "ndarray") {
			return raw{}, fmt.Errorf("an array of class %s, where numpy.ndarray is needed", Describe(args.at(0)))
		}
		state, _ := r.State.(Tuple)
		if len(state) == 4 { // without the version
			state = slices.Insert(slices.Clone(state), 0, any(int64(1)))
		}
		if len(state) != 5 {
			return raw{}, fmt.Errorf("an array with %s as its state", Describe(r.State))
		}
		shape, dtype, a.data = state[1], state[2], state[4]
		fortran, isBool := state[3].(bool)
		if n, isInt := state[3].(int64); isInt {
			fortran, isBool = n != 0, true
		}
		if !isBool {
			return raw{}, fmt.Errorf("an array with %s as its order", Describe(state[3]))
		}
		a.fortran = fortran
	case isNumPy(r, "_frombuffer") && len(args) == 4:
		a.data, dtype, shape = args[0], args[1], args[2]
		order, _ := args[3].(string)
		if order != "C" && order != "F" {
			return raw{}, fmt.Errorf("an array with %s as its order", Describe(args[3]))
		}
		a.fortran = order == "F"
	case isNumPy(r, "scalar") && len(args) == 2:
		dtype, a.data, shape = args[0], args[1], Tuple(nil)
	default:
		return raw{}, fmt.Errorf("%s where an array is needed", Describe(v))
	}
	var err error
	if a.shape, err = Shape(shape); err != nil {
		return raw{}, err
	}
	a.dtype, err = DType(dtype)
	return a, err
}

// at returns an element, or nil past the end.
func (t Tuple) at(i int) any {
	if i < len(t) {
		return t[i]
	}
	return nil
}

// maxDims is the most dimensions that NumPy gives an array.
const maxDims = 64

// Shape returns the sizes that a tuple or a list of integers gives; they are not negative.
func Shape(v any) ([]int, error) {
	sizes, ok := v.(Tuple)
	if l, isList := v.(*List); isList {
		sizes, ok = l.Items, true
	}
	if !ok || len(sizes) > maxDims {
		return nil, fmt.Errorf("%s as a shape", Describe(v))
	}
	shape := make([]int, len(sizes))
	for i, s := range sizes {
		n, ok := s.(int64)
		if !ok || n < 0 || int64(int(n)) != n {
			return nil, fmt.Errorf("a shape with %s", Describe(s))
		}
		shape[i] = int(n)
	}
	return shape, nil
}
