package deb

import (
	"archive/tar"
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
)

func example() *Package {
	return &Package{
		Control: Control{
			Name:         "tool",
			Version:      "1.2.3~rc.1+5.gabc",
			Architecture: "arm64",
			Maintainer:   "Some One <one@example.org>",
			Section:      "science",
			Homepage:     "https://example.org",
			Depends:      "adduser, libc6 (>= 2.27)",
			Summary:      "does things",
			Description:  "First paragraph\nof two lines.\n\nSecond.",
		},
		Scripts: []Script{{"prerm", "#!/bin/sh\n"}, {"postinst", "#!/bin/sh\necho\n"}},
		Files: []File{
			{Path: "/usr/bin/tool", Mode: 0o755, Content: bytes.Repeat([]byte("x"), 1025)},
			{Path: "/etc/tool/models", Mode: fs.ModeDir | 0o750},
			{Path: "/etc/tool/tool.conf", Mode: 0o644, Content: []byte("a=1\n"), Config: true},
			{Path: "/etc/tool", Mode: fs.ModeDir | 0o751},
			{Path: "/usr/share/empty", Mode: 0o644},
		},
		Time: time.Unix(1_700_000_000, 999).In(time.FixedZone("", 3600)),
	}
}

func written(t *testing.T, p *Package) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestWrite(t *testing.T) {
	p := example()
	o := open(t, written(t, p))
	if want := []string{"debian-binary", "control.tar.gz", "data.tar.gz"}; !slices.Equal(o.members, want) {
		t.Errorf("members %q, want %q: dpkg counts on the order", o.members, want)
	}

	wantControl := map[string]string{
		"./": "",
		"./control": `Package: tool
Version: 1.2.3~rc.1+5.gabc
Architecture: arm64
Maintainer: Some One <one@example.org>
Installed-Size: 9
Depends: adduser, libc6 (>= 2.27)
Section: science
Priority: optional
Homepage: https://example.org
Description: does things
 First paragraph
 of two lines.
 .
 Second.
`,
		"./md5sums":   fmt.Sprintf("%x  usr/bin/tool\n%x  usr/share/empty\n", md5.Sum(p.Files[0].Content), md5.Sum(nil)),
		"./conffiles": "/etc/tool/tool.conf\n",
		"./postinst":  "#!/bin/sh\necho\n",
		"./prerm":     "#!/bin/sh\n",
	}
	for name, want := range wantControl {
		if got := o.control[name].content; got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
	if len(o.control) != len(wantControl) {
		t.Errorf("%d control files, want %d", len(o.control), len(wantControl))
	}
	for name, want := range map[string]int64{"./control": 0o644, "./postinst": 0o755, "./prerm": 0o755} {
		if got := o.control[name].mode; got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}

	wantOrder := []string{"./", "./etc/", "./etc/tool/", "./etc/tool/models/", "./etc/tool/tool.conf", "./usr/", "./usr/bin/", "./usr/bin/tool", "./usr/share/", "./usr/share/empty"}
	if !slices.Equal(o.order, wantOrder) {
		t.Errorf("files %q, want %q", o.order, wantOrder)
	}
	when := time.Unix(1_700_000_000, 0).UTC()
	for name, want := range map[string]entry{
		"./etc/":               {0o755, tar.TypeDir, "0:0 root:root", when, ""},
		"./etc/tool/":          {0o751, tar.TypeDir, "0:0 root:root", when, ""},
		"./etc/tool/models/":   {0o750, tar.TypeDir, "0:0 root:root", when, ""},
		"./etc/tool/tool.conf": {0o644, tar.TypeReg, "0:0 root:root", when, "a=1\n"},
		"./usr/bin/tool":       {0o755, tar.TypeReg, "0:0 root:root", when, string(p.Files[0].Content)},
		"./usr/share/empty":    {0o644, tar.TypeReg, "0:0 root:root", when, ""},
	} {
		if got := o.data[name]; got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if got, want := p.FileName(), "tool_1.2.3~rc.1+5.gabc_arm64.deb"; got != want {
		t.Errorf("file name %s, want %s", got, want)
	}
}

// TestWrite_sameBytes: neither the order of the files nor the zone of the time can be seen.
func TestWrite_sameBytes(t *testing.T) {
	p, q := example(), example()
	slices.Reverse(q.Files)
	slices.Reverse(q.Scripts)
	q.Time = p.Time.UTC()
	if !bytes.Equal(written(t, p), written(t, q)) {
		t.Error("the same package gave other bytes")
	}
}

func TestWrite_refuses(t *testing.T) {
	tests := map[string]struct {
		change func(*Package)
		want   string // in the error
	}{
		"upper case name":     {func(p *Package) { p.Control.Name = "Tool" }, "name"},
		"version with hyphen": {func(p *Package) { p.Control.Version = "1.2-3" }, "version"},
		"version of letters":  {func(p *Package) { p.Control.Version = "v1" }, "version"},
		"no architecture":     {func(p *Package) { p.Control.Architecture = "" }, "architecture"},
		"no address":          {func(p *Package) { p.Control.Maintainer = "Some One" }, "maintainer"},
		"a field of its own":  {func(p *Package) { p.Control.Depends = "a\nEssential: yes" }, "one line"},
		"no summary":          {func(p *Package) { p.Control.Summary = "" }, "summary"},
		"unknown script":      {func(p *Package) { p.Scripts[0].Name = "../postinst" }, "script"},
		"no interpreter":      {func(p *Package) { p.Scripts[0].Text = "echo\n" }, "interpreter"},
		"relative path":       {func(p *Package) { p.Files[0].Path = "usr/bin/tool" }, "path"},
		"path that climbs":    {func(p *Package) { p.Files[0].Path = "/usr/../bin/tool" }, "path"},
		"path of two lines":   {func(p *Package) { p.Files[0].Path = "/usr/a\n/etc/shadow" }, "path"},
		"the root":            {func(p *Package) { p.Files[0].Path = "/" }, "path"},
		"twice":               {func(p *Package) { p.Files[0].Path = p.Files[2].Path }, "twice"},
		"a file in a file":    {func(p *Package) { p.Files[0].Path = "/usr/share/empty/tool" }, "as in a folder"},
		"set user id":         {func(p *Package) { p.Files[0].Mode = fs.ModeSetuid | 0o755 }, "mode"},
		"a folder of bytes":   {func(p *Package) { p.Files[1].Content = []byte("x") }, "folder"},
		"no time":             {func(p *Package) { p.Time = time.Time{} }, "time"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := example()
			test.change(p)
			var file bytes.Buffer
			err := p.Write(&file)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
			if file.Len() > 0 {
				t.Errorf("%d bytes were written", file.Len())
			}
		})
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWrite_fullDisk(t *testing.T) {
	if err := example().Write(full{}); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
	}
}
