package tflite

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// elementType is the type of a tensor's elements.
type elementType int

// The types by which something is decided.
const (
	float32Type elementType = 0
	float16Type elementType = 1
	int32Type   elementType = 2
	uint8Type   elementType = 3
	int64Type   elementType = 4
	boolType    elementType = 6
	int16Type   elementType = 7
	int8Type    elementType = 9
)

// elementTypes are the names of the schema, in the order of their codes, and for those types whose
// constants can be decoded the name that NumPy has for them.
var elementTypes = []struct {
	name  string
	dtype npy.DType
}{
	{"float32", "<f4"}, {"float16", "<f2"}, {"int32", "<i4"}, {"uint8", "|u1"}, {"int64", "<i8"}, {"string", ""},
	{"bool", "|b1"}, {"int16", "<i2"}, {"complex64", ""}, {"int8", "|i1"}, {"float64", "<f8"}, {"complex128", ""},
	{"uint64", "<u8"}, {"resource", ""}, {"variant", ""}, {"uint32", "<u4"}, {"uint16", "<u2"}, {"int4", ""},
	{"bfloat16", ""}, {"int2", ""}, {"uint4", ""},
}

func (e elementType) String() string {
	if int(e) < len(elementTypes) {
		return elementTypes[e].name
	}
	return fmt.Sprintf("type %d", int(e))
}

func (e elementType) dtype() npy.DType {
	if int(e) < len(elementTypes) {
		return elementTypes[e].dtype
	}
	return ""
}

// whole tells whether the elements are integers or booleans.
func (e elementType) whole() bool {
	dtype := e.dtype()
	return dtype != "" && dtype[1] != 'f'
}

// tensor is one tensor of the graph.
type tensor struct {
	table
	elements elementType
	scales   vector // of the quantisation, empty if there is none
}

func (g *graph) tensor(i int) tensor {
	t := g.tensors.table(i)
	return tensor{t, elementType(t.byte(1)), t.table(4).vector(2, 4)}
}

// real tells whether the elements are real numbers, or stand for them with one scale.
func (t tensor) real() bool {
	switch t.elements {
	case float32Type:
		return true
	case int8Type, uint8Type, int16Type:
		return t.scales.len == 1
	}
	return false
}

// zero is the zero point of scale k: the integer that stands for 0.
func (t tensor) zero(k int) int64 {
	if zeros := t.table.table(4).vector(3, 8); k < zeros.len {
		return zeros.int64(k)
	}
	return 0
}

// limits are the least and the greatest integer of a quantised type.
func (e elementType) limits() (low, high int64) {
	switch e {
	case uint8Type:
		return 0, math.MaxUint8
	case int16Type:
		return math.MinInt16, math.MaxInt16
	}
	return math.MinInt8, math.MaxInt8
}

// label is the name of the tensor, as far as it is of use to a person: converters join the names of
// all that they merged.
func (t tensor) label() string {
	name, _, _ := strings.Cut(fmt.Sprintf("%.200s", t.bytes(3)), ";")
	if name == "" || strconv.Quote(name) != `"`+name+`"` {
		return ""
	}
	return " " + name
}

// dims returns the shape, -1 where a size is open until the model runs.
func (t tensor) dims() ([]int, error) {
	list := t.vector(7, 4)
	if list.len == 0 {
		list = t.vector(0, 4)
	}
	if list.len > format.MaxDimensions {
		return nil, fmt.Errorf("tensor%s has %d dimensions: at most %d are read", t.label(), list.len, format.MaxDimensions)
	}
	dims := make([]int, list.len)
	for i := range dims {
		dims[i] = list.int32(i)
	}
	return dims, nil
}

// row returns the dimensions of one row of a tensor whose rows have a number of values. It reports
// false if the shape does not tell where a row begins.
//
// TensorFlow Lite has no rows. The first dimension counts them by convention, open or 1 or a batch's
// fixed size, unless a model was made for one row alone and has none.
func (t tensor) row(width int) ([]int, bool) {
	dims, err := t.dims()
	if err != nil {
		return nil, false
	}
	if len(dims) > 0 && product(dims[1:]) == width {
		return dims[1:], true
	}
	return dims, product(dims) == width
}

// product multiplies sizes. It is 0 if one is open, or if there are more values than a row may have.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		if d < 1 || d > format.MaxWidth/n {
			return 0
		}
		n *= d
	}
	return n
}
