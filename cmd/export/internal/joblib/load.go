package joblib

import (
	"errors"
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// MaxValues is the most pickles that are read from one file.
const MaxValues = 64

// File is what a file holds.
type File struct {
	// Values has one value, or several if pickles were written one after the other. Their types are
	// those of package pickle, with arrays as *npy.Array where joblib wrote them, and as pickle has
	// them elsewhere: pickle.Array takes both.
	Values []any
	Bytes  int64 // how many there were, without compression
}

// Load reads a file of size bytes. Allow says which classes and functions may occur besides NumPy's
// arrays and joblib's own; any other is a *pickle.ClassError.
func Load(r io.ReaderAt, size int64, allow func(module, name string) bool) (*File, error) {
	head := make([]byte, min(size, 16))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, fmt.Errorf("joblib: %w", err)
	}
	c, ok := Recognise(head)
	switch {
	case isOld(head):
		return nil, errors.New("joblib: a file of joblib before 0.10: load and dump it with a newer one")
	case !ok:
		return nil, errors.New("joblib: neither a pickle nor compressed in a way that joblib knows")
	}
	in, limit := io.Reader(io.NewSectionReader(r, 0, size)), size
	if c != None {
		var err error
		if in, err = unpack(r, size, c); err != nil {
			return nil, fmt.Errorf("joblib: %s: %w", c, err)
		}
		limit = unpacked(size)
	}
	p := newReader(in, limit, allow)
	values, err := loadAll(p)
	if c != None && err == nil && p.Left() == 0 {
		err = errors.New("it holds more")
	}
	switch {
	case err == nil:
		return &File{values, p.Offset()}, nil
	case c == None:
		return nil, fmt.Errorf("joblib: %w", err)
	}
	return nil, fmt.Errorf("joblib: %d bytes of %s, from which at most %d are read: %w", size, c, limit, err)
}

// isOld recognises what joblib wrote before 0.10: zlib behind a length in hexadecimal digits.
func isOld(head []byte) bool { return len(head) > 4 && string(head[:4]) == "ZF0x" }

// newReader returns a reader of pickles that puts arrays where their wrappers stand.
func newReader(in io.Reader, limit int64, allow func(module, name string) bool) *pickle.Reader {
	return pickle.NewReader(in, limit, pickle.Options{
		Allow: func(module, name string) bool {
			return isWrapper(module, name) || isArrayClass(module, name) || pickle.IsNumPy(module, name) || allow(module, name)
		},
		OnBuild: func(r *pickle.Record, p *pickle.Reader) (any, error) {
			if !isWrapper(r.Class.Module, r.Class.Name) {
				return r, nil
			}
			v, err := readArray(r, p)
			if errors.Is(err, io.EOF) { // where an array has to come, an end is none
				err = io.ErrUnexpectedEOF
			}
			return v, err
		},
	})
}

// loadAll loads pickles to the end of the input, where a decompressor compares its checksum.
func loadAll(p *pickle.Reader) ([]any, error) {
	var values []any
	for {
		v, err := p.Load()
		if errors.Is(err, io.EOF) && len(values) > 0 {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		if len(values) == MaxValues {
			return nil, fmt.Errorf("more than %d pickles in one file", MaxValues)
		}
		values = append(values, v)
	}
}
