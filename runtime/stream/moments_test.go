package stream

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"math"
	"testing"
)

// TestMomentsGolden holds the binary64 values of many short windows to their bits. A product that is fused
// with its sum changes some of them.
func TestMomentsGolden(t *testing.T) {
	r := newRandom(20261122)
	hashes := map[string]hash.Hash64{}
	add := func(name string, v float64) {
		if hashes[name] == nil {
			hashes[name] = fnv.New64a()
		}
		hashes[name].Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
	}
	for range 5000 {
		x := make([]float32, 1+r.below(40))
		times := make([]int64, len(x))
		offset := float64(10 * r.float())
		for i := range x {
			x[i] = float32(offset + r.float())
			times[i] = int64(i)*10_000_000 + int64(r.below(9_000_000))
		}
		m := mean(x)
		add("mean", m)
		add("mean square", meanSquare(x, m))
		add("slope by count", slopeByCount(x, m, 104))
		add("slope by time", slopeByTime(x, m, times))
	}
	for name, want := range map[string]uint64{
		"mean":           0x667ced4edb575dae,
		"mean square":    0xfc54b42addd499a5,
		"slope by count": 0xbf5fbd84361667b6,
		"slope by time":  0xbf6ec70dc27b6a41,
	} {
		if got := hashes[name].Sum64(); got != want {
			t.Errorf("%s: %#016x: %#016x expected; this platform computes other bits", name, got, want)
		}
	}
}
