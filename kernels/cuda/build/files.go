package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// contentName is a name for a file or folder that changes with the content.
func contentName(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// writeOnce writes a file in a folder that is named by the file's content. It is there complete or not at all, so
// several builds may run at a time, and one that is there is right.
func writeOnce(path string, content []byte, mode fs.FileMode) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(dir, ".writing-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	written := filepath.Join(scratch, filepath.Base(path))
	if err := os.WriteFile(written, content, mode); err != nil {
		return err
	}
	return os.Rename(written, path)
}
