//go:build cuda

package runtime

import (
	"errors"
	"fmt"
	"os"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels/cuda"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/simtest"
)

// These tests run on simulated boards: a libcuda.so.1 that interprets the PTX. The
// loader takes it when a program starts, so each test runs in a process of its own,
// the test program again. They need the environment of kernels/cuda/build and fail
// without.

// fail makes a call of the driver fail from now on.
func fail(t *testing.T, spec string) {
	t.Helper()
	if err := driver.Fail(os.Getenv(simtest.Variable), spec); err != nil {
		t.Fatal(err)
	}
}

// report is what this process has done on the GPU.
func report(t *testing.T) driver.Report {
	t.Helper()
	reports, err := driver.Reports(os.Getenv(simtest.Variable))
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports: %v", len(reports), err)
	}
	return reports[0]
}

// Every layer of the format, in any order, has the same bits on the GPU.
func TestCUDARunsRandomModels(t *testing.T) {
	for _, board := range []string{"nano", "orin-nano"} { // without dp4a and with it
		t.Run(board, func(t *testing.T) {
			simtest.OnBoard(t, board, nil, func(t *testing.T) {
				for seed := range uint64(150) {
					m := randomModel(seed, int(seed%7))
					s, err := New(m, Options{Backend: CUDA, Threads: 1})
					if err != nil {
						t.Fatal(err)
					}
					before := report(t).Launches
					for _, rows := range []int{1, 7} {
						checkAnswers(t, s, m, rows)
					}
					if report(t).Launches == before {
						t.Fatalf("model %d has not run on the GPU", seed)
					}
				}
			})
		})
	}
}

// Larger models than those, which are several launches.
func TestCUDARunsPerceptrons(t *testing.T) {
	simtest.OnBoard(t, "agx-orin", nil, func(t *testing.T) {
		for _, m := range []*format.Model{perceptron(1, 2, 2, 1), perceptron(2, 64, 32, 10), perceptron(3, 784, 256, 10)} {
			s, err := New(m, Options{Backend: CUDA})
			if err != nil {
				t.Fatal(err)
			}
			for _, rows := range []int{1, 5, 5, 5, 1} { // graphs are recorded on the way
				checkAnswers(t, s, m, rows)
			}
			src, dst := make([]float32, 5*s.Inputs()), make([]float32, 5*s.Outputs())
			least := 1.0
			for range 5 { // the sessions before are being collected
				least = min(least, testing.AllocsPerRun(3, func() { _ = s.Run(dst, src) }))
			}
			if least > 0 {
				t.Errorf("%d inputs: %g allocations", s.Inputs(), least)
			}
			times, err := s.RunTimed(dst, src)
			if err != nil || times.Kernels <= 0 {
				t.Errorf("%d inputs: %+v, %v", s.Inputs(), times, err)
			}
		}
	})
}

func TestCUDARunsBytes(t *testing.T) {
	simtest.OnBoard(t, "tx2", nil, func(t *testing.T) {
		s, err := New(pixels(format.U8), Options{Backend: CUDA})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float32, 2)
		if err := s.RunUint8(got, []uint8{1, 2, 3, 4, 5, 6, 7, 255}); err != nil || got[0] != 4321 || got[1] != 255765 {
			t.Errorf("%v, %v", got, err)
		}
	})
}

func TestCUDAInGoroutines(t *testing.T) {
	simtest.OnBoard(t, "xavier-nx", nil, func(t *testing.T) {
		m := perceptron(4, 20, 30, 3)
		s, err := New(m, Options{Backend: CUDA})
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for rows := range 6 {
			clone := s.Clone()
			group.Go(func() {
				for range 4 {
					checkAnswers(t, clone, m, rows)
				}
			})
		}
		group.Wait()
		if n := report(t).Calls["cuMemcpyHtoD_v2"]; n != 1 {
			t.Errorf("the weights were copied %d times", n)
		}
	})
}

