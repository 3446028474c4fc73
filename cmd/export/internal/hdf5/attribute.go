package hdf5

import (
	"fmt"
	"maps"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// attribute is a small array that hangs on an object.
type attribute struct {
	space dataspace
	dtype datatype
	data  []byte // as it is stored
}

// Attributes returns the names of the object's attributes, in alphabetical order.
func (o *Object) Attributes() []string { return slices.Sorted(maps.Keys(o.header.attributes)) }

// Attribute returns the value of an attribute, or nil if the object has none of that name. Text
// becomes an array of dtype S.
func (o *Object) Attribute(name string) (*npy.Array, error) {
	a, ok := o.header.attributes[name]
	if !ok {
		return nil, nil
	}
	values, err := o.file.attributeValues(a)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: attribute %q: %w", o.Path, name, err)
	}
	return values, nil
}

func (f *File) attributeValues(a attribute) (*npy.Array, error) {
	n, err := f.claim(a.space, a.dtype)
	if err != nil {
		return nil, err
	}
	if n > uint64(len(a.data)) {
		return nil, fmt.Errorf("%d bytes where shape %v takes %d", len(a.data), a.space.shape, n)
	}
	return f.array(a.space.shape, a.dtype, slices.Clone(a.data[:n]))
}

// attribute takes an attribute message into a header.
func (f *File) attribute(h *header, c *cursor) error {
	version, flags := c.u8(), c.u8()
	nameSize, typeSize, spaceSize := c.u16(), c.u16(), c.u16()
	padded := func(n int) int { return n }
	switch version {
	case 1:
		padded = func(n int) int { return (n + 7) &^ 7 }
		flags = 0 // a reserved byte
	case 2:
	case 3:
		c.skip(1) // character set
	default:
		return fmt.Errorf("attribute of version %d", version)
	}
	name := upToZero(c.take(padded(nameSize)))
	var a attribute
	var err error
	if stored := c.take(padded(typeSize)); flags&1 != 0 {
		a.dtype.problem = errCommitted
	} else if a.dtype, err = parseDatatype(&cursor{b: stored}); err != nil {
		return fmt.Errorf("attribute %q: datatype: %w", name, err)
	}
	if stored := c.take(padded(spaceSize)); flags&2 != 0 {
		return fmt.Errorf("attribute %q: a shared dataspace is not read", name)
	} else if a.space, err = parseSpace(&cursor{b: stored}); err != nil {
		return fmt.Errorf("attribute %q: %w", name, err)
	}
	if err := c.err(); err != nil {
		return fmt.Errorf("attribute %q: %w", name, err)
	}
	a.data = c.b
	if _, twice := h.attributes[name]; twice {
		return fmt.Errorf("two attributes are called %q", name)
	}
	h.attributes[name] = a
	return f.entry()
}

// denseAttributes reads the attributes of an object that has more than eight, or a large one: they
// lie in a heap, and a B-tree of version 2 lists them by name.
func (f *File) denseAttributes(h *header, c *cursor) error {
	c.skip(1) // version
	if flags := c.u8(); flags&1 != 0 {
		c.skip(2) // greatest creation order
	}
	return f.dense(c.u64(), c.u64(), attributeNames, func(d *cursor) error { return f.attribute(h, d) })
}
