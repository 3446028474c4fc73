package kernels

import (
	"testing"
	"unsafe"
)

// A read beyond either end of the columns or the values is a fault that ends the test program.
func TestSparseStaysInBounds(t *testing.T) {
	positions, elements := fencedPage(t), fencedPage(t)
	places := unsafe.Slice((*int32)(unsafe.Pointer(&positions[0])), len(positions))
	for _, isa := range ISAs() {
		for _, n := range []int{3, 40} {
			const k = 200
			p := isa.Pack(make([]float32, k*n), make([]float32, n), k, n)
			for count := range 20 {
				for _, first := range []int{0, len(places) - count} {
					columns := places[first:][:count]
					for i := range columns {
						columns[i] = int32(i * 10)
					}
					p.RunSparse(make([]float32, n), columns, elements[first:][:count], true)
				}
			}
		}
	}
}
