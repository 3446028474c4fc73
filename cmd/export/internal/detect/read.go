package detect

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/edge-infer/edge-infer/cmd/export/internal/jsonmodel"
	"github.com/edge-infer/edge-infer/cmd/export/internal/keras"
	"github.com/edge-infer/edge-infer/cmd/export/internal/npz"
	"github.com/edge-infer/edge-infer/cmd/export/internal/onnx"
	"github.com/edge-infer/edge-infer/cmd/export/internal/safetensors"
	"github.com/edge-infer/edge-infer/cmd/export/internal/sklearn"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/export/internal/tflite"
	"github.com/edge-infer/edge-infer/cmd/export/internal/torch"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

func openFile(name string, size int64, o Options) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	file := new(File)
	if isZip(head[:n]) {
		file.Kind = recogniseZip(f, size)
	} else if file.Kind, err = recognise(head[:n]); err != nil {
		return nil, err
	}
	return file, file.read(f, size, name, o)
}

// read reads a file of a kind that is known.
func (file *File) read(f *os.File, size int64, name string, o Options) (err error) {
	switch file.Kind {
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
		err = file.readJSON(f, size)
	case Torch:
		var t *torch.File
		if t, err = torch.Read(f, size); err == nil {
			file.Draft, file.Tensors, file.Notes = t.Draft, t.Tensors, t.Notes
		}
	case Keras:
		err = file.takeKeras(keras.ReadArchive(f, size))
	case HDF5:
		err = file.takeKeras(keras.Read(f, size))
	case ONNX:
		file.Draft, err = onnx.Read(f, size, filepath.Dir(name), onnx.Options{Output: o.Output})
	case TFLite:
		file.Draft, err = tflite.Read(f, size)
	case ScikitLearn:
		err = file.readSklearn(f, size, o.Scaler)
	}
	return err
}

func (file *File) readJSON(f *os.File, size int64) (err error) {
	if size > jsonmodel.MaxSize {
		return fmt.Errorf("%d bytes of JSON: at most %d are read: large models come as .npz or .safetensors", size, jsonmodel.MaxSize)
	}
	data, err := io.ReadAll(io.LimitReader(f, jsonmodel.MaxSize))
	if err == nil {
		file.Model, err = jsonmodel.Parse(data)
	}
	return err
}

func (file *File) takeKeras(k *keras.File, err error) error {
	if err != nil {
		return err
	}
	file.Draft, file.Tensors = k.Draft, k.Tensors
	if k.Draft != nil {
		file.Kind = Keras
	}
	return nil
}

// readSklearn reads a model, and the scaler before it if there is a file of one; or the arrays of a
// pickled dict.
func (file *File) readSklearn(f *os.File, size int64, scaler string) error {
	model, err := sklearn.Load(f, size)
	switch {
	case err != nil:
		return err
	case len(model.Tensors) > 0:
		file.Kind, file.Tensors = Pickle, model.Tensors
		return nil
	case scaler == "":
		file.Draft, err = model.Draft(nil)
		return err
	}
	first, err := loadScaler(scaler)
	if err != nil {
		return fmt.Errorf("scaler %s: %w", scaler, err)
	}
	file.Draft, err = model.Draft(first)
	return err
}

func loadScaler(name string) (*sklearn.Object, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sklearn.Load(f, info.Size())
}
