package npy

import (
	"encoding/binary"
	"fmt"
	"testing"
)

// TestToC puts the place that each value has in Fortran order into the value, and counts indices.
func TestToC(t *testing.T) {
	for _, shape := range [][]int{
		nil, {5}, {0, 3}, {3, 0, 2}, {1, 7}, {7, 1}, {2, 3}, {65, 130}, {130, 65}, {64, 128},
		{2, 3, 4}, {1, 5, 1, 3}, {3, 1, 70}, {67, 1, 2}, {2, 3, 1, 4, 5}, {70, 3, 66},
	} {
		for _, size := range []int{2, 4, 8, 12} {
			t.Run(fmt.Sprintf("%v of %d bytes", shape, size), func(t *testing.T) {
				n := Header{Shape: shape}.Len()
				src := make([]byte, n*size)
				for i := range n {
					binary.LittleEndian.PutUint16(src[i*size:], uint16(i))
					src[(i+1)*size-1] ^= 0x80 // the last byte moves along
				}
				got := toC(src, shape, size)
				if len(got) != n*size {
					t.Fatalf("%d bytes, want %d", len(got), n*size)
				}
				for i := range n {
					want := make([]byte, size)
					binary.LittleEndian.PutUint16(want, uint16(fortranPlace(shape, i)))
					want[size-1] ^= 0x80
					if value := got[i*size:][:size]; string(value) != string(want) {
						t.Fatalf("value %d is % x, want % x", i, value, want)
					}
				}
			})
		}
	}
}

// fortranPlace is the place in Fortran order of the value at place i in C order.
func fortranPlace(shape []int, i int) int {
	place := 0
	stride := Header{Shape: shape}.Len()
	for k := len(shape) - 1; k >= 0; k-- {
		stride /= shape[k]
		place += i % shape[k] * stride
		i /= shape[k]
	}
	return place
}

func BenchmarkToC(b *testing.B) {
	for _, test := range []struct {
		shape []int
		size  int
	}{
		{[]int{1_000_000, 64}, 4},
		{[]int{1 << 16, 64}, 4}, // columns that are a power of two apart share the lines of a cache
		{[]int{1_000_000, 64}, 8},
		{[]int{10_000, 28, 28, 3}, 1},
	} {
		b.Run(fmt.Sprintf("%v of %d bytes", test.shape, test.size), func(b *testing.B) {
			src := make([]byte, Header{Shape: test.shape}.Len()*test.size)
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				toC(src, test.shape, test.size)
			}
		})
	}
}
