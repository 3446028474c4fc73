package wheel

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// What a wheel may unpack to. The largest that is pinned has 18,123 files, and 345 MB in all.
const (
	maxEntries  = 100_000
	maxUnpacked = 2 << 30 // bytes
)

// unpack writes the files of a zip whose names begin with prefix into the folder dst. Files that the zip calls
// executable are.
func unpack(path, dst, prefix string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("wheel: %s: %w", filepath.Base(path), err)
	}
	defer archive.Close()
	if err := unpackFiles(archive.File, dst, prefix, maxUnpacked); err != nil {
		return fmt.Errorf("wheel: %s: %w", filepath.Base(path), err)
	}
	return nil
}

func unpackFiles(files []*zip.File, dst, prefix string, limit uint64) error {
	if len(files) > maxEntries {
		return fmt.Errorf("%d entries: at most %d are unpacked", len(files), maxEntries)
	}
	unpacked := 0
	for _, f := range files {
		if !strings.HasPrefix(f.Name, prefix) || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if strings.Contains(f.Name, `\`) || !filepath.IsLocal(f.Name) {
			return fmt.Errorf("entry %q leads out of the folder", f.Name)
		}
		if !f.Mode().IsRegular() {
			return fmt.Errorf("entry %q is a %v, only files are unpacked", f.Name, f.Mode().Type())
		}
		// archive/zip ends an entry with an error where it is not as long as the directory says.
		if f.UncompressedSize64 > limit {
			return fmt.Errorf("entry %q has %d bytes, with it more than what is unpacked at most", f.Name, f.UncompressedSize64)
		}
		limit -= f.UncompressedSize64
		if err := unpackFile(f, filepath.Join(dst, filepath.FromSlash(f.Name))); err != nil {
			return fmt.Errorf("entry %q: %w", f.Name, err)
		}
		unpacked++
	}
	if unpacked == 0 {
		return fmt.Errorf("no entry begins with %q", prefix)
	}
	return nil
}

func unpackFile(f *zip.File, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	src, err := f.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	// A second entry of the same name must not replace the first.
	dst, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666|f.Mode()&0o111)
	if err != nil {
		return err
	}
	defer dst.Close()
	if _, err := io.Copy(dst, src); err != nil {
		return err
	}
	return dst.Close()
}
