package hdf5

import (
	"fmt"
	"math/bits"
)

// chunkArray walks the arrays in which newer files list chunks by number.
type chunkArray struct {
	file   *File
	layout *chunkedLayout
	order  chunkOrder
	visit  func(chunk) error

	elementSize int
	pageBits    int    // a block of more than 1<<pageBits elements is stored in pages of so many
	offsetSize  int    // bytes of a block's offset in an extensible array
	next        uint64 // number of the next element
}

// implicit visits chunks that lie one after another.
func (a *chunkArray) implicit() error {
	if a.order.total > a.file.size {
		return fmt.Errorf("%d chunks in a file of %d bytes", a.order.total, a.file.size)
	}
	for n := range a.order.total {
		c := chunk{at: a.order.at(n), address: a.layout.address + n*a.layout.size, stored: a.layout.size}
		if err := a.visit(c); err != nil {
			return err
		}
	}
	return nil
}

// fixed visits the chunks of an array whose length never changes.
func (a *chunkArray) fixed() error {
	b, err := a.file.checked(a.layout.address, 28, "FAHD")
	if err != nil {
		return err
	}
	c := cursor{b: b[6:]}
	a.elementSize, a.pageBits = int(c.u8()), int(c.u8())
	elements, block := c.u64(), c.u64()
	if err := a.check(); err != nil {
		return err
	}
	if block == undefined {
		return nil
	}
	if elements > a.file.size {
		return fmt.Errorf("%d chunks in a file of %d bytes", elements, a.file.size)
	}
	const prefix = 4 + 1 + 1 + 8
	if !a.paged(elements) {
		return a.block(block, prefix, elements, "FADB")
	}
	marks := (a.pages(elements) + 7) / 8
	if b, err = a.file.checked(block, prefix+marks+4, "FADB"); err != nil {
		return err
	}
	return a.pagesOf(block+prefix+marks+4, elements, b[prefix:], 0)
}

// check refuses sizes that no library writes.
func (a *chunkArray) check() error {
	least, most := 8, 8
	if a.layout.filters {
		least, most = 8+1+4, 8+8+4 // address, size, skipped filters
	}
	if a.elementSize < least || a.elementSize > most || a.pageBits > 32 {
		return fmt.Errorf("an array of chunks with elements of %d bytes and pages of 2^%d", a.elementSize, a.pageBits)
	}
	return nil
}

func (a *chunkArray) paged(elements uint64) bool { return elements > 1<<a.pageBits }
func (a *chunkArray) pages(elements uint64) uint64 {
	return (elements + 1<<a.pageBits - 1) >> a.pageBits
}

// block visits the elements of a block that is not paged.
func (a *chunkArray) block(address, prefix, elements uint64, signature string) error {
	b, err := a.file.checked(address, prefix+elements*uint64(a.elementSize)+4, signature)
	if err != nil {
		return err
	}
	return a.elements(&cursor{b: b[prefix:]}, elements)
}

// pagesOf visits elements in pages. Those without a mark, a bit each, were never written; the first
// page has the mark of the given number.
func (a *chunkArray) pagesOf(address, elements uint64, marks []byte, first uint64) error {
	for page := range a.pages(elements) {
		mark := first + page
		n := min(elements-page<<a.pageBits, 1<<a.pageBits)
		size := n*uint64(a.elementSize) + 4
		if marks[mark/8]&(0x80>>(mark%8)) == 0 {
			a.next += n
		} else {
			b, err := a.file.checked(address, size, "")
			if err != nil {
				return err
			}
			if err := a.elements(&cursor{b: b}, n); err != nil {
				return err
			}
		}
		address += size
	}
	return nil
}

// elements visits the next chunks.
func (a *chunkArray) elements(c *cursor, n uint64) error {
	for range n {
		e := chunk{address: c.u64(), stored: a.layout.size}
		if a.layout.filters {
			e.stored, e.skipped = c.uint(a.elementSize-8-4), c.u32()
		}
		number := a.next
		a.next++
		if e.address == undefined {
			continue
		}
		e.at = a.order.at(number)
		if err := a.visit(e); err != nil {
			return err
		}
	}
	return c.err()
}

