package detect

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// openFolder reads the .npy files of a folder, each a tensor named after its file. Other files and
// folders in it are passed over.
func openFolder(name string) (*File, error) {
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	file := &File{Kind: Folder}
	left := int64(source.MaxBytes)
	for _, entry := range entries {
		stem, ok := strings.CutSuffix(entry.Name(), ".npy")
		if !ok || stem == "" {
			continue
		}
		if len(file.Tensors) == source.MaxTensors {
			return nil, fmt.Errorf("more than %d .npy files", source.MaxTensors)
		}
		array, err := readArray(filepath.Join(name, entry.Name()), left)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		left -= int64(len(array.Bytes()))
		file.Tensors = append(file.Tensors, source.Tensor{Name: stem, Array: array})
	}
	if len(file.Tensors) == 0 {
		return nil, fmt.Errorf("a folder without .npy files: %s", readable)
	}
	return file, nil
}

func readArray(name string, limit int64) (*npy.Array, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return npy.Read(f, limit)
}
