package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// decode returns the values of a tensor, which lie in raw data, in a list of their type, or in a
// file of their own in the folder.
func (t *tensor) decode(f folder) (*constant, error) {
	n, err := t.count()
	if err != nil {
		return nil, err
	}
	c := &constant{element: t.element, shape: t.shape, name: t.name}
	size := t.element.size()
	switch {
	case t.segment:
		return nil, errors.New("the values are in segments, which are not read")
	case t.element == textElement && t.location == 0 && !t.isRaw:
		c.texts, err = t.texts(n)
		return c, err
	case size == 0:
		return nil, fmt.Errorf("values of type %s are not read here", t.element)
	}
	raw := t.raw
	if t.location == 1 {
		raw, err = f.read(t.external, n*size)
	} else if !t.isRaw {
		raw, err = t.typed(n)
	}
	if err != nil {
		return nil, err
	}
	if len(raw) != n*size {
		return nil, fmt.Errorf("%d bytes of data where the shape %v of %s takes %d", len(raw), t.shape, t.element, n*size)
	}
	if t.element.float() {
		c.floats = make([]float64, n)
		decodeFloats(c.floats, t.element, raw)
	} else {
		c.ints = make([]int64, n)
		decodeIntegers(c.ints, t.element, raw)
	}
	return c, nil
}

func decodeFloats(values []float64, e element, raw []byte) {
	switch e {
	case float16Element:
		npy.DType("<f2").Float64s(values, raw)
	case float32Element:
		npy.DType("<f4").Float64s(values, raw)
	case float64Element:
		npy.DType("<f8").Float64s(values, raw)
	case bfloat16Element: // the upper half of a float32
		for i := range values {
			values[i] = float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(raw[2*i:])) << 16))
		}
	}
}

func decodeIntegers(values []int64, e element, raw []byte) {
	for i := range values {
		switch e {
		case boolElement:
			values[i] = int64(min(raw[i], 1))
		case int8Element:
			values[i] = int64(int8(raw[i]))
		case uint8Element:
			values[i] = int64(raw[i])
		case int16Element:
			values[i] = int64(int16(binary.LittleEndian.Uint16(raw[2*i:])))
		case uint16Element:
			values[i] = int64(binary.LittleEndian.Uint16(raw[2*i:]))
		case int32Element:
			values[i] = int64(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		case uint32Element:
			values[i] = int64(binary.LittleEndian.Uint32(raw[4*i:]))
		default:
			values[i] = int64(binary.LittleEndian.Uint64(raw[8*i:]))
		}
	}
}

// typed writes n values from a list of their type as raw data. Types without a list of their own
// share the one of int32 values, in which 16-bit floats are bit patterns.
func (t *tensor) typed(n int) ([]byte, error) {
	number, scalar := protowire.Number(5), protowire.VarintType
	switch t.element {
	case float32Element:
		number, scalar = 4, protowire.Fixed32Type
	case float64Element:
		number, scalar = 10, protowire.Fixed64Type
	case int64Element:
		number = 7
	case uint32Element, uint64Element:
		number = 11
	}
	most := 0
	for _, f := range t.lists {
		if f.number != number {
			return nil, fmt.Errorf("a list of field %d in a tensor of %s", f.number, t.element)
		}
		k, err := f.count(scalar)
		if err != nil {
			return nil, err
		}
		most += k
	}
	if most < n {
		return nil, fmt.Errorf("at most %d values where the shape %v has %d", most, t.shape, n)
	}
	size := t.element.size()
	raw := make([]byte, 0, n*size)
	var scratch [8]byte
	for _, f := range t.lists {
		err := f.scalars(scalar, func(bits uint64) {
			if len(raw) <= n*size { // one too many is enough for the error
				binary.LittleEndian.PutUint64(scratch[:], bits)
				raw = append(raw, scratch[:size]...)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return raw, nil
}

func (t *tensor) texts(n int) ([]string, error) {
	if len(t.lists) != n {
		return nil, fmt.Errorf("%d texts where the shape %v has %d", len(t.lists), t.shape, n)
	}
	texts := make([]string, n)
	for i, f := range t.lists {
		if f.number != 6 {
			return nil, fmt.Errorf("a list of field %d in a tensor of %s", f.number, t.element)
		}
		if err := f.text(&texts[i]); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
