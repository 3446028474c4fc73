package hdf5

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Object is a group or a dataset.
type Object struct {
	Path string // from the root, "/" for the root itself; where soft links led

	file   *File
	header *header
}

// Object returns the group or dataset at a path, whose parts slashes separate; a slash in front
// changes nothing. Links are followed within the file. If there is nothing at the path, the error
// wraps fs.ErrNotExist and says what there is.
func (f *File) Object(path string) (*Object, error) {
	o, err := f.lookUp(path)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	return o, nil
}

// Bounds of the way to an object: soft links may name each other, and groups hold themselves.
const (
	maxSoftLinks = 32
	maxDepth     = 64
)

func (f *File) lookUp(path string) (*Object, error) {
	root, err := f.header(f.root)
	if err != nil {
		return nil, err
	}
	at := root
	softLinks := 0
	var walked []string
	for rest := components(path); len(rest) > 0; {
		name := rest[0]
		l, ok := at.links[name]
		o := Object{absolute(walked), f, at}
		switch {
		case !ok:
			return nil, o.missing(name)
		case l.external != "":
			return nil, fmt.Errorf("%s: a link to the file %q: only one file is read, open that one", join(o.Path, name), l.external)
		case l.target != "":
			if softLinks++; softLinks > maxSoftLinks {
				return nil, fmt.Errorf("%s: more than %d soft links on the way", join(o.Path, name), maxSoftLinks)
			}
			// What is left of the path goes on from the link's target.
			rest = append(components(l.target), rest[1:]...)
			if strings.HasPrefix(l.target, "/") {
				at, walked = root, nil
			}
		default:
			if at, err = f.header(l.address); err != nil {
				return nil, fmt.Errorf("%s: %w", join(o.Path, name), err)
			}
			walked, rest = append(walked, name), rest[1:]
		}
		if len(walked)+len(rest) > maxDepth {
			return nil, fmt.Errorf("a path of more than %d parts", maxDepth)
		}
	}
	return &Object{absolute(walked), f, at}, nil
}

// missing is the error for a name that an object does not have.
func (o *Object) missing(name string) error {
	what := "it is a dataset"
	if !o.IsDataset() {
		what = "it is empty"
		if names := o.header.sorted(); len(names) > 0 {
			const most = 20
			what = "it holds " + strings.Join(names[:min(len(names), most)], ", ")
			if n := len(names) - most; n > 0 {
				what += fmt.Sprintf(" and %d more", n)
			}
		}
	}
	return fmt.Errorf("%s has no %q: %s: %w", o.Path, name, what, fs.ErrNotExist)
}

// components cuts a path. Empty parts and dots mean nothing to HDF5; there is no dot dot.
func components(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" || s == "." })
}

func absolute(parts []string) string { return "/" + strings.Join(parts, "/") }

func join(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }

// Names returns the names of what a group holds, in alphabetical order; none for a dataset.
func (o *Object) Names() []string { return slices.Clone(o.header.sorted()) }

// sorted returns the names of links, which are sorted once: each link to nowhere asks for them.
func (h *header) sorted() []string {
	if h.names == nil {
		h.names = slices.Sorted(maps.Keys(h.links))
	}
	return h.names
}

// IsDataset tells datasets from groups.
func (o *Object) IsDataset() bool { return o.header.layout != nil }

// Shape returns the shape of a dataset: empty for a single value.
func (o *Object) Shape() []int { return slices.Clone(o.header.space.shape) }

// DType returns the dtype that the values of a dataset are read with, or why they are not read. For
// text of variable length it is "|S", since the longest one is not known before all are read.
func (o *Object) DType() (npy.DType, error) {
	if err := o.readable(); err != nil {
		return "", fmt.Errorf("hdf5: %s: %w", o.Path, err)
	}
	if o.header.dtype.kind == variableText {
		return "|S", nil
	}
	return o.header.dtype.dtype, nil
}
