package hdf5

import (
	"fmt"
	"math"
)

// chunkedLayout is how a dataset is cut into chunks, all of one shape. Those at its edges reach
// beyond it.
type chunkedLayout struct {
	shape []int  // of a chunk
	size  uint64 // bytes of a chunk
	index chunkIndex
	// Where the index begins; or the first chunk, where there is no index.
	address uint64
	single  chunk    // of the index of that name
	limits  []uint64 // how far the dataset may grow
	filters bool     // whether chunks have sizes of their own
}

// chunk is where one chunk lies.
type chunk struct {
	at      []int // which one it is, along each dimension
	address uint64
	stored  uint64 // bytes in the file
	skipped uint32 // a bit for each filter that was not applied
}

// maxChunk is the most bytes that HDF5 gives a chunk.
const maxChunk = math.MaxUint32

func (l *chunkedLayout) setShape(sizes []uint64, h *header) error {
	if len(sizes) != len(h.space.shape)+1 || len(sizes) < 2 {
		return fmt.Errorf("%d dimensions for a dataset of shape %v", len(sizes)-1, h.space.shape)
	}
	l.size = 1
	for _, n := range sizes {
		if n == 0 || n > maxChunk/l.size {
			return fmt.Errorf("chunks of %v", sizes)
		}
		l.size *= n
	}
	last := len(sizes) - 1
	if sizes[last] != uint64(h.dtype.size) {
		return fmt.Errorf("chunks of values of %d bytes where the datatype has %d", sizes[last], h.dtype.size)
	}
	for _, n := range sizes[:last] {
		l.shape = append(l.shape, int(n))
	}
	return nil
}

// grid returns how many chunks there are along each dimension of a length.
func (l *chunkedLayout) grid(lengths []int) []int {
	counts := make([]int, len(lengths))
	for i, n := range lengths {
		counts[i] = n / l.shape[i]
		if n%l.shape[i] != 0 {
			counts[i]++
		}
	}
	return counts
}

// chunked reads all chunks into n bytes.
func (f *File) chunked(h *header, l *chunkedLayout, n uint64) ([]byte, error) {
	values := make([]byte, n)
	if err := h.fillUp(values); err != nil {
		return nil, err
	}
	p := placer{size: h.dtype.size, whole: h.space.shape, part: l.shape}
	grid := l.grid(h.space.shape)
	seen := make([]bool, product(grid))
	err := l.each(f, func(c chunk) error {
		ordinal, inside := position(c.at, grid)
		switch {
		case !inside: // left over from before the dataset shrank
			return nil
		case seen[ordinal]:
			return fmt.Errorf("chunk %v comes twice", c.at)
		}
		seen[ordinal] = true
		// A single value may lie in a chunk for thousands: what is read to be thrown away counts.
		if err := spend(&f.allowed.values, l.size-p.bytes(c.at), "values"); err != nil {
			return err
		}
		b, err := f.chunk(h, l, c)
		if err != nil {
			return fmt.Errorf("chunk %v: %w", c.at, err)
		}
		p.place(values, b, c.at)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return values, nil
}

// chunk returns the values of a chunk, without the filters.
func (f *File) chunk(h *header, l *chunkedLayout, c chunk) ([]byte, error) {
	if err := spend(&f.allowed.stored, c.stored, "stored data"); err != nil {
		return nil, err
	}
	b, err := f.read(c.address, c.stored)
	if err != nil {
		return nil, err
	}
	for i := len(h.filters) - 1; i >= 0; i-- {
		if c.skipped&(1<<i) != 0 {
			continue
		}
		if b, err = h.filters[i].undo(b, l.size, h.dtype.size); err != nil {
			return nil, err
		}
	}
	if uint64(len(b)) != l.size {
		return nil, fmt.Errorf("%d bytes where %d are needed", len(b), l.size)
	}
	return b, nil
}

// position returns the place of a chunk in a grid, in C order, and whether it lies in it at all.
func position(at, grid []int) (ordinal int, inside bool) {
	for i, n := range grid {
		if at[i] < 0 || at[i] >= n {
			return 0, false
		}
		ordinal = ordinal*n + at[i]
	}
	return ordinal, true
}

func product(factors []int) int {
	n := 1
	for _, f := range factors {
		n *= f
	}
	return n
}
