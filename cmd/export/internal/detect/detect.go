package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
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
	Torch       Kind = "torch"
	Pickle      Kind = "pickle of arrays"
	ScikitLearn Kind = "scikit-learn"
	Keras       Kind = "keras"
	HDF5        Kind = "hdf5"
	ONNX        Kind = "onnx"
	TFLite      Kind = "tflite"
)

// File is what a trained file holds: tensors in the order of the file, or a whole model.
type File struct {
	Kind     Kind
	Tensors  []source.Tensor
	Metadata map[string]string // of a safetensors file
	Notes    []string          // what the person should know of the tensors, a sentence each

	Model *format.Model // if the file describes one; else nil
	Draft *draft.Draft  // how Model came to be; nil for JSON, in which nothing is decided
}

// Options are what a person may have to say before a file can be read.
type Options struct {
	Scaler string // file of a scaler that runs before a scikit-learn model; empty for none
	Output string // name of the output of an ONNX graph that has several; empty to choose
}

// readable ends the error for a file that is none of the kinds.
const readable = "what PyTorch, Keras, scikit-learn, ONNX and TFLite save is read, an .npz, a folder of .npy files, a .safetensors, and a model in JSON (see edge-export help json)"

// Open reads a trained file or a folder. Errors name it.
func Open(name string, o Options) (*File, error) {
	f, err := open(name, o)
	if err != nil {
		// An error of the operating system names the file itself.
		if errors.As(err, new(*fs.PathError)) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func open(name string, o Options) (*File, error) {
	info, err := os.Stat(name) // before opening it, which waits where there is a pipe
	if err != nil {
		return nil, err
	}
	var file *File
	switch {
	case info.IsDir():
		file, err = openFolder(name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("not a regular file: save it first; %s", readable)
	case info.Size() == 0:
		return nil, fmt.Errorf("the file is empty: %s", readable)
	default:
		file, err = openFile(name, info.Size(), o)
	}
	if err != nil {
		return nil, err
	}
	if err := o.check(file.Kind); err != nil {
		return nil, err
	}
	if file.Draft != nil {
		file.Model = file.Draft.Model
	}
	if file.Model == nil && len(file.Tensors) == 0 {
		return nil, errors.New("there are no arrays in it")
	}
	return file, nil
}

// check refuses options that a kind of file has no use for.
func (o Options) check(k Kind) error {
	switch {
	case o.Scaler != "" && k != ScikitLearn:
		return fmt.Errorf("a scaler in a file of its own is read beside models of scikit-learn, and this is a file of kind %s", k)
	case o.Output != "" && k != ONNX:
		return fmt.Errorf("an output is chosen among those of an ONNX graph, and this is a file of kind %s", k)
	}
	return nil
}
