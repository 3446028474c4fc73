package kernels

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var exhaustive = flag.Bool("exhaustive", false, "measure errors over all 2^32 inputs instead of a sample")

// ulpCases holds each function with an exponential in it against the standard library's binary64, written so
// that nothing cancels. bound is the greatest error over all finite floats, in units in the last place,
// rounded up to three digits; it is met at worst. NUMERICS.md has the same bounds.
var ulpCases = []struct {
	f         Func
	alpha     float32
	bound     float64
	worst     float32
	reference func(x float64) float64
}{
	{FuncExp, 0, 0.991, -0x1.775366p+2, math.Exp},
	{FuncSigmoid, 0, 1.721, -0x1.1b0cdp+0, sigmoid64},
	{FuncTanh, 0, 1.533, 0x1.1f0beap-1, math.Tanh},
	{FuncSoftplus, 0, 1.862, 0x1.d4526p-6, func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }},
	{FuncErf, 0, 1.015, 0x1.d7be9cp-1, math.Erf},
	{FuncGELU, 0, 2.611, -0x1.2017c2p+2, func(x float64) float64 { return x * 0.5 * math.Erfc(-x*(math.Sqrt2/2)) }},
	{FuncGELUTanh, 0, 2.151, -0x1.05b64ep-5, func(x float64) float64 {
		return x * sigmoid64(2*math.Sqrt(2/math.Pi)*(x+float64(0.044715*x*x*x)))
	}},
	{FuncSiLU, 0, 2.161, -0x1.ebbe2p-7, func(x float64) float64 { return x * sigmoid64(x) }},
	{FuncELU, 1, 1.095, -0x1.84755p-2, elu64},
	{FuncSELU, 0, 2.059, -0x1.3918bap-3, func(x float64) float64 {
		const alpha, gamma = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
		if x < 0 {
			x = alpha * elu64(x)
		}
		return gamma * x
	}},
}

func sigmoid64(x float64) float64 {
	z := math.Exp(-math.Abs(x))
	if x < 0 {
		return z / (1 + z)
	}
	return 1 / (1 + z)
}

func elu64(x float64) float64 {
	if x < 0 {
		return math.Expm1(x)
	}
	return x
}

// ulpError returns |got − want| in units of want's last place as a float32. Infinity reads as 2^128, the
// first value that a float32 cannot hold.
func ulpError(got float32, want float64) float64 {
	const limit = 0x1p128
	want = max(-limit, min(limit, want))
	value := max(-limit, min(limit, float64(got)))
	exponent := -126
	if want != 0 {
		exponent = max(-126, min(127, math.Ilogb(want)))
	}
	return math.Ldexp(math.Abs(value-want), 23-exponent)
}

// sweep is a run of bit patterns: start, start+stride, and so on.
type sweep struct{ start, stride, count uint64 }

func (s sweep) at(i uint64) float32 { return math.Float32frombits(uint32(s.start + i*s.stride)) }

var (
	allFloats = sweep{0, 1, 1 << 32}

	// What takes the place of allFloats by default: a walk over all patterns, and two over the exponents from
	// −20 to 6, where the functions bend.
	sampledFloats = []sweep{
		{0, 65521, 1 << 16},
		{0x35800000, 3449, 1 << 16},
		{0xb5800000, 3449, 1 << 16},
	}
)

func TestErrorBounds(t *testing.T) {
	for _, c := range ulpCases {
		t.Run(c.f.String(), func(t *testing.T) {
			one := func(x float32) (e float64, y float32) {
				var dst [1]float32
				Map(c.f, dst[:], []float32{x}, c.alpha, 0)
				return ulpError(dst[0], c.reference(float64(x))), dst[0]
			}
			if e, _ := one(c.worst); e > c.bound || e < c.bound-0.001 {
				t.Errorf("the error at %x is %.4f ULP: %.3f expected", c.worst, e, c.bound)
			}
			worst, at := worstError(t, c.f.String(), one)
			t.Logf("greatest error %.4f ULP at %x", worst, at)
			if worst > c.bound {
				t.Errorf("the error at %x is %.4f ULP: at most %.3f expected", at, worst, c.bound)
			}
		})
	}
}

// worstError returns the greatest error that one reports over all finite floats, or over the sample, and
// fails where NaN comes out of a number or a number out of NaN. It uses every core.
func worstError(t *testing.T, name string, one func(x float32) (float64, float32)) (worst float64, at float32) {
	sweeps := sampledFloats
	if *exhaustive {
		sweeps = []sweep{allFloats}
	}
	const piece = 1 << 16
	for _, s := range sweeps {
		var next atomic.Uint64
		var mu sync.Mutex
		var workers sync.WaitGroup
		stop := reportProgress(name, &next, s.count)
		for range runtime.GOMAXPROCS(0) {
			workers.Go(func() {
				var localWorst float64
				var localAt float32
				for first := next.Add(piece) - piece; first < s.count; first = next.Add(piece) - piece {
					for i := first; i < min(first+piece, s.count); i++ {
						x := s.at(i)
						if math.IsInf(float64(x), 0) {
							continue
						}
						e, y := one(x)
						if (x != x) != (y != y) {
							t.Errorf("%s(%x) is %x", name, x, y)
						}
						if e > localWorst {
							localWorst, localAt = e, x
						}
					}
				}
				mu.Lock()
				defer mu.Unlock()
				if localWorst > worst {
					worst, at = localWorst, localAt
				}
			})
		}
		workers.Wait()
		stop()
	}
	return worst, at
}

// reportProgress says on stderr, every ten seconds of an exhaustive run with -v, how far it is.
func reportProgress(name string, done *atomic.Uint64, count uint64) (stop func()) {
	if !*exhaustive || !testing.Verbose() {
		return func() {}
	}
	ticker, finished := time.NewTicker(10*time.Second), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				fmt.Fprintf(os.Stderr, "%s: %.0f %%\n", name, 100*float64(done.Load())/float64(count))
			case <-finished:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(finished)
	}
}
