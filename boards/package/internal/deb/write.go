package deb

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// Write writes the package.
func (p *Package) Write(w io.Writer) error {
	if err := p.check(); err != nil {
		return err
	}
	files := p.withFolders()
	control, err := archive(p.controlFiles(files), p.Time)
	if err != nil {
		return err
	}
	data, err := archive(files, p.Time)
	if err != nil {
		return err
	}
	out := arWriter{w: w, time: p.Time}
	out.begin()
	out.member("debian-binary", []byte("2.0\n"))
	out.member("control.tar.gz", control)
	out.member("data.tar.gz", data)
	if out.err != nil {
		return fmt.Errorf("deb: %w", out.err)
	}
	return nil
}

// withFolders lists the files with the folders that lead to them, each behind its own folder.
func (p *Package) withFolders() []File {
	all := map[string]File{}
	for _, f := range p.Files {
		for dir := path.Dir(f.Path); dir != "/"; dir = path.Dir(dir) {
			all[dir] = File{Path: dir, Mode: fs.ModeDir | 0o755}
		}
	}
	for _, f := range p.Files {
		all[f.Path] = f // a folder that is listed has a mode of its own
	}
	return slices.SortedFunc(maps.Values(all), byPath)
}

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// controlFiles are the files that are for dpkg itself.
func (p *Package) controlFiles(files []File) []File {
	var sums, conffiles bytes.Buffer
	size := 0
	for _, f := range files {
		if f.Mode.IsDir() {
			size++ // KiB, as dpkg counts them: a folder is one
			continue
		}
		size += (len(f.Content) + 1023) / 1024
		if f.Config {
			fmt.Fprintln(&conffiles, f.Path)
		} else {
			fmt.Fprintf(&sums, "%x  %s\n", md5.Sum(f.Content), f.Path[1:])
		}
	}
	list := []File{
		{Path: "/control", Mode: 0o644, Content: p.Control.paragraph(size)},
		{Path: "/md5sums", Mode: 0o644, Content: sums.Bytes()},
	}
	if conffiles.Len() > 0 {
		list = append(list, File{Path: "/conffiles", Mode: 0o644, Content: conffiles.Bytes()})
	}
	for _, s := range p.Scripts {
		list = append(list, File{Path: "/" + s.Name, Mode: 0o755, Content: []byte(s.Text)})
	}
	slices.SortFunc(list, byPath)
	return list
}

// archive is a compressed tar archive of files that belong to root.
func archive(files []File, t time.Time) ([]byte, error) {
	var compressed bytes.Buffer
	z, err := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("deb: %w", err)
	}
	w := tar.NewWriter(z)
	for _, f := range append([]File{{Path: "/", Mode: fs.ModeDir | 0o755}}, files...) {
		h := &tar.Header{
			Typeflag: tar.TypeReg,
			Name:     "." + f.Path,
			Size:     int64(len(f.Content)),
			Mode:     int64(f.Mode.Perm()),
			Uname:    "root",
			Gname:    "root",
			ModTime:  t.Truncate(time.Second),
			Format:   tar.FormatGNU,
		}
		if f.Mode.IsDir() {
			h.Typeflag = tar.TypeDir
			h.Name = strings.TrimSuffix(h.Name, "/") + "/"
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("deb: %s: %w", f.Path, err)
		}
		if _, err := w.Write(f.Content); err != nil {
			return nil, fmt.Errorf("deb: %s: %w", f.Path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("deb: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("deb: %w", err)
	}
	return compressed.Bytes(), nil
}
