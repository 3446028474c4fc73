package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// entry is what the header says of one tensor.
type entry struct {
	name       string
	dtype      string
	shape      []int
	begin, end int64 // the range of its bytes in the data
}

// parseHeader walks the header's tokens. Decoding into a map would be shorter, but encoding/json
// lets the last of two equal keys win, and another reader may take the first.
func parseHeader(header []byte) ([]entry, map[string]string, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("does not begin with {")
	}
	if !utf8.Valid(header) {
		return nil, nil, errors.New("not UTF-8")
	}
	w := &walker{json.NewDecoder(bytes.NewReader(header))}
	w.UseNumber()
	var entries []entry
	var metadata map[string]string
	err := w.object(func(key string) (err error) {
		if key == "__metadata__" {
			metadata, err = w.metadata()
			return err
		}
		if len(entries) == source.MaxTensors {
			return fmt.Errorf("more than %d tensors", source.MaxTensors)
		}
		e, err := w.entry(key)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if _, err := w.Token(); err != io.EOF {
		return nil, nil, errors.New("more follows the closing brace")
	}
	return entries, metadata, nil
}

// walker reads JSON token by token, and accepts only what is expected next.
type walker struct {
	*json.Decoder
}

// object reads an object and calls value for each key, to read what belongs to it. A key that comes
// twice is an error.
func (w *walker) object(value func(key string) error) error {
	if err := w.delim('{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for w.More() {
		key, err := w.str()
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("key %q comes twice", key)
		}
		seen[key] = true
		if err := value(key); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	return w.delim('}')
}

func (w *walker) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := w.object(func(key string) (err error) {
		m[key], err = w.str()
		return err
	})
	return m, err
}

func (w *walker) entry(name string) (entry, error) {
	e := entry{name: name}
	fields := 0
	err := w.object(func(key string) (err error) {
		fields++
		switch key {
		case "dtype":
			e.dtype, err = w.str()
		case "shape":
			e.shape, err = w.integers()
		case "data_offsets":
			var offsets []int
			if offsets, err = w.integers(); err == nil && len(offsets) != 2 {
				err = fmt.Errorf("%d numbers, begin and end are expected", len(offsets))
			}
			if err == nil {
				e.begin, e.end = int64(offsets[0]), int64(offsets[1])
			}
		default:
			err = errors.New("unknown key: expected dtype, shape and data_offsets")
		}
		return err
	})
	if err == nil && fields != 3 {
		err = errors.New("dtype, shape and data_offsets are all needed")
	}
	return e, err
}

// integers reads an array of whole numbers that are not negative.
func (w *walker) integers() ([]int, error) {
	if err := w.delim('['); err != nil {
		return nil, err
	}
	list := []int{}
	for w.More() {
		token, err := w.Token()
		if err != nil {
			return nil, err
		}
		number, _ := token.(json.Number)
		n, err := strconv.ParseUint(string(number), 10, strconv.IntSize-1)
		if err != nil {
			return nil, fmt.Errorf("%v is not a size or an offset", token)
		}
		list = append(list, int(n))
	}
	return list, w.delim(']')
}

func (w *walker) str() (string, error) {
	token, err := w.Token()
	if err != nil {
		return "", unexpected(err)
	}
	s, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("%v found, expected a string", token)
	}
	return s, nil
}

func (w *walker) delim(want json.Delim) error {
	token, err := w.Token()
	if err != nil {
		return unexpected(err)
	}
	if token != want {
		return fmt.Errorf("%v found, expected %v", token, want)
	}
	return nil
}

// unexpected turns an end of the header where more had to come into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
