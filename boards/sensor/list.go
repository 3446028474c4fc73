package sensor

import (
	"os"
	"slices"
	"strings"
)

// mostNames of a directory of sysfs are looked at.
const mostNames = 4096

// list returns the names in a directory in order.
func list(dir string) []string {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, _ := f.Readdirnames(mostNames)
	slices.SortFunc(names, inOrder)
	return names
}

// inOrder compares names as people count: device2 before device10.
func inOrder(a, b string) int {
	for a != "" && b != "" {
		endA, endB := digits(a), digits(b)
		if endA == 0 || endB == 0 {
			if a[0] != b[0] {
				return int(a[0]) - int(b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		numberA, numberB := strings.TrimLeft(a[:endA], "0"), strings.TrimLeft(b[:endB], "0")
		if len(numberA) != len(numberB) {
			return len(numberA) - len(numberB)
		}
		if c := strings.Compare(numberA, numberB); c != 0 {
			return c
		}
		a, b = a[endA:], b[endB:]
	}
	return len(a) - len(b)
}

// digits counts those that a text begins with.
func digits(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return len(text)
	}
	return end
}
