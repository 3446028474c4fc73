package hdf5

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// chunkIndex is how a dataset lists its chunks. Version 1 B-trees were the only way once; since then
// the library picks a way that suits the dimensions along which the dataset may grow.
type chunkIndex byte

const (
	indexSingle          chunkIndex = 1 // there is but one
	indexImplicit        chunkIndex = 2 // chunks without filters, one after another
	indexFixedArray      chunkIndex = 3 // for datasets that have a limit
	indexExtensibleArray chunkIndex = 4 // for those without one in one dimension
	indexBTree2          chunkIndex = 5 // and in several
	indexBTree1          chunkIndex = 100
)

// parseChunked reads the rest of a layout message of class chunked.
func parseChunked(c *cursor, version byte, h *header) (*chunkedLayout, error) {
	l := &chunkedLayout{limits: h.space.limit, filters: len(h.filters) > 0}
	if version == 3 {
		rank := int(c.u8())
		l.index, l.address = indexBTree1, c.u64()
		if err := l.setShape(sizes(c, rank, 4), h); err != nil {
			return nil, err
		}
		return l, c.err()
	}
	flags, rank, width := c.u8(), int(c.u8()), int(c.u8())
	if width > 8 {
		return nil, fmt.Errorf("sizes of %d bytes", width)
	}
	if flags&1 != 0 && l.filters {
		return nil, errors.New("those at the edges are stored without filters, which is not read: h5repack writes them alike")
	}
	if err := l.setShape(sizes(c, rank, width), h); err != nil {
		return nil, err
	}
	l.index = chunkIndex(c.u8())
	l.single = chunk{at: make([]int, len(l.shape)), stored: l.size}
	switch l.index {
	case indexSingle:
		if flags&2 != 0 { // filtered
			l.single.stored, l.single.skipped = c.u64(), c.u32()
		}
	case indexImplicit:
	case indexFixedArray:
		c.skip(1) // size of pages: the array's own header has it too
	case indexExtensibleArray:
		c.skip(5)
	case indexBTree2:
		c.skip(6)
	default:
		return nil, fmt.Errorf("index %d is not read: h5repack writes another one", l.index)
	}
	l.address = c.u64()
	return l, c.err()
}

// sizes reads the shape of a chunk, the last one being the bytes of a value.
func sizes(c *cursor, rank, width int) []uint64 {
	var list []uint64
	for range rank {
		list = append(list, c.uint(width))
	}
	return list
}

// each calls visit for each chunk that was written.
func (l *chunkedLayout) each(f *File, visit func(chunk) error) error {
	if l.address == undefined {
		return nil
	}
	switch l.index {
	case indexSingle:
		l.single.address = l.address
		return visit(l.single)
	case indexBTree1:
		return l.eachOfBTree1(f, visit)
	case indexBTree2:
		return l.eachOfBTree2(f, visit)
	}
	order, err := l.order()
	if err != nil {
		return err
	}
	a := chunkArray{file: f, order: order, layout: l, visit: visit}
	switch l.index {
	case indexFixedArray:
		return a.fixed()
	case indexExtensibleArray:
		return a.extensible()
	}
	return a.implicit()
}

func (l *chunkedLayout) eachOfBTree1(f *File, visit func(chunk) error) error {
	keySize := 8 + 8*(len(l.shape)+1)
	return f.btree1(l.address, treeOfChunks, keySize, func(key []byte, address uint64) error {
		k := cursor{b: key}
		c := chunk{address: address, stored: uint64(k.u32()), skipped: k.u32()}
		for _, n := range l.shape {
			start := k.u64()
			if start > math.MaxInt64 || start%uint64(n) != 0 {
				return fmt.Errorf("a chunk at %d, chunks are %d long", start, n)
			}
			c.at = append(c.at, int(start)/n)
		}
		return visit(c)
	})
}

func (l *chunkedLayout) eachOfBTree2(f *File, visit func(chunk) error) error {
	kind := byte(chunks)
	if l.filters {
		kind = filteredChunks
	}
	return f.btree2(l.address, kind, func(record []byte) error {
		r := cursor{b: record}
		c := chunk{address: r.u64(), stored: l.size}
		if l.filters {
			c.stored = r.uint(min(len(record)-8-4-8*len(l.shape), 8))
			c.skipped = r.u32()
		}
		for range l.shape {
			c.at = append(c.at, int(min(r.u64(), math.MaxInt64)))
		}
		if r.short {
			return fmt.Errorf("a record of a chunk %w", errShort)
		}
		return visit(c)
	})
}

// chunkOrder says which chunk has which number in an array of them. They are numbered in C order, but
// the dimension that may grow without end comes first.
type chunkOrder struct {
	dimensions []int    // slowest first
	counts     []uint64 // chunks along each
	total      uint64   // of all chunks; 0 if there is no end to them
}

func (l *chunkedLayout) order() (chunkOrder, error) {
	var o chunkOrder
	endless := 0
	below := uint64(1)
	for i, limit := range l.limits {
		if limit == undefined {
			o.dimensions = append([]int{i}, o.dimensions...)
			o.counts = append([]uint64{0}, o.counts...)
			endless++
			continue
		}
		part := uint64(l.shape[i])
		count := limit/part + min(limit%part, 1)
		over, product := bits.Mul64(below, max(count, 1))
		if over != 0 {
			return o, fmt.Errorf("more chunks than can be counted: limits are %v", l.limits)
		}
		below = product
		o.dimensions = append(o.dimensions, i)
		o.counts = append(o.counts, max(count, 1))
	}
	switch {
	case endless == 0:
		o.total = below
	case endless > 1 || l.index != indexExtensibleArray:
		return o, fmt.Errorf("index %d for limits %v", l.index, l.limits)
	}
	return o, nil
}

// at returns which chunk has a number.
func (o chunkOrder) at(number uint64) []int {
	at := make([]int, len(o.dimensions))
	for i := len(o.dimensions) - 1; i > 0; i-- {
		at[o.dimensions[i]] = int(number % o.counts[i])
		number /= o.counts[i]
	}
	at[o.dimensions[0]] = int(min(number, math.MaxInt64))
	return at
}
