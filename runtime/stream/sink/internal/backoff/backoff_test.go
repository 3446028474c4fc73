package backoff

import (
	"testing"
	"time"
)

func TestDoublesUpToTheMost(t *testing.T) {
	b := Backoff{First: time.Second, Most: 10 * time.Second}
	for round := range 2 {
		for i, wait := range []time.Duration{1, 2, 4, 8, 10, 10, 10} {
			wait *= time.Second
			if got := b.Next(); got < wait/2 || got > wait {
				t.Errorf("round %d, pause %d: %v, expected from %v to %v", round, i, got, wait/2, wait)
			}
		}
		b.Reset()
	}
}

func TestVaries(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 20 {
		b := Backoff{First: time.Hour, Most: time.Hour}
		seen[b.Next()] = true
	}
	if len(seen) < 15 {
		t.Errorf("%d different pauses of 20", len(seen))
	}
}
