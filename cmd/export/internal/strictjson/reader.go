package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// Reader reads a JSON text. After an error it is of no more use, but for Line.
type Reader struct {
	decoder *json.Decoder
	data    []byte
}

// New returns a Reader of a text. The error says that it is not UTF-8.
func New(data []byte) (*Reader, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	r := &Reader{json.NewDecoder(bytes.NewReader(data)), data}
	r.decoder.UseNumber()
	return r, nil
}

// Line is the number of the line on which the last token ended, counted from 1.
func (r *Reader) Line() int {
	return 1 + bytes.Count(r.data[:r.decoder.InputOffset()], []byte("\n"))
}

// Token returns the next token: a json.Delim, a json.Number, a string, a bool or nil.
func (r *Reader) Token() (json.Token, error) {
	t, err := r.decoder.Token()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the text ends too early")
	}
	return t, err
}

// End checks that nothing follows.
func (r *Reader) End() error {
	if t, err := r.decoder.Token(); err == nil {
		return fmt.Errorf("%s after the end", Describe(t))
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// Object reads an object, and calls value for each key to read what belongs to it. It returns the
// keys, in their order. A key that stands twice is an error.
func (r *Reader) Object(value func(key string) error) (keys []string, err error) {
	if err := r.expect(json.Delim('{'), "an object"); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for r.decoder.More() {
		t, err := r.Token()
		if err != nil {
			return nil, err
		}
		key := t.(string) // the decoder lets nothing else stand here
		if seen[key] {
			return nil, fmt.Errorf("the key %.64q stands twice", key)
		}
		seen[key] = true
		keys = append(keys, key)
		if err := value(key); err != nil {
			return nil, within(err, keyStep(key))
		}
	}
	return keys, r.expect(json.Delim('}'), "the end of the object")
}

// List reads a list, and calls element for each element to read it.
func (r *Reader) List(element func() error) error {
	if err := r.expect(json.Delim('['), "a list"); err != nil {
		return err
	}
	return r.Rest(element)
}

// Rest reads a list whose opening bracket has been read as a token.
func (r *Reader) Rest(element func() error) error {
	for i := 0; r.decoder.More(); i++ {
		if err := element(); err != nil {
			return within(err, fmt.Sprintf("[%d]", i))
		}
	}
	return r.expect(json.Delim(']'), "the end of the list")
}

// Text reads a string.
func (r *Reader) Text() (string, error) {
	t, err := r.Token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", needed(t, "a text")
	}
	return s, nil
}

// Boolean reads true or false.
func (r *Reader) Boolean() (bool, error) {
	t, err := r.Token()
	if err != nil {
		return false, err
	}
	b, ok := t.(bool)
	if !ok {
		return false, needed(t, "true or false")
	}
	return b, nil
}

// Integer reads a whole number that an int holds, written without fraction or exponent.
func (r *Reader) Integer() (int, error) {
	t, err := r.Token()
	if err != nil {
		return 0, err
	}
	n, _ := t.(json.Number)
	i, err := strconv.Atoi(string(n))
	if err != nil {
		return 0, needed(t, "a whole number")
	}
	return i, nil
}

// expect reads one delimiter.
func (r *Reader) expect(d json.Delim, what string) error {
	t, err := r.Token()
	if err == nil && t != d {
		err = needed(t, what)
	}
	return err
}
