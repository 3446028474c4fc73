package table

import (
	"fmt"
	"io"
	"slices"
	"sort"
)

// Sparse is a batch of rows given by the elements that are present, in compressed sparse rows. The
// fields are those of runtime.SparseRows, whose doc comment explains them.
type Sparse struct {
	Offsets []int32
	Columns []int32
	Values  []float32
}

// Rows is the number of rows.
func (s *Sparse) Rows() int { return max(len(s.Offsets)-1, 0) }

// Row returns the elements of a row.
func (s *Sparse) Row(row int) (columns []int32, values []float32) {
	first, end := s.Offsets[row], s.Offsets[row+1]
	return s.Columns[first:end], s.Values[first:end]
}

// cut drops the elements after the last whole row.
func (s *Sparse) cut() {
	end := s.Offsets[s.Rows()]
	s.Columns, s.Values = s.Columns[:end], s.Values[:end]
}

// sortFrom puts the elements from first on into the order of their columns.
func (s *Sparse) sortFrom(first int) {
	if columns := s.Columns[first:]; !slices.IsSorted(columns) {
		sort.Sort(byColumn{columns, s.Values[first:]})
	}
}

type byColumn struct {
	columns []int32
	values  []float32
}

func (b byColumn) Len() int           { return len(b.columns) }
func (b byColumn) Less(i, j int) bool { return b.columns[i] < b.columns[j] }
func (b byColumn) Swap(i, j int) {
	b.columns[i], b.columns[j] = b.columns[j], b.columns[i]
	b.values[i], b.values[j] = b.values[j], b.values[i]
}

// maxElements bounds the elements of a batch, so that many wide rows do not fill memory: a batch
// ends with the row that reaches it.
const maxElements = 1 << 22

// SparseReader reads rows in batches, in time and memory for the elements that are present. Columns
// ascend within a row, and are below the width.
type SparseReader interface {
	Remarks

	// ReadSparse puts the next rows into dst, at most so many, in place of what it held, and their
	// labels into labels, if labels are wanted. It returns the number of rows as Reader.Read does,
	// but may also return fewer when they have very many elements.
	ReadSparse(dst *Sparse, rows int, labels []Label) (int, error)
}

// NewSparseReader returns a SparseReader of the rows in r: of svmlight, of jsonl objects that name
// only the features that are not 0, and, where the options hold Words, of text, and of csv and jsonl
// with a TextColumn. For the name see NewReader.
func NewSparseReader(r io.Reader, name string, f Format, opts ReadOptions) (SparseReader, error) {
	return newSparseReader(r, name, f, opts, maxRow)
}

func newSparseReader(r io.Reader, name string, f Format, opts ReadOptions, maxRow int) (SparseReader, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	text := opts.TextColumn != ""
	switch {
	case f == SVMLight:
		return newSVMLightReader(r, name, opts, maxRow), nil
	case f == Text && opts.Label != "":
		return nil, fmt.Errorf("%s: text holds no labels: use csv, or jsonl objects, with a column for the text", name)
	case f == Text:
		return newTextReader(r, name, opts, maxRow), nil
	case f == CSV && text:
		return newCSVTextReader(r, name, opts, maxRow)
	case f == JSONL && text:
		return newJSONLTextReader(r, name, opts, maxRow)
	case f == JSONL:
		return newSparseJSONLReader(r, name, opts, maxRow)
	}
	return nil, fmt.Errorf("table: %v is not a format of elements", f)
}

// fillSparse reads rows with next, which appends a row's elements to dst and returns its label.
func (b *batch) fillSparse(dst *Sparse, rows int, labels []Label, next func(dst *Sparse) (Label, error)) (int, error) {
	if rows < 1 || b.label && len(labels) < rows {
		panic(fmt.Sprintf("table: room for %d rows and %d labels", rows, len(labels)))
	}
	dst.Offsets, dst.Columns, dst.Values = append(dst.Offsets[:0], 0), dst.Columns[:0], dst.Values[:0]
	for i := 0; i < rows && len(dst.Columns) < maxElements; i++ {
		if b.err != nil {
			return i, hideEOF(i, b.err)
		}
		label, err := next(dst)
		if err != nil {
			b.err = err
			dst.cut()
			return i, hideEOF(i, err)
		}
		if b.label {
			labels[i] = label
		}
		b.count(dst.Values[dst.Offsets[i]:])
		dst.Offsets = append(dst.Offsets, int32(len(dst.Columns)))
	}
	return dst.Rows(), nil
}
