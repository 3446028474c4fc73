package debian

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"
)

// Source says where packages come from.
type Source struct {
	// Mirror is the URL of a mirror of Debian's main archive. That of the security archive ends with -security in addition.
	Mirror string
	// Suite is a release's code name.
	Suite string
	// Keyring is the file with Debian's keys, of the package debian-archive-keyring.
	Keyring string
}

// FindMirror returns the mirror of Debian's that this machine's apt is set up with.
func FindMirror(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages").Output()
	if err != nil {
		return "", fmt.Errorf("debian: apt-get indextargets: %w", err)
	}
	return chooseMirror(string(out))
}

// chooseMirror takes the first URL whose path ends as that of Debian's archive does on every mirror.
func chooseMirror(list string) (string, error) {
	for url := range strings.FieldsSeq(list) {
		if url = strings.TrimSuffix(url, "/"); path.Base(url) == "debian" {
			return url, nil
		}
	}
	return "", errors.New("debian: this machine's apt has no mirror of Debian's archive: name one with -mirror")
}

// list is the source as a sources.list.
func (s Source) list() (string, error) {
	var b strings.Builder
	for _, field := range []string{s.Mirror, s.Suite, s.Keyring} {
		if field == "" || strings.ContainsAny(field, " \t\n[]") {
			return "", fmt.Errorf("debian: %q as mirror, suite or keyring: expected a word without blanks and brackets", field)
		}
	}
	for _, archive := range []string{s.Mirror + " " + s.Suite, s.Mirror + "-security " + s.Suite + "-security"} {
		fmt.Fprintf(&b, "deb [arch=arm64 signed-by=%s] %s main\n", s.Keyring, archive)
	}
	return b.String(), nil
}
