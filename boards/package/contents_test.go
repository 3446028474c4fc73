package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards/package/internal/deb"
)

// fakes are the ingredients of a package, without a build.
func fakes(t *testing.T, f flavour) ingredients {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"man/man1/edge-infer.1":       ".TH",
		"man/man1/edge-infer-run.1":   ".TH run",
		"man/man1/edge-export.1":      ".TH",
		"completions/edge-infer.bash": "bash",
		"completions/_edge-infer":     "zsh",
		"completions/edge-infer.fish": "fish",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return ingredients{
		flavour:    f,
		arch:       "arm64",
		release:    release{"v1.2.3", "1.2.3", time.Unix(1700000000, 0).UTC()},
		maintainer: "A <a@example.org>",
		binary:     []byte("binary"),
		licences:   []byte("licences"),
		example:    []byte("model"),
		documents:  dir,
	}
}

func packed(t *testing.T, f flavour) *deb.Package {
	t.Helper()
	p, err := packageOf(fakes(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(io.Discard); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPackageOf(t *testing.T) {
	p := packed(t, flavour{})
	type kind struct {
		mode   fs.FileMode
		config bool
	}
	want := map[string]kind{
		"/usr/bin/edge-infer":                                  {0o755, false},
		"/etc/default/edge-infer":                              {0o644, true},
		"/etc/edge-infer/models":                               {fs.ModeDir | 0o755, false},
		"/usr/lib/systemd/system/edge-infer@.service":          {0o644, false},
		"/usr/lib/systemd/system/edge-infer-verify@.service":   {0o644, false},
		"/usr/lib/sysusers.d/edge-infer.conf":                  {0o644, false},
		"/usr/share/bash-completion/completions/edge-infer":    {0o644, false},
		"/usr/share/zsh/vendor-completions/_edge-infer":        {0o644, false},
		"/usr/share/fish/vendor_completions.d/edge-infer.fish": {0o644, false},
		"/usr/share/man/man1/edge-infer.1.gz":                  {0o644, false},
		"/usr/share/man/man1/edge-infer-run.1.gz":              {0o644, false},
		"/usr/share/doc/edge-infer/copyright":                  {0o644, false},
		"/usr/share/doc/edge-infer/changelog.gz":               {0o644, false},
		"/usr/share/doc/edge-infer/examples/digits.edge":       {0o644, false},
		"/usr/share/doc/edge-infer/examples/sensor.env":        {0o644, false},
		"/usr/share/lintian/overrides/edge-infer":              {0o644, false},
	}
	for _, f := range p.Files {
		if got := (kind{f.Mode, f.Config}); got != want[f.Path] {
			t.Errorf("%s: %+v, want %+v", f.Path, got, want[f.Path])
		}
		delete(want, f.Path)
	}
	if len(want) > 0 {
		t.Errorf("these are missing: %v", want)
	}
	if got := p.FileName(); got != "edge-infer_1.2.3_arm64.deb" {
		t.Errorf("file name %s", got)
	}
}

// TestPackageOf_flavours: one takes the place of the other.
func TestPackageOf_flavours(t *testing.T) {
	plain, cuda := packed(t, flavour{}).Control, packed(t, flavour{CUDA: true}).Control
	if plain.Name != "edge-infer" || plain.Conflicts != "edge-infer-cuda" || plain.Replaces != "edge-infer-cuda" || plain.Provides != "" || plain.Depends != "adduser" {
		t.Errorf("plain: %+v", plain)
	}
	if cuda.Name != "edge-infer-cuda" || cuda.Conflicts != "edge-infer" || cuda.Replaces != "edge-infer" ||
		cuda.Provides != "edge-infer (= 1.2.3)" || cuda.Depends != "adduser, libc6 (>= 2.27)" {
		t.Errorf("with CUDA: %+v", cuda)
	}
}

func TestPackageOf_withoutDocuments(t *testing.T) {
	for _, missing := range []string{"man", "completions"} {
		in := fakes(t, flavour{})
		if err := os.RemoveAll(filepath.Join(in.documents, missing)); err != nil {
			t.Fatal(err)
		}
		if _, err := packageOf(in); err == nil {
			t.Errorf("a package was made without %s", missing)
		}
	}
}

// TestScripts: dpkg stops where a script fails, and half a package is installed then.
func TestScripts(t *testing.T) {
	for _, s := range packed(t, flavour{}).Scripts {
		if !strings.HasPrefix(s.Text, "#!/bin/sh\nset -e\n") {
			t.Errorf("%s goes on after a failure", s.Name)
		}
		c := exec.Command("sh", "-n")
		c.Stdin = strings.NewReader(s.Text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", s.Name, err, out)
		}
	}
}

func TestCompressed(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(compressed([]byte("text"))))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || string(text) != "text" || z.Name != "" || !z.ModTime.IsZero() {
		t.Errorf("%q, %v, name %q, time %v", text, err, z.Name, z.ModTime)
	}
}

func TestSums(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c", "b/a"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("abc"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made, err := sums(dir)
	if err != nil || len(made) != 3 || made[2].path != "SHA256SUMS" {
		t.Fatalf("%v, %v", made, err)
	}
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	got, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if want := abc + "  b/a\n" + abc + "  c\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v: want %q", got, err, want)
	}
}
