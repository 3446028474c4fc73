package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// MaxHeader is the longest header that is read, in bytes. NumPy's own are one or two hundred.
const MaxHeader = 64 << 10

// maxDims is the most dimensions that NumPy gives an array.
const maxDims = 64

const magic = "\x93NUMPY"

// Header is what an array file says of its values before they come.
type Header struct {
	DType   DType
	Fortran bool  // the first index varies fastest, not the last
	Shape   []int // empty for a single value
}

// Len returns the number of values, the product of the shape: 1 for an empty shape.
func (h Header) Len() int {
	n := 1
	for _, d := range h.Shape {
		n *= d
	}
	return n
}

// ReadHeader reads the start of an array file, through the last byte of the header and not one
// further: the values follow in r. A returned header has a readable dtype and a shape whose size in
// bytes fits in an int.
func ReadHeader(r io.Reader) (Header, error) {
	text, err := readHeaderText(r)
	if err != nil {
		return Header{}, fmt.Errorf("npy: %w", err)
	}
	h, err := parseHeader(text)
	if err != nil {
		return Header{}, fmt.Errorf("npy: header: %w", err)
	}
	if err := h.check(); err != nil {
		return Header{}, fmt.Errorf("npy: %w", err)
	}
	return h, nil
}

// readHeaderText returns the dict that follows magic, version and length.
func readHeaderText(r io.Reader) ([]byte, error) {
	var start [8]byte
	n, err := io.ReadFull(r, start[:])
	switch {
	case err != nil && !atEnd(err):
		return nil, err
	case string(start[:min(n, len(magic))]) != magic[:min(n, len(magic))], n == 0:
		return nil, errors.New("not an .npy file: it does not begin with \\x93NUMPY")
	case err != nil:
		return nil, fmt.Errorf("file ends after %d bytes, inside the magic string and version: %w", n, io.ErrUnexpectedEOF)
	}
	major, minor := start[6], start[7]
	lengthBytes := 4
	switch {
	case major == 1 && minor == 0:
		lengthBytes = 2
	case (major == 2 || major == 3) && minor == 0:
	default:
		return nil, fmt.Errorf("version %d.%d is not read: 1.0, 2.0 and 3.0 are", major, minor)
	}
	var field [4]byte
	if _, err := io.ReadFull(r, field[:lengthBytes]); err != nil {
		return nil, fmt.Errorf("header length: %w", unexpected(err))
	}
	length := binary.LittleEndian.Uint32(field[:])
	if length > MaxHeader {
		return nil, fmt.Errorf("header of %d bytes: at most %d are read", length, MaxHeader)
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("header ends after %d of %d bytes: %w", n, length, unexpected(err))
	}
	return text, nil
}

// check refuses a dtype that is not read and a shape too large to count.
func (h Header) check() error {
	if err := h.DType.Check(); err != nil {
		return err
	}
	if len(h.Shape) > maxDims {
		return fmt.Errorf("shape has %d dimensions: at most %d are read", len(h.Shape), maxDims)
	}
	// A zero counts as one here: a product of any of the dimensions is then safe to take.
	bytes := h.DType.Size()
	for _, d := range h.Shape {
		if d < 0 {
			return fmt.Errorf("shape %v has a negative dimension", h.Shape)
		}
		if d > 0 && bytes > math.MaxInt/d {
			return fmt.Errorf("shape %v of dtype %q overflows", h.Shape, string(h.DType))
		}
		bytes *= max(d, 1)
	}
	return nil
}

// atEnd reports whether err says that the input ended, in whatever place.
func atEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// unexpected turns an end of input where more had to come into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
