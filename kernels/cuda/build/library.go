package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/edge-infer/edge-infer/kernels/cuda/build/internal/driverlib"
)

// driverNames lists the driver functions that the compiled packages refer to. exports are the archives of all packages
// of the link.
func driverNames(exports []string) ([]string, error) {
	var names driverlib.Names
	for _, path := range exports {
		archive, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("build: %w", err)
		}
		if err := names.AddArchive(archive); err != nil {
			return nil, fmt.Errorf("build: %s: %w", path, err)
		}
	}
	undefined := names.Undefined()
	if len(undefined) == 0 {
		return nil, fmt.Errorf("build: nothing refers to the CUDA driver: is this a package with files tagged cuda?")
	}
	return undefined, nil
}

// importLibrary compiles libcuda.a for the driver functions and gives the folder in the cache that it is in. The folder is
// named by the library's content, which puts it into what Go takes for the inputs of a link.
func importLibrary(ctx context.Context, o options, cc string, names []string) (string, error) {
	sources, err := driverlib.Sources(names)
	if err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	scratch, err := os.MkdirTemp("", "edge-infer-cuda-")
	if err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	defer os.RemoveAll(scratch)
	for _, s := range sources {
		if err := os.WriteFile(filepath.Join(scratch, s.Name), s.Text, 0o666); err != nil {
			return "", fmt.Errorf("build: %w", err)
		}
	}
	var objects []driverlib.Member
	for _, s := range sources {
		base, isHeader := strings.CutSuffix(s.Name, ".h")
		if isHeader {
			continue
		}
		base = strings.TrimSuffix(base, filepath.Ext(base))
		// Names without a folder: the objects are then the same wherever they are compiled.
		compile := exec.CommandContext(ctx, cc, "-c", "-O2", "-fPIC", "-Wall", "-Wextra", "-o", base+".o", s.Name)
		compile.Dir = scratch
		if text, err := compile.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build: the C compiler, on %s: %w\n%s", s.Name, err, text)
		}
		data, err := os.ReadFile(filepath.Join(scratch, base+".o"))
		if err != nil {
			return "", fmt.Errorf("build: %w", err)
		}
		objects = append(objects, driverlib.Member{Name: base + ".o", Data: data})
	}
	archive, err := driverlib.Archive(objects)
	if err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	if o.keep != "" {
		if err := keep(o.keep, archive, sources); err != nil {
			return "", err
		}
	}
	library := filepath.Join(o.cache, "libcuda", contentName(archive))
	if err := writeOnce(filepath.Join(library, "libcuda.a"), archive, 0o666); err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	return library, nil
}

// keep copies the import library and its source to a folder for a person.
func keep(dir string, archive []byte, sources []driverlib.Source) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("build: -keep: %w", err)
	}
	for _, file := range append(sources, driverlib.Source{Name: "libcuda.a", Text: archive}) {
		if err := os.WriteFile(filepath.Join(dir, file.Name), file.Text, 0o666); err != nil {
			return fmt.Errorf("build: -keep: %w", err)
		}
	}
	return nil
}
