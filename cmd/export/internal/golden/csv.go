package golden

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
)

// maxCSV bounds a .csv file of golden vectors, in bytes.
const maxCSV = 1 << 28

// readCSV reads rows of features, and of outputs if the header names them. Errors name the file.
func readCSV(r io.Reader, file string, m *format.Model) (*Vectors, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxCSV {
		return nil, fmt.Errorf("%s: more than %d bytes: a hundred golden vectors prove as much", file, maxCSV)
	}
	columns := header(data)
	outputs, err := outputsAmong(columns, m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	options := table.ReadOptions{Width: m.InputSize(), Features: m.Input.Features}
	if outputs != nil {
		inputs := m.Input.Features
		if len(inputs) == 0 {
			inputs = without(columns, outputs)
		}
		if len(inputs) != m.InputSize() {
			return nil, fmt.Errorf("%s: %s beside the outputs, and the model takes %d: leave only those, or name its features with --features", file, plural.Count(len(inputs), "column"), m.InputSize())
		}
		options.Width += len(outputs)
		options.Features = slices.Concat(inputs, outputs)
	}
	reader, err := table.NewReader(bytes.NewReader(data), file, table.CSV, options)
	if err != nil {
		return nil, err
	}
	v, err := collect(reader, m.InputSize(), len(outputs))
	if err == nil && v.Rows == 0 {
		err = fmt.Errorf("%s: there are no rows", file)
	}
	return v, err
}

// outputsAmong returns the names of the model's outputs if the columns have them all, and nil if
// they have none. Columns that are no inputs either were meant for something, and are an error.
func outputsAmong(columns []string, m *format.Model) ([]string, error) {
	outputs := m.Output.ColumnNames(m.OutputSize())
	missing := without(outputs, columns)
	switch {
	case len(missing) == 0:
		return outputs, nil
	case len(missing) < len(outputs):
		return nil, fmt.Errorf("the header has some of the model's outputs and lacks %d of them, the first is %q", len(missing), missing[0])
	case len(columns) > m.InputSize() && len(without(m.Input.Features, columns)) == 0:
		return nil, fmt.Errorf("%d columns for %s, and none is named as an output: call the framework's outputs %s, or leave only the features",
			len(columns), plural.Count(m.InputSize(), "feature"), list(outputs))
	}
	return nil, nil
}

// without returns the names that are not among others.
func without(names, others []string) []string {
	set := make(map[string]bool, len(others))
	for _, name := range others {
		set[name] = true
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return set[name] })
}

// list quotes names for a message, of many the first and the last.
func list(names []string) string {
	const few = 4
	if n := len(names); n > few {
		return fmt.Sprintf("%.40q to %.40q", names[0], names[n-1])
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%.40q", name)
	}
	return strings.Join(quoted, ", ")
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
	return v, nil
}
