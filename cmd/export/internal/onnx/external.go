package onnx

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// folder is where a model's file lies, and its external data.
type folder struct {
	path  string           // empty if it is not known
	taken map[string]int64 // by file: how many bytes tensors have asked for
}

// maxSharing is how many times over a file of external data may be read, by tensors that lie on the
// same bytes. Few do; without a limit, a small file could claim any amount of memory.
const maxSharing = 4

// read returns the n bytes that the properties of a tensor point at. They name a file, which must be
// a regular one in the folder itself: a path, or a link, could lead to any file of the person who
// exports a stranger's model.
func (f folder) read(properties []property, n int) ([]byte, error) {
	var name string
	offset, length := int64(0), int64(n)
	for _, p := range properties {
		var err error
		switch p.key {
		case "location":
			name = p.value
		case "offset":
			offset, err = strconv.ParseInt(p.value, 10, 64)
		case "length":
			length, err = strconv.ParseInt(p.value, 10, 64)
		}
		if err != nil || offset < 0 {
			return nil, fmt.Errorf("external data: %s %.32q is not a number of bytes", p.key, p.value)
		}
	}
	switch {
	case name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\:\x00") || !filepath.IsLocal(name):
		return nil, fmt.Errorf("external data in %.128q: only a bare name of a file beside the model is read", name)
	case f.path == "":
		return nil, fmt.Errorf("external data in %.128q: the model's folder is not known", name)
	case length != int64(n):
		return nil, fmt.Errorf("external data in %q: %d bytes where the values take %d", name, length, n)
	}
	raw, err := f.readFile(name, offset, n)
	if err != nil {
		return nil, fmt.Errorf("external data in %q, which belongs beside the model: %w", name, err)
	}
	return raw, nil
}

func (f folder) readFile(name string, offset int64, n int) ([]byte, error) {
	path := filepath.Join(f.path, name)
	found, err := os.Lstat(path) // not Stat: a link is to be seen as one
	if err != nil {
		return nil, plainPath(err)
	}
	if !found.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, plainPath(err)
	}
	defer file.Close()
	opened, err := file.Stat()
	if err != nil {
		return nil, plainPath(err)
	}
	if !os.SameFile(found, opened) {
		return nil, errors.New("it was replaced while it was opened")
	}
	if offset > opened.Size() || int64(n) > opened.Size()-offset {
		return nil, fmt.Errorf("%d bytes from byte %d of a file of %d", n, offset, opened.Size())
	}
	if f.taken[name] += int64(n); f.taken[name] > min(maxSharing*opened.Size(), source.MaxBytes) {
		return nil, fmt.Errorf("tensors take more than %d bytes from a file of %d", f.taken[name]-int64(n), opened.Size())
	}
	raw := make([]byte, n)
	if _, err := file.ReadAt(raw, offset); err != nil && !(errors.Is(err, io.EOF) && n == 0) {
		return nil, plainPath(err)
	}
	return raw, nil
}

// plainPath leaves out of an error of the operating system the path, which the message has already.
func plainPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
