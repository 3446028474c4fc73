package golden

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
)

// maxCSV bounds a .csv file of golden vectors, in bytes.
const maxCSV = 1 << 28

// readCSV reads rows of features, and of outputs if the header names them.
func readCSV(r io.Reader, name string, m *format.Model) (*Vectors, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxCSV {
		return nil, fmt.Errorf("more than %d bytes: a hundred golden vectors prove as much", maxCSV)
	}
	outputs, err := outputsInHeader(data, m)
	if err != nil {
		return nil, err
	}
	options := table.ReadOptions{Width: m.InputSize(), Features: m.Input.Features}
	if outputs != nil {
		options.Width += len(outputs)
		options.Features = slices.Concat(inputsInHeader(data, m, outputs), outputs)
	}
	reader, err := table.NewReader(bytes.NewReader(data), name, table.CSV, options)
	if err != nil {
		return nil, err
	}
	return collect(reader, m.InputSize(), len(outputs))
}

// outputsInHeader returns the names of the model's outputs if the header has them all, and nil if
// it has none.
func outputsInHeader(data []byte, m *format.Model) ([]string, error) {
	names := header(data)
	outputs := m.Output.ColumnNames(m.OutputSize())
	missing := slices.DeleteFunc(slices.Clone(outputs), func(name string) bool { return slices.Contains(names, name) })
	switch len(missing) {
	case 0:
		return outputs, nil
	case len(outputs):
		return nil, nil
	}
	return nil, fmt.Errorf("the header has some of the model's outputs and lacks %d of them, the first is %q", len(missing), missing[0])
}

// inputsInHeader returns the names of the model's inputs: all columns that are no outputs, if the
// model itself has no names.
func inputsInHeader(data []byte, m *format.Model, outputs []string) []string {
	if len(m.Input.Features) > 0 {
		return m.Input.Features
	}
	return slices.DeleteFunc(header(data), func(name string) bool { return slices.Contains(outputs, name) })
}

// header returns the fields of the first line. What is wrong with it the table's reader says.
func header(data []byte) []string {
	names, _ := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).Read()
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// collect reads all rows and parts their values into inputs and outputs.
func collect(r table.Reader, inputs, outputs int) (*Vectors, error) {
	v := new(Vectors)
	row := make([]float32, inputs+outputs)
	for {
		_, err := r.Read(row, nil)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		v.Inputs = append(v.Inputs, row[:inputs]...)
		v.Expected = append(v.Expected, row[inputs:]...)
		v.Rows++
	}
	if v.Rows == 0 {
		return nil, fmt.Errorf("there are no rows")
	}
	return v, nil
}
