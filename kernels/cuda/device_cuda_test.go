//go:build cuda

package cuda

import (
	"errors"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/simtest"
)

func TestOpen(t *testing.T) {
	tests := []struct {
		board   string
		name    string
		driver  string
		compute int
		many    int
		unified bool
	}{
		{"nano", "NVIDIA Tegra X1", "10.2", 53, 1, false},
		{"tx2", "NVIDIA Tegra X2", "10.2", 62, 2, false},
		{"agx-xavier", "Xavier", "11.4", 72, 8, true},
		{"orin-nano", "Orin", "12.6", 87, 8, true},
		{"thor", "Thor", "13.0", 110, 20, true},
		{"desktop", "desktop", "12.9", 89, 28, false},
	}
	for _, test := range tests {
		t.Run(test.board, func(t *testing.T) {
			on(t, test.board, func(t *testing.T) {
				d := open(t)
				want := Traits{Compute: test.compute, Multiprocessors: test.many, SharedBytes: 48 << 10}
				if d.Traits() != want || d.Driver() != test.driver || d.Unified() != test.unified || !strings.Contains(d.Name(), test.name) || d.Memory() < 4<<30 {
					t.Errorf("%s: %+v, driver %s, unified %v, %d bytes", d.Name(), d.Traits(), d.Driver(), d.Unified(), d.Memory())
				}
			})
		})
	}
}

// Without a driver on the machine the program starts, and says what is missing.
func TestNoDriver(t *testing.T) {
	simtest.WithoutDriver(t, func(t *testing.T) {
		_, err := Open()
		if !errors.Is(err, ErrNoDevice) || !strings.Contains(err.Error(), "libcuda.so.1: cannot ") ||
			!strings.Contains(err.Error(), "is this a Jetson with JetPack") {
			t.Fatal(err)
		}
	})
}
