package torch

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// view is a tensor: values of a storage, by an offset and, for each dimension, a size and a stride,
// all counted in values.
type view struct {
	*part
	offset       int
	size, stride []int
}

// isTensor reports whether a value is a record of a tensor.
func isTensor(v any) bool {
	r, ok := v.(*pickle.Record)
	return ok && (r.Class.Module == "torch._utils" || r.Class.Module == "torch._tensor")
}

// rebuild returns the tensor that a record describes. Parameters and tensors with attributes hold
// the record of another.
func rebuild(v any) (*view, error) {
	const nested = 4
	for range nested {
		r, ok := v.(*pickle.Record)
		if !ok || !isTensor(r) {
			return nil, fmt.Errorf("%s where a tensor is needed", pickle.Describe(v))
		}
		args := r.Args
		switch {
		case len(args) > 0 && (r.Class.Name == "_rebuild_parameter" || r.Class.Name == "_rebuild_parameter_with_state"):
			v = args[0]
		case len(args) > 2 && r.Class.Module == "torch._tensor": // function, class, arguments
			f, ok1 := args[0].(*pickle.Global)
			inner, ok2 := args[2].(pickle.Tuple)
			if !ok1 || !ok2 {
				return nil, fmt.Errorf("a tensor by a call of %s", pickle.Describe(args[0]))
			}
			v = &pickle.Record{Class: f, Args: inner}
		case len(args) > 3:
			return newView(r.Class.Name, args)
		default:
			return nil, fmt.Errorf("a tensor by a call of %s with %d arguments", r.Class, len(args))
		}
	}
	return nil, errors.New("a tensor within a tensor")
}

// newView reads storage, offset, size and stride, and for _rebuild_tensor_v3 the dtype.
func newView(function string, args pickle.Tuple) (*view, error) {
	p, ok := args[0].(*part)
	if !ok {
		return nil, fmt.Errorf("a tensor of %s", pickle.Describe(args[0]))
	}
	if function == "_rebuild_tensor_v3" {
		if len(args) < 7 {
			return nil, fmt.Errorf("a tensor of the third version with %d arguments", len(args))
		}
		d, err := namedDType(args[6])
		if err != nil {
			return nil, err
		}
		switch {
		case p.dtype.name != "" && p.dtype != d:
			return nil, fmt.Errorf("a tensor of %s in a storage of %s", d.name, p.dtype.name)
		case p.dtype.name == "" && p.first%d.size != 0:
			return nil, fmt.Errorf("a tensor of %s from byte %d of a storage", d.name, p.first)
		case p.dtype.name == "":
			p = &part{p.storage, d, p.first / d.size, p.count / d.size}
		}
	}
	if p.dtype.name == "" {
		return nil, errors.New("a tensor of bytes whose dtype the file does not tell")
	}
	if last := args[len(args)-1]; len(args) > 6 {
		if d, ok := last.(*pickle.Dict); ok && d.Len() > 0 { // of numbers that are to be negated or conjugated yet
			return nil, errors.New("a tensor with a lazy operation: save it with .resolve_neg().resolve_conj()")
		}
	}
	v := &view{part: p}
	offset, ok := args[1].(int64)
	if !ok || offset < 0 || offset > int64(p.count) {
		return nil, fmt.Errorf("a tensor at offset %s of %d values", pickle.Describe(args[1]), p.count)
	}
	v.offset = int(offset)
	var err error
	if v.size, err = pickle.Shape(args[2]); err != nil {
		return nil, err
	}
	if v.stride, err = pickle.Shape(args[3]); err != nil {
		return nil, fmt.Errorf("strides: %w", err)
	}
	return v, v.check()
}

// check requires that the tensor lies within its storage and repeats none of its values.
func (v *view) check() error {
	if len(v.size) != len(v.stride) {
		return fmt.Errorf("a tensor of shape %v with strides %v", v.size, v.stride)
	}
	if slices.Contains(v.size, 0) {
		return nil
	}
	last, count := v.offset, 1
	for i, n := range v.size {
		if n > math.MaxInt32 || v.stride[i] > math.MaxInt32 || int64(n-1)*int64(v.stride[i]) > int64(v.count-1-last) {
			return fmt.Errorf("a tensor of shape %v with strides %v at offset %d lies beyond its storage of %d values", v.size, v.stride, v.offset, v.count)
		}
		last += (n - 1) * v.stride[i]
		if count > v.count/n {
			return fmt.Errorf("a tensor of shape %v has more values than its storage, %d: save it with .contiguous()", v.size, v.count)
		}
		count *= n
	}
	if last >= v.count {
		return fmt.Errorf("a tensor at offset %d lies beyond its storage of %d values", v.offset, v.count)
	}
	return nil
}

// len returns the number of values.
func (v *view) len() int {
	n := 1
	for _, size := range v.size {
		n *= size
	}
	return n
}

// array reads a tensor, or an array of NumPy among them, or makes one of several.
func (c *content) array(value any) (*npy.Array, error) {
	if r, ok := value.(*recipe); ok {
		return c.make(*r)
	}
	if pickle.IsArray(value) {
		a, err := pickle.Array(value)
		if err != nil {
			return nil, err
		}
		return a, c.spend(len(a.Bytes()))
	}
	v, err := rebuild(value)
	if err != nil {
		return nil, err
	}
	n := 0
	if !slices.Contains(v.size, 0) {
		n = v.len()
	}
	if err := c.spend(n * v.dtype.size); err != nil {
		return nil, err
	}
	data, err := c.bytes(v.part)
	if err != nil {
		return nil, err
	}
	return c.newArray(v, gather(data, v, n))
}

// newArray makes an array of values in C order.
func (c *content) newArray(v *view, data []byte) (*npy.Array, error) {
	order := npy.DType("<")
	switch {
	case v.dtype.npy == "":
		return npy.New("<f4", v.size, widen(data, c.big))
	case v.dtype.size == 1:
		order = "|"
	case c.big:
		order = ">"
	}
	return npy.New(order+v.dtype.npy, v.size, data)
}

// gather returns the n values of a tensor in C order, without copying them if they lie so.
func gather(data []byte, v *view, n int) []byte {
	size := v.dtype.size
	if contiguous(v) {
		return data[min(v.offset*size, len(data)):][:n*size]
	}
	out := make([]byte, 0, n*size)
	index := make([]int, len(v.size))
	at := v.offset
	for range n {
		out = append(out, data[at*size:][:size]...)
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			at += v.stride[i]
			if index[i] < v.size[i] {
				break
			}
			at -= index[i] * v.stride[i]
			index[i] = 0
		}
	}
	return out
}

// contiguous reports whether the values follow each other in C order.
func contiguous(v *view) bool {
	step := 1
	for i := len(v.size) - 1; i >= 0; i-- {
		if v.size[i] != 1 && v.stride[i] != step {
			return slices.Contains(v.size, 0)
		}
		step *= v.size[i]
	}
	return true
}

// widen turns bfloat16 values into little-endian float32 ones. A bfloat16 is the upper half of a
// float32: sign, exponent and the first seven bits of the fraction.
func widen(bf16 []byte, big bool) []byte {
	f32 := make([]byte, 2*len(bf16))
	for i := 0; i+1 < len(bf16); i += 2 {
		low, high := bf16[i], bf16[i+1]
		if big {
			low, high = high, low
		}
		f32[2*i+2], f32[2*i+3] = low, high
	}
	return f32
}
