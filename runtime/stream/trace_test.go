package stream

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/trace.golden")

// TestGoldenTrace runs a recording with all that goes wrong through a loop, and holds
// every feature and every output to the bits that are written down.
func TestGoldenTrace(t *testing.T) {
	f, err := os.Open("testdata/trace.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	replay, err := NewReplay(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := new(strings.Builder)
	l := newLooped(t, 0, Options{Paced: true}, func(l *looped, c *Config, o *Options) {
		c.Channels = replay.Channels()
		c.Window.MaxGap = 35 * ms
		c.Guard = Guard{Policy: Hold, Ranges: map[string]Range{"temperature": {-40, 85}}}
		o.Emit = func(r *Result) error {
			fmt.Fprintf(got, "%d %s %d %08x %08x %d %q\n", r.Number, r.End.Format("05.000000"), r.Readings, bitsOf(r.Input), bitsOf(r.Output), r.Class, r.Label)
			return nil
		}
	})
	l.loop.source = replay
	l.run(t, map[Counter]uint64{
		Readings: 1137, NaN: 1, OutOfRange: 3, Held: 4, LateReadings: 1, Filled: 4, Gaps: 1, Windows: 43, Predictions: 43,
	})
	if !replay.Torn() || replay.Lost() != 2 {
		t.Errorf("torn %v, %d lost", replay.Torn(), replay.Lost())
	}
	const golden = "testdata/trace.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func bitsOf(values []float32) []uint32 {
	var bits []uint32
	for _, v := range values {
		bits = append(bits, math.Float32bits(v))
	}
	return bits
}
