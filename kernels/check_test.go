package kernels

import (
	"math"
	"testing"
)

var (
	inf     = float32(math.Inf(1))
	nan     = float32(math.NaN())
	negZero = float32(math.Copysign(0, -1))
)

// canonical returns the bits of v, with one pattern for every NaN: a NaN's sign and payload are not defined.
func canonical(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

func same(a, b float32) bool { return canonical(a) == canonical(b) }

// requireSame fails at the first value whose bits differ.
func requireSame(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values: %d expected", what, len(got), len(want))
	}
	for i := range got {
		if !same(got[i], want[i]) {
			t.Fatalf("%s: value %d is %x (%g): %x (%g) expected", what, i, got[i], got[i], want[i], want[i])
		}
	}
}

const (
	guardWords = 16
	guardBits  = 0x7fa5a5a5 // a NaN that no operation produces
)

// guarded returns n values with guard words before and after them in memory, and a function that fails if
// one of those was written to. The values themselves start as guard words too, so one left unset shows.
func guarded(t *testing.T, n int) (values []float32, intact func()) {
	t.Helper()
	all := make([]float32, n+2*guardWords)
	for i := range all {
		all[i] = math.Float32frombits(guardBits)
	}
	return all[guardWords:][:n], func() {
		t.Helper()
		for i, v := range all {
			inside := i >= guardWords && i < guardWords+n
			if touched := math.Float32bits(v) != guardBits; touched != inside {
				t.Fatalf("of %d values, the one at %d: written %v, expected %v", n, i-guardWords, touched, inside)
			}
		}
	}
}

// cloned returns a copy of v.
func cloned(v []float32) []float32 { return append([]float32(nil), v...) }
