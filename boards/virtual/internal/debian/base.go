package debian

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Base is what a virtual board starts from.
type Base struct {
	Release  string // of the kernel, such as 6.1.0-41-arm64
	Kernel   string // file
	Modules  string // folder with modules.builtin and kernel
	Busybox  string // file, static
	Packages []string
}

// Load returns what is in the folder cache, and gets it first if there is nothing, or if update says so.
func Load(ctx context.Context, cache string, source func(context.Context) (Source, error), update bool) (Base, error) {
	if !update {
		base, err := read(cache)
		if !errors.Is(err, fs.ErrNotExist) {
			return base, err
		}
	}
	from, err := source(ctx)
	if err != nil {
		return Base{}, err
	}
	if err := get(ctx, cache, from); err != nil {
		return Base{}, err
	}
	return read(cache)
}

// The files and folders of the cache.
const (
	kernelFile   = "vmlinuz"
	modulesDir   = "modules"
	busyboxFile  = "busybox"
	releaseFile  = "release"
	packagesFile = "packages"
)

func read(cache string) (Base, error) {
	release, err := os.ReadFile(filepath.Join(cache, releaseFile))
	if err != nil {
		return Base{}, fmt.Errorf("debian: %w", err)
	}
	packages, err := os.ReadFile(filepath.Join(cache, packagesFile))
	if err != nil {
		return Base{}, fmt.Errorf("debian: %w", err)
	}
	return Base{
		Release:  string(release),
		Kernel:   filepath.Join(cache, kernelFile),
		Modules:  filepath.Join(cache, modulesDir),
		Busybox:  filepath.Join(cache, busyboxFile),
		Packages: strings.Fields(string(packages)),
	}, nil
}

// get fills the cache by way of a folder new-* beside it, so that it is complete or not there. Only one process may do so.
func get(ctx context.Context, cache string, source Source) error {
	if err := os.MkdirAll(filepath.Dir(cache), 0o755); err != nil {
		return fmt.Errorf("debian: %w", err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(cache), "new-*")
	if err != nil {
		return fmt.Errorf("debian: %w", err)
	}
	defer os.RemoveAll(temp)
	unpacked, next := filepath.Join(temp, "unpacked"), filepath.Join(temp, "base")
	for _, dir := range []string{unpacked, next} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return fmt.Errorf("debian: %w", err)
		}
	}
	a, err := newApt(ctx, filepath.Join(temp, "apt"), source)
	if err != nil {
		return err
	}
	kernel, err := a.kernelPackage(ctx)
	if err != nil {
		return err
	}
	files, err := a.unpack(ctx, unpacked, kernel, "busybox-static")
	if err != nil {
		return err
	}
	if err := arrange(unpacked, next, files); err != nil {
		return err
	}
	if err := os.RemoveAll(cache); err != nil {
		return fmt.Errorf("debian: %w", err)
	}
	if err := os.Rename(next, cache); err != nil {
		return fmt.Errorf("debian: %w", err)
	}
	return nil
}

// arrange moves what is needed of the unpacked packages. Newer releases of Debian have everything below usr.
func arrange(unpacked, to string, packages []string) error {
	var release string
	for _, part := range []struct{ name, pattern string }{
		{kernelFile, "boot/vmlinuz-*"},
		{modulesDir, "lib/modules/*"},
		{busyboxFile, "bin/busybox"},
	} {
		var found []string
		for _, root := range []string{unpacked, filepath.Join(unpacked, "usr")} {
			more, err := filepath.Glob(filepath.Join(root, part.pattern))
			if err != nil {
				return fmt.Errorf("debian: %w", err)
			}
			found = append(found, more...)
		}
		if len(found) != 1 {
			return fmt.Errorf("debian: %s hold %d of %s, expected one", strings.Join(packages, ", "), len(found), part.pattern)
		}
		if part.name == modulesDir {
			release = filepath.Base(found[0])
		}
		if err := os.Rename(found[0], filepath.Join(to, part.name)); err != nil {
			return fmt.Errorf("debian: %w", err)
		}
	}
	for name, text := range map[string]string{releaseFile: release, packagesFile: strings.Join(packages, "\n") + "\n"} {
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("debian: %w", err)
		}
	}
	return nil
}
