package table

import (
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// documentReader reads files, each of which is one document, and counts their words.
type documentReader struct {
	batch
	names []string
	open  func(name string) (io.ReadCloser, error)
	words *words.Counter
	limit int // bytes
}

// NewDocumentReader returns a SparseReader of one row for each of the names. A file is opened when
// its row is due.
func NewDocumentReader(names []string, open func(name string) (io.ReadCloser, error), opts ReadOptions) (SparseReader, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	return &documentReader{batch: newBatch(opts), names: names, open: open, words: opts.Words, limit: maxRow}, nil
}

func (d *documentReader) Ignored() []string { return nil }

func (d *documentReader) ByPosition() bool { return false }

func (d *documentReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return d.fillSparse(dst, rows, labels, d.next)
}

func (d *documentReader) next(dst *Sparse) (Label, error) {
	if len(d.names) == 0 {
		return Label{}, io.EOF
	}
	name := d.names[0]
	d.names = d.names[1:]
	file, err := d.open(name)
	if err != nil {
		return Label{}, err
	}
	defer file.Close() // it was only read
	text, err := io.ReadAll(io.LimitReader(skipBOM(file), int64(d.limit)+1))
	if err == nil && len(text) > d.limit {
		err = fmt.Errorf("a document of more than %d bytes: as many are read", d.limit)
	}
	if err == nil {
		err = dst.appendWords(d.words, text)
	}
	if err != nil {
		return Label{}, fmt.Errorf("%s: %w", name, err)
	}
	return Label{}, nil
}
