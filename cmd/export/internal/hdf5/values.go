package hdf5

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// Read returns the values of a dataset, in C order. Text becomes an array of dtype S, as long as the
// longest one; booleans are of dtype b1; bfloat16 is widened to float32, which is exact.
func (o *Object) Read() (*npy.Array, error) {
	values, err := o.read()
	if err != nil {
		return nil, fmt.Errorf("hdf5: %s: %w", o.Path, err)
	}
	return values, nil
}

func (o *Object) read() (*npy.Array, error) {
	if err := o.readable(); err != nil {
		return nil, err
	}
	h := o.header
	n, err := o.file.claim(h.space, h.dtype)
	if err != nil {
		return nil, err
	}
	stored, err := o.file.stored(h, n)
	if err != nil {
		return nil, err
	}
	return o.file.array(h.space.shape, h.dtype, stored)
}

// readable returns why values cannot be read, as far as that is known without reading them.
func (o *Object) readable() error {
	h := o.header
	switch {
	case !o.IsDataset():
		return errors.New("a group, not a dataset")
	case h.problem != nil:
		return h.problem
	case h.dtype.problem != nil:
		return h.dtype.problem
	case h.dtype.size == 0:
		return errors.New("a dataset without a datatype")
	}
	for _, filter := range h.filters {
		if err := filter.check(); err != nil {
			return err
		}
	}
	return nil
}

// claim takes the bytes of some values from the allowance, and returns their number.
func (f *File) claim(s dataspace, t datatype) (uint64, error) {
	if t.problem != nil {
		return 0, t.problem
	}
	n, err := s.bytes(t.size, f.allowed.values)
	if err != nil {
		return 0, err
	}
	f.allowed.values -= n
	return n, nil
}

// array makes an array of values as they are stored, whose memory it takes.
func (f *File) array(shape []int, t datatype, stored []byte) (*npy.Array, error) {
	switch t.kind {
	case brainFloat:
		if err := spend(&f.allowed.values, uint64(len(stored)), "values"); err != nil {
			return nil, err
		}
		stored = widen(stored)
	case fixedText, spacedText:
		for v := range slices.Chunk(stored, t.size) {
			clear(v[t.textLength(v):])
		}
	case variableText:
		return f.variableTexts(shape, stored)
	}
	return npy.New(t.dtype, shape, stored)
}

// textLength returns how much of a text is not padding. NumPy pads with zeros.
func (t datatype) textLength(text []byte) int {
	if t.kind == spacedText {
		return len(bytes.TrimRight(text, " \x00"))
	}
	if end := bytes.IndexByte(text, 0); end >= 0 {
		return end
	}
	return len(text)
}

// widen turns bfloat16 values into float32, whose upper halves they are.
func widen(halves []byte) []byte {
	wide := make([]byte, 2*len(halves))
	for i := 0; i < len(halves); i += 2 {
		copy(wide[2*i+2:], halves[i:i+2])
	}
	return wide
}

// variableTexts follows references to the global heap: a length, the address of a collection, and the
// number of an object in it.
func (f *File) variableTexts(shape []int, references []byte) (*npy.Array, error) {
	var texts [][]byte
	longest := 1 // NumPy has no strings of nothing
	for reference := range slices.Chunk(references, 16) {
		c := cursor{b: reference}
		length, address, number := c.u32(), c.u64(), c.u32()
		var text []byte
		if length > 0 && address != 0 && address != undefined {
			object, err := f.heapObject(address, number)
			if err != nil {
				return nil, err
			}
			if uint64(length) > uint64(len(object)) {
				return nil, fmt.Errorf("text of %d bytes in an object of %d", length, len(object))
			}
			text = object[:length]
		}
		texts = append(texts, text)
		longest = max(longest, len(text))
	}
	total, err := dataspace{shape: shape}.bytes(longest, f.allowed.values)
	if err != nil {
		return nil, err
	}
	f.allowed.values -= total
	padded := make([]byte, total)
	for i, text := range texts {
		copy(padded[i*longest:], text)
	}
	return npy.New(npy.DType(fmt.Sprintf("|S%d", longest)), shape, padded)
}

// heapObject returns an object of a collection of the global heap.
func (f *File) heapObject(address uint64, number uint32) ([]byte, error) {
	collection := f.heaps[address]
	if collection == nil {
		var err error
		if collection, err = f.heapCollection(address); err != nil {
			return nil, err
		}
		f.heaps[address] = collection
	}
	object, ok := collection[number]
	if !ok {
		return nil, fmt.Errorf("object %d is not in the global heap collection at address %#x", number, address)
	}
	return object, nil
}

func (f *File) heapCollection(address uint64) (map[uint32][]byte, error) {
	b, err := f.signed(address, 16, "GCOL")
	if err != nil {
		return nil, err
	}
	c := cursor{b: b[8:]}
	size := c.u64()
	if err := spend(&f.allowed.stored, size, "stored text"); err != nil {
		return nil, err
	}
	if b, err = f.read(address, size); err != nil {
		return nil, fmt.Errorf("global heap: %w", err)
	}
	objects := map[uint32][]byte{}
	c = cursor{b: b}
	for c.skip(16); len(c.b) >= 16; {
		number := uint32(c.u16())
		c.skip(6) // references to it
		length := c.u64()
		if number == 0 { // what is free
			break
		}
		if length > uint64(len(c.b)) {
			return nil, fmt.Errorf("global heap at address %#x: an object of %d bytes where %d are left", address, length, len(c.b))
		}
		objects[number] = c.take(int(length))
		c.skip(min(int(-length&7), len(c.b))) // objects begin at multiples of 8
		if err := spend(&f.allowed.stored, entryCost, "stored text"); err != nil {
			return nil, err
		}
	}
	return objects, nil
}
