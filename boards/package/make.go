package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// makeAll makes what the options ask for in a folder of its own, and moves it into its place when all is done.
func makeAll(ctx context.Context, o options, stderr io.Writer) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if o.out == "" {
		o.out = filepath.Join(root, "dist")
	}
	r, err := newRelease(ctx, root, o.version)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	scratch, err := os.MkdirTemp(o.out, ".making-")
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	defer os.RemoveAll(scratch)

	fmt.Fprintf(stderr, "edge-infer %s of %s\n", r.version, r.time.Format(time.DateOnly))
	m := maker{builder{root, r.version, stderr}, o, r, scratch}
	if err := m.make(ctx); err != nil {
		return err
	}
	made, err := sums(scratch)
	if err != nil {
		return err
	}
	for _, f := range made {
		to := filepath.Join(o.out, f.path)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return fmt.Errorf("package: %w", err)
		}
		if err := os.Rename(filepath.Join(scratch, f.path), to); err != nil {
			return fmt.Errorf("package: %w", err)
		}
		if filepath.Dir(f.path) == "." {
			fmt.Fprintf(stderr, "%8.2f MB  %s\n", float64(f.size)/1e6, to)
		}
	}
	return nil
}

// maker makes everything in one folder.
type maker struct {
	builder
	options options
	release release
	dir     string
}

func (m *maker) make(ctx context.Context) error {
	licence, err := os.ReadFile(filepath.Join(m.root, "LICENSE"))
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	if err := os.WriteFile(filepath.Join(m.dir, "LICENSE"), licence, 0o666); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	for _, p := range programs {
		if err := m.document(ctx, p, m.dir, m.release.time); err != nil {
			return err
		}
	}
	for _, t := range m.options.targets {
		for _, p := range programs {
			if err := m.static(ctx, t, p, m.path(p.name, t.arch)); err != nil {
				return err
			}
			licences, err := m.licences(ctx, t, p, "")
			if err != nil {
				return err
			}
			if err := os.WriteFile(m.path(p.name, t.arch)+".licences.txt", licences, 0o666); err != nil {
				return fmt.Errorf("package: %w", err)
			}
		}
		if err := m.pack(flavour{}, t, m.path(infer.name, t.arch)); err != nil {
			return err
		}
		if m.options.cuda {
			if err := m.makeCUDA(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) makeCUDA(ctx context.Context, t target) error {
	binary := m.path(infer.name, "cuda", t.arch)
	if err := m.withCUDA(ctx, t, binary); err != nil {
		return err
	}
	licences, err := m.licences(ctx, t, infer, "cuda,netgo,osusergo")
	if err != nil {
		return err
	}
	if err := os.WriteFile(binary+".licences.txt", licences, 0o666); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	return m.pack(flavour{CUDA: true}, t, binary)
}

// pack makes a Debian package of a program beside it, which stands beside its licences.
func (m *maker) pack(f flavour, t target, binary string) error {
	in := ingredients{flavour: f, arch: t.arch, release: m.release, maintainer: m.options.maintainer, documents: m.dir}
	for _, part := range []struct {
		content *[]byte
		path    string
	}{
		{&in.binary, binary},
		{&in.licences, binary + ".licences.txt"},
		{&in.example, filepath.Join(m.root, "testdata", "digits", "digits.edge")},
	} {
		var err error
		if *part.content, err = os.ReadFile(part.path); err != nil {
			return fmt.Errorf("package: %w", err)
		}
	}
	p, err := packageOf(in)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.dir, p.FileName()), file.Bytes(), 0o666); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	return nil
}

// path is where a program is made: edge-infer-arm64, edge-infer-cuda-arm64.
func (m *maker) path(parts ...string) string { return filepath.Join(m.dir, strings.Join(parts, "-")) }

// madeFile is one of the files below dist.
type madeFile struct {
	path string // from dist
	size int64
}

// sums writes SHA256SUMS of all files below a folder, for sha256sum -c, and lists the files with it.
func sums(dir string) ([]madeFile, error) {
	var made []madeFile
	var lines bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256(content), filepath.ToSlash(name))
		made = append(made, madeFile{name, int64(len(content))})
		return nil
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, sumsName), lines.Bytes(), 0o666)
	}
	if err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	return append(made, madeFile{sumsName, int64(lines.Len())}), nil
}

const sumsName = "SHA256SUMS"
