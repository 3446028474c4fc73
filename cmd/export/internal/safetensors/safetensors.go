package safetensors

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// maxHeader is the longest header that the format allows, in bytes.
const maxHeader = 100_000_000

// Read returns the tensors of the file in r, which is size bytes long, in the order of their data,
// and the metadata, nil if there are none. BF16 values are widened to float32, which is exact; the
// other dtypes stay as they are. It returns an error for a header that is not exact, for a dtype
// without an equal in NumPy, and for more than source.MaxTensors tensors or source.MaxBytes of data.
func Read(r io.ReaderAt, size int64) ([]source.Tensor, map[string]string, error) {
	entries, metadata, start, err := readHeader(r, size)
	if err != nil {
		return nil, nil, fmt.Errorf("safetensors: %w", err)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	if err := checkTiling(entries, size-start); err != nil {
		return nil, nil, fmt.Errorf("safetensors: %w", err)
	}
	tensors := make([]source.Tensor, 0, len(entries))
	for _, e := range entries {
		array, err := e.read(r, start)
		if err != nil {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %w", e.name, err)
		}
		tensors = append(tensors, source.Tensor{Name: e.name, Array: array})
	}
	return tensors, metadata, nil
}

// readHeader also returns the offset at which the data begin.
func readHeader(r io.ReaderAt, size int64) (entries []entry, metadata map[string]string, start int64, err error) {
	var field [8]byte
	if err := readAt(r, field[:], 0); err != nil {
		return nil, nil, 0, fmt.Errorf("header length: %w", err)
	}
	length := binary.LittleEndian.Uint64(field[:])
	switch {
	case length > maxHeader:
		return nil, nil, 0, fmt.Errorf("header of %d bytes: at most %d are read", length, maxHeader)
	case int64(length) > size-int64(len(field)):
		return nil, nil, 0, fmt.Errorf("header of %d bytes in a file of %d", length, size)
	}
	start = int64(len(field)) + int64(length)
	if size-start > source.MaxBytes {
		return nil, nil, 0, fmt.Errorf("%d bytes of data: at most %d are read", size-start, source.MaxBytes)
	}
	header := make([]byte, length)
	if err := readAt(r, header, int64(len(field))); err != nil {
		return nil, nil, 0, fmt.Errorf("header: %w", err)
	}
	entries, metadata, err = parseHeader(header)
	if err != nil {
		return nil, nil, 0, fmt.Errorf("header: %w", err)
	}
	return entries, metadata, start, nil
}

// checkTiling requires the ranges, in order, to cover the data exactly.
func checkTiling(entries []entry, size int64) error {
	at := int64(0)
	for _, e := range entries {
		if e.begin != at {
			return fmt.Errorf("tensor %q: its data begin at %d, those before end at %d", e.name, e.begin, at)
		}
		if e.end < e.begin || e.end > size {
			return fmt.Errorf("tensor %q: its data range from %d to %d in a file with %d bytes of them", e.name, e.begin, e.end, size)
		}
		at = e.end
	}
	if at != size {
		return fmt.Errorf("the data from byte %d to %d belong to no tensor", at, size)
	}
	return nil
}

// dtypeOf returns the NumPy name of a dtype. BF16 has none.
func dtypeOf(name string) (npy.DType, error) {
	switch name {
	case "F64":
		return "<f8", nil
	case "F32":
		return "<f4", nil
	case "F16":
		return "<f2", nil
	case "I64":
		return "<i8", nil
	case "I32":
		return "<i4", nil
	case "I16":
		return "<i2", nil
	case "I8":
		return "|i1", nil
	case "U64":
		return "<u8", nil
	case "U32":
		return "<u4", nil
	case "U16":
		return "<u2", nil
	case "U8":
		return "|u1", nil
	case "BOOL":
		return "|b1", nil
	}
	return "", fmt.Errorf("dtype %q is not read: F16, BF16, F32, F64, I8 to I64, U8 to U64 and BOOL are", name)
}

// read returns the values of a tensor whose range is known to lie in the file.
func (e entry) read(r io.ReaderAt, start int64) (*npy.Array, error) {
	data := make([]byte, e.end-e.begin)
	if err := readAt(r, data, start+e.begin); err != nil {
		return nil, err
	}
	if e.dtype == "BF16" {
		if len(data)%2 != 0 {
			return nil, fmt.Errorf("%d bytes of BF16", len(data))
		}
		return npy.New("<f4", e.shape, widen(data))
	}
	dtype, err := dtypeOf(e.dtype)
	if err != nil {
		return nil, err
	}
	return npy.New(dtype, e.shape, data)
}

// widen turns BF16 values into float32 ones. A BF16 is the upper half of a float32, sign, exponent
// and the first seven bits of the fraction, so the lower half is zero.
func widen(bf16 []byte) []byte {
	f32 := make([]byte, 2*len(bf16))
	for i := 0; i < len(bf16); i += 2 {
		copy(f32[2*i+2:], bf16[i:i+2])
	}
	return f32
}

// readAt fills p. An end of the file is unexpected: the length of what is read was checked.
func readAt(r io.ReaderAt, p []byte, offset int64) error {
	n, err := r.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%d of %d bytes at offset %d: %w", n, len(p), offset, err)
}
