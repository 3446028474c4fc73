package sklearn

import (
	"errors"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// reading is what the estimators of one file share: how much may still be made of it. An honest model
// uses each of its arrays once or twice. A file that refers to one array a thousand times over is
// made to fill memory, and one whose pipelines hold each other twice is made to take for ever.
type reading struct {
	bytes  int64 // of values
	visits int   // of estimators and of elements of lists
}

// Limits of one file.
const (
	decodings  = 4       // of all bytes of a file
	smallFile  = 1 << 20 // bytes; a smaller one counts as this
	maxVisits  = 1 << 16
	maxDepth   = 32      // estimators within estimators
	maxColumns = 1 << 17 // in a list of columns, classes or categories, and in all groups of a row together
	maxName    = 80      // bytes of the name of a step
)

func newReading(bytes int64) *reading {
	return &reading{bytes: decodings * max(bytes, smallFile), visits: maxVisits}
}

var errTooMuch = errors.New("more is made of the file than it holds: the same arrays or estimators stand in too many places")

// spend accounts for values of 8 bytes.
func (r *reading) spend(values int) error {
	if r.bytes -= 8 * int64(values); r.bytes < 0 {
		return errTooMuch
	}
	return nil
}

// visit accounts for estimators or elements of a list, which lie so deep.
func (r *reading) visit(n, depth int) error {
	if r.visits -= n; r.visits < 0 || depth > maxDepth {
		return errTooMuch
	}
	return nil
}

// array returns an array of numbers.
func (r *reading) array(v any) (*npy.Array, error) {
	if r.bytes < 0 { // before another copy is made
		return nil, errTooMuch
	}
	a, err := pickle.Array(v)
	if err != nil {
		return nil, err
	}
	if err := r.spend(a.Len()); err != nil {
		return nil, err
	}
	if a.DType.IsText() {
		return nil, errors.New("texts, where numbers are needed")
	}
	return a, nil
}

// values returns the elements of an array in one dimension as Python's own.
func (r *reading) values(v any) ([]any, error) {
	const each = 8 // times 8 bytes
	if a, err := pickle.Array(v); err == nil && a.Len() <= maxColumns {
		if err := r.spend(each * a.Len()); err != nil {
			return nil, err
		}
		v = a
	} else if err == nil {
		return nil, errLong
	}
	shape, values, err := pickle.Objects(v)
	switch {
	case err != nil:
		return nil, err
	case len(shape) != 1:
		return nil, errors.New("an array that has not one dimension")
	case len(values) > maxColumns:
		return nil, errLong
	}
	return values, r.spend(len(values))
}

var errLong = errors.New("an array of too many elements")

// short cuts a name that is too long for an error or a tensor.
func short(name string) string {
	if len(name) <= maxName {
		return name
	}
	end := maxName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + "…"
}
