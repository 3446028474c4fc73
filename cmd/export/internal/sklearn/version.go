package sklearn

import (
	"strconv"
	"strings"
)

// version is one of scikit-learn, as 10000·major + minor: 0.24.2 is 24. A file that does not tell its
// version counts as the newest.
type version int

const newest version = 1 << 30

func versionOf(text string) version {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) < 2 {
		return newest
	}
	major, err1 := strconv.ParseUint(parts[0], 10, 8)
	minor, err2 := strconv.ParseUint(parts[1], 10, 8)
	if err1 != nil || err2 != nil {
		return newest
	}
	return at(int(major), int(minor))
}

func at(major, minor int) version { return version(10000*major + minor) }
