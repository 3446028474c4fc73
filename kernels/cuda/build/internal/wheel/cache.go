package wheel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
)

// Cache is a folder of unpacked wheels, and how to get more.
type Cache struct {
	Dir      string       // made when it is not there
	Index    string       // address of a simple index, such as DefaultIndex
	Client   *http.Client // what downloads; its timeouts are the caller's choice
	Progress io.Writer    // lines for a person
}

// Wheel gives the folder that holds the unpacked files of a wheel, and gets them if they are not there.
func (c *Cache) Wheel(ctx context.Context, w Wheel) (string, error) {
	final := filepath.Join(c.Dir, w.name())
	if _, err := os.Stat(final); err == nil {
		return final, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("wheel: cache: %w", err)
	}
	if err := os.MkdirAll(c.Dir, 0o777); err != nil {
		return "", fmt.Errorf("wheel: cache: %w", err)
	}
	scratch, err := os.MkdirTemp(c.Dir, ".unpacking-")
	if err != nil {
		return "", fmt.Errorf("wheel: cache: %w", err)
	}
	defer os.RemoveAll(scratch)

	file, err := c.file(ctx, w, scratch)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(c.Progress, "unpacking %s\n", w.File)
	unpacked := filepath.Join(scratch, "wheel")
	if err := unpack(file, unpacked, w.Prefix); err != nil {
		return "", err
	}
	if err := os.Rename(unpacked, final); err != nil {
		// Somebody else may have unpacked the same bytes at the same time.
		if _, statErr := os.Stat(final); statErr != nil {
			return "", fmt.Errorf("wheel: cache: %w", err)
		}
	}
	return final, nil
}

// file gives the checked file of a wheel: one that was put into the cache by hand, or a download in scratch.
func (c *Cache) file(ctx context.Context, w Wheel, scratch string) (string, error) {
	given := filepath.Join(c.Dir, w.File)
	switch f, err := os.Open(given); {
	case err == nil:
		defer f.Close()
		if err := copyChecked(io.Discard, f, w); err != nil {
			return "", fmt.Errorf("wheel: %s: %w", given, err)
		}
		return given, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("wheel: cache: %w", err)
	}
	downloaded := filepath.Join(scratch, w.File)
	if err := c.download(ctx, w, downloaded); err != nil {
		return "", fmt.Errorf("%w\nwithout a network, put that file, as `pip download --no-deps %s==%s` gives it, into %s", err, w.Project, w.Version, c.Dir)
	}
	return downloaded, nil
}
