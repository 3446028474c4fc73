package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// binaryReader reads rows of values of fixed size that follow one another: raw files, and npy files
// past their header.
type binaryReader struct {
	batch
	r     io.Reader
	name  string
	dtype npy.DType
	rows  int64  // that must come in all, or -1 if the end of the input tells
	row   int64  // rows read
	chunk []byte // room for some values as they are stored
}

func newBinaryReader(r io.Reader, name string, dtype npy.DType, rows int64, opts ReadOptions) *binaryReader {
	const chunk = 16 << 10 // a multiple of every size
	return &binaryReader{batch: newBatch(opts), r: r, name: name, dtype: dtype, rows: rows, chunk: make([]byte, chunk)}
}

func newRawReader(r io.Reader, name string, opts ReadOptions) *binaryReader {
	return newBinaryReader(bufio.NewReaderSize(r, 64<<10), name, "<f4", -1, opts)
}

// newNPYReader reads the header and settles what a row is: the first dimension counts rows, and the
// others make one up. An array that is as a whole as large as a row is one row.
func newNPYReader(r io.Reader, name string, opts ReadOptions) (*binaryReader, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	h, err := npy.ReadHeader(buffered)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if h.DType.IsText() {
		return nil, fmt.Errorf("%s: an array of strings, dtype %q: the model takes numbers", name, string(h.DType))
	}
	width, rows := opts.Width, int64(0)
	switch {
	case len(h.Shape) > 0 && (npy.Header{Shape: h.Shape[1:]}).Len() == width:
		rows = int64(h.Shape[0])
	case h.Len() == width:
		rows = 1
	default:
		return nil, fmt.Errorf("%s: an array of shape %v: the model takes (rows, %d)", name, h.Shape, width)
	}
	if !h.Fortran {
		return newBinaryReader(buffered, name, h.DType, rows, opts), nil
	}
	a, err := h.Read(buffered, maxFortran)
	if err != nil {
		return nil, fmt.Errorf("%s: in Fortran order, which is read whole (numpy.ascontiguousarray makes it C order): %w", name, err)
	}
	return newBinaryReader(bytes.NewReader(a.Bytes()), name, a.DType, rows, opts), nil
}

func (b *binaryReader) Ignored() []string { return nil }

func (b *binaryReader) ByPosition() bool { return false }

func (b *binaryReader) Read(dst []float32, _ []Label) (int, error) {
	want := b.check(dst)
	if b.err != nil {
		return 0, b.err
	}
	if b.rows >= 0 {
		want = int(min(int64(want), b.rows-b.row))
	}
	if want == 0 {
		b.err = b.end()
		return 0, b.err
	}
	got, err := b.decode(dst[:want*b.width])
	rowSize := b.width * b.dtype.Size()
	rows := got / rowSize
	good, fault := b.allowed(dst[:rows*b.width])
	b.row += int64(good)
	b.count(dst[:good*b.width])
	if b.err = fault; fault == nil {
		b.err = b.explain(err, got%rowSize)
	}
	return good, hideEOF(good, b.err)
}

// allowed returns how many rows come before the first value that is not allowed, and the error for
// that.
func (b *binaryReader) allowed(values []float32) (rows int, err error) {
	for i, v := range values {
		if err := b.allow(v); err != nil {
			rows = i / b.width
			return rows, &RowError{Name: b.name, Row: b.row + int64(rows) + 1, Err: fmt.Errorf("column %d: %w", i%b.width+1, err)}
		}
	}
	return len(values) / b.width, nil
}

// decode reads values until dst is full and returns the bytes that they took. On an error, got
// counts the bytes before it.
func (b *binaryReader) decode(dst []float32) (got int, err error) {
	size := b.dtype.Size()
	for len(dst) > 0 && err == nil {
		var n int
		n, err = io.ReadFull(b.r, b.chunk[:min(len(dst)*size, len(b.chunk))])
		got += n
		values := n / size
		b.dtype.Float32s(dst[:values], b.chunk[:values*size])
		dst = dst[values:]
	}
	return got, err
}

// explain says what an error of decode means after some whole rows and rest bytes of another.
func (b *binaryReader) explain(err error, rest int) error {
	rowSize := b.width * b.dtype.Size()
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case err == nil:
		return nil
	case !ended:
		return &RowError{Name: b.name, Row: b.row + 1, Err: err}
	case b.rows >= 0:
		return &RowError{Name: b.name, Row: b.row + 1, Err: fmt.Errorf("ends after %d of %d bytes, the header promises %d rows: %w", rest, rowSize, b.rows, io.ErrUnexpectedEOF)}
	case rest > 0:
		return fmt.Errorf("%s: %d bytes follow %d rows of %d: the file ends inside a row of %d float32 values: %w", b.name, rest, b.row, rowSize, b.width, io.ErrUnexpectedEOF)
	}
	return io.EOF
}

// end checks that nothing follows the last row of an npy file.
func (b *binaryReader) end() error {
	switch n, err := io.ReadFull(b.r, b.chunk[:1]); {
	case n > 0:
		return fmt.Errorf("%s: more bytes follow the %d rows of the header", b.name, b.rows)
	case err != io.EOF:
		return fmt.Errorf("%s: after the last row: %w", b.name, err)
	}
	return io.EOF
}
