package table

import (
	"errors"
	"fmt"
	"io"
)

// Writer writes rows in batches.
type Writer interface {
	// Write writes the given number of rows, whose values follow one another, and their labels
	// if the Writer was made with labels. The rows have left for the underlying writer when it
	// returns, so that a pipe is as prompt as the batches; only an npy array on its way to a
	// pipe is held until Close.
	Write(values []float32, rows int, labels []string) error

	// Close completes what was written. It does not close the underlying writer.
	Close() error
}

// NewWriter returns a Writer of rows with a value for each of columns, and begins the file: a csv
// header is there even if no row follows. Labels are carried by csv, in a last column "label", and
// by jsonl; npy and raw have no place for them and leave them out.
//
// The header of an npy file states the number of rows, which is known last. If w is an io.WriteSeeker
// that can seek, Close writes the header again; otherwise the rows are held in memory until Close,
// and more than 1 GiB of them are an error.
func NewWriter(w io.Writer, f Format, columns []string, withLabel bool) (Writer, error) {
	if len(columns) == 0 {
		return nil, errors.New("table: a row of no values: at least 1 is needed")
	}
	rows := rows{width: len(columns), label: withLabel}
	switch f {
	case CSV:
		return newCSVWriter(w, rows, columns)
	case JSONL:
		return newJSONLWriter(w, rows), nil
	case NPY:
		return newNPYWriter(w, rows, maxHeld)
	case Raw:
		return &rawWriter{w: w, rows: rows}, nil
	}
	return nil, fmt.Errorf("table: %v is not a format", f)
}

// rows is the shape of what a Writer is given.
type rows struct {
	width int
	label bool
}

// check refuses a call whose slices do not hold the rows it speaks of.
func (r rows) check(values []float32, n int, labels []string) {
	if n < 0 || len(values) != n*r.width || r.label && len(labels) != n {
		panic(fmt.Sprintf("table: writing %d rows of %d values from %d values and %d labels", n, r.width, len(values), len(labels)))
	}
}

// writeChunk is about how many bytes of rows are gathered before they are written.
const writeChunk = 64 << 10
