package assemble

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// convert returns a tensor's values as float32, each rounded once, and adds to the account of what
// that costs.
func convert(t source.Tensor, r *source.Rounding) ([]float32, error) {
	if t.Array.DType.IsText() {
		return nil, fmt.Errorf("tensor %q holds text (%s): numbers are needed", t.Name, t.Array.DType)
	}
	return r.RoundArray(t.Name, t.Array)
}

// vectorShape returns the shape in which a bias, an operand or a slope is stored: one dimension,
// whatever dimensions of 1 it has beside.
func vectorShape(t source.Tensor) ([]int, error) {
	n, many := 1, 0
	for _, d := range t.Array.Shape {
		n *= d
		if d != 1 {
			many++
		}
	}
	if many > 1 || n == 0 {
		return nil, fmt.Errorf("tensor %q has shape %s: a vector is needed", t.Name, ShapeString(t.Array.Shape))
	}
	return []int{n}, nil
}

// matrixShape returns the shape in which a weight is stored, [inputs, outputs]. A vector is the
// weight of a single output.
func matrixShape(t source.Tensor, o orientation) ([]int, error) {
	shape := t.Array.Shape
	switch {
	case len(shape) == 1 && shape[0] > 0:
		return []int{shape[0], 1}, nil
	case len(shape) != 2 || shape[0] == 0 || shape[1] == 0:
		return nil, fmt.Errorf("tensor %q has shape %s: the weight of a dense layer is a matrix", t.Name, ShapeString(shape))
	case o == outputsFirst:
		return []int{shape[1], shape[0]}, nil
	}
	return []int{shape[0], shape[1]}, nil
}

// transpose turns a matrix of rows×columns values into one of columns×rows.
func transpose(values []float32, rows, columns int) []float32 {
	turned := make([]float32, 0, len(values))
	for c := range columns {
		for r := range rows {
			turned = append(turned, values[r*columns+c])
		}
	}
	return turned
}

// NonFinite describes the tensors of a model that hold a NaN or an infinity.
func NonFinite(m *format.Model) []string {
	var found []string
	for i := range m.Tensors {
		t := &m.Tensors[i]
		if t.DType != format.F32 {
			continue
		}
		nans, infs := 0, 0
		for _, v := range t.Float32s() {
			switch {
			case v != v:
				nans++
			case math.IsInf(float64(v), 0):
				infs++
			}
		}
		if nans+infs > 0 {
			found = append(found, fmt.Sprintf("tensor %q holds %d NaN and %d infinite values of %d", t.Name, nans, infs, t.Len()))
		}
	}
	return found
}

// ShapeString writes a shape as 64×32, and that of a single value as scalar.
func ShapeString(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, "×")
}

// DTypeName writes a dtype as NumPy's users know it: float64 for <f8.
func DTypeName(d npy.DType) string {
	if len(d) < 2 {
		return string(d)
	}
	switch d[1] {
	case 'f':
		return fmt.Sprintf("float%d", 8*d.Size())
	case 'i':
		return fmt.Sprintf("int%d", 8*d.Size())
	case 'u':
		return fmt.Sprintf("uint%d", 8*d.Size())
	case 'b':
		return "bool"
	case 'U', 'S':
		return "text"
	}
	return string(d)
}
