package runtime

import (
	"fmt"
	"slices"
	"strings"
)

// Backend names an implementation of the kernels. All give the same bits.
type Backend string

// The backends.
const (
	Auto      Backend = "auto"      // the fastest one here
	Reference Backend = "reference" // portable Go, the definition that the others are held to
)

// Backends returns the backends that Options may name, Auto first.
func Backends() []Backend { return []Backend{Auto, Reference} }

// ParseBackend returns the backend of that name.
func ParseBackend(name string) (Backend, error) {
	if b := Backend(name); slices.Contains(Backends(), b) {
		return b, nil
	}
	names := make([]string, 0, len(Backends()))
	for _, b := range Backends() {
		names = append(names, string(b))
	}
	return "", fmt.Errorf("runtime: backend %q: choose one of %s", name, strings.Join(names, ", "))
}

// resolve turns a choice into the backend that runs.
func (b Backend) resolve() (Backend, error) {
	switch b {
	case "", Auto, Reference:
		return Reference, nil
	}
	_, err := ParseBackend(string(b))
	return "", err
}
