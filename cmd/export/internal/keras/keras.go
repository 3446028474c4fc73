package keras

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// File is what a file of Keras holds: a whole model, or the tensors of a file of weights. Exactly one
// of the two is there.
type File struct {
	Draft   *draft.Draft
	Tensors []source.Tensor
}

// Read reads the HDF5 file in r, which is size bytes long: a whole model if it has a configuration;
// else its weights, in the order of the layers where the file says it. A model of a class of its own,
// whose Python code is not in the file, gives its weights alone. Any other HDF5 file of arrays is a
// file of weights too, each with its path for a name.
func Read(r io.ReaderAt, size int64) (*File, error) {
	f, err := hdf5.Open(r, size)
	if err != nil {
		return nil, fmt.Errorf("keras: %w", err)
	}
	file, err := read(newStore(f, uint64(size)))
	if err != nil {
		return nil, fmt.Errorf("keras: %w", err)
	}
	return file, nil
}

func read(s *store) (*File, error) {
	root, err := s.file.Object("/")
	if err != nil {
		return nil, err
	}
	attributes := [3]string{"model_config", "training_config", "keras_version"}
	var texts [3]string
	for i, name := range attributes {
		list, err := textAttribute(root, name)
		if err != nil {
			return nil, err
		}
		texts[i] = strings.Join(list, "") // in parts where it is long
	}
	if texts[0] == "" {
		return weightsOnly(s)
	}
	model, err := parseModel([]byte(texts[0]))
	if err != nil {
		return nil, fmt.Errorf("model_config: %w", err)
	}
	if !model.isNetwork() {
		return weightsOnly(s)
	}
	loss, err := parseTraining([]byte(texts[1]))
	if err != nil {
		return nil, fmt.Errorf("training_config: %w", err)
	}
	d, err := convert(model, loss, texts[2], &namedWeights{s})
	if err != nil {
		return nil, err
	}
	return &File{Draft: d}, nil
}

// weightsOnly returns what is known of a file without a model of Keras's own classes.
func weightsOnly(s *store) (*File, error) {
	list, err := tensors(s)
	if err != nil {
		return nil, err
	}
	return &File{Tensors: list}, nil
}

// major returns the first part of a version. Keras 1 wrote other configurations, and no version at
// first.
func major(version string) (int, error) {
	first, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(first)
	switch {
	case version == "":
		return 0, fmt.Errorf("the file does not say which version of Keras wrote it, as those of Keras 1 do: load it with Keras 2 and save it again")
	case err != nil:
		return 0, fmt.Errorf("version %q of Keras: 2 and 3 are read", version)
	case n < 2:
		return 0, fmt.Errorf("version %s of Keras: 2 and 3 are read: load it with Keras 2 and save it again", version)
	}
	return n, nil
}
