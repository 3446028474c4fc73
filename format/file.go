package format

import (
	"fmt"
	"io"
	"os"
)

// Open reads a model from a file. See Decode for the errors, which Open puts
// the file's name before.
//
// The file is read once, into memory: a mapped file that is truncated while it
// runs would end the process, and sessions pack the weights they use anyway.
func Open(name string) (*Model, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	m, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	switch {
	case info.IsDir():
		return nil, fmt.Errorf("format: %s: is a directory: name the model file in it", name)
	case info.Mode().IsRegular() && info.Size() == 0:
		return nil, fmt.Errorf("format: %s: the file is empty: %w", name, ErrNotModel)
	case info.Size() > MaxFileSize:
		return nil, fmt.Errorf("format: %s: %d bytes: %w: at most %d", name, info.Size(), ErrTooLarge, MaxFileSize)
	case info.Mode().IsRegular():
		data := make([]byte, info.Size())
		if _, err := io.ReadFull(f, data); err != nil {
			return nil, fmt.Errorf("format: %s: %w", name, err)
		}
		return data, nil
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1)) // a pipe
	switch {
	case err != nil:
		return nil, fmt.Errorf("format: %s: %w", name, err)
	case len(data) > MaxFileSize:
		return nil, fmt.Errorf("format: %s: %w: at most %d bytes", name, ErrTooLarge, MaxFileSize)
	}
	return data, nil
}
