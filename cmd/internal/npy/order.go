package npy

// toC reorders values of size bytes from Fortran order (first index fastest) to C order. It takes
// src as room to work in.
//
// Fortran order is C order with the dimensions reversed. Moving the first of those to the end, which
// is to transpose a matrix, puts it right; together with a value it is then one larger value, and the
// dimensions before it are left to do.
func toC(src []byte, shape []int, size int) []byte {
	if len(src) == 0 {
		return src
	}
	dst := make([]byte, len(src))
	for k := len(shape) - 1; k > 0; k-- {
		if rest := len(src) / size / shape[k]; shape[k] > 1 && rest > 1 {
			transpose(dst, src, shape[k], rest, size)
			src, dst = dst, src
		}
		size *= shape[k]
	}
	return src
}

// transpose writes the columns of a matrix, rows × columns values of size bytes, as rows. It goes
// block by block: across the whole matrix, each value read would bring a line into the cache that is
// gone again before its next value is due.
func transpose(dst, src []byte, rows, columns, size int) {
	const block = 64
	for j0 := 0; j0 < columns; j0 += block {
		for i0 := 0; i0 < rows; i0 += block {
			for j := j0; j < min(j0+block, columns); j++ {
				row := dst[(j*rows+i0)*size : (j*rows+min(i0+block, rows))*size]
				gather(row, src[(i0*columns+j)*size:], columns*size, size)
			}
		}
	}
}

// gather fills row with values of size bytes that begin step bytes apart in src.
func gather(row, src []byte, step, size int) {
	from := 0
	switch size {
	case 4: // for the usual sizes a call of copy would take longer than the move
		for ; len(row) > 0; row = row[4:] {
			*(*[4]byte)(row) = [4]byte(src[from:])
			from += step
		}
	case 8:
		for ; len(row) > 0; row = row[8:] {
			*(*[8]byte)(row) = [8]byte(src[from:])
			from += step
		}
	default:
		for ; len(row) > 0; row = row[size:] {
			copy(row[:size], src[from:])
			from += step
		}
	}
}
