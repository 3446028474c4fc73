package hdf5

import (
	"fmt"
	"math"
)

// dataspace is the shape of a dataset or an attribute.
type dataspace struct {
	shape []int    // empty for a single value; [0] where there is none
	limit []uint64 // how far each dimension may grow; undefined for without end
}

// maxRank is the most dimensions that HDF5 gives a dataset.
const maxRank = 32

func parseSpace(c *cursor) (dataspace, error) {
	version, rank, flags := c.u8(), int(c.u8()), c.u8()
	switch version {
	case 1:
		c.skip(5)
	case 2:
		if kind := c.u8(); kind == 2 {
			return dataspace{shape: []int{0}, limit: []uint64{0}}, c.err()
		}
	default:
		return dataspace{}, fmt.Errorf("dataspace of version %d", version)
	}
	if rank > maxRank {
		return dataspace{}, fmt.Errorf("%d dimensions: at most %d are possible", rank, maxRank)
	}
	var s dataspace
	for range rank {
		n := c.u64()
		if n > math.MaxInt64 {
			return dataspace{}, fmt.Errorf("a dimension of %d", n)
		}
		s.shape = append(s.shape, int(n))
		s.limit = append(s.limit, n)
	}
	if flags&1 != 0 {
		for i := range rank {
			s.limit[i] = c.u64()
		}
	}
	return s, c.err()
}

// bytes returns what values of a size take, at most limit.
func (s dataspace) bytes(size int, limit uint64) (uint64, error) {
	total := uint64(size)
	for _, n := range s.shape {
		if n == 0 {
			return 0, nil
		}
	}
	for _, n := range s.shape {
		if total > limit/uint64(n) {
			return 0, fmt.Errorf("shape %v of %d bytes a value: %w", s.shape, size, errTooLarge)
		}
		total *= uint64(n)
	}
	if total > limit {
		return 0, fmt.Errorf("shape %v of %d bytes a value: %w", s.shape, size, errTooLarge)
	}
	return total, nil
}
