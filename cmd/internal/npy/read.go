package npy

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Read reads one whole array file of at most limit bytes of values. The input must end where the
// values do: fewer bytes are an error, and so are more. Memory grows with the bytes that arrive, to
// at most about twice the values (three times while Fortran order is turned).
func Read(r io.Reader, limit int64) (*Array, error) {
	h, err := ReadHeader(r)
	if err != nil {
		return nil, err
	}
	return h.Read(r, limit)
}

// Read reads the values that follow a header, and the end of the input. See the function Read.
func (h Header) Read(r io.Reader, limit int64) (*Array, error) {
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	size := h.Len() * h.DType.Size()
	if int64(size) > limit {
		return nil, fmt.Errorf("npy: shape %v of dtype %q takes %d bytes: at most %d are read", h.Shape, string(h.DType), size, limit)
	}
	data, err := readExactly(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: values end after %d of %d bytes: %w", len(data), size, err)
	}
	var extra [1]byte
	switch _, err := io.ReadFull(r, extra[:]); {
	case err == nil:
		return nil, fmt.Errorf("npy: more bytes follow the %d of shape %v: one array is read from a file", size, h.Shape)
	case !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("npy: after the values: %w", err)
	}
	if h.Fortran {
		data = toC(data, h.Shape, h.DType.Size())
	}
	return &Array{DType: h.DType, Shape: slices.Clone(h.Shape), data: data}, nil
}

// readExactly reads size bytes, into memory that doubles as they arrive. On an error it returns
// what it has.
func readExactly(r io.Reader, size int) ([]byte, error) {
	const first = 64 << 10
	data := make([]byte, 0, min(size, first))
	for len(data) < size {
		if len(data) == cap(data) {
			bigger := make([]byte, len(data), len(data)+min(len(data), size-len(data)))
			copy(bigger, data)
			data = bigger
		}
		n, err := io.ReadFull(r, data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err != nil {
			return data, unexpected(err)
		}
	}
	return data, nil
}
