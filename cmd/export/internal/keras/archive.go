package keras

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/export/internal/hdf5"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// The entries of a .keras archive.
const (
	entryConfig   = "config.json"
	entryMetadata = "metadata.json"
	entryWeights  = "model.weights.h5"
)

// maxConfig bounds the text of a configuration, in bytes. A layer takes about a thousand.
const maxConfig = 4 << 20

// IsArchive tells a .keras archive from other zip files.
func IsArchive(archive *zip.Reader) bool {
	return entry(archive, entryConfig) != nil && entry(archive, entryMetadata) != nil
}

// ReadArchive reads the .keras archive in r, which is size bytes long. A model of a class of its own,
// whose Python code is not in the file, gives its weights alone.
func ReadArchive(r io.ReaderAt, size int64) (*File, error) {
	archive, err := zip.NewReader(r, size)
	// A path is only a name here: nothing is written.
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("keras: %w", err)
	}
	file, err := readArchive(archive)
	if err != nil {
		return nil, fmt.Errorf("keras: %w", err)
	}
	return file, nil
}

func readArchive(archive *zip.Reader) (*File, error) {
	config, err := readEntry(archive, entryConfig, maxConfig)
	if err != nil {
		return nil, err
	}
	metadata, err := readEntry(archive, entryMetadata, maxConfig)
	if err != nil {
		return nil, err
	}
	var written struct {
		Version string `json:"keras_version"`
	}
	if err := json.Unmarshal(metadata, &written); err != nil {
		return nil, fmt.Errorf("%s: %w", entryMetadata, err)
	}
	data, err := readEntry(archive, entryWeights, source.MaxBytes)
	if err != nil {
		return nil, err
	}
	f, err := hdf5.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", entryWeights, err)
	}
	weights := newStore(f, entry(archive, entryWeights).CompressedSize64)
	model, err := parseModel(config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", entryConfig, err)
	}
	if !model.isNetwork() {
		return weightsOnly(weights)
	}
	loss, err := parseTraining(model.Compile)
	if err != nil {
		return nil, fmt.Errorf("%s: compile_config: %w", entryConfig, err)
	}
	d, err := convert(model, loss, written.Version, &countedWeights{store: weights})
	if err != nil {
		return nil, err
	}
	return &File{Draft: d}, nil
}

func entry(archive *zip.Reader, name string) *zip.File {
	for _, f := range archive.File {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// readEntry returns the content of an entry. Keras stores entries as they are; one who packs an
// archive anew may compress them, but weights hardly become smaller, so an entry may not grow much.
func readEntry(archive *zip.Reader, name string, limit uint64) ([]byte, error) {
	f := entry(archive, name)
	if f == nil {
		return nil, fmt.Errorf("the archive has no %s", name)
	}
	const room = 8 << 20
	limit = min(limit, room+16*f.CompressedSize64)
	if f.UncompressedSize64 > limit {
		return nil, fmt.Errorf("%s: %d bytes, in the archive %d: at most %d are read", name, f.UncompressedSize64, f.CompressedSize64, limit)
	}
	content, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer content.Close()
	data := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(content, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// Reading on to the end is what makes zip compare the checksum.
	if n, err := content.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than the %d bytes that the archive tells: %w", name, len(data), errors.Join(err, zip.ErrFormat))
	}
	return data, nil
}
