//go:build cuda

package cuda

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"gorgonia.org/cu"
)

// Everything can be closed in any order, and twice; what is not closed goes on working.
func TestCloseOrders(t *testing.T) {
	on(t, "desktop", func(t *testing.T) {
		for _, order := range permutations([]int{0, 1, 2, 3}) {
			d, err := Open()
			if err != nil {
				t.Fatal(err)
			}
			m, err := d.Load(small.program(t, d.Traits()))
			if err != nil {
				t.Fatal(err)
			}
			var sessions [2]*Session
			for i := range sessions {
				if sessions[i], err = m.NewSession(); err != nil {
					t.Fatal(err)
				}
			}
			all := []interface{ Close() error }{d, m, sessions[0], sessions[1]}
			closed := map[int]bool{}
			for _, which := range order {
				if err := errors.Join(all[which].Close(), all[which].Close()); err != nil {
					t.Fatalf("order %v: %v", order, err)
				}
				closed[which] = true
				for i, s := range sessions {
					if err := s.Run(make([]float32, 3), make([]float32, 5), 1); (err != nil) != closed[2+i] {
						t.Fatalf("order %v, %v closed: session %d: %v", order, closed, i, err)
					}
				}
				if s, err := m.NewSession(); (err != nil) != closed[1] {
					t.Fatalf("order %v, %v closed: new session: %v", order, closed, err)
				} else if err == nil {
					s.Close()
				}
				if m, err := d.Load(small.program(t, d.Traits())); (err != nil) != closed[0] {
					t.Fatalf("order %v, %v closed: load: %v", order, closed, err)
				} else if err == nil {
					m.Close()
				}
			}
		}
	})
}

func permutations(list []int) [][]int {
	if len(list) == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for i, first := range list {
		rest := append(append([]int(nil), list[:i]...), list[i+1:]...)
		for _, p := range permutations(rest) {
			all = append(all, append([]int{first}, p...))
		}
	}
	return all
}

// What is forgotten is closed by the garbage collector: the simulation finds nothing left behind.
func TestForgotten(t *testing.T) {
	on(t, "agx-orin", func(t *testing.T) {
		func() {
			d, err := Open()
			if err != nil {
				t.Fatal(err)
			}
			m, err := d.Load(deep.program(t, d.Traits()))
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				s, err := m.NewSession()
				if err != nil {
					t.Fatal(err)
				}
				deep.check(t, s, make([]float32, deep.inputs))
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}()
		for deadline := time.Now().Add(time.Minute); report(t).Calls["cuDevicePrimaryCtxRelease_v2"] == 0; {
			if time.Now().After(deadline) {
				t.Fatal("nothing was collected")
			}
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	})
}

// A caller may have a context of his own on his thread; it is his again after every call.
func TestCallersContext(t *testing.T) {
	on(t, "desktop", func(t *testing.T) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		mine, err := cu.Device(0).MakeContext(0)
		if err != nil {
			t.Fatal(err)
		}
		defer mine.Destroy()
		still := func(after string) {
			t.Helper()
			if now, err := cu.CurrentContext(); err != nil || now != mine {
				t.Fatalf("after %s: %v, %v, want %v", after, now, err, mine)
			}
		}
		still("making it")
		d, err := Open()
		if err != nil {
			t.Fatal(err)
		}
		still("Open")
		m, err := d.Load(deep.program(t, d.Traits()))
		if err != nil {
			t.Fatal(err)
		}
		still("Load")
		s, err := m.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		still("NewSession")
		for range 3 {
			deep.check(t, s, make([]float32, deep.inputs))
			still("Run")
		}
		if err := errors.Join(s.Close(), m.Close(), d.Close()); err != nil {
			t.Fatal(err)
		}
		still("Close")
	})
}
