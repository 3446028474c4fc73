package jsonmodel

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/export/internal/strictjson"
)

// reader adds to a reader of JSON what models are made of: float32 numbers, and lists of them.
type reader struct {
	*strictjson.Reader
}

// number reads a number, rounded once to float32.
func (r reader) number() (float32, error) {
	t, err := r.Token()
	if err != nil {
		return 0, err
	}
	switch t := t.(type) {
	case json.Number:
		v, err := strconv.ParseFloat(string(t), 32)
		if err != nil {
			return 0, fmt.Errorf("%s is beyond float32", strictjson.Describe(t))
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
	return 0, fmt.Errorf("%s where a number is needed", strictjson.Describe(t))
}

func (r reader) texts() (list []string, err error) {
	err = r.List(func() error {
		s, err := r.Text()
		list = append(list, s)
		return err
	})
	return list, err
}

func (r reader) integers() (list []int, err error) {
	err = r.List(func() error {
		i, err := r.Integer()
		list = append(list, i)
		return err
	})
	return list, err
}

func (r reader) numbers() (list []float32, err error) {
	err = r.List(r.appendNumber(&list))
	return list, err
}

// rest reads a list of numbers whose beginning has been read.
func (r reader) rest() (list []float32, err error) {
	err = r.Rest(r.appendNumber(&list))
	return list, err
}

func (r reader) appendNumber(list *[]float32) func() error {
	return func() error {
		v, err := r.number()
		*list = append(*list, v)
		return err
	}
}

// matrix reads a list of rows of one length.
func (r reader) matrix() (values []float32, rows, columns int, err error) {
	err = r.List(func() error {
		row, err := r.numbers()
		if err != nil {
			return err
		}
		if rows > 0 && len(row) != columns {
			return fmt.Errorf("a row of %s, the rows before have %d", plural.Count(len(row), "number"), columns)
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
