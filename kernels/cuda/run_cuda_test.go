//go:build cuda

package cuda

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

// One board of each kind: without and with dp4a and copies; in place; without a system's memory in common.
var kinds = []string{"nano", "tx2", "agx-xavier", "agx-orin", "thor", "desktop"}

func TestRun(t *testing.T) {
	for _, board := range kinds {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				d := open(t)
				r := newRandom(3)
				for _, n := range []testNet{small, deep, mixed} {
					s := newSession(t, load(t, d, n))
					// Buffers grow and stay; sizes come again; bytes lie where padding was.
					for _, rows := range []int{1, 1, 3, 9, 9, 9, 2, 0, 3} {
						n.check(t, s, r.values(rows*n.inputs))
						n.checkUint8(t, s, draw(rows*n.inputs, func() uint8 { return uint8(r.IntN(256)) }))
					}
				}
			})
		})
	}
}

func TestPasses(t *testing.T) {
	for _, board := range []string{"nano", "agx-orin"} {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				n := deep
				n.pass = 4
				s := newSession(t, load(t, open(t), n))
				r := newRandom(4)
				for _, rows := range []int{3, 4, 5, 8, 11, 11} {
					n.check(t, s, r.values(rows*n.inputs))
					n.checkUint8(t, s, draw(rows*n.inputs, func() uint8 { return uint8(r.IntN(256)) }))
				}
			})
		})
	}
}

func TestSessionsInterleaved(t *testing.T) {
	on(t, "desktop", func(t *testing.T) {
		m := load(t, open(t), deep)
		a, b := newSession(t, m), newSession(t, m)
		r := newRandom(5)
		for range 3 {
			deep.check(t, a, r.values(4*deep.inputs))
			deep.check(t, b, r.values(7*deep.inputs))
		}
	})
}

func TestSessionsInParallel(t *testing.T) {
	for _, board := range []string{"desktop", "agx-orin"} {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				d := open(t)
				models := []*Model{load(t, d, deep), load(t, d, deep)}
				var group sync.WaitGroup
				for i := range 6 {
					s := newSession(t, models[i%2])
					group.Go(func() {
						r := newRandom(uint64(i))
						for rows := range 6 {
							x := r.values((rows%3 + 1) * deep.inputs)
							want := deep.want(x)
							got := make([]float32, len(want))
							if err := s.Run(got, x, rows%3+1); err != nil {
								t.Error(err)
							} else if !slices.EqualFunc(got, want, equal) {
								t.Errorf("session %d: got %v, want %v", i, got, want)
							}
						}
					})
				}
				group.Wait()
				if n := report(t).Calls["cuModuleLoadDataEx"]; n != 1 {
					t.Errorf("the kernels were compiled %d times", n)
				}
			})
		})
	}
}

func equal(a, b float32) bool { return a == b || a != a && b != b }

func TestRunDoesNotAllocate(t *testing.T) {
	for _, board := range []string{"desktop", "agx-orin"} {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				n := deep
				n.pass = 4
				s := newSession(t, load(t, open(t), n))
				x := newRandom(6).values(11 * n.inputs)
				dst := make([]float32, 11)
				pixels := make([]uint8, 3*n.inputs)
				for _, rows := range []int{1, 2, 3, 11} {
					run := func() {
						if err := s.Run(dst[:rows], x[:rows*n.inputs], rows); err != nil {
							t.Fatal(err)
						}
						if err := s.RunUint8(dst[:3], pixels, 3); err != nil {
							t.Fatal(err)
						}
					}
					run()
					if allocations := testing.AllocsPerRun(5, run); allocations != 0 {
						t.Errorf("%d rows: %v allocations a call", rows, allocations)
					}
				}
			})
		})
	}
}

// Where the time goes is on the simulator's clock; that it adds up is what can be told.
func TestRunTimed(t *testing.T) {
	for _, board := range []string{"desktop", "agx-orin"} {
		t.Run(board, func(t *testing.T) {
			on(t, board, func(t *testing.T) {
				d := open(t)
				n := deep
				n.pass = 4
				s := newSession(t, load(t, d, n))
				x := newRandom(7).values(9 * n.inputs)
				want := n.want(x)
				got := make([]float32, len(want))
				for range 2 {
					times, err := s.RunTimed(got, x, 9)
					if err != nil {
						t.Fatal(err)
					}
					same(t, got, want, 1)
					copies := times.HostToDevice > 0 && times.DeviceToHost > 0
					none := times.HostToDevice == 0 && times.DeviceToHost == 0
					if times.Kernels <= 0 || d.Unified() && !none || !d.Unified() && !copies {
						t.Errorf("unified %v, times %+v", d.Unified(), times)
					}
				}
				if graphs := report(t).GraphLaunches; graphs != 0 {
					t.Errorf("%d graphs were launched", graphs)
				}
				n.check(t, s, x)
			})
		})
	}
}

