package stream

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestGuard(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	type reading struct {
		at     time.Duration
		values [2]float64
	}
	for _, test := range []struct {
		name     string
		guard    Guard
		readings []reading
		want     [][]float64 // nil: not used
		counts   map[Counter]uint64
	}{
		{"good", Guard{}, []reading{{0, [2]float64{1, 2}}}, [][]float64{{1, 2}}, nil},
		{"drop", Guard{}, []reading{{0, [2]float64{nan, 2}}, {1, [2]float64{1, inf}}, {2, [2]float64{1, 1e39}}, {3, [2]float64{3, 4}}},
			[][]float64{nil, nil, nil, {3, 4}}, map[Counter]uint64{NaN: 1, OutOfRange: 2, Dropped: 3}},
		{"range", Guard{Ranges: map[string]Range{"y": {0, 5}}}, []reading{{0, [2]float64{9, 5}}, {1, [2]float64{9, 5.1}}, {2, [2]float64{9, -0.1}}},
			[][]float64{{9, 5}, nil, nil}, map[Counter]uint64{OutOfRange: 2, Dropped: 2}},
		{"hold", Guard{Policy: Hold}, []reading{{0, [2]float64{1, nan}}, {1, [2]float64{nan, 2}}, {2, [2]float64{3, nan}}},
			[][]float64{nil, {1, 2}, {3, 2}}, map[Counter]uint64{NaN: 3, Dropped: 1, Held: 2}},
		{"hold for a time", Guard{Policy: Hold, MaxHold: 20}, []reading{{0, [2]float64{1, 2}}, {20, [2]float64{nan, 3}}, {21, [2]float64{nan, 4}}, {22, [2]float64{5, 6}}},
			[][]float64{{1, 2}, {1, 3}, nil, {5, 6}}, map[Counter]uint64{NaN: 2, Dropped: 1, Held: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			stats := new(Stats)
			g, err := newGuard(test.guard, []Channel{{"x", ""}, {"y", ""}}, stats)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range test.readings {
				use, err := g.check(someTime.Add(r.at), r.values[:])
				if err != nil {
					t.Fatal(err)
				}
				if use != (test.want[i] != nil) || use && !slices.Equal(r.values[:], test.want[i]) {
					t.Errorf("reading %d: %v, %v: want %v", i, use, r.values, test.want[i])
				}
			}
			for c, n := range stats.Counts() {
				if n != test.counts[c] {
					t.Errorf("%s is %d, want %d", c, n, test.counts[c])
				}
			}
		})
	}
}

func TestGuardStops(t *testing.T) {
	g, err := newGuard(Guard{Policy: Stop, Ranges: map[string]Range{"y": {0, 5}}}, []Channel{{"x", ""}, {"y", "°C"}}, new(Stats))
	if err != nil {
		t.Fatal(err)
	}
	use, err := g.check(someTime, []float64{1, 7})
	if use || !errors.Is(err, ErrBadReading) || !strings.Contains(err.Error(), `"y" reads 7 °C`) {
		t.Errorf("use %v, error %v", use, err)
	}
}

func TestGuardErrors(t *testing.T) {
	for _, test := range []struct {
		name  string
		guard Guard
		says  string
	}{
		{"policy", Guard{Policy: "ignore"}, "choose drop, hold or stop"},
		{"unknown channel", Guard{Ranges: map[string]Range{"z": {0, 1}}}, `for a channel "z": there are x`},
		{"range", Guard{Ranges: map[string]Range{"x": {1, 1}}}, "from 1 to 1"},
		{"range of NaN", Guard{Ranges: map[string]Range{"x": {math.NaN(), 1}}}, "from NaN to 1"},
		{"hold", Guard{MaxHold: -1}, "held for"},
	} {
		if _, err := newGuard(test.guard, oneChannel, new(Stats)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
}
