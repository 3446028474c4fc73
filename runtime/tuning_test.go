package runtime

import (
	"errors"
	"math"
	"testing"
	"time"
)

func TestBreakEven(t *testing.T) {
	for name, test := range map[string]struct {
		m    Measured
		want int
	}{
		"faster at one and at many":     {Measured{64, 10, 640, 5, 10}, 1},
		"the same":                      {Measured{64, 10, 640, 10, 640}, 0},
		"slower at one and at many":     {Measured{64, 10, 60, 100, 200}, 0},
		"lines that cross at 11":        {Measured{64, 10, 640, 100, 163}, 12},
		"lines that cross at 10.1":      {Measured{64, 10, 640, 92, 155}, 11},
		"they cross at the many":        {Measured{64, 10, 640, 577, 640}, 65},
		"just behind":                   {Measured{64, 10, 640, 640, 703}, 72},
		"much further on":               {Measured{64, 10, 640, 6000, 6063}, 0},
		"almost the same slope":         {Measured{64, 10, 640, 1 << 40, 1<<40 + 629}, 0},
		"they meet at one":              {Measured{64, 10, 640, 10, 12}, 2},
		"two rows":                      {Measured{2, 10, 20, 15, 15}, 2},
		"faster at one, slower at many": {Measured{64, 10, 60, 5, 200}, 0},
		"a GPU that was given up":       {Measured{64, 10, 60, 5, 0}, 0},
	} {
		if got := test.m.breakEven(); got != test.want {
			t.Errorf("%s: from %d rows on, want %d", name, got, test.want)
		}
		if !errors.Is(test.m.slower(), errSlower) {
			t.Errorf("%s: %v", name, test.m.slower())
		}
	}
}

func TestMeasureCall(t *testing.T) {
	failure := errors.New("no")
	for name, test := range map[string]struct {
		takes []time.Duration // each call in turn, and then the last again
		want  time.Duration
		calls int
		fails bool
	}{
		"steady":                {[]time.Duration{10}, 10, 5, false},
		"the first is slow":     {[]time.Duration{30, 5}, 5, 5, false},
		"longer than the time":  {[]time.Duration{300}, 300, 1, false},
		"faster than the clock": {[]time.Duration{0}, 1, 50, false},
		"it fails":              {[]time.Duration{10, -1}, 0, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			var clock time.Duration
			calls := 0
			got, err := measureCall(func() error {
				took := test.takes[min(calls, len(test.takes)-1)]
				calls++
				if took < 0 {
					return failure
				}
				clock += took
				return nil
			}, 50, func() time.Time { return time.Unix(0, int64(clock)) })
			if got != test.want || calls != test.calls || (err == failure) != test.fails {
				t.Errorf("%v after %d calls (%v), want %v after %d", got, calls, err, test.want, test.calls)
			}
		})
	}
}

// What is measured takes the time it may take.
func TestMeasuringIsShort(t *testing.T) {
	for _, widths := range [][]int{{4, 5, 3}, {500, 1000, 10}} {
		g := fast()
		h := g.host()
		h.now = time.Now
		m := perceptron(1, widths...)
		start := time.Now()
		s, err := newSession(m, Options{Threads: 1}, h)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 20*measuring { // on a machine that is busy, in the reference on an emulator
			t.Errorf("%v: New took %v", widths, took)
		}
		if got := s.Tuning().Measured; got == nil || got.CPUOne <= 0 || got.CPUMany <= 0 || got.GPUOne <= 0 {
			t.Errorf("%v: measured %+v", widths, got)
		}
	}
}

func TestFloats(t *testing.T) {
	if err := checkFloats(); err != nil {
		t.Fatal(err)
	}
	flush := func(v float32) float32 {
		if -0x1p-126 < v && v < 0x1p-126 {
			return 0
		}
		return v
	}
	towards := func(end float32) func(x, y float32) float32 {
		return func(x, y float32) float32 {
			if sum := x + y; sum != x || (y < 0) != (end < 0) {
				return sum
			}
			return math.Nextafter32(x, end)
		}
	}
	for name, test := range map[string]struct{ multiply, add func(x, y float32) float32 }{
		"results flushed":  {func(x, y float32) float32 { return flush(x * y) }, add},
		"operands flushed": {func(x, y float32) float32 { return flush(x) * flush(y) }, add},
		"rounded up":       {multiply, towards(2)},
		"rounded down":     {multiply, towards(-2)},
	} {
		if err := floatsBy(test.multiply, test.add); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
