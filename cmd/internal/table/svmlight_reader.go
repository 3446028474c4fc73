package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// FirstIndex says which index the first column has in svmlight.
type FirstIndex int

// The choices. The definition of the format counts from 1, and many programs write from 0.
const (
	FirstIndexStated FirstIndex = iota // as a comment before the rows states it, else from 1
	FirstIndex0
	FirstIndex1
)

// The comments by which scikit-learn's dump_svmlight_file states it.
const (
	statesFirst0 = "Column indices are zero-based"
	statesFirst1 = "Column indices are one-based"
)

// svmlightReader reads the format of SVMlight and LIBSVM: on each line a label, which may be left
// out, and index:value for each element.
type svmlightReader struct {
	batch
	name  string
	lines lineReader
	first int64 // index of the first column
	told  bool  // first is a person's word
	qid   bool  // rows name the query that they belong to
	row   int64
	line  int64
}

func newSVMLightReader(r io.Reader, name string, opts ReadOptions, maxRow int) *svmlightReader {
	s := &svmlightReader{batch: newBatch(opts), name: name, lines: lineReader{r: skipBOM(r), limit: maxRow}, first: 1}
	s.told = opts.FirstIndex != FirstIndexStated
	if opts.FirstIndex == FirstIndex0 {
		s.first = 0
	}
	return s
}

func (s *svmlightReader) Ignored() []string {
	if s.qid {
		return []string{"qid"}
	}
	return nil
}

func (s *svmlightReader) ByPosition() bool { return false }

func (s *svmlightReader) ReadSparse(dst *Sparse, rows int, labels []Label) (int, error) {
	return s.fillSparse(dst, rows, labels, s.next)
}

// next appends one row to dst and returns its label.
func (s *svmlightReader) next(dst *Sparse) (Label, error) {
	for {
		line, err := s.lines.next()
		if err == io.EOF {
			return Label{}, io.EOF
		}
		s.line++
		if err != nil {
			return Label{}, s.fault(s.row+1, err)
		}
		line, comment, _ := bytes.Cut(line, []byte("#"))
		if line = bytes.Trim(line, blanks); len(line) == 0 {
			if err := s.heed(string(bytes.Trim(comment, blanks))); err != nil {
				return Label{}, err
			}
			continue
		}
		s.row++
		label, err := s.parse(dst, line)
		if err != nil {
			return Label{}, s.fault(s.row, err)
		}
		return Label{label, s.line}, nil
	}
}

func (s *svmlightReader) fault(row int64, err error) error {
	return &RowError{Name: s.name, Row: row, Line: s.line, Err: err}
}

// heed takes from a comment before the rows which index the first column has.
func (s *svmlightReader) heed(comment string) error {
	first := int64(0)
	switch {
	case s.row > 0 || comment != statesFirst0 && comment != statesFirst1:
		return nil
	case comment == statesFirst1:
		first = 1
	}
	if s.told && first != s.first {
		return fmt.Errorf("%s: line %d: %q, and --first-index %d says otherwise", s.name, s.line, comment, s.first)
	}
	s.first = first
	return nil
}

// parse reads a row from its line, which is not blank.
func (s *svmlightReader) parse(dst *Sparse, line []byte) (label string, err error) {
	before := int64(-1)
	place := 0 // of a field in the line; the label, if it is there, has place 0
	for field := range bytes.FieldsFuncSeq(line, isBlank) {
		index, value, pair := bytes.Cut(field, []byte(":"))
		if place == 0 {
			place++
			if !pair {
				label = string(field)
				continue
			}
			if s.label {
				return "", errors.New("no label: a row begins with it")
			}
		}
		switch place++; {
		case !pair:
			return "", fmt.Errorf("%s is not index:value", quote(string(field)))
		case place == 2 && string(index) == "qid":
			s.qid = true // of use only when rows are ranked against one another
			continue
		}
		column, err := s.column(index, before)
		if err != nil {
			return "", err
		}
		v, err := parseFloat(string(value))
		if err == nil {
			err = s.allow(v)
		}
		if err != nil {
			return "", fmt.Errorf("index %s: %w", index, err)
		}
		dst.Columns, dst.Values = append(dst.Columns, int32(column)), append(dst.Values, v)
		before = column
	}
	return label, nil
}

// column reads the index of an element that follows one in the column before.
func (s *svmlightReader) column(index []byte, before int64) (int64, error) {
	i, err := strconv.ParseInt(string(index), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not an index: whole numbers from %d are", quote(string(index)), s.first)
	}
	column := i - s.first
	switch last := s.first + int64(s.width) - 1; {
	case i == 0 && s.first == 1:
		return 0, fmt.Errorf("index 0: the model's columns are 1 to %d; for a file that counts from 0 say --first-index 0", last)
	case i == last+1 && s.first == 0:
		return 0, fmt.Errorf("index %d: the model's columns are 0 to %d; for a file that counts from 1 say --first-index 1", i, last)
	case i < s.first || i > last:
		return 0, fmt.Errorf("index %d: the model's columns are %d to %d", i, s.first, last)
	case column == before:
		return 0, fmt.Errorf("index %d comes twice", i)
	case column < before:
		return 0, fmt.Errorf("index %d follows %d: they must ascend", i, before+s.first)
	}
	return column, nil
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }
