package npz

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Read returns the arrays of the archive in r, which is size bytes long, in the order of its
// directory and named without ".npy". It returns an error for an entry that is no readable array or
// fails its checksum, for two of one name, for more than source.MaxTensors entries, and for more
// bytes of values than trained weights can come to in a file of that size, source.MaxBytes at most.
func Read(r io.ReaderAt, size int64) ([]source.Tensor, error) {
	return read(r, size, unpacked(size))
}

// unpacked returns the most bytes of values that an archive of the given size may unpack to. Weights
// hardly shrink; rows of golden vectors, which may be mostly zeros, do.
func unpacked(size int64) int64 {
	const spare, growth = 16 << 20, 64
	return min(spare+growth*min(size, source.MaxBytes), source.MaxBytes)
}

func read(r io.ReaderAt, size, maxBytes int64) ([]source.Tensor, error) {
	archive, err := zip.NewReader(r, size)
	// An insecure path is a danger to those who write files under it. Here it is a name.
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("npz: %w", err)
	}
	if n := len(archive.File); n > source.MaxTensors {
		return nil, fmt.Errorf("npz: %d entries: at most %d are read", n, source.MaxTensors)
	}
	tensors := make([]source.Tensor, 0, len(archive.File))
	seen := make(map[string]bool, len(archive.File))
	for _, entry := range archive.File {
		name, ok := strings.CutSuffix(entry.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("npz: entry %q is not an .npy file", entry.Name)
		}
		if seen[name] {
			return nil, fmt.Errorf("npz: two entries are called %q", entry.Name)
		}
		seen[name] = true
		array, err := readEntry(entry, maxBytes)
		if err != nil {
			return nil, fmt.Errorf("npz: entry %q: %w", entry.Name, err)
		}
		maxBytes -= int64(len(array.Bytes()))
		tensors = append(tensors, source.Tensor{Name: name, Array: array})
	}
	return tensors, nil
}

// readEntry decompresses one entry, at most limit bytes of values. Its header tells how many there
// are, and reading on to the end, as npy.Read does, is what makes zip compare the checksum.
func readEntry(entry *zip.File, limit int64) (*npy.Array, error) {
	const encrypted = 1 << 0
	if entry.Flags&encrypted != 0 {
		return nil, errors.New("encrypted")
	}
	content, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return npy.Read(content, limit)
}
