package stream

import (
	"hash/fnv"
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"strings"
	"testing"
)

func keys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bigCos computes a cosine of 2πk/n by another way than circle: Taylor's series for each
// angle by itself, in more digits.
func bigCos(k, n int64) float64 {
	number := func(v int64) *big.Float { return new(big.Float).SetPrec(320).SetInt64(v) }
	angle := number(0)
	angle.SetString("6.28318530717958647692528676655900576839433879875021164194988918461563281257241799725606965068423413596429617302656461329418768921910116446345071881625696")
	angle.Mul(angle, number(k)).Quo(angle, number(n))
	square := new(big.Float).Mul(angle, angle)
	sum, term := number(1), number(1)
	for i := int64(1); i < 120; i++ {
		term.Mul(term, square).Quo(term, number(-(2*i-1)*2*i))
		sum.Add(sum, term)
	}
	v, _ := sum.Float64()
	return v
}

// TestCircle compares the cosines and sines with others, bit for bit.
func TestCircle(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 12, 100, 128, 1000, 4096} {
		cos, sin := circle(n)
		if len(cos) != n/2+1 || len(sin) != n/2+1 {
			t.Fatalf("%d: %d cosines and %d sines", n, len(cos), len(sin))
		}
		step := max(1, n/97)
		for k := 0; k <= n/2; k += step {
			wantCos, wantSin := bigCos(int64(k), int64(n)), bigCos(int64(4*k-n), int64(4*n)) // sin α = cos(α − π/2)
			if 4*k == n {
				wantCos = 0
			}
			if 2*k == n {
				wantSin = 0
			}
			if k == 0 {
				wantSin = 0
			}
			if cos[k] != wantCos || sin[k] != wantSin {
				t.Errorf("%d of %d: %x, %x: %x, %x expected", k, n, cos[k], sin[k], wantCos, wantSin)
			}
		}
	}
}

// TestCircleBits holds the twiddles of the greatest transform to their bits.
func TestCircleBits(t *testing.T) {
	h := fnv.New64a()
	cos, sin := circle(MaxSamples)
	for _, v := range append(cos, sin...) {
		bits := math.Float64bits(v)
		for i := range 8 {
			h.Write([]byte{byte(bits >> (8 * i))})
		}
	}
	const want = 0x3d37092b277a14ec
	if got := h.Sum64(); got != want {
		t.Errorf("%#016x: %#016x expected", got, uint64(want))
	}
}

// TestFFT compares the transform with the sum that it is.
func TestFFT(t *testing.T) {
	for size := 4; size <= 256; size *= 2 {
		f := newFFT(size)
		r := newRandom(uint64(size))
		x := make([]float64, size)
		for i := range x {
			x[i] = r.float()
			f.set(i, x[i])
		}
		power := make([]float64, size/2+1)
		f.power(power)
		for k, got := range power {
			sum := complex(0, 0)
			for i, v := range x {
				sum += complex(v, 0) * cmplx.Rect(1, -2*math.Pi*float64(i*k%size)/float64(size))
			}
			want := real(sum)*real(sum) + imag(sum)*imag(sum)
			if math.Abs(got-want) > 1e-12*float64(size) {
				t.Errorf("size %d, place %d: %g, %g expected", size, k, got, want)
			}
		}
	}
}

func TestSpectrumErrors(t *testing.T) {
	column := func(f Feature) []Column { return []Column{{"x." + f.String(), 0, f}} }
	count := Window{Count: 64}
	for _, test := range []struct {
		name    string
		columns []Column
		window  Window
		rate    float64
		taper   Taper
		says    string
	}{
		{"beyond half the rate", column(Feature{Kind: Band, Low: 10, High: 51}), count, 100, Hann, `"x.band(10,51)": stream: band(10,51): at 100 readings a second a spectrum ends at 50 Hz`},
		{"between two places", column(Feature{Kind: Band, Low: 1.6, High: 1.7}), count, 100, Hann, "stand 1.5625 Hz apart"},
		{"short", column(Feature{Kind: PeakHeight, Index: 1}), Window{Count: 3}, 100, Hann, "at least 4"},
		{"by time", column(Feature{Kind: PeakHeight, Index: 1}), Window{Span: 1e9}, 100, Hann, "a window by count"},
		{"without a rate", column(Feature{Kind: PeakHeight, Index: 1}), count, 0, Hann, "a known rate"},
		{"taper", column(Feature{Kind: PeakHeight, Index: 1}), count, 100, "hamming", "choose hann or rectangular"},
		{"slope without a rate", column(Feature{Kind: Slope}), count, 0, Hann, "needs to know the rate"},
		{"sample beyond", column(Feature{Kind: Raw, Index: 64}), count, 100, Hann, "number 64"},
		{"sample by time", column(Feature{Kind: Raw, Index: 0}), Window{Span: 1e9}, 100, Hann, "number 0"},
		{"no columns", nil, count, 100, Hann, "0 columns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewExtractor(test.columns, test.window, test.rate, test.taper)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, which should say %q", err, test.says)
			}
		})
	}
}

// TestBandsAddUp: bands that touch share nothing and miss nothing.
func TestBandsAddUp(t *testing.T) {
	s, err := newSpectrum(100, 100, Hann, 0)
	if err != nil {
		t.Fatal(err)
	}
	places := 0
	for _, limits := range [][2]float64{{0, 3.125}, {3.125, 20}, {20, 49.9}, {49.9, 50}} {
		b, err := s.band(Feature{Kind: Band, Low: limits[0], High: limits[1]})
		if err != nil {
			t.Fatal(err)
		}
		if b.first != places {
			t.Errorf("band %v begins at place %d: %d expected", limits, b.first, places)
		}
		places = b.end
	}
	if places != len(s.power) {
		t.Errorf("the bands hold %d places of %d", places, len(s.power))
	}
}

func TestFindPeaks(t *testing.T) {
	for _, test := range []struct {
		name   string
		power  []float64
		wanted int
		want   []int
	}{
		{"by height", []float64{0, 2, 0, 5, 1, 3, 0, 0, 0}, 3, []int{3, 5, 1}},
		{"the highest alone", []float64{0, 2, 0, 5, 1, 3, 0, 0, 0}, 1, []int{3}},
		{"fewer than wanted", []float64{0, 2, 0, 0, 0}, 3, []int{1}},
		{"the lower of two", []float64{0, 2, 0, 2, 0, 2, 0, 0, 0}, 2, []int{1, 3}},
		{"the first of a flat one", []float64{0, 2, 2, 2, 0}, 3, []int{1}},
		{"not at the ends", []float64{9, 1, 0, 1, 9}, 3, []int{}},
		{"not below the floor", []float64{0, 0x1p-50, 0, 0x1.1p-50, 0}, 3, []int{3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spectrum{sum: 4, power: test.power, wanted: test.wanted}
			if s.findPeaks(1); !slices.Equal(s.peaks, test.want) { // the floor is 2^-27·4, squared
				t.Errorf("%v, want %v", s.peaks, test.want)
			}
		})
	}
}
