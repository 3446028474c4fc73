package kernels

import (
	"fmt"
	"testing"
)

// perElement runs a kernel over n elements and reports the time of one.
func perElement(b *testing.B, n int, run func()) {
	elements := 0
	for b.Loop() {
		run()
		elements += n
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(elements), "ns/element")
}

// BenchmarkISAMap compares the instruction sets over widths of small nets and over a long row.
func BenchmarkISAMap(b *testing.B) {
	for f := FuncReLU; f <= FuncGreaterEqual; f++ {
		for _, n := range []int{10, 16, 1024} {
			x, dst := make([]float32, n), make([]float32, n)
			for i := range x {
				x[i] = float32(i-n/2) * 16 / float32(n)
			}
			for _, isa := range ISAs() {
				b.Run(fmt.Sprintf("%s/%d/%s", f, n, isa), func(b *testing.B) {
					perElement(b, n, func() { isa.Map(f, dst, x, 0.25, 0.5) })
				})
			}
		}
	}
}

func BenchmarkISARows(b *testing.B) {
	steps := append(rowSteps[:len(rowSteps):len(rowSteps)], rowSteps[0])
	steps[len(steps)-1].name = "argmax"
	steps[len(steps)-1].kernel = func(isa ISA, dst, x []float32, rows, n int) { isa.ArgMax(dst[:rows], x, rows, n) }
	for _, step := range steps {
		for _, n := range []int{10, 64, 1000} {
			x, dst := newRandom(1).values(ordinary, n), make([]float32, n)
			for _, isa := range ISAs() {
				b.Run(fmt.Sprintf("%s/%d/%s", step.name, n, isa), func(b *testing.B) {
					perElement(b, n, func() { step.kernel(isa, dst, x, 1, n) })
				})
			}
		}
	}
}

// BenchmarkISAColumns standardises a batch: subtract, then divide.
func BenchmarkISAColumns(b *testing.B) {
	const rows = 64
	for _, n := range []int{4, 64} {
		x, operand := newRandom(1).values(ordinary, rows*n), newRandom(2).values(wide, n)
		dst := make([]float32, rows*n)
		for _, isa := range ISAs() {
			b.Run(fmt.Sprintf("%d/%s", n, isa), func(b *testing.B) {
				perElement(b, rows*n, func() {
					isa.Affine(Subtract, dst, x, operand, rows, n)
					isa.Affine(Divide, dst, dst, operand, rows, n)
				})
			})
		}
	}
}

func BenchmarkISAFromUint8(b *testing.B) {
	src, dst := make([]uint8, 784), make([]float32, 784)
	for _, isa := range ISAs() {
		b.Run(isa.String(), func(b *testing.B) {
			perElement(b, len(src), func() { isa.FromUint8(dst, src) })
		})
	}
}
