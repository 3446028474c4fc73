package boards

import (
	"strconv"
	"strings"
)

// parseTegraRelease reads the first line of /etc/nv_tegra_release,
//
//	# R36 (release), REVISION: 4.3, GCID: ...
//
// and returns the release of L4T, 36.4.3. The BOARD that follows names what the image was built for,
// and is the same for several boards.
func parseTegraRelease(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	major, found := strings.CutPrefix(strings.TrimSpace(line), "# R")
	if !found {
		return ""
	}
	_, rest, found := strings.Cut(major, "REVISION:")
	if !found {
		return ""
	}
	revision, _, _ := strings.Cut(strings.TrimSpace(rest), ",")
	return release(digits(major) + "." + strings.TrimSpace(revision))
}

// parsePackageVersion reads the version of the package nvidia-l4t-core, such as
// 36.4.3-20250107174145.
func parsePackageVersion(version string) string {
	version, _, _ = strings.Cut(version, "-")
	return release(version)
}

// release checks a release of L4T: two or three numbers.
func release(text string) string {
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return ""
	}
	for _, part := range parts {
		if n, err := strconv.ParseUint(part, 10, 10); err != nil || strconv.FormatUint(n, 10) != part {
			return ""
		}
	}
	return text
}

// l4t returns the release of L4T, from the file that the image brings or the package that holds it.
func (r *reader) l4t() string {
	if found := parseTegraRelease(string(r.small("etc/nv_tegra_release"))); found != "" {
		return found
	}
	const most = 32 << 20
	inPackage := false
	for line := range strings.Lines(r.long("var/lib/dpkg/status", most)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "Package":
			inPackage = value == "nvidia-l4t-core"
		case "Version":
			if inPackage {
				return parsePackageVersion(value)
			}
		}
	}
	return ""
}

// jetPacks are the releases of JetPack that came with a release of L4T.
var jetPacks = map[string]string{
	"32.1": "4.2", "32.1.0": "4.2", "32.2.0": "4.2.1", "32.2.1": "4.2.2", "32.2.3": "4.2.3", "32.3.1": "4.3",
	"32.4.3": "4.4", "32.4.4": "4.4.1", "32.5.0": "4.5", "32.5.1": "4.5.1", "32.5.2": "4.5.1", "32.6.1": "4.6",
	"32.7.1": "4.6.1", "32.7.2": "4.6.2", "32.7.3": "4.6.3", "32.7.4": "4.6.4", "32.7.5": "4.6.5", "32.7.6": "4.6.6",
	"34.1.0": "5.0", "34.1.1": "5.0.1", "35.1.0": "5.0.2", "35.2.1": "5.1", "35.3.1": "5.1.1", "35.4.1": "5.1.2",
	"35.5.0": "5.1.3", "35.6.0": "5.1.4", "35.6.1": "5.1.5",
	"36.3.0": "6.0", "36.4.0": "6.1", "36.4.3": "6.2", "36.4.4": "6.2.1", "36.5.0": "6.2.2",
	"38.2.0": "7.0", "38.4.0": "7.1", "39.2.0": "7.2", "39.2.1": "7.2.1",
}

// jetPack returns the release of JetPack for one of L4T: as far as it is known, which for a release
// between those that JetPack was numbered by is its first number alone.
func jetPack(l4t string) string {
	if known, ok := jetPacks[l4t]; ok {
		return known
	}
	major, _, _ := strings.Cut(l4t, ".")
	switch major {
	case "32":
		return "4"
	case "34", "35":
		return "5"
	case "36":
		return "6"
	case "38", "39":
		return "7"
	}
	return ""
}
