package kernels

import "testing"

// Every slice of a dense layer, the packed weights and biases too, ends or begins at a fence: a read or a write
// beyond it is a fault that ends the test program.
func TestPackedStaysInBounds(t *testing.T) {
	const maxRows = 14 // more than the tallest tile has
	xs, ys := fencedPages(t, 2), fencedPages(t, 2)
	ws, bs := fencedPages(t, 256), fencedPage(t)
	at := func(memory []float32, n int, end bool) []float32 {
		if end {
			return memory[len(memory)-n:]
		}
		return memory[:n]
	}
	for _, isa := range ISAs() {
		if isa == Portable {
			continue // Go checks its bounds itself
		}
		for _, k := range []int{1, 2, 3, 5, 31, 33, 64, 70, 96, 128, 131} {
			for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 64, 65, 130} {
				p := isa.Pack(make([]float32, k*n), make([]float32, n), k, n)
				w, b := p.w, p.b
				for _, end := range []bool{false, true} {
					p.w, p.b = at(ws, len(w), end), at(bs, len(b), end)
					copy(p.w, w)
					copy(p.b, b)
					for rows := 1; rows <= maxRows && rows*k <= len(xs) && rows*n <= len(ys); rows++ {
						p.Run(at(ys, rows*n, end), at(xs, rows*k, end), rows, rows%2 == 0)
					}
					for of := 1; of <= p.Shares(); of++ {
						for share := range of {
							p.RunShare(at(ys, n, end), at(xs, k, end), true, share, of)
						}
					}
				}
			}
		}
	}
}
