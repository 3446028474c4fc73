package table

import (
	"io"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// textReader reads a document from each line and counts its words.
type textReader struct {
	batch
	name  string
	lines lineReader
	words *words.Counter
	line  int64 // and row
}

func newTextReader(r io.Reader, name string, opts ReadOptions, maxRow int) *textReader {
	return &textReader{batch: newBatch(opts), name: name, lines: lineReader{r: skipBOM(r), limit: maxRow}, words: opts.Words}
}

func (t *textReader) Ignored() []string { return nil }

func (t *textReader) ByPosition() bool { return false }

func (t *textReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return t.fillSparse(dst, rows, labels, t.next)
}

func (t *textReader) next(dst *Sparse) (Label, error) {
	line, err := t.lines.next()
	if err == io.EOF {
		return Label{}, io.EOF
	}
	t.line++
	if err == nil {
		err = dst.appendWords(t.words, line)
	}
	if err != nil {
		return Label{}, &RowError{Name: t.name, Row: t.line, Line: t.line, Err: err}
	}
	return Label{}, nil
}

// appendWords appends the counts of a document's words to the row that is being read.
func (s *Sparse) appendWords(counter *words.Counter, document []byte) (err error) {
	s.Columns, s.Values, err = counter.Append(s.Columns, s.Values, document)
	return err
}
