package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/edge-infer/edge-infer/boards/package/internal/deb"
)

// ingredients are what a package of edge-infer is made from.
type ingredients struct {
	flavour    flavour
	arch       string
	release    release
	maintainer string
	binary     []byte
	licences   []byte
	example    []byte // a model
	documents  string // folder with man and completions
}

const description = `edge-infer runs small trained models (linear, logistic and softmax regression,
perceptrons, multilayer perceptrons) on NVIDIA Jetson-class boards and other
arm64 and amd64 machines. A model is one file, which edge-export makes on the
workstation. The same input gives the same bits on every board, and
"edge-infer verify" proves it with the golden vectors inside the file.`

// packageOf lays out a package.
func packageOf(in ingredients) (*deb.Package, error) {
	p := &deb.Package{
		Control: deb.Control{
			Name:         in.flavour.Package(),
			Version:      in.release.debian,
			Architecture: in.arch,
			Maintainer:   in.maintainer,
			Section:      "science",
			Homepage:     homepage,
			Depends:      "adduser",
			Conflicts:    flavour{CUDA: true}.Package(),
			Replaces:     flavour{CUDA: true}.Package(),
			Summary:      "run small trained models, the same bits on every board",
			Description:  description,
		},
		Time: in.release.time,
	}
	if in.flavour.CUDA {
		p.Control.Depends += ", libc6 (>= 2.27)"
		p.Control.Conflicts, p.Control.Replaces = infer.name, infer.name
		p.Control.Provides = fmt.Sprintf("%s (= %s)", infer.name, in.release.debian)
		p.Control.Summary += ", also on GPUs"
		p.Control.Description += "\n\nThis build also runs models on the GPU, where there is a CUDA driver."
	}
	for _, name := range []string{"postinst", "prerm", "postrm"} {
		p.Scripts = append(p.Scripts, deb.Script{Name: name, Text: string(file(name))})
	}

	doc := "/usr/share/doc/" + p.Control.Name + "/"
	add := func(path string, content []byte) {
		p.Files = append(p.Files, deb.File{Path: path, Mode: 0o644, Content: content})
	}
	p.Files = append(p.Files,
		deb.File{Path: "/usr/bin/edge-infer", Mode: 0o755, Content: in.binary},
		deb.File{Path: "/etc/default/edge-infer", Mode: 0o644, Content: file("default"), Config: true},
		deb.File{Path: "/etc/edge-infer/models", Mode: fs.ModeDir | 0o755},
	)
	add(doc+"copyright", in.licences)
	add("/usr/share/lintian/overrides/"+p.Control.Name, override(in.flavour))
	add(doc+"changelog.gz", compressed(changelog(p)))
	add(doc+"examples/digits.edge", in.example)
	add(doc+"examples/sensor.env", file("sensor.env"))
	add("/usr/lib/sysusers.d/edge-infer.conf", file("sysusers.conf"))
	for _, name := range services {
		unit, err := service(name, in.flavour)
		if err != nil {
			return nil, err
		}
		add("/usr/lib/systemd/system/"+name, unit)
	}
	if err := addDocuments(in.documents, add); err != nil {
		return nil, err
	}
	return p, nil
}

// addDocuments adds the manual pages and the completions of edge-infer.
func addDocuments(dir string, add func(path string, content []byte)) error {
	for _, c := range completions {
		script, err := os.ReadFile(filepath.Join(dir, "completions", fmt.Sprintf(c.file, infer.name)))
		if err != nil {
			return fmt.Errorf("package: %w", err)
		}
		add(fmt.Sprintf(c.installed, infer.name), script)
	}
	pages, err := fs.Glob(os.DirFS(dir), "man/man?/"+infer.name+"*")
	if err != nil {
		return fmt.Errorf("package: %w", err)
	}
	if len(pages) == 0 {
		return fmt.Errorf("package: %s has written no manual pages", infer.name)
	}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(page)))
		if err != nil {
			return fmt.Errorf("package: %w", err)
		}
		add(path.Join("/usr/share", page+".gz"), compressed(text))
	}
	return nil
}

// override is what Debian's checker of packages finds and is meant to be: the plain program runs on any board, whatever
// is installed there; the one with CUDA is linked at a fixed place, as Go does by itself.
func override(f flavour) []byte {
	tag := "statically-linked-binary"
	if f.CUDA {
		tag = "hardening-no-pie"
	}
	return fmt.Appendf(nil, "%s: %s [usr/bin/edge-infer]\n", f.Package(), tag)
}

// changelog is the one that Debian asks for; ours is the history of the repository.
func changelog(p *deb.Package) []byte {
	return fmt.Appendf(nil, "%s (%s) unstable; urgency=medium\n\n  * What is new is told by the history of\n    %s\n\n -- %s  %s\n",
		p.Control.Name, p.Control.Version, homepage, p.Control.Maintainer, p.Time.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
}

// compressed is a file as gzip -9n makes it: without a name and a time.
func compressed(content []byte) []byte {
	var file bytes.Buffer
	z, err := gzip.NewWriterLevel(&file, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("package: " + err.Error()) // neither the level nor the memory can be wrong
	}
	return file.Bytes()
}
