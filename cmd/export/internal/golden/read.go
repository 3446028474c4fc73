package golden

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/dataset"
	"github.com/edge-infer/edge-infer/cmd/export/internal/npz"
	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
)

// Read reads golden vectors for a model from a file: an .npz with x, and y where the framework's
// outputs are known; a folder with x.npy, and perhaps y.npy; an HDF5 file with datasets of these
// names, or FILE:X,Y with others; or a .csv with a column for each feature and, where they are known,
// for each output, named as [format.Output.ColumnNames] has them.
func Read(name string, m *format.Model) (*Vectors, error) {
	v, err := read(name, m)
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	return v, nil
}

func read(name string, m *format.Model) (*Vectors, error) {
	file, paths := dataset.Split(name)
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() { // a pipe would be waited for, and cannot be read twice
		return nil, fmt.Errorf("%s: not a regular file: save it first", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if kind, _ := table.FormatOf(file); kind == table.CSV && paths == nil {
		return readCSV(f, file, m)
	}
	var x, y *npy.Array
	switch {
	case info.IsDir() && paths == nil:
		x, y, err = readFolder(file)
	case dataset.Is(f):
		x, y, err = readHDF5(f, info.Size(), paths)
	case paths != nil:
		err = fmt.Errorf("%s are named, and this is no HDF5 file", strings.Join(paths, ", "))
	default:
		x, y, err = readNPZ(f, info.Size())
	}
	var v *Vectors
	if err == nil {
		v, err = vectors(x, y, m)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return v, nil
}

func readNPZ(r io.ReaderAt, size int64) (x, y *npy.Array, err error) {
	tensors, err := npz.Read(r, size)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: an .npz with x and perhaps y, HDF5 with such datasets, or a .csv, is read", err)
	}
	for _, t := range tensors {
		switch t.Name {
		case "x":
			x = t.Array
		case "y":
			y = t.Array
		default:
			return nil, nil, fmt.Errorf("array %q: only x, the inputs, and y, the framework's outputs, are read", t.Name)
		}
	}
	if x == nil {
		return nil, nil, fmt.Errorf("there is no array x of inputs")
	}
	return x, y, nil
}

func readFolder(name string) (x, y *npy.Array, err error) {
	if x, err = readArray(filepath.Join(name, "x.npy")); err != nil {
		return nil, nil, err
	}
	if y, err = readArray(filepath.Join(name, "y.npy")); errors.Is(err, fs.ErrNotExist) {
		return x, nil, nil
	}
	return x, y, err
}

func readArray(name string) (*npy.Array, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("%s: not a regular file", filepath.Base(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := npy.Read(f, source.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return a, nil
}

// readHDF5 reads x and perhaps y under the names that are given, or under these.
func readHDF5(r io.ReaderAt, size int64, paths []string) (x, y *npy.Array, err error) {
	if len(paths) > 2 {
		return nil, nil, fmt.Errorf("%d datasets are named: one of inputs and perhaps one of outputs are read", len(paths))
	}
	named := paths != nil
	if !named {
		paths = []string{"x", "y"}
	}
	arrays, err := dataset.Read(r, size, paths...)
	if errors.Is(err, fs.ErrNotExist) && !named { // perhaps y alone
		var alone error
		if arrays, alone = dataset.Read(r, size, "x"); alone == nil {
			err = nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: name them as FILE:X,Y", err)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(arrays) > 1 {
		y = arrays[1]
	}
	return arrays[0], y, nil
}

// vectors makes vectors of arrays of rows; y may be nil.
func vectors(x, y *npy.Array, m *format.Model) (*Vectors, error) {
	v := new(Vectors)
	var err error
	if v.Inputs, v.Rows, err = rowsOf("x", x, m.InputSize()); err != nil || y == nil {
		return v, err
	}
	var rows int
	if bothClasses(y, &m.Output, m.OutputSize()) {
		v.Expected, rows = secondColumn(y)
	} else if v.Expected, rows, err = rowsOf("y", y, m.OutputSize()); err != nil {
		return nil, err
	}
	if rows != v.Rows {
		return nil, fmt.Errorf("x has %s, y has %d", plural.Count(v.Rows, "row"), rows)
	}
	return v, nil
}

// bothClasses reports whether an array holds the probabilities of two classes, as scikit-learn gives
// them, for a model with a single column, that of the second class.
func bothClasses(y *npy.Array, o *format.Output, width int) bool {
	return o.Kind == format.Probabilities && width == 1 && len(y.Shape) == 2 && y.Shape[1] == 2 && !y.DType.IsText()
}

// secondColumn returns the probabilities of the second class.
func secondColumn(y *npy.Array) (values []float32, rows int) {
	both := y.Float32s()
	for i := 1; i < len(both); i += 2 {
		values = append(values, both[i])
	}
	return values, y.Shape[0]
}

// rowsOf returns an array as rows of the given width: the first dimension counts them, and may
// stand alone where the width is 1.
func rowsOf(name string, a *npy.Array, width int) ([]float32, int, error) {
	values := a.Float32s()
	if values == nil && a.Len() > 0 {
		return nil, 0, fmt.Errorf("%s holds text: numbers are needed", name)
	}
	rows := 0
	if len(a.Shape) > 0 {
		rows = a.Shape[0]
	}
	switch {
	case rows == 0:
		return nil, 0, fmt.Errorf("%s has shape %v: at least one row is needed", name, a.Shape)
	case len(values)/rows != width:
		return nil, 0, fmt.Errorf("%s has shape %v, rows of %s: the model has rows of %d", name, a.Shape, plural.Count(len(values)/rows, "value"), width)
	}
	return values, rows, nil
}
