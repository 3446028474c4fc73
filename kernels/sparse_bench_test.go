package kernels

import (
	"fmt"
	"testing"
)

// BenchmarkSparse runs the same rows as sparse ones, dense one by one, and as a dense batch. Each of 64 rows names
// other columns, as rows of text do, so that the weights come from where they would in use.
func BenchmarkSparse(b *testing.B) {
	const rows = 64
	for _, c := range []struct{ k, n, elements int }{
		{100000, 16, 30}, {100000, 16, 5000}, {100000, 8, 30}, {100000, 8, 5000}, {20000, 64, 100}, {1000, 256, 50}, {1000, 16, 50}, {1000, 8, 50},
	} {
		r := newRandom(1)
		w, bias, dst := r.values(ordinary, c.k*c.n), r.values(ordinary, c.n), make([]float32, rows*c.n)
		var x []float32
		var columns [rows][]int32
		var values [rows][]float32
		for row := range rows {
			var dense []float32
			dense, columns[row], values[row] = sparseRow(r, ordinary, c.k, c.elements)
			x = append(x, dense...)
		}
		for _, isa := range ISAs() {
			p := isa.Pack(w, bias, c.k, c.n)
			bench := func(name string, run func()) {
				b.Run(fmt.Sprintf("%dx%d/elements=%d/%s/%s", c.k, c.n, c.elements, isa, name), func(b *testing.B) {
					done := 0
					for b.Loop() {
						run()
						done += rows
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(done), "ns/row")
				})
			}
			bench("sparse", func() {
				for row := range rows {
					p.RunSparse(dst[row*c.n:][:c.n], columns[row], values[row], true)
				}
			})
			bench("dense", func() {
				for row := range rows {
					p.Run(dst[row*c.n:][:c.n], x[row*c.k:][:c.k], 1, true)
				}
			})
			bench("batch", func() { p.Run(dst, x, rows, true) })
		}
	}
}
