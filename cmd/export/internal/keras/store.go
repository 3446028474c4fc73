package keras

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// store reads arrays of an HDF5 file, and bounds what they take together.
type store struct {
	file *hdf5.File
	room uint64 // bytes that may still be read
}

// newStore is for what takes a size in the file that a person has, be it compressed there. Weights
// hardly become smaller by that.
func newStore(file *hdf5.File, size uint64) *store {
	const fixed, factor = 16 << 20, 16
	return &store{file, fixed + factor*size}
}

// numbers returns a dataset of numbers.
func (s *store) numbers(path string) (*npy.Array, error) {
	a, err := s.array(path)
	if err == nil && a.DType.IsText() {
		return nil, fmt.Errorf("%s holds text: numbers are needed", path)
	}
	return a, err
}

// array returns a dataset. Text whose length is not known before counts as nothing here, and is
// bounded by the HDF5 file.
func (s *store) array(path string) (*npy.Array, error) {
	o, err := s.file.Object(path)
	if err != nil {
		return nil, err
	}
	dtype, err := o.DType()
	if err != nil {
		return nil, err
	}
	takes := uint64(dtype.Size())
	for _, n := range o.Shape() {
		if n > 0 && takes > s.room/uint64(n) {
			return nil, fmt.Errorf("%s of shape %v: with it the arrays take more than a file of this size may have", path, o.Shape())
		}
		takes *= uint64(n)
	}
	s.room -= takes
	return o.Read()
}