// extensible visits the chunks of an array that grows: an index block holds the first elements and
// the addresses of a few data blocks; after them come those of super blocks, which hold the addresses
// of more and larger data blocks.
func (a *chunkArray) extensible() error {
	b, err := a.file.checked(a.layout.address, 72, "EAHD")
	if err != nil {
		return err
	}
	c := cursor{b: b[6:]}
	a.elementSize = int(c.u8())
	numberBits, inIndex, least, pointers := int(c.u8()), uint64(c.u8()), uint64(c.u8()), uint64(c.u8())
	a.pageBits = int(c.u8())
	c.skip(6 * 8) // statistics
	index := c.u64()
	a.offsetSize = (numberBits + 7) / 8
	if err := a.check(); err != nil {
		return err
	}
	powers := bits.OnesCount64(least) == 1 && bits.OnesCount64(pointers) == 1
	supers := 1 + numberBits - log2(least)
	inline := 2 * log2(pointers) // super blocks whose data blocks the index block lists itself
	if !powers || numberBits > 64 || supers < inline {
		return fmt.Errorf("an extensible array of at most 2^%d elements, %d or more a block, %d or more pointers", numberBits, least, pointers)
	}
	if index == undefined {
		return nil
	}
	return a.indexBlock(index, inIndex, least, inline, supers)
}

func log2(power uint64) int { return bits.Len64(power) - 1 }

// dataBlocks returns how many data blocks a super block has, and how many elements each.
func dataBlocks(super int, least uint64) (blocks, elements uint64) {
	return 1 << (super / 2), least << ((super + 1) / 2)
}

func (a *chunkArray) indexBlock(address, inIndex, least uint64, inline, supers int) error {
	const prefix = 4 + 1 + 1 + 8
	pointers := uint64(supers - inline)
	for s := range inline {
		blocks, _ := dataBlocks(s, least)
		pointers += blocks
	}
	b, err := a.file.checked(address, prefix+inIndex*uint64(a.elementSize)+8*pointers+4, "EAIB")
	if err != nil {
		return err
	}
	c := &cursor{b: b[prefix:]}
	if err := a.elements(c, inIndex); err != nil {
		return err
	}
	for s := range supers {
		blocks, elements := dataBlocks(s, least)
		if s >= inline {
			if err := a.superBlock(c.u64(), blocks, elements); err != nil {
				return err
			}
			continue
		}
		for range blocks {
			if err := a.dataBlock(c.u64(), elements, nil, 0); err != nil {
				return err
			}
		}
	}
	return c.err()
}

func (a *chunkArray) superBlock(address, blocks, elements uint64) error {
	if address == undefined {
		a.next += blocks * elements
		return nil
	}
	var pages uint64 // of a data block
	if a.paged(elements) {
		pages = a.pages(elements)
	}
	prefix := uint64(4 + 1 + 1 + 8 + a.offsetSize)
	if blocks > a.file.size || pages > a.file.size {
		return fmt.Errorf("%d blocks of %d pages of chunks in a file of %d bytes", blocks, pages, a.file.size)
	}
	// Room for marks is taken by whole bytes a block, but the marks follow each other by bits.
	marks := blocks * ((pages + 7) / 8)
	b, err := a.file.checked(address, prefix+marks+8*blocks+4, "EASB")
	if err != nil {
		return err
	}
	c := cursor{b: b[prefix+marks:]}
	for i := range blocks {
		if err := a.dataBlock(c.u64(), elements, b[prefix:prefix+marks], i*pages); err != nil {
			return err
		}
	}
	return nil
}

func (a *chunkArray) dataBlock(address, elements uint64, marks []byte, first uint64) error {
	if address == undefined {
		a.next += elements
		return nil
	}
	if elements > a.file.size {
		return fmt.Errorf("%d chunks in a file of %d bytes", elements, a.file.size)
	}
	prefix := uint64(4 + 1 + 1 + 8 + a.offsetSize)
	if !a.paged(elements) || marks == nil {
		return a.block(address, prefix, elements, "EADB")
	}
	if _, err := a.file.checked(address, prefix+4, "EADB"); err != nil {
		return err
	}
	return a.pagesOf(address+prefix+4, elements, marks, first)
}