// What a forgotten session has on the GPU is given back.
func TestCUDASessionsEnd(t *testing.T) {
	simtest.OnBoard(t, "orin-nano", nil, func(t *testing.T) {
		for range 5 {
			if _, err := New(pixels(format.F32), Options{Backend: CUDA}); err != nil {
				t.Fatal(err)
			}
		}
		for range 1000 {
			goruntime.GC()
			if report(t).Left == (driver.Left{}) {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("left: %+v", report(t).Left)
	})
}

// A simulated GPU is slow, so Auto leaves it, and gives back all that it took.
func TestAutoOnASlowGPU(t *testing.T) {
	simtest.OnBoard(t, "orin-nano", nil, func(t *testing.T) {
		notify, told := news()
		dir := t.TempDir()
		m := perceptron(5, 20, 30, 3)
		for _, kept := range []bool{false, true} {
			s, err := New(m, Options{Notify: notify, CacheDir: dir})
			if err != nil {
				t.Fatal(err)
			}
			tuning := s.Tuning()
			if tuning.FromRows != 0 || !errors.Is(tuning.Unused, errSlower) || tuning.Kept != kept || tuning.GPU.Compute != 87 || tuning.GPU.Driver != "12.6" || len(*told) > 0 {
				t.Errorf("tuning %+v, told %v", tuning, *told)
			}
			if left := report(t).Left; left != (driver.Left{}) {
				t.Errorf("left on the GPU: %+v", left)
			}
			checkAnswers(t, s, m, 100)
		}
	})
}

// cpuLoses makes New believe that the GPU is faster from the first row on.
func cpuLoses(t *testing.T, m *format.Model) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := New(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := newKeptTuning(dir, m, s, usualBatch)
	if err == nil {
		err = kept.write(&Measured{Rows: usualBatch, CPUOne: 100, CPUMany: 6400, GPUOne: 10, GPUMany: 11}, s.Tuning().GPU)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The driver fails somewhere: Auto goes on with the processor and tells it once,
// CUDA is an error, at once or in the call.
func TestCUDAFails(t *testing.T) {
	m := perceptron(6, 20, 30, 3)
	for name, test := range map[string]struct {
		failures []string
		later    string // a failure after New
		want     error
	}{
		"no_device":     {[]string{"no-device"}, "", cuda.ErrNoDevice},
		"driver":        {[]string{"cuDeviceGetCount=999"}, "", cuda.ErrNoDevice},
		"PTX":           {[]string{"cuModuleLoadDataEx=218"}, "", cuda.ErrPTXRefused},
		"out_of_memory": {[]string{"cuMemAlloc=2"}, "", cuda.ErrOutOfMemory},
		"no_stream":     {[]string{"cuStreamCreate=2"}, "", cuda.ErrOutOfMemory},
		"lost":          {nil, "cuLaunchKernel=719@2", cuda.ErrDeviceLost},
		"lost_waiting":  {nil, "cuStreamSynchronize=700@1", cuda.ErrDeviceLost},
		"no_more_room":  {nil, "cuMemAlloc=2", cuda.ErrOutOfMemory},
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("auto", func(t *testing.T) {
				simtest.OnBoard(t, "nano", test.failures, func(t *testing.T) {
					notify, told := news()
					o := Options{Notify: notify}
					if test.later != "" {
						o.CacheDir = cpuLoses(t, m)
					}
					s, err := New(m, o)
					if err != nil {
						t.Fatal(err)
					}
					clone := s.Clone()
					if test.later != "" {
						checkAnswers(t, s, m, 1)
						if len(*told) > 0 || s.Backend() != CUDA {
							t.Fatalf("told %v before anything fails, on %s", *told, s.Backend())
						}
						fail(t, test.later)
					}
					for rows := range 20 {
						checkAnswers(t, s, m, rows)
						checkAnswers(t, clone, m, rows)
					}
					if len(*told) != 1 || !errors.Is((*told)[0], test.want) {
						t.Errorf("told %v", *told)
					}
					if s.Backend() == CUDA || s.Tuning().Unused == nil {
						t.Errorf("%s still runs: %+v", s.Backend(), s.Tuning())
					}
				})
			})
			t.Run("cuda", func(t *testing.T) {
				simtest.OnBoard(t, "nano", test.failures, func(t *testing.T) {
					s, err := New(m, Options{Backend: CUDA})
					if test.later == "" {
						if !errors.Is(err, test.want) {
							t.Errorf("%v", err)
						}
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					checkAnswers(t, s, m, 1)
					fail(t, test.later)
					for rows := 1; err == nil && rows < 20; rows++ {
						err = s.Run(make([]float32, rows*s.Outputs()), make([]float32, rows*s.Inputs()))
					}
					if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "runtime: cuda: ") {
						t.Errorf("%v", err)
					}
				})
			})
		})
	}
}

// Without a driver nothing is told, and the processor runs.
func TestCUDAWithoutADriver(t *testing.T) {
	simtest.WithoutDriver(t, func(t *testing.T) {
		notify, told := news()
		s, err := New(pixels(format.F32), Options{Notify: notify})
		if err != nil {
			t.Fatal(err)
		}
		if tuning := s.Tuning(); !errors.Is(tuning.Unused, ErrNoDriver) || !errors.Is(tuning.Unused, cuda.ErrNoDevice) || len(*told) > 0 {
			t.Errorf("tuning %+v, told %v", tuning, *told)
		}
		if slices.Contains(Backends(), CUDA) {
			t.Error("cuda is among the backends that can run")
		}
		if _, err := New(pixels(format.F32), Options{Backend: CUDA}); !errors.Is(err, ErrNoDriver) || !strings.Contains(err.Error(), "reference") {
			t.Errorf("%v, which should say what there is", err)
		}
		if _, err := FindGPU(); !errors.Is(err, ErrNoDriver) {
			t.Errorf("a GPU is found: %v", err)
		}
	})
}

func TestFindGPU(t *testing.T) {
	for board, want := range map[string]GPU{
		"nano":       {Compute: 53, Driver: "10.2"},
		"agx-xavier": {Compute: 72, Driver: "11.4", Unified: true},
		"thor":       {Compute: 110, Driver: "13.0", Unified: true},
	} {
		t.Run(board, func(t *testing.T) {
			simtest.OnBoard(t, board, nil, func(t *testing.T) {
				got, err := FindGPU()
				if err != nil || got.Name == "" || got.Memory < 4<<30 {
					t.Errorf("%+v, %v", got, err)
				}
				got.Name, got.Memory, got.kernels = "", 0, ""
				if got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
				if got := fmt.Sprint(Backends()[:2]); got != "[auto cuda]" {
					t.Errorf("the first backends are %s", got)
				}
			})
		})
	}
}
