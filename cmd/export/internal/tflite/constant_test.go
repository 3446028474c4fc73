package tflite

import (
	"slices"
	"strings"
	"testing"
)

// TestFolded: constants that operators make of constants.
func TestFolded(t *testing.T) {
	tests := map[string]struct {
		code  opcode
		shape []int32 // of what the operator makes of a constant of shape [2 1], 1 and 3
		order []int32
		want  []float32 // for the row 10, 20
		err   string
	}{
		"reshape":         {opReshape, []int32{1, 2}, nil, []float32{70}, ""},
		"squeeze to none": {opSqueeze, []int32{3}, nil, nil, "operator 0 (SQUEEZE): 2 values for the shape [3]"},
		"transpose":       {opTranspose, []int32{1, 2}, []int32{1, 0}, []float32{70}, ""},
		"no transposing":  {opTranspose, []int32{2, 1}, []int32{0, 1}, nil, "only a matrix can be transposed"},
		"an open order":   {opTranspose, []int32{2, 1}, nil, nil, "an operand is left out"},
		"dequantize":      {opDequantize, []int32{2, 1}, nil, nil, "a weight for 1 inputs where rows have 2"},
		"exp":             {opExp, []int32{2, 1}, nil, nil, "operator 0 (EXP) makes a constant of constants"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 2)
			inputs := []int32{s.constant([]int32{2, 1}, 1, 3)}
			if test.order != nil {
				order := s.tensor([]byte{byte(test.order[0]), 0, 0, 0, byte(test.order[1]), 0, 0, 0}, int32Type, 2)
				inputs = append(inputs, order)
			}
			w := s.tensor(nil, float32Type, test.shape...)
			s.join(test.code, nil, inputs, w)
			s.operator(opFullyConnected, nil, []int32{1, 1}, w)
			if test.err != "" {
				if _, err := readBytes(s.bytes()); err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if got := answer(t, s.bytes(), 10, 20); !slices.Equal(got, test.want) {
				t.Errorf("answer %v, want %v", got, test.want)
			}
			fates := draftOf(t, s).Fates
			if fates[0].Became != "nothing: a constant, computed here" || fates[1].Became != "dense" {
				t.Errorf("fates %v", fates)
			}
		})
	}
}

// TestBuffers: constants whose bytes lie behind the flatbuffer, or nowhere.
func TestBuffers(t *testing.T) {
	s := newSketch(1, 2)
	s.operator(opFullyConnected, nil, []int32{1, 1}, s.constant(row2, 1, 3))
	size := len(s.bytes())
	tests := map[string]struct {
		offset, size int
		err          string
	}{
		"behind":      {size + 24, 8, ""},
		"outside":     {size + 25, 8, "a buffer of 8 bytes at byte"},
		"far outside": {-1, 8, "a buffer of 8 bytes at byte 18446744073709551615"},
		"too long":    {size, -1, "a buffer of 18446744073709551615 bytes"},
		"nothing":     {size, 0, "has no value in the file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			root := s.root()
			root[4].([]fields)[1] = fields{1: uint64(test.offset), 2: uint64(test.size)}
			data := build(root)
			data = append(data, make([]byte, size+24-len(data))...)
			data = append(data, floats(1, 3)...)
			if test.err != "" {
				if _, err := readBytes(data); err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if got := answer(t, data, 10, 20); !slices.Equal(got, []float32{70}) {
				t.Errorf("answer %v, want 70", got)
			}
		})
	}
	s.tensors[1][2] = uint32(9)
	if _, err := readBytes(s.bytes()); err == nil || !strings.Contains(err.Error(), "buffer 9 of 3") {
		t.Errorf("error %v", err)
	}
}
