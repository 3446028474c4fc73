package safetensors

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/export/internal/strictjson"
)

// entry is what the header says of one tensor.
type entry struct {
	name       string
	dtype      string
	shape      []int
	begin, end int64 // the range of its bytes in the data
}

// parseHeader reads the header with a strict reader, since another reader of the file may take the
// first of two equal keys where this one took the last.
func parseHeader(header []byte) ([]entry, map[string]string, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("does not begin with {")
	}
	json, err := strictjson.New(header)
	if err != nil {
		return nil, nil, err
	}
	r := headerReader{json}
	var entries []entry
	var metadata map[string]string
	_, err = r.Object(func(key string) (err error) {
		if key == "__metadata__" {
			metadata, err = r.metadata()
			return err
		}
		if len(entries) == source.MaxTensors {
			return fmt.Errorf("more than %d tensors", source.MaxTensors)
		}
		e, err := r.entry(key)
		entries = append(entries, e)
		return err
	})
	if err == nil {
		err = r.End()
	}
	return entries, metadata, err
}

// headerReader adds to a reader of JSON what a header is made of.
type headerReader struct {
	*strictjson.Reader
}

func (r headerReader) metadata() (map[string]string, error) {
	m := map[string]string{}
	_, err := r.Object(func(key string) (err error) {
		m[key], err = r.Text()
		return err
	})
	return m, err
}

func (r headerReader) entry(name string) (entry, error) {
	e := entry{name: name}
	keys, err := r.Object(func(key string) (err error) {
		switch key {
		case "dtype":
			e.dtype, err = r.Text()
		case "shape":
			e.shape, err = r.sizes()
		case "data_offsets":
			var offsets []int
			if offsets, err = r.sizes(); err == nil && len(offsets) != 2 {
				err = fmt.Errorf("%s, begin and end are expected", plural.Count(len(offsets), "number"))
			}
			if err == nil {
				e.begin, e.end = int64(offsets[0]), int64(offsets[1])
			}
		default:
			err = errors.New("unknown key: expected dtype, shape and data_offsets")
		}
		return err
	})
	if err == nil && len(keys) != 3 {
		err = errors.New("dtype, shape and data_offsets are all needed")
	}
	return e, err
}

// sizes reads a list of whole numbers that are not negative.
func (r headerReader) sizes() ([]int, error) {
	list := []int{}
	err := r.List(func() error {
		n, err := r.Integer()
		if err == nil && n < 0 {
			err = fmt.Errorf("%d is not a size or an offset", n)
		}
		list = append(list, n)
		return err
	})
	return list, err
}
