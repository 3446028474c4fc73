package debian

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestChooseMirror(t *testing.T) {
	for _, test := range []struct{ name, list, want string }{
		{"Debian", "http://mirror.example/debian-security/\nhttp://mirror.example/debian/\n", "http://mirror.example/debian"},
		{"a mirror in a folder", "https://a.example/pub/debian\nhttps://b.example/debian/", "https://a.example/pub/debian"},
		{"Ubuntu", "http://ports.example/ubuntu-ports/\n", ""},
		{"nothing", "", ""},
	} {
		got, err := chooseMirror(test.list)
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestList(t *testing.T) {
	got, err := Source{"http://m.example/debian", "bookworm", "/k.gpg"}.list()
	want := "deb [arch=arm64 signed-by=/k.gpg] http://m.example/debian bookworm main\n" +
		"deb [arch=arm64 signed-by=/k.gpg] http://m.example/debian-security bookworm-security main\n"
	if err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, bad := range []Source{{}, {"http://m.example/debian", "book worm", "/k.gpg"}, {"http://m", "s", "/k.gpg trusted=yes] x"}} {
		if _, err := bad.list(); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// The apt of the configuration must not see anything of this machine's.
func TestConfiguration(t *testing.T) {
	text := configuration("/private", "Acquire::http::Proxy \"http://proxy.example\";\n")
	for _, want := range []string{
		`Dir::Etc::parts "/private/empty";`, `Dir::Etc::sourcelist "/private/sources.list";`, `Dir::State::status "/private/status";`,
		`APT::Architecture "arm64";`, `Acquire::http::Proxy "http://proxy.example";`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line %s in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "Dir::") && !strings.Contains(line, `"/private`) {
			t.Errorf("%s is outside", line)
		}
	}
}

func TestParseDepends(t *testing.T) {
	got, err := parseDepends("Package: linux-image-arm64\nRecommends: linux-image-other\nDepends: initramfs-tools, linux-image-6.1.0-41-arm64 (= 6.1.158-1)\n")
	if err != nil || got != "linux-image-6.1.0-41-arm64" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := parseDepends("Package: linux-image-arm64\n"); err == nil {
		t.Errorf("%q from a package that depends on nothing", got)
	}
}

func TestArrange(t *testing.T) {
	for name, usr := range map[string]string{"bookworm": "", "trixie": "usr"} {
		t.Run(name, func(t *testing.T) {
			from, cache := t.TempDir(), t.TempDir()
			for _, file := range []string{"boot/vmlinuz-6.1.0-41-arm64", usr + "/lib/modules/6.1.0-41-arm64/modules.builtin", usr + "/bin/busybox"} {
				file = filepath.Join(from, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(file), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := arrange(from, cache, []string{"a.deb", "b.deb"}); err != nil {
				t.Fatal(err)
			}
			never := func(context.Context) (Source, error) { return Source{}, errors.New("the archive was asked") }
			base, err := Load(t.Context(), cache, never, false)
			if err != nil {
				t.Fatal(err)
			}
			if base.Release != "6.1.0-41-arm64" || !slices.Equal(base.Packages, []string{"a.deb", "b.deb"}) {
				t.Errorf("%+v", base)
			}
			for _, file := range []string{base.Kernel, base.Busybox, filepath.Join(base.Modules, "modules.builtin")} {
				if _, err := os.Stat(file); err != nil {
					t.Error(err)
				}
			}
			if _, err := Load(t.Context(), cache, never, true); err == nil || err.Error() != "the archive was asked" {
				t.Errorf("an update: %v", err)
			}
			if err := arrange(from, cache, nil); err == nil {
				t.Error("packages without a kernel were taken")
			}
		})
	}
}
