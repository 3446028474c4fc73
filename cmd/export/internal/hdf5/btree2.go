package hdf5

import (
	"fmt"
	"math/bits"
)

// What a B-tree of version 2 holds.
const (
	hugeObjects    = 1
	linkNames      = 5
	attributeNames = 8
	chunks         = 10
	filteredChunks = 11
)

// tree2 is a B-tree of version 2. How wide the counts in its nodes are follows from how many records
// can be below.
type tree2 struct {
	file       *File
	kind       byte
	nodeSize   uint64
	recordSize int
	countSize  int   // of the number of records in a child
	totalSize  []int // of the number of records below a child, by the child's level; 0 for a leaf
	visit      func(record []byte) error
}

// btree2 calls visit for each record of a B-tree of version 2.
func (f *File) btree2(address uint64, kind byte, visit func(record []byte) error) error {
	b, err := f.checked(address, 38, "BTHD")
	if err != nil {
		return err
	}
	c := cursor{b: b[4:]}
	version, got := c.u8(), c.u8()
	t := tree2{file: f, kind: kind, nodeSize: uint64(c.u32()), recordSize: c.u16(), visit: visit}
	depth := c.u16()
	c.skip(2) // when nodes split and merge
	root, records := c.u64(), c.u16()
	switch {
	case version != 0 || got != kind:
		return fmt.Errorf("tree at address %#x: version %d, kind %d where version 0, kind %d is needed", address, version, got, kind)
	case root == undefined:
		return nil
	case t.nodeSize <= nodeOverhead || t.recordSize == 0 || depth > 32:
		return fmt.Errorf("tree at address %#x: nodes of %d bytes, records of %d, depth %d", address, t.nodeSize, t.recordSize, depth)
	}
	t.measure(depth)
	return t.walk(root, records, depth)
}

// nodeOverhead is a node's signature, version, kind and checksum.
const nodeOverhead = 10

// measure computes the widths of counts: as many bytes as the greatest possible count takes.
func (t *tree2) measure(depth int) {
	width := func(n uint64) int { return (bits.Len64(n) + 7) / 8 }
	most := (t.nodeSize - nodeOverhead) / uint64(t.recordSize)
	t.countSize = width(most)
	t.totalSize = []int{0}
	below := most // records in and below a node of the level
	for range depth {
		pointer := 8 + t.countSize + t.totalSize[len(t.totalSize)-1]
		var n uint64
		if size := uint64(nodeOverhead + pointer); t.nodeSize > size {
			n = (t.nodeSize - size) / uint64(t.recordSize+pointer)
		}
		below = (n+1)*min(below, 1<<40) + n
		t.totalSize = append(t.totalSize, min(width(below), 8))
	}
}

// walk visits a node with a number of records at a level, 0 for a leaf. Levels descend, so there are
// no cycles.
func (t *tree2) walk(address uint64, records, level int) error {
	signature := "BTIN"
	if level == 0 {
		signature = "BTLF"
	}
	size := uint64(nodeOverhead + records*t.recordSize)
	pointer := 8 + t.countSize + t.totalSize[max(level-1, 0)]
	if level > 0 {
		size += uint64((records + 1) * pointer)
	}
	if size > t.nodeSize {
		return fmt.Errorf("node of a tree at address %#x: %d records in %d bytes", address, records, t.nodeSize)
	}
	b, err := t.file.checked(address, size, signature)
	if err != nil {
		return err
	}
	c := cursor{b: b[4:]}
	if version, kind := c.u8(), c.u8(); version != 0 || kind != t.kind {
		return fmt.Errorf("node of a tree at address %#x: version %d, kind %d where version 0, kind %d is needed", address, version, kind, t.kind)
	}
	for range records {
		if err := t.visit(c.take(t.recordSize)); err != nil {
			return err
		}
	}
	if level == 0 {
		return nil
	}
	for range records + 1 {
		child, n := c.u64(), int(c.uint(t.countSize))
		c.skip(t.totalSize[level-1])
		if err := t.walk(child, n, level-1); err != nil {
			return err
		}
	}
	return nil
}
