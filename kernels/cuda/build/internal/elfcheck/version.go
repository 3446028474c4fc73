package elfcheck

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is a version of glibc, such as 2.27. Its third number, which no symbol has had since 2.3.4, is left out of
// what is compared: 2.2.5 counts as 2.2.
type Version struct{ Major, Minor int }

// ParseVersion reads a version from text such as 2.27.
func ParseVersion(text string) (Version, error) {
	numbers := strings.Split(text, ".")
	if len(numbers) != 2 {
		return Version{}, fmt.Errorf("elfcheck: glibc version %q: expected two numbers, as in 2.27", text)
	}
	var v Version
	for i, field := range []*int{&v.Major, &v.Minor} {
		n, err := strconv.ParseUint(numbers[i], 10, 16)
		if err != nil {
			return Version{}, fmt.Errorf("elfcheck: glibc version %q: expected two numbers, as in 2.27", text)
		}
		*field = int(n)
	}
	return v, nil
}

// parseGLIBC reads the version of a symbol, such as GLIBC_2.17 or GLIBC_2.2.5.
func parseGLIBC(name string) (Version, error) {
	text, found := strings.CutPrefix(name, "GLIBC_")
	if !found {
		return Version{}, fmt.Errorf("elfcheck: symbol version %q: expected one of glibc", name)
	}
	numbers := strings.SplitN(text, ".", 3)
	return ParseVersion(strings.Join(numbers[:min(len(numbers), 2)], "."))
}

// Compare is negative, zero or positive, as v is older than, the same as or newer than w.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor))
}

func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }
