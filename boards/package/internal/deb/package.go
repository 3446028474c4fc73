package deb

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Package is what a Debian package holds.
type Package struct {
	Control Control
	Scripts []Script
	Files   []File
	Time    time.Time // of every file, in whole seconds
}

// Control tells dpkg what a package is. The relations are as in the control file, "a (>= 1), b", or empty.
type Control struct {
	Name         string
	Version      string
	Architecture string // as Debian calls it: amd64, arm64, all
	Maintainer   string // Name <address>
	Section      string
	Homepage     string

	Depends, Provides, Conflicts, Replaces string

	Summary     string // one line, without a period
	Description string // paragraphs of lines, with an empty line between them
}

// Script is a maintainer script, which dpkg runs as root.
type Script struct {
	Name string // preinst, postinst, prerm or postrm
	Text string
}

// File is a file or a folder to install. Folders that lead to a file need not be listed.
type File struct {
	Path    string      // absolute
	Mode    fs.FileMode // permission bits, and perhaps fs.ModeDir
	Content []byte
	Config  bool // the administrator's own changes outlast an upgrade
}

// FileName is the name that the file of a package has by custom.
func (p *Package) FileName() string {
	return fmt.Sprintf("%s_%s_%s.deb", p.Control.Name, p.Control.Version, p.Control.Architecture)
}

var (
	validName         = regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]+$`)
	validVersion      = regexp.MustCompile(`^[0-9][A-Za-z0-9.+~]*$`) // without the revision of a distribution
	validArchitecture = regexp.MustCompile(`^[a-z0-9]+$`)
	validMaintainer   = regexp.MustCompile(`^[^<>]+ <[^<>@ ]+@[^<>@ ]+>$`)
)

// check says what dpkg would not take, or would take for something else.
func (p *Package) check() error {
	c := &p.Control
	for _, f := range []struct {
		name, value string
		valid       *regexp.Regexp
	}{
		{"name", c.Name, validName},
		{"version", c.Version, validVersion},
		{"architecture", c.Architecture, validArchitecture},
		{"maintainer", c.Maintainer, validMaintainer},
	} {
		if !f.valid.MatchString(f.value) {
			return fmt.Errorf("deb: %s %q: expected %v", f.name, f.value, f.valid)
		}
	}
	for _, value := range []string{c.Maintainer, c.Section, c.Homepage, c.Depends, c.Provides, c.Conflicts, c.Replaces, c.Summary} {
		if strings.ContainsAny(value, "\r\n") {
			return fmt.Errorf("deb: %q: one line is expected", value)
		}
	}
	if c.Summary == "" || c.Description == "" {
		return fmt.Errorf("deb: package %s has no summary or no description", c.Name)
	}
	for _, s := range p.Scripts {
		switch s.Name {
		case "preinst", "postinst", "prerm", "postrm":
		default:
			return fmt.Errorf("deb: script %q: expected preinst, postinst, prerm or postrm", s.Name)
		}
		if !strings.HasPrefix(s.Text, "#!/") {
			return fmt.Errorf("deb: script %s does not begin with its interpreter, as in #!/bin/sh", s.Name)
		}
	}
	seen := make(map[string]bool)
	for _, f := range p.Files {
		switch {
		case !path.IsAbs(f.Path) || path.Clean(f.Path) != f.Path || f.Path == "/" || strings.ContainsAny(f.Path, "\r\n"):
			return fmt.Errorf("deb: file %q: a clean absolute path is expected", f.Path)
		case seen[f.Path]:
			return fmt.Errorf("deb: file %s is there twice", f.Path)
		case f.Mode&^(fs.ModeDir|fs.ModePerm) != 0:
			return fmt.Errorf("deb: file %s: mode %v: only plain files and folders are written", f.Path, f.Mode)
		case f.Mode.IsDir() && (f.Content != nil || f.Config):
			return fmt.Errorf("deb: folder %s has content", f.Path)
		}
		seen[f.Path] = true
	}
	for _, f := range p.Files {
		if !f.Mode.IsDir() && slices.ContainsFunc(p.Files, func(g File) bool { return strings.HasPrefix(g.Path, f.Path+"/") }) {
			return fmt.Errorf("deb: file %s: other files are in it, as in a folder", f.Path)
		}
	}
	if year := p.Time.UTC().Year(); year < 1970 || year > 2200 {
		return fmt.Errorf("deb: time %v: the format has years from 1970, and this one is not likely", p.Time)
	}
	return nil
}
