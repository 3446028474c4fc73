package hdf5

import (
	"cmp"
	"encoding/binary"
	"fmt"
)

// link takes a link message into a header.
func (f *File) link(h *header, c *cursor) error {
	c.skip(1) // version
	flags := c.u8()
	kind := byte(0)
	if flags&8 != 0 {
		kind = c.u8()
	}
	if flags&4 != 0 {
		c.skip(8) // creation order
	}
	if flags&16 != 0 {
		c.skip(1) // character set
	}
	length := c.uint(1 << (flags & 3))
	name := string(c.take(int(min(length, 1<<31-1))))
	var l link
	switch kind {
	case 0:
		l.address = c.u64()
	case 1:
		l.target = string(c.take(c.u16()))
	case 64:
		b := c.take(c.u16()) // a byte of flags, the name of the file, the path in it
		l.external = cmp.Or(upToZero(b[min(1, len(b)):]), "without a name")
	default:
		return fmt.Errorf("link %q of kind %d is not read", name, kind)
	}
	if err := c.err(); err != nil {
		return fmt.Errorf("link %q: %w", name, err)
	}
	return f.addLink(h, name, l)
}

// denseLinks reads the links of a group that has many: they lie in a heap, and a B-tree of version 2
// lists them by name.
func (f *File) denseLinks(h *header, c *cursor) error {
	c.skip(1) // version
	if flags := c.u8(); flags&1 != 0 {
		c.skip(8) // greatest creation order
	}
	return f.dense(c.u64(), c.u64(), linkNames, func(d *cursor) error { return f.link(h, d) })
}

// dense calls visit for each object in a fractal heap that a B-tree of names lists.
func (f *File) dense(heapAddress, tree uint64, kind byte, visit func(*cursor) error) error {
	if heapAddress == undefined {
		return nil
	}
	heap, err := f.fractalHeap(heapAddress)
	if err != nil {
		return err
	}
	return f.btree2(tree, kind, func(record []byte) error {
		if kind == linkNames && len(record) >= 4 {
			record = record[4:] // the hash of the name
		}
		object, err := heap.object(record)
		if err != nil {
			return err
		}
		return visit(&cursor{b: object})
	})
}

// symbolTable reads the links of a group of the older kind: a B-tree of version 1 whose leaves are
// lists of symbols, with names in a heap.
func (f *File) symbolTable(h *header, c *cursor) error {
	tree, heap := c.u64(), c.u64()
	if err := c.err(); err != nil {
		return err
	}
	names, err := f.localHeap(heap)
	if err != nil {
		return err
	}
	return f.btree1(tree, treeOfSymbols, 8, func(_ []byte, address uint64) error {
		return f.symbols(h, names, address)
	})
}

// localHeap returns the names of a symbol table. A name is told by its offset, and ends with a zero.
func (f *File) localHeap(address uint64) ([]byte, error) {
	b, err := f.signed(address, 32, "HEAP")
	if err != nil {
		return nil, err
	}
	names, err := f.block(binary.LittleEndian.Uint64(b[24:]), binary.LittleEndian.Uint64(b[8:]))
	if err != nil {
		return nil, fmt.Errorf("names of a group: %w", err)
	}
	return names, nil
}

// symbols reads one leaf of a symbol table.
func (f *File) symbols(h *header, names []byte, address uint64) error {
	const entrySize = 40
	b, err := f.signed(address, 8, "SNOD")
	if err != nil {
		return err
	}
	n := uint64(binary.LittleEndian.Uint16(b[6:]))
	if b, err = f.block(address+8, n*entrySize); err != nil {
		return fmt.Errorf("symbols: %w", err)
	}
	for ; len(b) > 0; b = b[entrySize:] {
		c := cursor{b: b}
		nameAt := c.u64()
		l := link{address: c.u64()}
		kind := c.u32()
		c.skip(4)
		targetAt := uint64(c.u32()) // of a soft link
		if kind == 2 {
			if l.target, err = textAt(names, targetAt); err != nil {
				return err
			}
		}
		name, err := textAt(names, nameAt)
		if err != nil {
			return err
		}
		if err := f.addLink(h, name, l); err != nil {
			return err
		}
	}
	return nil
}

func textAt(names []byte, offset uint64) (string, error) {
	if offset >= uint64(len(names)) {
		return "", fmt.Errorf("a name at %d of %d bytes of names", offset, len(names))
	}
	return upToZero(names[offset:]), nil
}
