package hdf5

import (
	"encoding/binary"
	"fmt"
)

// What a B-tree of version 1 holds.
const (
	treeOfSymbols = 0
	treeOfChunks  = 1
)

// btree1 calls visit for each child of the leaves of a B-tree of version 1, with the key before it.
// An undefined address is a tree without leaves.
func (f *File) btree1(address uint64, kind byte, keySize int, visit func(key []byte, child uint64) error) error {
	if address == undefined {
		return nil
	}
	const anyLevel = -1
	return f.btree1Node(address, kind, keySize, anyLevel, visit)
}

// btree1Node requires a level one below that of its parent, so no path through the tree has an end
// that is also its start.
func (f *File) btree1Node(address uint64, kind byte, keySize, level int, visit func(key []byte, child uint64) error) error {
	b, err := f.signed(address, 24, "TREE")
	if err != nil {
		return err
	}
	entries, at := int(binary.LittleEndian.Uint16(b[6:])), int(b[5])
	if b[4] != kind || level >= 0 && at != level {
		return fmt.Errorf("tree at address %#x: kind %d, level %d where kind %d, level %d is needed", address, b[4], at, kind, level)
	}
	b, err = f.block(address+24, uint64(entries*(keySize+8)+keySize))
	if err != nil {
		return fmt.Errorf("tree: %w", err)
	}
	c := cursor{b: b}
	for range entries {
		key := c.take(keySize)
		child := c.u64()
		if at > 0 {
			err = f.btree1Node(child, kind, keySize, at-1, visit)
		} else {
			err = visit(key, child)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
