package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

type csvReader struct {
	batch
	name    string
	csv     *csv.Reader
	limit   *rowLimiter
	layout  layout
	pending []string // the first record, if it is a row
	row     int64    // of the record read last
}

// openCSV returns a reader and the first record, or nil if there is none.
func openCSV(r io.Reader, name string, opts ReadOptions, maxRow int) (c *csvReader, first []string, err error) {
	limit := &rowLimiter{r: r, limit: maxRow, left: maxRow}
	c = &csvReader{
		batch: newBatch(opts),
		name:  name,
		csv:   csv.NewReader(skipBOM(limit)),
		limit: limit,
	}
	c.csv.FieldsPerRecord = -1 // counted here, for a better message
	c.csv.ReuseRecord = true
	c.csv.TrimLeadingSpace = true

	switch first, err = c.record(); {
	case err == io.EOF:
		c.err = io.EOF
		return c, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("%s: first line: %w", name, err)
	}
	return c, first, nil
}

func newCSVReader(r io.Reader, name string, opts ReadOptions, maxRow int) (*csvReader, error) {
	c, first, err := openCSV(r, name, opts, maxRow)
	if first == nil {
		return c, err
	}
	if isHeader(first, opts.Features) {
		c.layout, err = headerLayout(first, opts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return c, nil
	}
	if opts.Label != "" {
		return nil, fmt.Errorf("%s: no header line: the label %s is found by the name of its column", name, quote(opts.Label))
	}
	c.layout = positions(opts.Width)
	c.pending = first
	return c, nil
}

func (c *csvReader) Ignored() []string { return c.layout.ignored }

func (c *csvReader) ByPosition() bool { return c.layout.foreign }

func (c *csvReader) Read(dst []float32, labels []Label) (int, error) {
	return c.fill(dst, labels, c.next)
}

// next reads one row into dst and returns its label.
func (c *csvReader) next(dst []float32) (Label, error) {
	return c.nextRecord(func(i int, field string) error {
		v, err := parseField(field)
		if err == nil {
			err = c.allow(v)
		}
		dst[i] = v
		return err
	})
}

// nextRecord has each of the model's fields in the next record used, and returns the record's label.
func (c *csvReader) nextRecord(use func(i int, field string) error) (Label, error) {
	record, err := c.record()
	if err == io.EOF {
		return Label{}, io.EOF
	}
	c.row++
	if err != nil {
		return Label{}, c.unread(err)
	}
	line, _ := c.csv.FieldPos(0)
	fault := func(err error) error {
		return &RowError{Name: c.name, Row: c.row, Line: int64(line), Err: err}
	}
	if len(record) != c.layout.fields {
		return Label{}, fault(c.layout.miscount(record))
	}
	for i, column := range c.layout.columns {
		if err := use(i, record[column]); err != nil {
			return Label{}, fault(fmt.Errorf("%s: %w", c.layout.describe(i), err))
		}
	}
	if c.layout.label < 0 {
		return Label{}, nil
	}
	// The record's fields share one string: a clone lets the rest of the row go.
	return Label{strings.Clone(strings.TrimSpace(record[c.layout.label])), int64(line)}, nil
}

// record returns the next record. It holds until the next call.
func (c *csvReader) record() ([]string, error) {
	if record := c.pending; record != nil {
		c.pending = nil
		return record, nil
	}
	c.limit.left = c.limit.limit
	return c.csv.Read()
}

// unread is the error of a row that is no csv record.
func (c *csvReader) unread(err error) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return &RowError{Name: c.name, Row: c.row, Line: int64(syntax.Line), Err: fmt.Errorf("byte %d: %w", syntax.Column, syntax.Err)}
	}
	return &RowError{Name: c.name, Row: c.row, Err: err}
}

func parseField(text string) (float32, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, errors.New("empty: write nan for a missing value")
	}
	return parseFloat(text)
}
