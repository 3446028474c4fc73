package sklearn

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// estimator is a fitted object of scikit-learn.
type estimator struct {
	*reading
	record *pickle.Record
	name   string // of its step, with those around it, as in "prepare.scale"; empty for the outermost
}

// estimator returns the estimator that a value is, if it is an object of scikit-learn.
func (r *reading) estimator(v any, name string) (estimator, bool) {
	record, ok := v.(*pickle.Record)
	if !ok || !isOwn(record.Class.Module) {
		return estimator{}, false
	}
	return estimator{r, record, short(name)}, true
}

// class is the name of the estimator's class.
func (e estimator) class() string { return e.record.Class.Name }

// String writes an estimator as notes and errors have it: "scale: StandardScaler".
func (e estimator) String() string {
	if e.name == "" {
		return e.class()
	}
	return e.name + ": " + e.class()
}

// errorf puts the estimator before an error.
func (e estimator) errorf(text string, args ...any) error {
	return fmt.Errorf("%s: %w", e, fmt.Errorf(text, args...))
}

// get returns an attribute, nil if there is none.
func (e estimator) get(attribute string) any {
	v, _ := e.record.Attribute(attribute)
	return v
}

// has reports whether an attribute is there and not None.
func (e estimator) has(attribute string) bool { return e.get(attribute) != nil }

// scalar returns an attribute as Python's own value if it is a scalar or an array without dimensions
// of NumPy, and else as it is.
func (e estimator) scalar(attribute string) any {
	v := e.get(attribute)
	if !pickle.IsArray(v) {
		return pickle.Scalar(v)
	}
	a, err := e.array(v)
	if err != nil {
		return v
	}
	return pickle.Scalar(a)
}

// flag returns an attribute that is true or false; what is not there is false.
func (e estimator) flag(attribute string) bool {
	v, _ := pickle.Number(e.scalar(attribute))
	return v != 0
}

// text returns an attribute that is a text; it is empty for another.
func (e estimator) text(attribute string) string {
	s, _ := e.scalar(attribute).(string)
	return s
}

// number returns an attribute that is a number.
func (e estimator) number(attribute string) (float64, error) {
	v, ok := pickle.Number(e.scalar(attribute))
	if !ok {
		return 0, e.missing(attribute, "a number")
	}
	return v, nil
}

// missing says that an attribute is not what it has to be.
func (e estimator) missing(attribute, needed string) error {
	v, ok := e.record.Attribute(attribute)
	if !ok {
		return e.errorf("it has no %s: it has to be fitted before it is saved", attribute)
	}
	return e.errorf("%s is %s: %s is needed", attribute, pickle.Describe(v), needed)
}

// list returns the elements of an attribute that is a list or a tuple.
func (e estimator) list(attribute string) ([]any, error) {
	items, ok := elements(e.get(attribute))
	if !ok {
		return nil, e.missing(attribute, "a list")
	}
	if err := e.reading.visit(len(items), 0); err != nil {
		return nil, e.errorf("%s: %w", attribute, err)
	}
	return items, nil
}

// elements returns those of a list or a tuple.
func elements(v any) ([]any, bool) {
	switch v := v.(type) {
	case *pickle.List:
		return v.Items, true
	case pickle.Tuple:
		return v, true
	}
	return nil, false
}

// child returns an attribute that is an estimator, under the name of this one.
func (e estimator) child(attribute string) (estimator, error) {
	c, ok := e.estimator(e.get(attribute), e.name)
	if !ok {
		return estimator{}, e.missing(attribute, "a fitted estimator")
	}
	return c, nil
}

// visit counts the estimators that are looked at, and how deep they lie.
func (e estimator) visit(depth int) error {
	if err := e.reading.visit(1, depth); err != nil {
		return e.errorf("%w", err)
	}
	return nil
}

// vector returns an attribute of numbers in one dimension. A single number is a vector of one.
func (e estimator) vector(attribute string) ([]float64, error) {
	v := e.get(attribute)
	if !pickle.IsArray(v) {
		n, ok := pickle.Number(v)
		if !ok {
			return nil, e.missing(attribute, "an array")
		}
		return []float64{n}, nil
	}
	a, err := e.array(v)
	if err != nil {
		return nil, e.errorf("%s: %w", attribute, err)
	}
	if len(a.Shape) > 1 {
		return nil, e.errorf("%s has shape %v: one dimension is needed", attribute, a.Shape)
	}
	return a.Float64s(), nil
}

// matrix returns an attribute of numbers in two dimensions, or an element of one. One dimension is a
// single row.
func (e estimator) matrix(attribute string, v any) (draft.Matrix, error) {
	if r, ok := v.(*pickle.Record); ok && isSparse(r) {
		return draft.Matrix{}, e.errorf("%s is a sparse matrix: call densify() before it is saved", attribute)
	}
	if !pickle.IsArray(v) {
		return draft.Matrix{}, e.missing(attribute, "an array")
	}
	a, err := e.array(v)
	if err != nil {
		return draft.Matrix{}, e.errorf("%s: %w", attribute, err)
	}
	m := draft.Matrix{Rows: 1, Values: a.Float64s()}
	switch len(a.Shape) {
	case 1:
		m.Columns = a.Shape[0]
	case 2:
		m.Rows, m.Columns = a.Shape[0], a.Shape[1]
	default:
		return draft.Matrix{}, e.errorf("%s has shape %v: two dimensions are needed", attribute, a.Shape)
	}
	return m, nil
}

func isSparse(r *pickle.Record) bool {
	return r.Class.Name == "csr_matrix" || r.Class.Name == "csr_array"
}

// shape returns the shape of an attribute, or nil if it is no array.
func (e estimator) shape(attribute string) []int {
	v := e.get(attribute)
	if a, ok := v.(*npy.Array); ok {
		return a.Shape
	}
	if !pickle.IsArray(v) {
		return nil
	}
	a, err := e.array(v)
	if err != nil {
		return nil
	}
	return a.Shape
}
