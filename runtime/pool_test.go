package runtime

import (
	"testing"
	"time"
)

// What is worth sharing depends on whether helpers are awake, or are going to be.
func TestSharesOfWork(t *testing.T) {
	pl := newPool(&plan{}, 3)
	defer pl.stop()
	asleep := func() bool {
		for _, h := range pl.helpers {
			if !h.asleep.Load() {
				return false
			}
		}
		return true
	}
	for deadline := time.Now().Add(10 * time.Second); !asleep(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("idle helpers do not sleep")
		}
	}
	const hour = time.Hour
	tests := map[string]struct {
		cost  float64
		most  int
		since time.Duration // the call before
		want  int
	}{
		"large":                   {40 * leastCost, 100, hour, 4},
		"large, few parts":        {40 * leastCost, 3, hour, 3},
		"a single part":           {40 * leastCost, 1, 0, 1},
		"for two":                 {2 * leastCost, 100, hour, 2},
		"small":                   {2*leastCost - 1, 100, hour, 1},
		"small, one on the other": {2*leastCost - 1, 100, 0, 4},
		"smaller":                 {2 * leastCostAwake, 100, 0, 2},
		"too small":               {2*leastCostAwake - 1, 100, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pl.last = time.Since(pl.epoch) - test.since
			if got := pl.shares(test.cost, test.most); got != test.want {
				t.Errorf("%d parts, want %d", got, test.want)
			}
		})
	}
}

// Jobs are offered and taken back while helpers fall asleep and wake: each is done
// once.
func TestHelperDoesEachJobOnce(t *testing.T) {
	m := perceptron(1, 2, 2, 1)
	s, err := New(m, Options{Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	shareAll(s)
	src, dst, want := []float32{1, 2, 3, 4, 5, 6}, make([]float32, 3), make([]float32, 3)
	for i := range want {
		if err := s.Run(want[i:i+1], src[2*i:2*i+2]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3000 {
		clear(dst)
		if err := s.Run(dst, src); err != nil {
			t.Fatal(err)
		}
		if !sameBits(dst, want) {
			t.Fatalf("call %d: %v, want %v", i, dst, want)
		}
		for start := time.Now(); time.Since(start) < time.Duration(i%70)*time.Microsecond; { // around lookout
		}
	}
	for i, h := range s.pool.helpers {
		if state := h.state.Load(); state != none {
			t.Errorf("helper %d is left in state %d", i, state)
		}
	}
}

// A helper that does not work leaves its jobs to the caller.
func TestHelperThatDoesNotWork(t *testing.T) {
	m := perceptron(1, 4, 5, 3)
	s, err := New(m, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.pool = &pool{helpers: []*helper{newHelper(newArena(s.plan, arenaBytes)), newHelper(newArena(s.plan, arenaBytes))}, least: 0.5, leastAwake: 0.5}
	for rows := range 10 {
		checkAnswers(t, s, m, rows)
	}
}
