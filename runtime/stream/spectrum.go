package stream

import (
	"fmt"
	"math"
)

// A Taper is the weight that each sample of a window has in its spectrum.
type Taper string

// The tapers.
const (
	Hann        Taper = "hann"        // the periodic one, 0.5 − 0.5·cos(2πi/n), as SciPy's get_window("hann", n)
	Rectangular Taper = "rectangular" // none
)

// A spectrum is the power of one window's samples at each frequency.
type spectrum struct {
	rate   float64
	taper  []float64 // [samples]; nil where every weight is 1
	sum    float64   // of the taper
	square float64   // of the taper's squares
	fft    *fft
	power  []float64 // [size/2 + 1], |X[k]|² at frequency k·rate/size
	peaks  []int     // the places of the highest, [0, MaxPeaks]
	wanted int       // how many peaks are looked for
}

// minSpectrum is the least number of samples that a spectrum is taken of.
const minSpectrum = 4

func newSpectrum(samples int, rate float64, taper Taper, peaks int) (*spectrum, error) {
	if samples < minSpectrum {
		return nil, fmt.Errorf("stream: a spectrum of %d samples: at least %d are needed", samples, minSpectrum)
	}
	size := minSpectrum
	for size < samples {
		size *= 2
	}
	s := &spectrum{
		rate: rate, sum: float64(samples), square: float64(samples),
		fft: newFFT(size), power: make([]float64, size/2+1), peaks: make([]int, 0, peaks), wanted: peaks,
	}
	switch taper {
	case Rectangular:
	case Hann, "":
		s.taper = hann(samples)
		s.sum, s.square = 0, 0
		for _, w := range s.taper {
			s.sum += w
			s.square += float64(w * w)
		}
	default:
		return nil, fmt.Errorf("stream: taper %q: choose %s or %s", taper, Hann, Rectangular)
	}
	return s, nil
}

// hann returns the periodic Hann window. It is symmetric: weight n−i is weight i.
func hann(n int) []float64 {
	cos, _ := circle(n)
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 0.5 - float64(0.5*cos[min(i, n-i)])
	}
	return weights
}

// compute takes the spectrum of the samples' differences from their mean, and
// finds its peaks.
func (s *spectrum) compute(x []float32, mean float64) {
	highest := 0.0
	for i, v := range x {
		highest = max(highest, math.Abs(float64(v)))
		d := float64(v) - mean
		if s.taper != nil {
			d = float64(d * s.taper[i])
		}
		s.fft.set(i, d)
	}
	for i := len(x); i < s.fft.size; i++ {
		s.fft.set(i, 0)
	}
	s.fft.power(s.power)
	if s.wanted > 0 {
		s.findPeaks(highest)
	}
}

// peakFloor is the height, beside the greatest sample, up to which a peak is no
// more than the rounding of the samples: that of binary32 is 2^-24.
const peakFloor = 0x1p-26

// findPeaks lists the places that are higher than the one before and not lower
// than the one after, the highest first, and the lower frequency first where two
// are equally high.
func (s *spectrum) findPeaks(highest float64) {
	s.peaks = s.peaks[:0]
	floor := highest * (peakFloor / 2) * s.sum
	floor *= floor
	for k := 1; k < len(s.power)-1; k++ {
		p := s.power[k]
		if !(p > s.power[k-1] && p >= s.power[k+1] && p > floor) {
			continue
		}
		if len(s.peaks) < s.wanted {
			s.peaks = append(s.peaks, k)
		} else if p <= s.power[s.peaks[s.wanted-1]] {
			continue
		}
		i := len(s.peaks) - 1
		for ; i > 0 && p > s.power[s.peaks[i-1]]; i-- {
			s.peaks[i] = s.peaks[i-1]
		}
		s.peaks[i] = k
	}
}

// frequency is that of a place of the spectrum, in Hz.
func (s *spectrum) frequency(k int) float64 {
	return float64(float64(k)*s.rate) / float64(s.fft.size)
}

// peakFrequency is where the peak of a rank is, and 0 if there are not so many.
func (s *spectrum) peakFrequency(rank int) float64 {
	if rank > len(s.peaks) {
		return 0
	}
	return s.frequency(s.peaks[rank-1])
}

// peakHeight is the amplitude of the sine that would be as high as the peak of a
// rank, and 0 if there are not so many.
func (s *spectrum) peakHeight(rank int) float64 {
	if rank > len(s.peaks) {
		return 0
	}
	return 2 * math.Sqrt(s.power[s.peaks[rank-1]]) / s.sum
}

// band is the places of a spectrum between two frequencies.
type band struct{ first, end int }

// band finds the places with low <= frequency < high; half the rate itself belongs
// to the band that ends there.
func (s *spectrum) band(f Feature) (band, error) {
	last := len(s.power) - 1
	if f.High > s.frequency(last) {
		return band{}, fmt.Errorf("stream: %s: at %g readings a second a spectrum ends at %g Hz", f, s.rate, s.frequency(last))
	}
	var b band
	for b.first <= last && s.frequency(b.first) < f.Low {
		b.first++
	}
	for b.end = b.first; b.end <= last && s.frequency(b.end) < f.High; b.end++ {
	}
	if b.end == last && f.High == s.frequency(last) {
		b.end++
	}
	if b.first == b.end {
		return band{}, fmt.Errorf("stream: %s: it lies between two frequencies of the spectrum, which stand %g Hz apart", f, s.frequency(1))
	}
	return b, nil
}

// bandPower is the part of the samples' variance that lies in a band: the sum over
// all is the mean square of the tapered samples, for what the taper takes away.
func (s *spectrum) bandPower(b band) float64 {
	sum := 0.0
	for k := b.first; k < b.end; k++ {
		p := s.power[k]
		if k > 0 && k < len(s.power)-1 {
			p *= 2 // for the frequency −k, and exact
		}
		sum += p
	}
	return sum / float64(float64(s.fft.size)*s.square)
}
