package sensor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// element is one number, or a few of a kind, in a sample of an IIO buffer.
type element struct {
	name  string
	index int
	typ   Type
	at    int // in the sample; set by layOut
}

const (
	mostElements  = 256
	largestSample = 4096
)

// layOut puts elements into the order and places that the kernel gives them: by index, each at a multiple of its own
// size, and the whole a multiple of the greatest. It returns the size of a sample.
func layOut(elements []element) (int, error) {
	if len(elements) == 0 || len(elements) > mostElements {
		return 0, fmt.Errorf("%d elements in a sample, where 1 to %d are read", len(elements), mostElements)
	}
	slices.SortFunc(elements, func(a, b element) int { return a.index - b.index })
	at, greatest := 0, 1
	for i := range elements {
		e := &elements[i]
		if i > 0 && e.index == elements[i-1].index {
			return 0, fmt.Errorf("%s and %s have the same index %d", elements[i-1].name, e.name, e.index)
		}
		size := e.typ.Bytes() * e.typ.Repeat
		if size&(size-1) != 0 {
			return 0, fmt.Errorf("%s: type %s takes %d bytes, which is no power of two", e.name, e.typ, size)
		}
		at = (at + size - 1) / size * size
		e.at = at
		at += size
		greatest = max(greatest, size)
	}
	size := (at + greatest - 1) / greatest * greatest
	if size > largestSample {
		return 0, fmt.Errorf("a sample of %d bytes, where at most %d are read", size, largestSample)
	}
	return size, nil
}

// parseElement reads an element from the texts of its two files.
func parseElement(name, index, typ string) (element, error) {
	n, err := strconv.ParseUint(index, 10, 16)
	if err != nil {
		return element{}, fmt.Errorf("%s: index %.20q is no number", name, index)
	}
	t, err := ParseType(typ)
	if err != nil {
		return element{}, fmt.Errorf("%s: %w", name, err)
	}
	return element{name: name, index: int(n), typ: t}, nil
}

// readElements reads those elements that are enabled. All must be known, or the places of the others would be wrong.
func readElements(dir string) ([]element, error) {
	var elements []element
	for _, name := range elementNames(dir) {
		file := filepath.Join(dir, "in_"+name)
		if enabled, err := readText(file + "_en"); err != nil || enabled == "0" {
			if err != nil {
				return nil, err
			}
			continue
		}
		index, err1 := readText(file + "_index")
		typ, err2 := readText(file + "_type")
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		e, err := parseElement(name, index, typ)
		if err != nil {
			return nil, err
		}
		elements = append(elements, e)
	}
	return elements, nil
}

// elementNames lists what a buffer can hold.
func elementNames(dir string) []string {
	var names []string
	for _, file := range list(dir) {
		name, ok := strings.CutSuffix(file, "_en")
		name, in := strings.CutPrefix(name, "in_")
		if ok && in {
			names = append(names, name)
		}
	}
	return names
}

// enableElements asks the driver for the channels that are wanted (all, if none are named) and the time. It
// may give others; what it gives is read back.
func enableElements(dir string, only []string) error {
	names := elementNames(dir)
	channels := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == timestamp })
	if err := chosen(channels, only); err != nil {
		return err
	}
	for _, name := range names {
		on := "0"
		if len(only) == 0 || name == timestamp || slices.Contains(only, name) {
			on = "1"
		}
		if err := writeText(filepath.Join(dir, "in_"+name+"_en"), on); err != nil && !(on == "0" && errors.Is(err, os.ErrInvalid)) {
			return err
		}
	}
	return nil
}

// timestamp is the element that holds a sample's time.
const timestamp = "timestamp"
