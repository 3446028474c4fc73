package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// release is what a build is called, and when it was made. Both come from the commit, so that whoever builds it gets
// the same bytes.
type release struct {
	version string // as the programs print it: v1.2.3, or v1.2.3-5-g0123456789ab for the fifth commit after it
	debian  string // as dpkg orders it: 1.2.3, 1.2.3+5.g0123456789ab
	time    time.Time
}

// newRelease asks git what is not given: the version, and in SOURCE_DATE_EPOCH the time.
func newRelease(ctx context.Context, dir, given string) (release, error) {
	var r release
	var err error
	if r.version = given; given == "" {
		if r.version, err = describe(ctx, dir); err != nil {
			return r, fmt.Errorf("package: what version is this? %w: or give one with -version", err)
		}
	}
	if r.version, r.debian, err = parseVersion(r.version); err != nil {
		return r, err
	}
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		if seconds, err = git(ctx, dir, "log", "-1", "--format=%ct"); err != nil {
			return r, fmt.Errorf("package: when was this made? %w: or give the seconds since 1970 in SOURCE_DATE_EPOCH", err)
		}
	}
	r.time, err = parseTime(seconds)
	return r, err
}

// describe names the commit by the last tag before it and the commits since; before the first tag, by all commits
// since v0.0.0. A clone that lacks older commits counts too few of them.
func describe(ctx context.Context, dir string) (string, error) {
	// The hash has a fixed length: by itself, git takes a longer one in a clone with more objects.
	found, err := git(ctx, dir, "describe", "--tags", "--match", "v[0-9]*", "--always", "--abbrev=12", "--dirty")
	if err != nil || strings.HasPrefix(found, "v") {
		return found, err
	}
	count, err := git(ctx, dir, "rev-list", "--count", "HEAD")
	return "v0.0.0-" + count + "-g" + found, err
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir = dir
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.TrimSpace(string(out)), err
}

var versions = regexp.MustCompile(`^v?([0-9]+\.[0-9]+\.[0-9]+)(?:-([0-9A-Za-z.]+))??(?:-([0-9]+)-g([0-9a-f]+))?(-dirty)?$`)

// parseVersion reads a version as git describes it, and gives it back with its v, and as Debian's. There, what sorts
// before a release follows a tilde, and what sorts after it a plus sign; a hyphen would begin a distribution's revision.
func parseVersion(given string) (version, debian string, err error) {
	m := versions.FindStringSubmatch(given)
	if m == nil {
		return "", "", fmt.Errorf("package: version %q: expected one such as v1.2.3 or v1.2.3-rc.1, or what git describe makes of it", given)
	}
	debian = m[1]
	if m[2] != "" {
		debian += "~" + m[2]
	}
	if m[3] != "" {
		debian += "+" + m[3] + ".g" + m[4]
	}
	if m[5] != "" {
		debian += "+dirty"
	}
	return "v" + strings.TrimPrefix(given, "v"), debian, nil
}

// parseTime reads seconds since 1970.
func parseTime(seconds string) (time.Time, error) {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n < 0 || n > 1<<32 {
		return time.Time{}, fmt.Errorf("package: time %q: seconds since 1970 are expected", seconds)
	}
	return time.Unix(n, 0).UTC(), nil
}
