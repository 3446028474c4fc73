package kernels

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// fencedPage returns a page of memory between two that may be neither read nor written.
func fencedPage(t *testing.T) []float32 {
	t.Helper()
	return fencedPages(t, 1)
}

// fencedPages returns several pages between such two.
func fencedPages(t *testing.T, pages int) []float32 {
	t.Helper()
	size := os.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, (pages+2)*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(memory); err != nil {
			t.Error(err)
		}
	})
	for _, fence := range [][]byte{memory[:size], memory[(pages+1)*size:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&memory[size])), pages*size/4)
}

// Guard words show what is written out of bounds, not what is read: here a read beyond either end of a slice is
// a fault that ends the test program.
func TestISAKernelsStayInBounds(t *testing.T) {
	source, target, operands := fencedPage(t), fencedPage(t), fencedPage(t)
	for i := range source {
		source[i] = float32(i%7) - 3
		operands[i] = float32(i%5) + 1
	}
	for _, isa := range ISAs() {
		for n := range 3*lanes + 2 {
			for _, atEnd := range []bool{false, true} {
				first := 0
				if atEnd {
					first = len(source) - n
				}
				x, dst, operand := source[first:][:n], target[first:][:n], operands[first:][:n]
				for _, c := range mapCases {
					isa.Map(c.f, dst, x, c.alpha, c.beta)
				}
				for _, step := range columnSteps {
					step.kernel(isa, dst, x, operand, 1, n)
				}
				for _, step := range rowSteps {
					step.kernel(isa, dst, x, 1, n)
				}
				if n > 0 {
					isa.ArgMax(dst[:1], x, 1, n)
				}
				bytes := unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(x))), n)
				if atEnd && n > 0 {
					bytes = unsafe.Slice((*uint8)(unsafe.Pointer(&x[0])), 4*n)[3*n:]
				}
				isa.FromUint8(dst, bytes)
			}
		}
	}
}
