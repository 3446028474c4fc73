//go:build cuda

package cuda

import (
	"errors"
	"strings"
	"testing"
)

func TestNoDevice(t *testing.T) {
	tests := []struct {
		name string
		simulation
		want string
	}{
		{"none", simulation{board: "nano", fail: []string{"no-device"}}, "CUDA error 100"},
		{"kernel_module", simulation{board: "nano", fail: []string{"cuDeviceGetCount=803"}}, "start the machine again"},
		{"no_answer", simulation{board: "nano", fail: []string{"cuDeviceGetCount=999"}}, "(999)"},
		{"init", simulation{board: "nano", fail: []string{"cuInit=100"}}, "CUDA error 100"},
		{"old", simulation{board: "nano", compute: 32}, "compute capability 3.2: the kernels need 5.3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, func(t *testing.T) {
				_, err := Open()
				if !errors.Is(err, ErrNoDevice) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want %s", err, test.want)
				}
			})
		})
	}
}

func TestRefusedDevice(t *testing.T) {
	simulation{board: "nano", fail: []string{"cuDevicePrimaryCtxRetain=2@1"}}.run(t, func(t *testing.T) {
		if _, err := Open(); !errors.Is(err, ErrOutOfMemory) || !strings.Contains(err.Error(), "opening the device") {
			t.Fatal(err)
		}
		open(t)
	})
}

func TestPTXRefused(t *testing.T) {
	simulation{board: "agx-orin", fail: []string{"cuModuleLoadDataEx=218@1"}}.run(t, func(t *testing.T) {
		d := open(t)
		_, err := d.Load(small.program(t, d.Traits()))
		if !errors.Is(err, ErrPTXRefused) || !strings.Contains(err.Error(), "CUDA_ERROR_INVALID_PTX (218): ") {
			t.Fatal(err)
		}
		if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "\x00") {
			t.Errorf("%q", err)
		}
		small.check(t, newSession(t, load(t, d, small)), newRandom(1).values(10))
	})
}

// A module for a newer device is what a driver really refuses.
func TestPTXOfANewerDevice(t *testing.T) {
	simulation{board: "nano", refuses: true}.run(t, func(t *testing.T) {
		d := open(t)
		_, err := d.Load(small.program(t, Traits{Compute: 87, Multiprocessors: 1, SharedBytes: 48 << 10}))
		if !errors.Is(err, ErrPTXRefused) {
			t.Fatal(err)
		}
	})
}

func TestDeviceLost(t *testing.T) {
	tests := []struct{ name, board, fail, want string }{
		{"launch", "desktop", "cuLaunchKernel=719@5", "launching"},
		{"graph", "desktop", "cuGraphLaunch=719@2", "launching the graph for 4 rows"},
		{"capture", "desktop", "cuStreamEndCapture=700@1", "recording"},
		{"wait", "agx-orin", "cuStreamSynchronize=700@2", "CUDA_ERROR_ILLEGAL_ADDRESS (700)"},
		{"copy in", "desktop", "cuMemcpyHtoDAsync=999@2", "copying 4 rows to the device"},
		{"copy out", "desktop", "cuMemcpyDtoHAsync=716@2", "copying the results of 4 rows"},
		{"context", "desktop", "cuCtxPushCurrent=709@1", "making the context current"},
	}
	for _, test := range tests {
		t.Run(strings.ReplaceAll(test.name, " ", "_"), func(t *testing.T) {
			simulation{board: test.board, lost: true}.run(t, func(t *testing.T) {
				n := deep
				n.pass = 4
				d := open(t)
				m := load(t, d, n)
				s, other := newSession(t, m), newSession(t, m)
				r := newRandom(15)
				n.check(t, s, r.values(n.inputs))
				n.check(t, other, r.values(n.inputs))
				fail(t, test.fail)
				// In the middle of a batch of several passes.
				x, dst := r.values(40*n.inputs), make([]float32, 40)
				err := s.Run(dst, x, 40)
				if !errors.Is(err, ErrDeviceLost) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "start the program again") {
					t.Fatalf("%v, want %s", err, test.want)
				}
				before := report(t).Calls
				again := []error{s.Run(dst, x, 40), other.Run(dst[:1], x[:n.inputs], 1), s.RunUint8(dst[:1], make([]uint8, n.inputs), 1)}
				_, timed := other.RunTimed(dst[:1], x[:n.inputs], 1)
				_, session := m.NewSession()
				_, model := d.Load(small.program(t, d.Traits()))
				for i, later := range append(again, timed, session, model) {
					if !errors.Is(later, ErrDeviceLost) || later.Error() != err.Error() {
						t.Errorf("call %d: %v", i, later)
					}
				}
				for name, n := range report(t).Calls {
					// A session that could not be opened is closed again, its context is not.
					if strings.Contains(name, "Launch") && n != before[name] || strings.Contains(name, "Alloc") && n != before[name] {
						t.Errorf("%d calls of %s on a lost device", n-before[name], name)
					}
				}
			})
		})
	}
}

// What is wrong with one call alone does not lose the device.
func TestFailureOfACall(t *testing.T) {
	simulation{board: "desktop"}.run(t, func(t *testing.T) {
		s := newSession(t, load(t, open(t), deep))
		r := newRandom(16)
		deep.check(t, s, r.values(deep.inputs))
		fail(t, "cuLaunchKernel=701@2")
		err := s.Run(make([]float32, 2), r.values(2*deep.inputs), 2)
		if err == nil || errors.Is(err, ErrDeviceLost) || !strings.Contains(err.Error(), "(2 of 3) for 2 rows: CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)") {
			t.Fatal(err)
		}
		deep.check(t, s, r.values(2*deep.inputs))
	})
}
