package kernels

import (
	"fmt"
	"testing"
)

// BenchmarkPacked reports arithmetic in GFLOP/s, to hold against the processor's FMA peak, and the rate at
// which weights are read, to hold against its bandwidth: that is the limit of few rows of a large layer.
func BenchmarkPacked(b *testing.B) {
	for _, size := range []struct{ k, n int }{
		{784, 256}, {256, 10}, {1024, 1024}, {64, 64}, {32, 10}, {12288, 1}, {4096, 4096},
	} {
		for _, rows := range []int{1, 8, 64, 256} {
			r := newRandom(1)
			x, w, bias := r.values(ordinary, rows*size.k), r.values(ordinary, size.k*size.n), r.values(ordinary, size.n)
			dst := make([]float32, rows*size.n)
			for _, isa := range ISAs() {
				if isa == Portable {
					continue // BenchmarkDense
				}
				p := isa.Pack(w, bias, size.k, size.n)
				b.Run(fmt.Sprintf("%dx%d/rows=%d/%s", size.k, size.n, rows, isa), func(b *testing.B) {
					runs := 0
					for b.Loop() {
						p.Run(dst, x, rows, true)
						runs++
					}
					each := b.Elapsed().Seconds() / float64(runs)
					b.ReportMetric(2*float64(rows*size.k*size.n)/each/1e9, "GFLOP/s")
					b.ReportMetric(float64(p.Bytes())/each/1e9, "GB/s")
				})
			}
		}
	}
}
