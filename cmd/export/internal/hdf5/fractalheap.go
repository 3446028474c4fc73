package hdf5

import (
	"errors"
	"fmt"
	"math/bits"
)

// fractalHeap is where the objects of dense storage lie: attributes and links as messages.
//
// It is one long range of offsets, cut into blocks. Rows of blocks, all as long as the table is wide,
// double in size from the second on; rows whose blocks would be larger than a direct block may be
// hold indirect blocks, which are tables of the same kind.
type fractalHeap struct {
	file       *File
	idLength   int
	width      uint64 // blocks in a row
	start      uint64 // bytes of a block in the first two rows
	greatest   uint64 // bytes of a direct block, at most
	offsetSize int    // bytes of an offset in an identifier
	lengthSize int    // bytes of a length in one
	root       uint64
	rows       int // of the root, an indirect block; 0 if it is a direct one
	huge       uint64
	spread     map[uint64]segment // where huge objects lie, by number; nil before it is asked for
	blocks     map[uint64][]byte  // read so far, by address
}

func (f *File) fractalHeap(address uint64) (*fractalHeap, error) {
	const length = 146
	b, err := f.checked(address, length, "FRHP")
	if err != nil {
		return nil, err
	}
	c := cursor{b: b[4:]}
	h := &fractalHeap{file: f, blocks: map[uint64][]byte{}}
	version := c.u8()
	h.idLength = c.u16()
	filters := c.u16()
	c.skip(1) // flags
	largestManaged := uint64(c.u32())
	c.skip(8) // next number of a huge object
	h.huge = c.u64()
	c.skip(8 + 8 + 4*8 + 4*8) // free space, what is used of it, what is huge and what is tiny
	h.width, h.start, h.greatest = uint64(c.u16()), c.u64(), c.u64()
	offsetBits := c.u16()
	c.skip(2) // rows of a new root
	h.root, h.rows = c.u64(), c.u16()
	h.offsetSize = (offsetBits + 7) / 8
	h.lengthSize = min((bits.Len64(h.greatest)+6)/8, (bits.Len64(largestManaged)+7)/8)
	switch {
	case version != 0:
		return nil, fmt.Errorf("fractal heap of version %d", version)
	case filters != 0:
		return nil, errors.New("a fractal heap with filters is not read: h5repack writes it without")
	case h.width == 0 || h.start == 0 || h.greatest < h.start || h.greatest > 1<<32 || offsetBits > 64 || h.rows > 64:
		return nil, fmt.Errorf("fractal heap at address %#x: %d blocks a row, from %d to %d bytes, %d bits of offsets, %d rows", address, h.width, h.start, h.greatest, offsetBits, h.rows)
	}
	return h, nil
}

// object returns an object by its identifier, whose first byte says where it lies.
func (h *fractalHeap) object(id []byte) ([]byte, error) {
	if len(id) < h.idLength {
		return nil, fmt.Errorf("heap identifier of %d bytes where %d are needed", len(id), h.idLength)
	}
	c := cursor{b: id[:h.idLength]}
	switch kind := c.u8() >> 4; kind { // the upper two of these bits are the version, 0
	case 0:
		offset, length := c.uint(h.offsetSize), c.uint(h.lengthSize)
		if err := c.err(); err != nil {
			return nil, fmt.Errorf("heap identifier %w", err)
		}
		if h.rows == 0 {
			return h.inDirect(h.root, h.start, offset, length)
		}
		return h.inIndirect(h.root, h.rows, offset, length)
	case 1:
		return h.hugeObject(c.uint(min(len(c.b), 8)))
	default:
		return nil, fmt.Errorf("heap identifier of kind %d is not read", kind)
	}
}

// block returns a block of the heap, which read reads if it is the first time.
func (h *fractalHeap) block(address, size uint64, signature string, read func(address, n uint64, signature string) ([]byte, error)) ([]byte, error) {
	if b := h.blocks[address]; uint64(len(b)) == size {
		return b, nil
	}
	b, err := read(address, size, signature)
	if err != nil {
		return nil, err
	}
	h.blocks[address] = b
	return b, nil
}

// inDirect returns an object in a direct block. Offsets count the block's own header.
func (h *fractalHeap) inDirect(address, size, offset, length uint64) ([]byte, error) {
	if offset > size || length > size-offset {
		return nil, fmt.Errorf("%d bytes at %d in a heap block of %d", length, offset, size)
	}
	b, err := h.block(address, size, "FHDB", h.file.signed)
	if err != nil {
		return nil, err
	}
	return b[offset : offset+length], nil
}

// inIndirect finds the block of a table that an offset falls into. The rows of the tables get fewer
// from level to level, so there are no cycles.
func (h *fractalHeap) inIndirect(address uint64, rows int, offset, length uint64) ([]byte, error) {
	size, at, entry := h.start, uint64(0), uint64(0)
	for row := range rows {
		if row > 1 {
			size *= 2
		}
		if size > 1<<48 {
			break
		}
		if offset-at < size*h.width {
			entry += (offset - at) / size
			child, err := h.child(address, rows, entry, size)
			if err != nil {
				return nil, err
			}
			offset = (offset - at) % size
			if size <= h.greatest {
				return h.inDirect(child, size, offset, length)
			}
			below := h.rowsFor(size)
			if below >= rows {
				return nil, fmt.Errorf("a table of %d rows in a fractal heap's table of %d", below, rows)
			}
			return h.inIndirect(child, below, offset, length)
		}
		at += size * h.width
		entry += h.width
	}
	return nil, fmt.Errorf("an object at %d, past the end of its fractal heap", offset)
}

// child returns the address of a block in the table of an indirect block. Direct blocks are listed
// before indirect ones, in the same order as their offsets.
func (h *fractalHeap) child(address uint64, rows int, entry, size uint64) (uint64, error) {
	prefix := uint64(4 + 1 + 8 + h.offsetSize)
	entries := uint64(rows) * h.width
	b, err := h.block(address, prefix+8*entries+4, "FHIB", h.signedTable)
	if err != nil {
		return 0, err
	}
	c := cursor{b: b[prefix+8*entry:]}
	child := c.u64()
	if child == undefined {
		return 0, fmt.Errorf("an object in a block of %d bytes that its fractal heap does not have", size)
	}
	return child, nil
}

// signedTable reads an indirect block, and leaves its checksum on it.
func (h *fractalHeap) signedTable(address, n uint64, signature string) ([]byte, error) {
	b, err := h.file.checked(address, n, signature)
	if err != nil {
		return nil, err
	}
	return b[:n], nil
}

// rowsFor returns the rows of an indirect block that covers a size.
func (h *fractalHeap) rowsFor(size uint64) int {
	return bits.Len64(size) - bits.Len64(h.start*h.width) + 1
}

// hugeObject returns an object too large for the blocks, by the number that a B-tree lists.
func (h *fractalHeap) hugeObject(number uint64) ([]byte, error) {
	if h.spread == nil {
		h.spread = map[uint64]segment{}
		err := h.file.btree2(h.huge, hugeObjects, func(record []byte) error {
			c := cursor{b: record}
			at := segment{c.u64(), c.u64()}
			h.spread[c.u64()] = at
			if c.short {
				return fmt.Errorf("a record of a huge object %w", errShort)
			}
			return h.file.entry()
		})
		if err != nil {
			return nil, err
		}
	}
	at, ok := h.spread[number]
	if !ok {
		return nil, fmt.Errorf("huge object %d is not in its heap", number)
	}
	return h.file.block(at.address, at.size)
}
