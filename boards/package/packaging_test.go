//go:build packaging

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// command runs a program in a folder and gives what it prints on stdout.
func command(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	c := exec.Command(args[0], args[1:]...)
	c.Dir = dir
	c.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", args, err, out, stderr.Bytes())
	}
	return string(out)
}

// copyTree copies what is in git, or would be, into a folder.
func copyTree(t *testing.T, root, to string) {
	t.Helper()
	list := command(t, root, nil, "git", "ls-files", "-co", "--exclude-standard", "--deduplicate", "-z")
	copied := 0
	for name := range strings.SplitSeq(strings.TrimRight(list, "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		path := filepath.Join(to, name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o777)
		}
		if err == nil {
			err = os.WriteFile(path, content, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		copied++
	}
	if copied < 100 {
		t.Fatalf("%d files were copied", copied)
	}
}

// builtTwice gives the folders of two builds of everything, as different as builds can be.
func builtTwice(t *testing.T) (first, second string) {
	t.Helper()
	dir := t.TempDir()
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(dir, "tool")
	command(t, root, nil, "go", "build", "-o", tool, "./boards/package")
	build := func(tree, umask string, env ...string) string {
		tree = filepath.Join(dir, tree)
		copyTree(t, root, tree)
		out := filepath.Join(tree, "dist")
		env = append(env, "SOURCE_DATE_EPOCH=1700000000")
		command(t, tree, env, "sh", "-c", "umask "+umask+`; exec "$0" "$@"`, tool, "-version", "v1.2.3-rc.1")
		return out
	}
	return build("a", "022"),
		build("another tree", "077", "TZ=Asia/Tokyo", "LC_ALL=C", "GOAMD64=v3", "GOFLAGS=-tags=other", "GOMAXPROCS=1")
}

// TestPackaging builds everything twice, in other folders, at another time, with another umask and environment, and
// looks at the packages with Debian's own programs.
func TestPackaging(t *testing.T) {
	first, second := builtTwice(t)

	sums, err := os.ReadFile(filepath.Join(first, sumsName))
	if err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(filepath.Join(second, sumsName))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sums, again) {
		t.Errorf("two builds differ:\n%s\n%s", sums, again)
	}
	for _, dir := range []string{first, second} {
		command(t, dir, nil, "sha256sum", "--check", "--strict", sumsName)
	}

	for _, arch := range []string{"arm64", "amd64"} {
		t.Run(arch, func(t *testing.T) {
			file := filepath.Join(first, "edge-infer_1.2.3~rc.1_"+arch+".deb")
			fields := command(t, first, nil, "dpkg-deb", "--field", file, "Package", "Version", "Architecture")
			if want := "Package: edge-infer\nVersion: 1.2.3~rc.1\nArchitecture: " + arch + "\n"; fields != want {
				t.Errorf("fields %q, want %q", fields, want)
			}
			root := t.TempDir()
			command(t, first, nil, "dpkg-deb", "--extract", file, root)
			installed := filepath.Join(root, "usr", "bin", "edge-infer")
			if arch == runtime.GOARCH {
				if out := command(t, root, nil, installed, "version"); !strings.HasPrefix(out, "edge-infer v1.2.3-rc.1\n") {
					t.Errorf("version %q", out)
				}
				model := filepath.Join(root, "usr", "share", "doc", "edge-infer", "examples", "digits.edge")
				if out := command(t, root, nil, installed, "verify", model); strings.Contains(out, "FAILED") {
					t.Errorf("verify: %s", out)
				}
			}
			for _, f := range []flavour{{}, {CUDA: true}} {
				analyze(t, root, f)
			}
		})
	}
}

// analyze lets systemd look at the units of a flavour, beside what the package installs. It says nothing but that it is
// older than two keys.
func analyze(t *testing.T, root string, f flavour) {
	t.Helper()
	units := filepath.Join(root, "usr", "lib", "systemd", "system")
	for _, name := range services {
		text, err := service(name, f)
		if err == nil {
			err = os.WriteFile(filepath.Join(units, name), text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sysinit.target", "basic.target", "shutdown.target", "multi-user.target"} { // which every service names
		if err := os.WriteFile(filepath.Join(units, name), []byte("[Unit]\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range services {
		c := exec.Command("systemd-analyze", "verify", "--man=no", "--root="+root, "/usr/lib/systemd/system/"+name)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		for line := range strings.Lines(string(out)) {
			if !strings.Contains(line, "Unknown key") || !strings.Contains(line, "'RestartSteps'") && !strings.Contains(line, "'RestartMaxDelaySec'") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// TestOrderOfDpkg compares what the plain tests take for dpkg's order of versions with dpkg.
func TestOrderOfDpkg(t *testing.T) {
	versions := []string{"0.0.0+9.gf", "0.0.0+10.g0", "0.1.0~rc.1", "0.1.0~rc.1+3.ga", "0.1.0", "0.1.0+2.ga", "0.1.0+2.ga+dirty", "0.10.0", "1.0.0~a"}
	for _, a := range versions {
		for _, b := range versions {
			lower := exec.Command("dpkg", "--compare-versions", a, "lt", b).Run() == nil
			if lower != (compareDebian(a, b) < 0) {
				t.Errorf("%s before %s: dpkg says %v", a, b, lower)
			}
		}
	}
}
