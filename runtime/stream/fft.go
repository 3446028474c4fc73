package stream

import "math/bits"

// An fft computes the power spectrum of 2^m real numbers: as the transform of half
// as many complex ones, even places real and odd places imaginary, which is then
// taken apart (FEATURES.md, "The transform").
type fft struct {
	size     int       // 2^m, 4 or more
	cos, sin []float64 // of 2πk/size, k = 0 … size/2
	re, im   []float64 // [size/2]
}

func newFFT(size int) *fft {
	cos, sin := circle(size)
	return &fft{size, cos, sin, make([]float64, size/2), make([]float64, size/2)}
}

// power computes |X[k]|² for k = 0 … size/2 from the numbers that set put in.
func (f *fft) power(dst []float64) {
	f.permute()
	for half := 1; half < len(f.re); half *= 2 {
		f.stage(half)
	}
	re, im, h := f.re, f.im, len(f.re)
	first, last := re[0]+im[0], re[0]-im[0]
	dst[0], dst[h] = float64(first*first), float64(last*last)
	for k := 1; k < h; k++ {
		// The transforms of the even places and of the odd ones.
		evenRe, evenIm := float64((re[k]+re[h-k])/2), float64((im[k]-im[h-k])/2)
		oddRe, oddIm := float64((im[k]+im[h-k])/2), float64((re[h-k]-re[k])/2)
		c, s := f.cos[k], f.sin[k]
		x := evenRe + (float64(c*oddRe) + float64(s*oddIm))
		y := evenIm + (float64(c*oddIm) - float64(s*oddRe))
		dst[k] = float64(x*x) + float64(y*y)
	}
}

// set puts in the real number at a place.
func (f *fft) set(i int, v float64) {
	if i%2 == 0 {
		f.re[i/2] = v
	} else {
		f.im[i/2] = v
	}
}

// permute puts the numbers in the order of their places' reversed bits.
func (f *fft) permute() {
	shift := bits.UintSize - bits.Len(uint(len(f.re)-1))
	for i := range f.re {
		if j := int(bits.Reverse(uint(i)) >> shift); i < j {
			f.re[i], f.re[j] = f.re[j], f.re[i]
			f.im[i], f.im[j] = f.im[j], f.im[i]
		}
	}
}

// stage joins transforms of half numbers to transforms of twice as many.
func (f *fft) stage(half int) {
	stride := f.size / (2 * half)
	for start := 0; start < len(f.re); start += 2 * half {
		// Slices of one known length spare the loop its checks.
		aRe, aIm := f.re[start:][:half], f.im[start:][:half]
		bRe, bIm := f.re[start+half:][:half], f.im[start+half:][:half]
		for j := range half {
			c, s := f.cos[j*stride], f.sin[j*stride]
			x := float64(c*bRe[j]) + float64(s*bIm[j])
			y := float64(c*bIm[j]) - float64(s*bRe[j])
			aRe[j], bRe[j] = aRe[j]+x, aRe[j]-x
			aIm[j], bIm[j] = aIm[j]+y, aIm[j]-y
		}
	}
}
