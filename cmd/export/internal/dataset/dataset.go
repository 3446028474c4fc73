// Package dataset reads single arrays out of HDF5 files: data sets, which the exporter takes golden
// vectors from and turns into .npy files for the board, whose program reads no HDF5.
package dataset

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// signature begins an HDF5 file.
const signature = "\x89HDF\r\n\x1a\n"

// Split parts FILE:PATH,PATH into the file and the paths. There are none where the whole is the
// name of a file.
func Split(name string) (file string, paths []string) {
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	i := strings.LastIndexByte(name, ':')
	if i < 0 {
		return name, nil
	}
	return name[:i], strings.Split(name[i+1:], ",")
}

// Is reports whether a file begins as HDF5 does.
func Is(r io.ReaderAt) bool {
	head := make([]byte, len(signature))
	n, _ := r.ReadAt(head, 0)
	return bytes.Equal(head[:n], []byte(signature))
}

// Read returns the datasets at some paths of a file. An absent one is an error that lists what there
// is.
func Read(r io.ReaderAt, size int64, paths ...string) ([]*npy.Array, error) {
	f, err := hdf5.Open(r, size)
	if err != nil {
		return nil, err
	}
	var arrays []*npy.Array
	for _, path := range paths {
		o, err := f.Object(path)
		if err == nil && !o.IsDataset() {
			err = fmt.Errorf("%s is a group", path)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: the datasets are %s", err, list(f))
		}
		a, err := o.Read()
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, a)
	}
	return arrays, nil
}

// List names the datasets of a file, with their shapes and dtypes, in one line.
func List(r io.ReaderAt, size int64) (string, error) {
	f, err := hdf5.Open(r, size)
	if err != nil {
		return "", err
	}
	return list(f), nil
}

// list names the datasets of a file, with their shapes and dtypes.
func list(f *hdf5.File) string {
	datasets, err := f.Datasets()
	if err != nil {
		return "not to be listed: " + err.Error()
	}
	const most = 40
	var lines []string
	for i, d := range datasets {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(datasets)-most))
			break
		}
		line := fmt.Sprintf("%s %v %s", d.Path, d.Shape, d.DType)
		if d.Err != nil {
			line = fmt.Sprintf("%s (%v)", d.Path, d.Err)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return "none"
	}
	return strings.Join(lines, ", ")
}
