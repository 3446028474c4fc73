package detect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/edge-infer/edge-infer/cmd/export/internal/jsonmodel"
	"github.com/edge-infer/edge-infer/cmd/export/internal/npz"
	"github.com/edge-infer/edge-infer/cmd/export/internal/safetensors"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
)

// Kind is the kind of a trained file.
type Kind string

// The kinds.
const (
	NPZ         Kind = "npz"
	NPY         Kind = "npy"
	Folder      Kind = "folder of npy files"
	SafeTensors Kind = "safetensors"
	JSON        Kind = "json"
)

// File is what a trained file holds: tensors in the order of the file, or a whole model.
type File struct {
	Kind     Kind
	Tensors  []source.Tensor
	Metadata map[string]string // of a safetensors file
	Model    *format.Model     // if the file describes one; else nil
}

// readable ends the error for a file that is none of the kinds.
const readable = "an .npz, a folder of .npy files, a .safetensors or a model in JSON is read (see edge-export help json)"

// Open reads a trained file or a folder. Errors name it.
func Open(name string) (*File, error) {
	f, err := open(name)
	if err != nil {
		// An error of the operating system names the file itself.
		if errors.As(err, new(*fs.PathError)) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func open(name string) (*File, error) {
	info, err := os.Stat(name) // before opening it, which waits where there is a pipe
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return openFolder(name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("not a regular file: save it first; %s", readable)
	case info.Size() == 0:
		return nil, fmt.Errorf("the file is empty: %s", readable)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 64)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	kind, err := recognise(head[:n])
	if err != nil {
		return nil, err
	}
	return read(f, info.Size(), kind)
}

// recognise tells the kind of a file from its first bytes, as far as there are 64.
func recognise(head []byte) (Kind, error) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return NPZ, nil
	case bytes.HasPrefix(head, []byte("\x93NUMPY")):
		return NPY, nil
	// The length of the header, and the brace that it begins with.
	case len(head) > 8 && head[8] == '{' && head[6] == 0 && head[7] == 0:
		return SafeTensors, nil
	case bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")):
		return JSON, nil
	case bytes.HasPrefix(head, []byte("\xde\x00\x10\xa6format\xa4edge")):
		return "", errors.New("this is a model file already: edge-infer runs it")
	case bytes.HasPrefix(head, []byte("\x80")):
		return "", errors.New("this is a pickle: save the arrays with numpy.savez; " + readable)
	case bytes.HasPrefix(head, []byte("\x89HDF\r\n")):
		return "", errors.New("this is an HDF5 file: save the arrays with numpy.savez; " + readable)
	}
	return "", errors.New("unknown content: " + readable)
}

func read(f *os.File, size int64, kind Kind) (*File, error) {
	file := &File{Kind: kind}
	var err error
	switch kind {
	case NPZ:
		file.Tensors, err = npz.Read(f, size)
	case NPY:
		var a *npy.Array
		if a, err = npy.Read(f, source.MaxBytes); err == nil {
			file.Tensors = []source.Tensor{{Name: "array", Array: a}}
		}
	case SafeTensors:
		file.Tensors, file.Metadata, err = safetensors.Read(f, size)
	case JSON:
		if size > jsonmodel.MaxSize {
			return nil, fmt.Errorf("%d bytes of JSON: at most %d are read: large models come as .npz or .safetensors", size, jsonmodel.MaxSize)
		}
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(f, jsonmodel.MaxSize)); err == nil {
			file.Model, err = jsonmodel.Parse(data)
		}
	}
	if err != nil {
		return nil, err
	}
	if file.Model == nil && len(file.Tensors) == 0 {
		return nil, errors.New("there are no arrays in it")
	}
	return file, nil
}
