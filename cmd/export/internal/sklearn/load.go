package sklearn

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/joblib"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// Object is what a file holds: an estimator, or several under names.
type Object struct {
	// Tensors are the arrays of a dict that holds arrays alone, under their names: weights, of which
	// a person says which layers they belong to. There is no estimator then.
	Tensors []source.Tensor

	estimators []estimator
	rest       []string // what else there is, as "accuracy: the number 0.9"
	columns    columnNames
}

// columnNames are the texts that a dict holds under a key such as "features" or "column_names".
type columnNames struct {
	key   string
	names []string
}

// Read reads a model from a file of size bytes: a pickle, or what joblib writes, compressed or not.
// Errors begin with "sklearn: ".
func Read(r io.ReaderAt, size int64) (*draft.Draft, error) {
	o, err := Load(r, size)
	if err != nil {
		return nil, err
	}
	return o.Draft(nil)
}

// Load reads a file of size bytes that holds a model, a transformer, or a dict, list or tuple of
// such.
func Load(r io.ReaderAt, size int64) (*Object, error) {
	f, err := joblib.Load(r, size, allow)
	var class *pickle.ClassError
	switch {
	case errors.As(err, &class):
		return nil, fmt.Errorf("sklearn: %w (%s; a function of one's own, such as a tokenizer, is not carried over: fit the model without it)", err, supported)
	case err != nil:
		return nil, fmt.Errorf("sklearn: %w", err)
	}
	o := newObject(f)
	if o.Tensors, err = tensorsOf(f); err != nil {
		return nil, fmt.Errorf("sklearn: %w", err)
	}
	if len(o.estimators) == 0 && len(o.Tensors) == 0 {
		return nil, fmt.Errorf("sklearn: no estimator of scikit-learn in the file, but %s", describe(f.Values))
	}
	return o, nil
}

// tensorsOf returns the arrays of a dict of nothing else.
func tensorsOf(f *joblib.File) ([]source.Tensor, error) {
	dict, ok := f.Values[0].(*pickle.Dict)
	if !ok || len(f.Values) > 1 || dict.Len() > source.MaxTensors {
		return nil, nil
	}
	var tensors []source.Tensor
	left := int64(source.MaxBytes)
	for key, value := range dict.All() {
		name, ok := key.(string)
		if !ok || name == "" || !pickle.IsArray(value) {
			return nil, nil
		}
		array, err := pickle.Array(value)
		if err != nil {
			return nil, fmt.Errorf("array %q: %w", short(name), err)
		}
		if left -= int64(len(array.Bytes())); left < 0 {
			return nil, fmt.Errorf("more than %d bytes of arrays", source.MaxBytes)
		}
		tensors = append(tensors, source.Tensor{Name: name, Array: array})
	}
	return tensors, nil
}

// newObject finds the estimators in a file: its value, or the elements of that if it is a container.
func newObject(f *joblib.File) *Object {
	o := new(Object)
	r := newReading(f.Bytes)
	if len(f.Values) > 1 { // pickles one after the other
		o.addAll(r, f.Values)
		return o
	}
	switch v := f.Values[0].(type) {
	case *pickle.Dict:
		for key, value := range v.All() {
			name, ok := key.(string)
			if !ok {
				name = pickle.Describe(key)
			}
			o.add(r, name, value)
			o.addColumns(r, name, value)
		}
	default:
		if items, ok := elements(v); ok {
			o.addAll(r, items)
		} else {
			o.add(r, "", v)
		}
	}
	return o
}

func (o *Object) addAll(r *reading, values []any) {
	for i, v := range values {
		o.add(r, fmt.Sprint(i), v)
	}
}

// maxEntries bounds the elements of a container that are looked at.
const maxEntries = 1024

func (o *Object) add(r *reading, name string, v any) {
	if len(o.estimators)+len(o.rest) >= maxEntries {
		return
	}
	if e, ok := r.estimator(v, name); ok {
		o.estimators = append(o.estimators, e)
	} else {
		o.rest = append(o.rest, short(name)+": "+pickle.Describe(v))
	}
}

// addColumns keeps a list of texts whose key says that they are columns.
func (o *Object) addColumns(r *reading, key string, v any) {
	lower := strings.ToLower(key)
	if o.columns.names != nil || !strings.Contains(lower, "feature") && !strings.Contains(lower, "column") {
		return
	}
	o.columns = columnNames{short(key), r.texts(v)}
}

func describe(values []any) string {
	if len(values) == 1 {
		return pickle.Describe(values[0])
	}
	return fmt.Sprintf("%d pickles", len(values))
}
