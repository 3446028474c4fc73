package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
)

// growth is the width that NumPy leaves for the first dimension, the digits of the largest 64-bit
// number and one more, so that rows can be appended to a file and its header rewritten in place.
const growth = 21

// WriteHeader writes the header of an array in C order, version 1.0, byte for byte as numpy.save
// does: padded so that the values begin at a multiple of 64. Its length does not depend on
// shape[0], so a writer that learns the number of rows last can write it over the first one.
func WriteHeader(w io.Writer, shape []int, dtype DType) error {
	if err := (Header{DType: dtype, Shape: shape}).check(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	if _, err := w.Write(appendHeader(nil, shape, dtype)); err != nil {
		return fmt.Errorf("npy: header: %w", err)
	}
	return nil
}

func appendHeader(b []byte, shape []int, dtype DType) []byte {
	const prefix = len(magic) + 4 // version and length
	text := fmt.Appendf(nil, "{'descr': '%s', 'fortran_order': False, 'shape': (", string(dtype))
	for i, d := range shape {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = strconv.AppendInt(text, int64(d), 10)
	}
	if len(shape) == 1 {
		text = append(text, ',')
	}
	text = append(text, "), }"...)
	if len(shape) > 0 {
		text = appendSpaces(text, growth-len(strconv.Itoa(shape[0])))
	}
	// NumPy pads by 64, not by none, where the header would fit exactly.
	text = appendSpaces(text, 64-(prefix+len(text)+1)%64)
	text = append(text, '\n')

	b = append(b, magic...)
	b = append(b, 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, text...)
}

func appendSpaces(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}

// Write writes a whole file of float32 values in C order, byte for byte as numpy.save does. The
// product of shape must be len(values).
func Write(w io.Writer, shape []int, values []float32) error {
	h := Header{DType: "<f4", Shape: shape}
	if err := h.check(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	if h.Len() != len(values) {
		return fmt.Errorf("npy: shape %v holds %d values, %d given", shape, h.Len(), len(values))
	}
	if err := WriteHeader(w, h.Shape, h.DType); err != nil {
		return err
	}
	var chunk [4096]byte
	for len(values) > 0 {
		n := min(len(values), len(chunk)/4)
		for i, v := range values[:n] {
			binary.LittleEndian.PutUint32(chunk[4*i:], math.Float32bits(v))
		}
		if _, err := w.Write(chunk[:4*n]); err != nil {
			return fmt.Errorf("npy: values: %w", err)
		}
		values = values[n:]
	}
	return nil
}
