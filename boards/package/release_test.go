package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	tests := map[string]struct{ version, debian string }{
		"v1.2.3":                     {"v1.2.3", "1.2.3"},
		"1.2.3":                      {"v1.2.3", "1.2.3"},
		"v1.2.3-rc.1":                {"v1.2.3-rc.1", "1.2.3~rc.1"},
		"v1.2.3-5-g0a1b2c":           {"v1.2.3-5-g0a1b2c", "1.2.3+5.g0a1b2c"},
		"v1.2.3-rc.1-5-g0a1b2c":      {"v1.2.3-rc.1-5-g0a1b2c", "1.2.3~rc.1+5.g0a1b2c"},
		"v1.2.3-dirty":               {"v1.2.3-dirty", "1.2.3+dirty"},
		"v0.0.0-57-g0a1b2c-dirty":    {"v0.0.0-57-g0a1b2c-dirty", "0.0.0+57.g0a1b2c+dirty"},
		"v10.20.30-beta2-1-gf-dirty": {"v10.20.30-beta2-1-gf-dirty", "10.20.30~beta2+1.gf+dirty"},
		"":                           {},
		"v1.2":                       {},
		"vv1.2.3":                    {},
		"1.2.3 -X main.x=y":          {},
		"1.2.3\nDepends: x":          {},
		"0a1b2c":                     {},
		"v1.2.3-a/b":                 {},
		"v1.2.3-5-gxyz-w":            {},
	}
	for given, want := range tests {
		version, debian, err := parseVersion(given)
		if version != want.version || debian != want.debian || (err == nil) != (want.version != "") {
			t.Errorf("%q: %q, %q, %v: want %q, %q", given, version, debian, err, want.version, want.debian)
		}
	}
}

// compareDebian orders two versions as dpkg does: by turns what is no digits, letter by letter with a tilde before the
// end and letters before the rest, and what is digits, as numbers.
func compareDebian(a, b string) int {
	order := func(s string) int {
		switch {
		case s == "" || s[0] >= '0' && s[0] <= '9':
			return 0
		case s[0] == '~':
			return -1
		case s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z':
			return int(s[0])
		}
		return int(s[0]) + 256
	}
	for a != "" || b != "" {
		for order(a) != 0 || order(b) != 0 {
			if d := order(a) - order(b); d != 0 {
				return d
			}
			a, b = a[1:], b[1:]
		}
		digits := func(s *string) string {
			rest := strings.TrimLeft(*s, "0123456789")
			number := strings.TrimLeft((*s)[:len(*s)-len(rest)], "0")
			*s = rest
			return number
		}
		x, y := digits(&a), digits(&b)
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		if d := strings.Compare(x, y); d != 0 {
			return d
		}
	}
	return 0
}

// TestVersionOrder: an upgrade goes from each to the next.
func TestVersionOrder(t *testing.T) {
	ascending := []string{
		"v0.0.0-9-gffff", "v0.0.0-10-g0000", "v0.1.0-rc.1", "v0.1.0-rc.1-3-gaaaa", "v0.1.0-rc.2", "v0.1.0", "v0.1.0-1-gbbbb",
		"v0.1.0-2-gaaaa", "v0.1.0-2-gaaaa-dirty", "v0.1.1", "v0.10.0", "v1.0.0-alpha", "v1.0.0",
	}
	for i := range ascending[1:] {
		_, a, err := parseVersion(ascending[i])
		if err != nil {
			t.Fatal(err)
		}
		_, b, err := parseVersion(ascending[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if compareDebian(a, b) >= 0 || compareDebian(b, a) <= 0 {
			t.Errorf("%s is not before %s", a, b)
		}
	}
}

func TestParseTime(t *testing.T) {
	if got, err := parseTime("1700000000"); err != nil || got.Unix() != 1700000000 {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"", "-1", "x", "1e9", "99999999999999999999", "4294967297"} {
		if got, err := parseTime(wrong); err == nil {
			t.Errorf("%q was taken for %v", wrong, got)
		}
	}
}

// TestNewRelease asks a repository of its own.
func TestNewRelease(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	t.Setenv("SOURCE_DATE_EPOCH", "")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	if _, err := newRelease(ctx, dir, ""); err == nil || !strings.Contains(err.Error(), "-version") {
		t.Errorf("in no repository: error %v, want one that tells of -version", err)
	}
	if _, err := newRelease(ctx, dir, "v1.2.3"); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
		t.Errorf("in no repository: error %v, want one that tells of SOURCE_DATE_EPOCH", err)
	}

	git := func(args ...string) {
		t.Helper()
		c := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GIT_COMMITTER_DATE=1700000000 +0900", "GIT_AUTHOR_DATE=1600000000 +0000")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	expect := func(given, version, debian string, seconds int64) {
		t.Helper()
		r, err := newRelease(ctx, dir, given)
		if err != nil {
			t.Fatal(err)
		}
		// The hash is that of this commit: only its length is known.
		if !strings.HasPrefix(r.version, version) || !strings.HasPrefix(r.debian, debian) || r.time.Unix() != seconds {
			t.Errorf("release %+v, want %s, %s, %d", r, version, debian, seconds)
		}
	}
	git("init", "-q")
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	git("add", "file")
	git("commit", "-q", "-m", "one")
	git("commit", "-q", "--allow-empty", "-m", "two")
	expect("", "v0.0.0-2-g", "0.0.0+2.g", 1700000000)
	git("tag", "v1.2.3-rc.1")
	git("tag", "other")
	expect("", "v1.2.3-rc.1", "1.2.3~rc.1", 1700000000)
	git("commit", "-q", "--allow-empty", "-m", "three")
	expect("", "v1.2.3-rc.1-1-g", "1.2.3~rc.1+1.g", 1700000000)
	r, err := newRelease(ctx, dir, "")
	if err != nil || len(r.version) != len("v1.2.3-rc.1-1-g")+12 {
		t.Errorf("version %q, %v: want 12 digits of the hash", r.version, err)
	}
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := newRelease(ctx, dir, ""); err != nil || !strings.HasSuffix(r.version, "-dirty") || !strings.HasSuffix(r.debian, "+dirty") {
		t.Errorf("with a change: %+v, %v", r, err)
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	expect("v2.0.0", "v2.0.0", "2.0.0", 1800000000)
}
