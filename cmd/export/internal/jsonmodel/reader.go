package jsonmodel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// reader reads JSON token by token, and accepts only what is expected next. Package json alone
// would let the last of two equal keys win, and an error could not name its line.
type reader struct {
	*json.Decoder
	data []byte
}

func newReader(data []byte) *reader {
	r := &reader{json.NewDecoder(bytes.NewReader(data)), data}
	r.UseNumber()
	return r
}

// line is the number of the line on which the last token ended.
func (r *reader) line() int {
	return 1 + bytes.Count(r.data[:r.InputOffset()], []byte("\n"))
}

// token returns the next token: json.Delim, json.Number, string, bool or nil.
func (r *reader) token() (json.Token, error) {
	t, err := r.Token()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file ends too early")
	}
	return t, err
}

// object reads an object, and calls value for each key to read what belongs to it. It returns the
// keys. A key that stands twice is an error.
func (r *reader) object(value func(key string) error) (keys []string, err error) {
	if err := r.expect(json.Delim('{'), "an object"); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for r.More() {
		t, err := r.token()
		if err != nil {
			return nil, err
		}
		key := t.(string) // the decoder lets nothing else stand here
		if seen[key] {
			return nil, fmt.Errorf("the key %q stands twice", key)
		}
		seen[key] = true
		keys = append(keys, key)
		if err := value(key); err != nil {
			return nil, within(err, key)
		}
	}
	return keys, r.expect(json.Delim('}'), "the end of the object")
}

// list reads an array, and calls element for each element.
func (r *reader) list(element func() error) error {
	if err := r.expect(json.Delim('['), "a list"); err != nil {
		return err
	}
	return r.elements(element)
}

// elements reads an array whose beginning has been read.
func (r *reader) elements(element func() error) error {
	for i := 0; r.More(); i++ {
		if err := element(); err != nil {
			return within(err, fmt.Sprintf("[%d]", i))
		}
	}
	return r.expect(json.Delim(']'), "the end of the list")
}

func (r *reader) expect(d json.Delim, what string) error {
	t, err := r.token()
	if err == nil && t != d {
		err = fmt.Errorf("%s where %s is needed", describe(t), what)
	}
	return err
}

func (r *reader) text() (string, error) {
	t, err := r.token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", fmt.Errorf("%s where a text is needed", describe(t))
	}
	return s, nil
}

func (r *reader) boolean() (bool, error) {
	t, err := r.token()
	if err != nil {
		return false, err
	}
	b, ok := t.(bool)
	if !ok {
		return false, fmt.Errorf("%s where true or false is needed", describe(t))
	}
	return b, nil
}

func (r *reader) integer() (int, error) {
	t, err := r.token()
	if err != nil {
		return 0, err
	}
	n, _ := t.(json.Number)
	i, err := strconv.ParseInt(string(n), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%s where a whole number is needed", describe(t))
	}
	return int(i), nil
}

// number reads a number, rounded once to float32.
func (r *reader) number() (float32, error) {
	t, err := r.token()
	if err != nil {
		return 0, err
	}
	switch t := t.(type) {
	case json.Number:
		v, err := strconv.ParseFloat(string(t), 32)
		if err != nil {
			return 0, fmt.Errorf("%s is beyond float32", describe(t))
		}
		return float32(v), nil
	case string:
		switch t {
		case "NaN":
			return float32(math.NaN()), nil
		case "Infinity":
			return float32(math.Inf(1)), nil
		case "-Infinity":
			return float32(math.Inf(-1)), nil
		}
	}
	return 0, fmt.Errorf("%s where a number is needed", describe(t))
}

func (r *reader) texts() (list []string, err error) {
	err = r.list(func() error {
		s, err := r.text()
		list = append(list, s)
		return err
	})
	return list, err
}

func (r *reader) integers() (list []int, err error) {
	err = r.list(func() error {
		i, err := r.integer()
		list = append(list, i)
		return err
	})
	return list, err
}

func (r *reader) numbers() ([]float32, error) {
	if err := r.expect(json.Delim('['), "a list"); err != nil {
		return nil, err
	}
	return r.rest()
}

// rest reads a list of numbers whose beginning has been read.
func (r *reader) rest() (list []float32, err error) {
	err = r.elements(func() error {
		v, err := r.number()
		list = append(list, v)
		return err
	})
	return list, err
}

// matrix reads a list of rows of one length.
func (r *reader) matrix() (values []float32, rows, columns int, err error) {
	err = r.list(func() error {
		row, err := r.numbers()
		if err != nil {
			return err
		}
		if rows > 0 && len(row) != columns {
			return fmt.Errorf("a row of %d numbers, the rows before have %d", len(row), columns)
		}
		values, columns = append(values, row...), len(row)
		rows++
		return nil
	})
	if err == nil && len(values) == 0 {
		err = errors.New("no numbers where a row for each input is needed")
	}
	return values, rows, columns, err
}

// end checks that nothing follows.
func (r *reader) end() error {
	if t, err := r.Token(); err == nil {
		return fmt.Errorf("%s after the end of the model", describe(t))
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// describe names a token for a message.
func describe(t json.Token) string {
	switch t := t.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("the text %.40q", t)
	case json.Number:
		return fmt.Sprintf("the number %.40s", string(t))
	case bool:
		return strconv.FormatBool(t)
	}
	switch t {
	case json.Delim('['):
		return "a list"
	case json.Delim('{'):
		return "an object"
	}
	return fmt.Sprint(t)
}

// placed is an error with the path to its place.
type placed struct {
	path string
	err  error
}

func (p *placed) Error() string { return p.path + ": " + p.err.Error() }
func (p *placed) Unwrap() error { return p.err }

// within puts a step before an error's path: layers[2].weight.
func within(err error, step string) error {
	if p, ok := err.(*placed); ok {
		if !strings.HasPrefix(p.path, "[") {
			step += "."
		}
		return &placed{step + p.path, p.err}
	}
	return &placed{step, err}
}