// traffic is what a call does on the device.
func traffic(t *testing.T, call func()) string {
	t.Helper()
	before := report(t)
	call()
	after := report(t)
	copies := func(a, b driver.Copies) string {
		return fmt.Sprintf("%d of %d bytes", a.Count-b.Count, a.Bytes-b.Bytes)
	}
	return fmt.Sprintf("%d launches, %d graphs, in %s, out %s", after.Launches-before.Launches, after.GraphLaunches-before.GraphLaunches,
		copies(after.HostToDevice, before.HostToDevice), copies(after.DeviceToHost, before.DeviceToHost))
}

func TestTraffic(t *testing.T) {
	// Three launches at deep, one at small; 36 of deep's 33 inputs are copied with their padding, and 4 of its output.
	tests := []struct {
		board string
		net   testNet
		rows  int
		want  []string // call by call
		uint8 string   // of a call with bytes
	}{
		{"agx-orin", small, 3, []string{"1 launches, 0 graphs, in 0 of 0 bytes, out 0 of 0 bytes", "1 launches, 0 graphs, in 0 of 0 bytes, out 0 of 0 bytes"},
			"1 launches, 0 graphs, in 0 of 0 bytes, out 0 of 0 bytes"},
		{"agx-orin", deep, 3, []string{"3 launches, 0 graphs, in 0 of 0 bytes, out 0 of 0 bytes", "3 launches, 1 graphs, in 0 of 0 bytes, out 0 of 0 bytes"},
			"4 launches, 0 graphs, in 0 of 0 bytes, out 0 of 0 bytes"},
		{"desktop", small, 3, []string{"1 launches, 0 graphs, in 1 of 96 bytes, out 1 of 48 bytes", "1 launches, 1 graphs, in 1 of 96 bytes, out 1 of 48 bytes",
			"1 launches, 1 graphs, in 1 of 96 bytes, out 1 of 48 bytes"},
			"1 launches, 0 graphs, in 1 of 15 bytes, out 1 of 48 bytes"},
		{"nano", deep, 2, []string{"3 launches, 0 graphs, in 1 of 288 bytes, out 1 of 32 bytes", "3 launches, 1 graphs, in 1 of 288 bytes, out 1 of 32 bytes"},
			"4 launches, 0 graphs, in 1 of 66 bytes, out 1 of 32 bytes"},
	}
	for i, test := range tests {
		t.Run(fmt.Sprintf("%d_%s", i, test.board), func(t *testing.T) {
			on(t, test.board, func(t *testing.T) {
				s := newSession(t, load(t, open(t), test.net))
				x := newRandom(8).values(test.rows * test.net.inputs)
				for call, want := range test.want {
					if got := traffic(t, func() { test.net.check(t, s, x) }); got != want {
						t.Errorf("call %d: %s, want %s", call, got, want)
					}
				}
				if got := traffic(t, func() { test.net.checkUint8(t, s, make([]uint8, len(x))) }); got != test.uint8 {
					t.Errorf("bytes: %s, want %s", got, test.uint8)
				}
			})
		})
	}
}

// A call is one crossing into the driver for each thing it needs, whichever thread it is on.
func TestCallsOfARun(t *testing.T) {
	on(t, "agx-orin", func(t *testing.T) {
		s := newSession(t, load(t, open(t), deep))
		x := newRandom(9).values(deep.inputs)
		deep.check(t, s, x)
		deep.check(t, s, x)
		before := report(t).Calls
		deep.check(t, s, x)
		after := report(t).Calls
		for name, n := range after {
			want := 0
			switch name {
			case "cuCtxPushCurrent_v2", "cuCtxPopCurrent_v2", "cuGraphLaunch", "cuStreamSynchronize":
				want = 1
			}
			if n-before[name] != want {
				t.Errorf("%d calls of %s, want %d", n-before[name], name, want)
			}
		}
	})
}

func TestShapes(t *testing.T) {
	on(t, "agx-orin", func(t *testing.T) {
		s := newSession(t, load(t, open(t), small))
		for name, call := range map[string]func(){
			"few inputs":    func() { s.Run(make([]float32, 6), make([]float32, 9), 2) },
			"many inputs":   func() { s.Run(make([]float32, 6), make([]float32, 11), 2) },
			"few outputs":   func() { s.Run(make([]float32, 5), make([]float32, 10), 2) },
			"many bytes":    func() { s.RunUint8(make([]float32, 6), make([]uint8, 11), 2) },
			"timed":         func() { s.RunTimed(make([]float32, 6), make([]float32, 11), 2) },
			"negative rows": func() { s.Run(nil, nil, -1) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: no panic", name)
					}
				}()
				call()
			}()
		}
	})
}
