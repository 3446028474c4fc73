//go:build cuda

package cuda

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// Whatever kind of memory the driver refuses, and whatever of graphs it does not have, rows are run.
func TestWithout(t *testing.T) {
	const (
		mapped = "in 0 of 0 bytes, out 0 of 0 bytes"
		copied = "in 1 of 432 bytes, out 1 of 48 bytes"
	)
	tests := []struct {
		name  string
		board string
		fail  string
		want  string // the third call
	}{
		{"mapped memory", "agx-orin", "cuMemHostGetDevicePointer=1", "3 launches, 1 graphs, " + copied},
		{"any pinned memory", "agx-orin", "cuMemHostAlloc=2", "3 launches, 0 graphs, " + copied},
		{"pinned memory", "nano", "cuMemHostAlloc=801", "3 launches, 0 graphs, " + copied},
		{"capture", "agx-orin", "cuStreamBeginCapture=801", "3 launches, 0 graphs, " + mapped},
		{"a launch in a capture", "agx-orin", "cuLaunchKernel=900@4", "3 launches, 0 graphs, " + mapped},
		{"instantiation as of CUDA 11.4", "agx-orin", "cuGraphInstantiateWithFlags=801", "3 launches, 1 graphs, " + mapped},
		{"instantiation", "agx-orin", "cuGraphInstantiateWithFlags=2", "3 launches, 0 graphs, " + mapped},
		{"graph launch", "desktop", "cuGraphLaunch=801", "3 launches, 0 graphs, " + copied},
		{"the first graph launch", "desktop", "cuGraphLaunch=2@1", "3 launches, 0 graphs, " + copied},
	}
	for _, test := range tests {
		t.Run(strings.ReplaceAll(test.name, " ", "_"), func(t *testing.T) {
			simulation{board: test.board, fail: []string{test.fail}}.run(t, func(t *testing.T) {
				s := newSession(t, load(t, open(t), deep))
				r := newRandom(10)
				for range 2 {
					deep.check(t, s, r.values(3*deep.inputs))
				}
				if got := traffic(t, func() { deep.check(t, s, r.values(3*deep.inputs)) }); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
				// Other numbers of rows do not try what has failed.
				deep.check(t, s, r.values(2*deep.inputs))
				deep.check(t, s, r.values(2*deep.inputs))
				graphs := func(call string) bool { return strings.Contains(call, "Graph") || strings.Contains(call, "Capture") }
				if n := len(report(t).Failures); graphs(test.fail) && n > 1 && test.name != "instantiation as of CUDA 11.4" {
					t.Errorf("%d calls failed", n)
				}
			})
		})
	}
}

// More numbers of rows than a session remembers come in turns.
func TestForgottenPasses(t *testing.T) {
	on(t, "desktop", func(t *testing.T) {
		s := newSession(t, load(t, open(t), small))
		r := newRandom(11)
		for range 2 {
			for rows := range remembered + 3 {
				small.check(t, s, r.values((rows+1)*small.inputs))
			}
		}
		if n := report(t).GraphLaunches; n != 0 {
			t.Errorf("%d graphs, for numbers of rows that were forgotten", n)
		}
		if got := traffic(t, func() { small.check(t, s, r.values(remembered*small.inputs)) }); !strings.Contains(got, "1 graphs") {
			t.Errorf("a number of rows that is remembered: %s", got)
		}
		for rows := range remembered + 3 { // each with a graph, which is forgotten, too
			small.check(t, s, r.values((rows+1)*small.inputs))
			small.check(t, s, r.values((rows+1)*small.inputs))
		}
	})
}

func TestOutOfMemory(t *testing.T) {
	big := testNet{inputs: 300, build: func(n network) {
		r := newRandom(12)
		n.Dense(r.finites(300*1000), r.bias(1000), 1000)
		n.Dense(r.finites(1000*4), r.bias(4), 4)
	}}
	t.Run("weights", func(t *testing.T) {
		simulation{board: "nano", memory: 1 << 20, refuses: true}.run(t, func(t *testing.T) {
			d := open(t)
			_, err := d.Load(big.program(t, d.Traits()))
			if !errors.Is(err, ErrOutOfMemory) {
				t.Fatal(err)
			}
			for _, part := range []string{"1.3 MB for the weights", "CUDA_ERROR_OUT_OF_MEMORY (2)", "1.0 MB of 1.0 MB are free"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			small.check(t, newSession(t, load(t, d, small)), newRandom(1).values(10))
		})
	})
	t.Run("buffers", func(t *testing.T) {
		for _, board := range []string{"nano", "agx-orin"} {
			t.Run(board, func(t *testing.T) {
				simulation{board: board, memory: 2 << 20, refuses: true}.run(t, func(t *testing.T) {
					s := newSession(t, load(t, open(t), big))
					r := newRandom(13)
					big.check(t, s, r.values(2*big.inputs))
					err := s.Run(make([]float32, 4*2000), make([]float32, 300*2000), 2000)
					if !errors.Is(err, ErrOutOfMemory) || !strings.Contains(err.Error(), "buffers of 2048 rows") {
						t.Fatal(err)
					}
					big.check(t, s, r.values(3*big.inputs)) // it goes on with fewer
				})
			})
		}
	})
	t.Run("session", func(t *testing.T) {
		simulation{board: "nano"}.run(t, func(t *testing.T) {
			m := load(t, open(t), deep)
			fail(t, "cuMemAlloc=2@3")
			if _, err := m.NewSession(); !errors.Is(err, ErrOutOfMemory) {
				t.Fatal(err)
			}
			deep.check(t, newSession(t, m), newRandom(1).values(deep.inputs))
		})
	})
}

// Where the rows of a call were bytes, the padding between the next rows is zeros again.
func TestPadding(t *testing.T) {
	for _, board := range []string{"desktop", "agx-orin"} {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				s := newSession(t, load(t, open(t), small))
				small.checkUint8(t, s, bytes.Repeat([]byte{255}, 30*small.inputs))
				x := slices.Repeat([]float32{1, 2, 3, 4, 5}, 4)
				small.check(t, s, x)
				got := view[float32](s.state.in)[:4*8]
				if want := slices.Repeat([]float32{1, 2, 3, 4, 5, 0, 0, 0}, 4); !slices.Equal(got, want) {
					t.Errorf("%v, want %v", got, want)
				}
			})
		})
	}
}
