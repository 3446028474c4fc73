package joblib

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// isWrapper reports whether a class is the one that stands in the place of an array. Before 0.21
// scikit-learn brought a copy of joblib along.
func isWrapper(module, name string) bool {
	return name == "NumpyArrayWrapper" && (module == "joblib.numpy_pickle" || module == "sklearn.externals.joblib.numpy_pickle")
}

// isArrayClass reports whether a class is one of those that joblib writes as arrays.
func isArrayClass(module, name string) bool {
	return module == "numpy" && slices.Contains([]string{"ndarray", "memmap", "matrix"}, name)
}

// readArray reads what follows a wrapper. An array of Python objects is a pickle of its own. Of other
// things that are no numbers or texts, such as the nodes of a tree, the bytes are skipped and the
// wrapper stays: whether that matters is for others to say.
func readArray(r *pickle.Record, p *pickle.Reader) (any, error) {
	attribute := func(name string) any {
		v, _ := r.Attribute(name)
		return v
	}
	if class, ok := attribute("subclass").(*pickle.Global); !ok || !isArrayClass(class.Module, class.Name) {
		return nil, fmt.Errorf("an array of class %s", pickle.Describe(attribute("subclass")))
	}
	dtype, err := pickle.DType(attribute("dtype"))
	if dtype == "|O" {
		return p.Load()
	}
	element := dtype.Size()
	if err != nil {
		if element = elementSize(attribute("dtype")); element < 0 {
			return nil, err
		}
	}
	shape, err := pickle.Shape(attribute("shape"))
	if err != nil {
		return nil, err
	}
	order := attribute("order")
	if order != "C" && order != "F" {
		return nil, fmt.Errorf("an array with %s as its order", pickle.Describe(order))
	}
	if attribute("numpy_array_alignment_bytes") != nil { // from 1.2 on
		padding, err := p.ReadByte()
		if err != nil {
			return nil, err
		}
		if _, err := p.Take(uint64(padding)); err != nil {
			return nil, err
		}
	}
	bytes, err := sizeOf(shape, element, p.Left())
	if err != nil {
		return nil, err
	}
	if dtype == "" {
		_, err := io.CopyN(io.Discard, p, bytes)
		return r, err
	}
	h := npy.Header{DType: dtype, Fortran: order == "F", Shape: shape}
	return h.Read(io.LimitReader(p, bytes), bytes)
}

// elementSize returns the bytes of an element of a dtype that is not read, by its name, as in V56
// for records or c16 for complex numbers, or -1.
func elementSize(dtype any) int {
	r, ok := dtype.(*pickle.Record)
	if !ok || len(r.Args) == 0 {
		return -1
	}
	name, ok := r.Args[0].(string)
	if !ok || name == "" {
		return -1
	}
	size, err := strconv.ParseUint(name[1:], 10, 31)
	if err != nil {
		return -1
	}
	return int(size)
}

// sizeOf returns the bytes of an array, of which no more may be needed than are left.
func sizeOf(shape []int, element int, left int64) (int64, error) {
	bytes := int64(element)
	for _, d := range shape {
		if d == 0 {
			return 0, nil
		}
		if bytes > left/int64(d) {
			return 0, fmt.Errorf("an array of shape %v where %d bytes are left", shape, left)
		}
		bytes *= int64(d)
	}
	return bytes, nil
}
