package table

import (
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// csvTextReader reads csv with a column that holds documents.
type csvTextReader struct {
	*csvReader
	words *words.Counter
}

func newCSVTextReader(r io.Reader, name string, opts ReadOptions, maxRow int) (*csvTextReader, error) {
	c, first, err := openCSV(r, name, opts, maxRow)
	if err != nil {
		return nil, err
	}
	t := &csvTextReader{c, opts.Words}
	if first == nil {
		return t, nil
	}
	if !holdsAll(first, []string{opts.TextColumn}) {
		return nil, fmt.Errorf("%s: header has no text column %s: it has %s%s", name, quote(opts.TextColumn), quoteSome(first), separatorHint(first))
	}
	// A row has one field of interest, whatever the model takes.
	c.layout, err = headerLayout(first, ReadOptions{Width: 1, Features: []string{opts.TextColumn}, Label: opts.Label})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

func (c *csvTextReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return c.fillSparse(dst, rows, labels, c.next)
}

// next appends one row to dst and returns its label.
func (c *csvTextReader) next(dst *Sparse) (Label, error) {
	return c.nextRecord(func(_ int, document string) error { return dst.appendWords(c.words, []byte(document)) })
}
