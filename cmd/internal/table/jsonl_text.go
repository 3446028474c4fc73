package table

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/cmd/internal/words"
)

// jsonlTextReader reads objects with a key that holds a document.
type jsonlTextReader struct {
	*jsonlReader
	words *words.Counter
}

func newJSONLTextReader(r io.Reader, name string, opts ReadOptions, maxRow int) (*jsonlTextReader, error) {
	// An object has one key of interest, whatever the model takes.
	j, err := newJSONLReader(r, name, ReadOptions{Width: 1, Features: []string{opts.TextColumn}, Label: opts.Label}, maxRow)
	if err != nil {
		return nil, err
	}
	return &jsonlTextReader{j, opts.Words}, nil
}

func (j *jsonlTextReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return j.fillSparse(dst, rows, labels, func(dst *Sparse) (Label, error) {
		return j.nextLine(func(line []byte) (string, error) { return j.parse(dst, line) })
	})
}

// parse reads a row from its line.
func (j *jsonlTextReader) parse(dst *Sparse, line []byte) (label string, err error) {
	if err := checkJSON(line); err != nil {
		return "", err
	}
	if line[0] != '{' {
		return "", fmt.Errorf("%s is not an object with a text: write {%s: \"...\"}", quote(string(line)), quote(j.opts.Features[0]))
	}
	label, err = j.walk(line, func(m *member, key, value []byte) error {
		if m.feature < 0 {
			return nil
		}
		if err := j.count(dst, value); err != nil {
			return fmt.Errorf("%s: %w", quote(string(key)), err)
		}
		return nil
	})
	if missing := j.missing(); err == nil && len(missing) > 0 {
		err = fmt.Errorf("the object lacks the text %s: it has %s", quoteSome(missing), quoteSome(keys(line)))
	}
	if err != nil {
		return "", err
	}
	return label, j.requireLabel(line)
}

// count counts the words of a JSON string.
func (j *jsonlTextReader) count(dst *Sparse, value []byte) error {
	switch {
	case value[0] != '"':
		return fmt.Errorf("%s is not a string", value[:min(len(value), 40)])
	case !utf8.Valid(value): // which decoding would hide
		return errors.New("the text is not UTF-8")
	}
	return dst.appendWords(j.words, []byte(unquote(value)))
}
