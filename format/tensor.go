package format

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"
)

// DType is the type of a tensor's elements.
type DType string

// The element types. All are stored little-endian.
const (
	F32 DType = "f32" // IEEE 754 binary32
	F16 DType = "f16" // IEEE 754 binary16
	I8  DType = "i8"  // two's complement
	U8  DType = "u8"  // of inputs only
)

// Size is the number of bytes of one element, 0 for an unknown type.
func (d DType) Size() int {
	switch d {
	case F32:
		return 4
	case F16:
		return 2
	case I8, U8:
		return 1
	}
	return 0
}

// Tensor is a named array.
type Tensor struct {
	Name  string
	DType DType
	Shape []int
	// Data holds the elements in row-major order, little-endian. After Decode it
	// is a view into the bytes that were decoded.
	Data []byte
}

// NewTensor makes a tensor of dtype F32. It panics if the shape does not hold
// exactly the values.
func NewTensor(name string, shape []int, values []float32) Tensor {
	if size, err := product(shape); err != nil || size != len(values) {
		panic(fmt.Sprintf("format: tensor %q: shape %v for %d values", name, shape, len(values)))
	}
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return Tensor{Name: name, DType: F32, Shape: shape, Data: data}
}

// Len is the number of elements.
func (t *Tensor) Len() int { return len(t.Data) / t.DType.Size() }

// Float32s returns a copy of the elements of a tensor of dtype F32.
func (t *Tensor) Float32s() []float32 {
	if t.DType != F32 {
		panic(fmt.Sprintf("format: tensor %q holds %s, not f32", t.Name, t.DType))
	}
	values := make([]float32, len(t.Data)/4)
	for i := range values {
		values[i] = t.float32At(i)
	}
	return values
}

func (t *Tensor) float32At(i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
}

// Float16Bits returns a copy of the elements of a tensor of dtype F16, as bit
// patterns.
func (t *Tensor) Float16Bits() []uint16 {
	if t.DType != F16 {
		panic(fmt.Sprintf("format: tensor %q holds %s, not f16", t.Name, t.DType))
	}
	values := make([]uint16, len(t.Data)/2)
	for i := range values {
		values[i] = binary.LittleEndian.Uint16(t.Data[2*i:])
	}
	return values
}

// Int8s returns a copy of the elements of a tensor of dtype I8.
func (t *Tensor) Int8s() []int8 {
	if t.DType != I8 {
		panic(fmt.Sprintf("format: tensor %q holds %s, not i8", t.Name, t.DType))
	}
	values := make([]int8, len(t.Data))
	for i, b := range t.Data {
		values[i] = int8(b)
	}
	return values
}

// Tensor returns the tensor of that name, or nil.
func (m *Model) Tensor(name string) *Tensor {
	i := sort.Search(len(m.Tensors), func(i int) bool { return m.Tensors[i].Name >= name })
	if i < len(m.Tensors) && m.Tensors[i].Name == name {
		return &m.Tensors[i]
	}
	return nil
}

// AddTensor puts a tensor into its place in the table. It panics if there is one
// of that name already.
func (m *Model) AddTensor(t Tensor) {
	i := sort.Search(len(m.Tensors), func(i int) bool { return m.Tensors[i].Name >= t.Name })
	if i < len(m.Tensors) && m.Tensors[i].Name == t.Name {
		panic(fmt.Sprintf("format: tensor %q is there already", t.Name))
	}
	m.Tensors = append(m.Tensors, Tensor{})
	copy(m.Tensors[i+1:], m.Tensors[i:])
	m.Tensors[i] = t
}

// tensorRecord is a row of the tensor table in the file.
type tensorRecord struct {
	name   string
	dtype  string
	shape  []int
	offset int // bytes from the start of the data field's payload
	size   int // bytes
	crc    uint32
}

func (t *tensorRecord) fields(f []field) []field {
	return append(f,
		field{"name", &t.name},
		field{"dtype", &t.dtype},
		field{"shape", &t.shape},
		field{"offset", &t.offset},
		field{"size", &t.size},
		field{"crc", &t.crc},
	)
}

// product multiplies the dimensions of a shape. Every dimension is at least 1.
func product(shape []int) (int, error) {
	if len(shape) == 0 || len(shape) > MaxDimensions {
		return 0, invalidf("shape of %d dimensions: from 1 to %d are allowed", len(shape), MaxDimensions)
	}
	size := 1
	for _, d := range shape {
		if d < 1 {
			return 0, invalidf("shape %v: every dimension is at least 1", shape)
		}
		if d > MaxFileSize/size {
			return 0, invalidf("shape %v: more than %d values", shape, MaxFileSize)
		}
		size *= d
	}
	return size, nil
}

// aligned rounds an offset up to the next multiple of Alignment.
func aligned(offset int) int { return (offset + Alignment - 1) &^ (Alignment - 1) }
