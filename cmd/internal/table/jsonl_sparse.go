package table

import (
	"errors"
	"fmt"
	"io"
)

// sparseJSONLReader reads objects that name only the features that are not 0.
type sparseJSONLReader struct{ *jsonlReader }

func newSparseJSONLReader(r io.Reader, name string, opts ReadOptions, maxRow int) (*sparseJSONLReader, error) {
	if len(opts.Features) == 0 {
		return nil, fmt.Errorf("%s: the model does not name its features, which sparse objects need: use svmlight", name)
	}
	j, err := newJSONLReader(r, name, opts, maxRow)
	if err != nil {
		return nil, err
	}
	return &sparseJSONLReader{j}, nil
}

func (j *sparseJSONLReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return j.fillSparse(dst, rows, labels, func(dst *Sparse) (Label, error) {
		return j.nextLine(func(line []byte) (string, error) { return j.parse(dst, line) })
	})
}

// parse reads a row from its line.
func (j *sparseJSONLReader) parse(dst *Sparse, line []byte) (label string, err error) {
	if err := checkJSON(line); err != nil {
		return "", err
	}
	if line[0] != '{' {
		return "", fmt.Errorf("%s is not a sparse row: write an object of the features that are not 0", quote(string(line)))
	}
	first := len(dst.Columns)
	label, err = j.walk(line, func(m *member, key, value []byte) error {
		switch {
		case m.feature >= 0:
			dst.Columns, dst.Values = append(dst.Columns, int32(m.feature)), append(dst.Values, 0)
			return j.parseMember(&dst.Values[len(dst.Values)-1], key, value)
		case string(key) == "values" && value[0] == '[':
			return errors.New("the values are an array: a sparse row is an object of the features that are not 0")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	dst.sortFrom(first)
	return label, j.requireLabel(line)
}
