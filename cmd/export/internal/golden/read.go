package golden

import (
	"fmt"
	"io"
	"os"

	"github.com/edge-infer/edge-infer/cmd/export/internal/npz"
	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
)

// Read reads golden vectors for a model from a file: an .npz with x, and y where the framework's
// outputs are known; or a .csv with a column for each feature and, where they are known, for each
// output, named as [format.Output.ColumnNames] has them.
func Read(name string, m *format.Model) (*Vectors, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	var v *Vectors
	if kind, _ := table.FormatOf(name); kind == table.CSV {
		v, err = readCSV(f, name, m)
	} else if v, err = readNPZ(f, info.Size(), m); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return nil, fmt.Errorf("golden: %w", err)
	}
	return v, nil
}

func readNPZ(r io.ReaderAt, size int64, m *format.Model) (*Vectors, error) {
	tensors, err := npz.Read(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: an .npz with x and perhaps y, or a .csv, is read", err)
	}
	var x, y *npy.Array
	for _, t := range tensors {
		switch t.Name {
		case "x":
			x = t.Array
		case "y":
			y = t.Array
		default:
			return nil, fmt.Errorf("array %q: only x, the inputs, and y, the framework's outputs, are read", t.Name)
		}
	}
	if x == nil {
		return nil, fmt.Errorf("there is no array x of inputs")
	}
	v := new(Vectors)
	if v.Inputs, v.Rows, err = rowsOf("x", x, m.InputSize()); err != nil || y == nil {
		return v, err
	}
	var rows int
	if v.Expected, rows, err = rowsOf("y", y, m.OutputSize()); err != nil {
		if bothClasses(y, &m.Output, m.OutputSize()) {
			err = fmt.Errorf("%w: give the second column: predict_proba(x)[:, 1:]", err)
		}
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
	return o.Kind == format.Probabilities && width == 1 && len(y.Shape) == 2 && y.Shape[1] == 2
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
