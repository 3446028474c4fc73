package kernels

import (
	"fmt"
	"testing"
)

func BenchmarkFMA(b *testing.B) {
	sum := float32(0)
	for b.Loop() {
		sum = FMA(0.75, 1.25, sum*0.5)
	}
	_ = sum
}

// BenchmarkMap reports the time of one element.
func BenchmarkMap(b *testing.B) {
	x, dst := make([]float32, 1024), make([]float32, 1024)
	for i := range x {
		x[i] = float32(i-512) / 64
	}
	for f := FuncReLU; f <= FuncGreaterEqual; f++ {
		b.Run(f.String(), func(b *testing.B) {
			elements := 0
			for b.Loop() {
				Map(f, dst, x, 0.25, 0.5)
				elements += len(x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(elements), "ns/element")
		})
	}
}

// BenchmarkDense reports the time of one multiply-add, over the layers of small nets and one larger layer.
func BenchmarkDense(b *testing.B) {
	for _, c := range []struct{ rows, k, n int }{
		{1, 4, 5}, {1, 64, 32}, {1, 32, 10}, {1, 64, 10}, {64, 64, 32}, {1, 512, 512},
	} {
		r := newRandom(1)
		x, w, bias := r.values(ordinary, c.rows*c.k), r.values(ordinary, c.k*c.n), r.values(ordinary, c.n)
		dst := make([]float32, c.rows*c.n)
		q, wq := make([]int8, c.k), make([]int8, c.k*c.n)
		for i := range wq {
			wq[i] = int8(i%255 - 127)
		}
		perProduct := func(b *testing.B, run func()) {
			products := 0
			for b.Loop() {
				run()
				products += c.rows * c.k * c.n
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(products), "ns/product")
		}
		size := fmt.Sprintf("%dx%dx%d", c.rows, c.k, c.n)
		b.Run("float32/"+size, func(b *testing.B) {
			perProduct(b, func() { Dense(dst, x, w, bias, c.rows, c.k, c.n) })
		})
		b.Run("int8/"+size, func(b *testing.B) {
			perProduct(b, func() { DenseInt8(dst, x, wq, bias, bias, c.rows, c.k, c.n, q) })
		})
	}
}

func BenchmarkSoftmax(b *testing.B) {
	x := newRandom(1).values(ordinary, 10)
	dst := make([]float32, 10)
	for b.Loop() {
		Softmax(dst, x, 1, 10)
	}
}
