package table

import (
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// maxFortran bounds an npy array in Fortran order, the one input that is read whole.
const maxFortran = 1 << 30

// ReadOptions says what the rows are read for.
type ReadOptions struct {
	Width    int      // values in a row, what the model takes; at least 1
	Features []string // names of the values in the model's order, or nil
	Label    string   // the csv column or jsonl key that holds a row's label, or "" for none; of svmlight any name, since its rows begin with their label
	Pixels   bool     // the values are whole numbers from 0 to 255; another is an error

	// For a SparseReader alone.
	FirstIndex FirstIndex
	Words      *words.Counter // of the model's vocabulary, for rows that are documents
	TextColumn string         // the csv column or jsonl key that holds a document
}

// Label is the label of a row.
type Label struct {
	Text string
	Line int64 // where the row is; counted from 1
}

// Reader reads rows in batches.
type Reader interface {
	Remarks

	// Read fills dst, whose length is a multiple of the width, with rows, and labels with their
	// labels if a label column was named. It returns the number of rows read, fewer than dst
	// holds only before the end or an error; at the end it returns 0 and io.EOF. Rows counted
	// beside an error are good. An error stays: the next Read returns it again.
	Read(dst []float32, labels []Label) (rows int, err error)
}

// Remarks are what there is to say of the rows, so far.
type Remarks interface {
	// Ignored returns the names that the input holds and the model does not want, so far. Of a
	// stream with many, the first 64.
	Ignored() []string

	// ByPosition reports whether values are taken by position although a csv header and the
	// model both name them, because no name is in both.
	ByPosition() bool

	// NaNs returns how many values were not a number, so far.
	NaNs() int64
}

// RowError is an error in one row of the input.
type RowError struct {
	Name string // of the input
	Row  int64  // counted from 1; a header is not a row
	Line int64  // counted from 1; 0 where the format has no lines
	Err  error
}

func (e *RowError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: row %d: %v", e.Name, e.Row, e.Err)
	}
	return fmt.Sprintf("%s: row %d (line %d): %v", e.Name, e.Row, e.Line, e.Err)
}

func (e *RowError) Unwrap() error { return e.Err }

// NewReader returns a Reader of the rows in r. The name stands for r in messages: "test.csv",
// "standard input". A header, of a csv or npy file, is read and checked at once, so NewReader waits
// for the first line of a csv pipe.
func NewReader(r io.Reader, name string, f Format, opts ReadOptions) (Reader, error) {
	return newReader(r, name, f, opts, maxRow)
}

func newReader(r io.Reader, name string, f Format, opts ReadOptions, maxRow int) (Reader, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if opts.Label != "" && (f == NPY || f == Raw) {
		return nil, fmt.Errorf("%s: %s holds no labels: use csv, or jsonl objects", name, f)
	}
	switch f {
	case CSV:
		return newCSVReader(r, name, opts, maxRow)
	case JSONL:
		return newJSONLReader(r, name, opts, maxRow)
	case NPY:
		return newNPYReader(r, name, opts)
	case Raw:
		return newRawReader(r, name, opts), nil
	}
	return nil, fmt.Errorf("table: %v is not a format of values", f)
}

func (o *ReadOptions) check() error {
	if o.Width < 1 {
		return fmt.Errorf("table: a row of %d values: at least 1 is needed", o.Width)
	}
	if len(o.Features) > 0 && len(o.Features) != o.Width {
		return fmt.Errorf("table: %d feature names for rows of %d values", len(o.Features), o.Width)
	}
	return nil
}

// batch is the part of a Reader that all formats share: it fills dst row by row.
type batch struct {
	width  int
	label  bool // rows have labels
	pixels bool // values are whole numbers from 0 to 255
	nans   int64
	err    error // of a Read before, returned again
}

func newBatch(opts ReadOptions) batch {
	return batch{width: opts.Width, label: opts.Label != "", pixels: opts.Pixels}
}

func (b *batch) NaNs() int64 { return b.nans }

// fill reads rows with next, which returns a row's label, until dst is full or next fails.
func (b *batch) fill(dst []float32, labels []Label, next func(dst []float32) (Label, error)) (int, error) {
	rows := b.check(dst)
	if b.label && len(labels) < rows {
		panic(fmt.Sprintf("table: room for %d labels of %d rows", len(labels), rows))
	}
	for i := 0; i < rows; i++ {
		if b.err != nil {
			return i, hideEOF(i, b.err)
		}
		row := dst[i*b.width : (i+1)*b.width]
		label, err := next(row)
		if err != nil {
			b.err = err
			return i, hideEOF(i, err)
		}
		if b.label {
			labels[i] = label
		}
		b.count(row)
	}
	return rows, nil
}

// check returns the number of rows that dst has room for.
func (b *batch) check(dst []float32) int {
	if len(dst) == 0 || len(dst)%b.width != 0 {
		panic(fmt.Sprintf("table: room for %d values, rows have %d", len(dst), b.width))
	}
	return len(dst) / b.width
}

// allow returns an error for a number that no value can be.
func (b *batch) allow(v float32) error {
	if b.pixels && !(v >= 0 && v <= 255 && v == float32(uint8(v))) {
		return fmt.Errorf("%v is not a whole number from 0 to 255: the model's input is of dtype u8", v)
	}
	return nil
}

func (b *batch) count(values []float32) {
	for _, v := range values {
		if v != v {
			b.nans++
		}
	}
}

// hideEOF keeps the end back while rows are returned.
func hideEOF(rows int, err error) error {
	if rows > 0 && err == io.EOF {
		return nil
	}
	return err
}
