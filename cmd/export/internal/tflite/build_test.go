package tflite

import (
	"encoding/binary"
	"math"
)

// fields are the fields of a table to be written, by their places; those that are absent are left out.
type fields map[int]any

// build writes a flatbuffer: bool, byte, int32, uint32, uint64 and float32 in place; string, []byte,
// []int32, []int64, []float32, fields and []fields where an offset leads.
func build(root fields) []byte {
	b := &builder{data: []byte("\x00\x00\x00\x00TFL3")}
	b.point(0, root)
	return b.data
}

type builder struct{ data []byte }

func (b *builder) uint16(v int)    { b.data = binary.LittleEndian.AppendUint16(b.data, uint16(v)) }
func (b *builder) uint32(v uint32) { b.data = binary.LittleEndian.AppendUint32(b.data, v) }
func (b *builder) uint64(v uint64) { b.data = binary.LittleEndian.AppendUint64(b.data, v) }

// table writes a table, each field in 8 bytes, and returns where it is.
func (b *builder) table(f fields) int {
	count := 0
	for i := range f {
		count = max(count, i+1)
	}
	vtable := len(b.data)
	b.uint16(4 + 2*count)
	b.uint16(4 + 8*count)
	for i := range count {
		if _, ok := f[i]; ok {
			b.uint16(4 + 8*i)
		} else {
			b.uint16(0)
		}
	}
	at := len(b.data)
	b.uint32(uint32(at - vtable))
	b.data = append(b.data, make([]byte, 8*count)...)
	for i := range count {
		if v, ok := f[i]; ok {
			b.point(at+4+8*i, v)
		}
	}
	return at
}

// point writes a value in place, or elsewhere with an offset to it.
func (b *builder) point(at int, value any) {
	place := b.data[at:]
	switch v := value.(type) {
	case bool:
		if v {
			place[0] = 1
		}
		return
	case byte:
		place[0] = v
		return
	case int32:
		binary.LittleEndian.PutUint32(place, uint32(v))
		return
	case uint32:
		binary.LittleEndian.PutUint32(place, v)
		return
	case uint64:
		binary.LittleEndian.PutUint64(place, v)
		return
	case float32:
		binary.LittleEndian.PutUint32(place, math.Float32bits(v))
		return
	}
	target := b.elsewhere(value)
	binary.LittleEndian.PutUint32(b.data[at:], uint32(target-at))
}

func (b *builder) elsewhere(value any) int {
	at := len(b.data)
	switch v := value.(type) {
	case fields:
		return b.table(v)
	case string:
		b.uint32(uint32(len(v)))
		b.data = append(b.data, v...)
	case []byte:
		b.uint32(uint32(len(v)))
		b.data = append(b.data, v...)
	case []int32:
		b.uint32(uint32(len(v)))
		for _, x := range v {
			b.uint32(uint32(x))
		}
	case []int64:
		b.uint32(uint32(len(v)))
		for _, x := range v {
			b.uint64(uint64(x))
		}
	case []float32:
		b.uint32(uint32(len(v)))
		for _, x := range v {
			b.uint32(math.Float32bits(x))
		}
	case []fields:
		b.uint32(uint32(len(v)))
		b.data = append(b.data, make([]byte, 4*len(v))...)
		for i, f := range v {
			b.point(at+4+4*i, f)
		}
	default:
		panic("no such field")
	}
	return at
}

// floats are the bytes of a buffer.
func floats(values ...float32) []byte {
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return data
}

// A sketch is a small model whose operators each have an operator code of their own. Tensor i has
// buffer i.
type sketch struct {
	tensors   []fields
	buffers   [][]byte
	operators []fields
	codes     []fields
	last      int32 // the tensor of the row so far
	more      fields
}

// newSketch begins a model with an input of the given shape, tensor 0.
func newSketch(shape ...int32) *sketch {
	s := &sketch{}
	s.last = s.tensor(nil, float32Type, shape...)
	return s
}

func (s *sketch) tensor(data []byte, elements elementType, shape ...int32) int32 {
	i := len(s.tensors)
	s.tensors = append(s.tensors, fields{0: shape, 1: byte(elements), 2: uint32(i), 3: "t"})
	s.buffers = append(s.buffers, data)
	return int32(i)
}

// constant adds a constant of float32.
func (s *sketch) constant(shape []int32, values ...float32) int32 {
	return s.tensor(floats(values...), float32Type, shape...)
}

// operator adds an operator over the row so far and constants, that gives rows of a shape.
func (s *sketch) operator(code opcode, options fields, shape []int32, constants ...int32) *sketch {
	out := s.tensor(nil, float32Type, shape...)
	s.join(code, options, append([]int32{s.last}, constants...), out)
	s.last = out
	return s
}

// join adds an operator over any tensors.
func (s *sketch) join(code opcode, options fields, inputs []int32, output int32) {
	o := fields{0: uint32(len(s.codes)), 1: inputs, 2: []int32{output}}
	if kind, ok := optionKinds[code]; ok && options != nil {
		o[3], o[4] = kind, options
	}
	s.operators = append(s.operators, o)
	s.codes = append(s.codes, fields{0: byte(min(code, 127)), 3: int32(code)})
}

// bytes writes the model.
func (s *sketch) bytes() []byte { return build(s.root()) }

func (s *sketch) root() fields {
	buffers := make([]fields, len(s.buffers))
	for i, data := range s.buffers {
		buffers[i] = fields{}
		if data != nil {
			buffers[i] = fields{0: data}
		}
	}
	graph := fields{0: s.tensors, 1: []int32{0}, 2: []int32{s.last}, 3: s.operators}
	root := fields{0: uint32(3), 1: s.codes, 2: []fields{graph}, 4: buffers}
	for i, v := range s.more {
		root[i] = v
	}
	return root
}
