package onnx

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// element is the type of a tensor's values, as TensorProto numbers them.
type element int64

// The types that are read.
const (
	float32Element  element = 1
	uint8Element    element = 2
	int8Element     element = 3
	uint16Element   element = 4
	int16Element    element = 5
	int32Element    element = 6
	int64Element    element = 7
	textElement     element = 8
	boolElement     element = 9
	float16Element  element = 10
	float64Element  element = 11
	uint32Element   element = 12
	uint64Element   element = 13
	bfloat16Element element = 16
)

// size is the number of bytes that a value takes in raw data, 0 for a type that is not read or has
// no raw data.
func (e element) size() int {
	switch e {
	case uint8Element, int8Element, boolElement:
		return 1
	case uint16Element, int16Element, float16Element, bfloat16Element:
		return 2
	case float32Element, int32Element, uint32Element:
		return 4
	case float64Element, int64Element, uint64Element:
		return 8
	}
	return 0
}

func (e element) float() bool {
	return e == float32Element || e == float64Element || e == float16Element || e == bfloat16Element
}

func (e element) String() string {
	names := []string{"undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool",
		"float16", "double", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz",
		"float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1"}
	if e >= 0 && int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("type %d", int64(e))
}

// maxSize bounds a dimension, so that products of two fit into an int64.
const maxSize = 1 << 30

// tensor is a TensorProto: its values stay as they lie in the file until they are asked for.
type tensor struct {
	name     string
	element  element
	shape    []int
	raw      []byte
	isRaw    bool
	lists    []field // of typed values: float_data, int32_data and so on
	location int64   // 1 for a file of its own
	external []property
	segment  bool
}

func (t *tensor) read(f field) error {
	if err := f.nested(t.parse); err != nil {
		return fmt.Errorf("tensor %.64q: %w", t.name, err)
	}
	return nil
}

func (t *tensor) parse(f field) (err error) {
	switch f.number {
	case 1:
		return t.parseShape(f)
	case 2:
		return f.integer((*int64)(&t.element))
	case 3:
		t.segment = true
	case 4, 5, 6, 7, 10, 11:
		t.lists = append(t.lists, f)
	case 8:
		return f.text(&t.name)
	case 9:
		t.isRaw = true
		t.raw, err = f.message()
	case 13:
		var p property
		err = f.nested(p.parse)
		t.external = append(t.external, p)
	case 14:
		return f.integer(&t.location)
	}
	return err
}

func (t *tensor) parseShape(f field) error {
	n, err := f.count(protowire.VarintType)
	if err != nil {
		return err
	}
	if n > 10*maxDimensions {
		return fmt.Errorf("more than %d dimensions", maxDimensions)
	}
	err = f.scalars(protowire.VarintType, func(bits uint64) { t.shape = append(t.shape, int(min(bits, maxSize+1))) })
	if err == nil && len(t.shape) > maxDimensions {
		err = fmt.Errorf("%d dimensions, at most %d are read", len(t.shape), maxDimensions)
	}
	return err
}

// count is the number of values, which is checked against source.MaxBytes.
func (t *tensor) count() (int, error) {
	n := 1
	for _, d := range t.shape {
		if d > source.MaxBytes/max(n, 1) {
			return 0, fmt.Errorf("shape %v: more than %d values", t.shape, source.MaxBytes)
		}
		n *= d
	}
	return n, nil
}
