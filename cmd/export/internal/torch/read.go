package torch

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// File is what a file of PyTorch holds: either a whole model, or tensors.
type File struct {
	Draft   *draft.Draft    // finished; nil if the file does not say how its layers follow each other
	Tensors []source.Tensor // in the order of the file, then
	Notes   []string        // what the person should know of the tensors, a sentence each
}

// Read reads a file of size bytes. Tensors of bfloat16 become float32, those with a weight norm are
// multiplied out in float64, and what only training needs is left out.
func Read(r io.ReaderAt, size int64) (*File, error) {
	f, err := read(r, size)
	if refused := new(pickle.ClassError); errors.As(err, &refused) {
		err = fmt.Errorf("%w; save the weights alone, by torch.save(model.state_dict(), FILE)", err)
	}
	if err != nil {
		return nil, fmt.Errorf("torch: %w", err)
	}
	return f, nil
}

func read(r io.ReaderAt, size int64) (*File, error) {
	if size > source.MaxBytes {
		return nil, fmt.Errorf("%d bytes: at most %d are read", size, source.MaxBytes)
	}
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	c := &content{size: size}
	var root any
	switch {
	case bytes.HasPrefix(head, []byte("PK")):
		root, err = c.archive(r)
	case IsLegacy(head):
		root, err = c.legacy(r)
	case len(head) == 512 && string(head[257:262]) == "ustar":
		return nil, errors.New("a tar file, as PyTorch wrote before 0.2: load it with a newer one and save it again")
	default:
		return nil, errors.New("neither a zip archive nor the older form of torch.save")
	}
	if err != nil {
		return nil, err
	}
	return c.interpret(root)
}

// interpret tells a whole model from weights.
func (c *content) interpret(root any) (*File, error) {
	switch found, err := c.search(root, 0); {
	case err != nil:
		return nil, err
	case found.model != nil:
		d, err := c.model(found.model)
		if err != nil {
			return nil, err
		}
		d.Notes = append(d.Notes, found.notes...)
		return &File{Draft: d}, nil
	default:
		tensors, notes, err := c.tensors(found.values)
		if err != nil {
			return nil, err
		}
		return &File{Tensors: tensors, Notes: append(found.notes, notes...)}, nil
	}
}

// IsArchive reports whether a zip file is one of PyTorch: all its entries lie in one folder, which
// holds the pickle, or the description of an exported program.
func IsArchive(z *zip.Reader) bool {
	for _, entry := range z.File {
		_, name, ok := strings.Cut(entry.Name, "/")
		if ok && (name == "data.pkl" || name == "archive_format") {
			return true
		}
	}
	return false
}

// magic begins a file of the older form: the number 0x1950a86a20f9469cfc6c as pickle writes it.
var magic = []byte("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")

// IsLegacy reports whether a file that begins so was written by torch.save before PyTorch 1.6, or
// with _use_new_zipfile_serialization=False. Some 32 bytes are enough.
func IsLegacy(head []byte) bool {
	return len(head) > 0 && head[0] == 0x80 && bytes.Contains(head[:min(len(head), 32)], magic)
}
