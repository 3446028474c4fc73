package hdf5

import (
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Dataset is a line of a listing.
type Dataset struct {
	Path  string
	Shape []int
	DType npy.DType // as Object.DType has it
	Err   error     // why the values are not read, or the link not followed; nil if nothing is in the way
}

// maxDatasets bounds a listing, in which one dataset can stand under many names.
const maxDatasets = 1 << 16

// Datasets lists the datasets of a file under all their names, in alphabetical order within a group.
// Groups that stand in themselves are listed once.
func (f *File) Datasets() ([]Dataset, error) {
	w := walker{file: f, above: map[uint64]bool{}}
	if err := w.walk("/"); err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	return w.found, nil
}

type walker struct {
	file  *File
	above map[uint64]bool // groups on the way from the root
	steps int
	found []Dataset
}

func (w *walker) walk(path string) error {
	if w.steps++; w.steps > maxDatasets {
		return fmt.Errorf("more than %d groups and datasets", maxDatasets)
	}
	if err := spend(&w.file.allowed.structure, uint64(len(path)), "names of datasets"); err != nil {
		return err
	}
	o, err := w.file.lookUp(path)
	if err != nil {
		if path == "/" {
			return err
		}
		w.found = append(w.found, Dataset{Path: path, Err: fmt.Errorf("hdf5: %w", err)})
		return nil
	}
	if o.IsDataset() {
		dtype, err := o.DType()
		w.found = append(w.found, Dataset{path, o.Shape(), dtype, err})
		return nil
	}
	address := o.header.address
	if w.above[address] || len(w.above) == maxDepth {
		return nil
	}
	w.above[address] = true
	defer delete(w.above, address)
	for _, name := range o.Names() {
		if err := w.walk(join(path, name)); err != nil {
			return err
		}
	}
	return nil
}
