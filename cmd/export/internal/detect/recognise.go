package detect

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"github.com/edge-infer/edge-infer/cmd/export/internal/joblib"
	"github.com/edge-infer/edge-infer/cmd/export/internal/keras"
	"github.com/edge-infer/edge-infer/cmd/export/internal/onnx"
	"github.com/edge-infer/edge-infer/cmd/export/internal/tflite"
	"github.com/edge-infer/edge-infer/cmd/export/internal/torch"
)

// headSize is how many bytes of a file are enough to recognise it.
const headSize = 64

// recognise tells the kind of a file from its first bytes, as far as there are headSize. A zip file
// may be of several kinds. What has bytes of its own at the beginning comes first, what merely looks
// probable last.
func recognise(head []byte) (Kind, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\x93NUMPY")):
		return NPY, nil
	case bytes.HasPrefix(head, []byte("\x89HDF\r\n\x1a\n")):
		return HDF5, nil
	case tflite.Is(head):
		return TFLite, nil
	case bytes.HasPrefix(head, []byte("\xde\x00\x10\xa6format\xa4edge")):
		return "", errors.New("this is a model file already: edge-infer runs it")
	// The length of the header, and the brace that it begins with.
	case len(head) > 8 && head[8] == '{' && head[6] == 0 && head[7] == 0:
		return SafeTensors, nil
	case torch.IsLegacy(head):
		return Torch, nil
	case bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")):
		return JSON, nil
	case onnx.Is(head):
		return ONNX, nil
	}
	if _, ok := joblib.Recognise(head); ok {
		return ScikitLearn, nil
	}
	return "", errors.New("unknown content: " + readable)
}

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// recogniseZip tells the kind of a zip file by its entries.
func recogniseZip(r io.ReaderAt, size int64) Kind {
	z, err := zip.NewReader(r, size)
	switch {
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // names are not paths here
		return NPZ // whose reader says what is wrong
	case torch.IsArchive(z):
		return Torch
	case keras.IsArchive(z):
		return Keras
	}
	return NPZ
}
