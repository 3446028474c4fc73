package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// gpuReport is what a call does on the GPU: medians, in nanoseconds.
type gpuReport struct {
	HostToDevice float64 `json:"host_to_device"`
	Kernels      float64 `json:"kernels"`
	DeviceToHost float64 `json:"device_to_host"`
}

// timedCall returns a call of the model with so many rows, timed on the GPU.
func timedCall(m *format.Model, s *runtime.Session, batch int) func() (runtime.GPUTimes, error) {
	rows, _ := benchRows(m)
	src, dst := fill(batch*s.Inputs(), rows), make([]float32, batch*s.Outputs())
	return func() (runtime.GPUTimes, error) { return s.RunTimed(dst, src) }
}

// measureGPU makes timed calls for some part of the duration, at least one after a first that may
// take memory.
func measureGPU(run func() (runtime.GPUTimes, error), duration time.Duration) (*gpuReport, error) {
	const most = 1000 // calls
	if _, err := run(); err != nil {
		return nil, err
	}
	var calls []runtime.GPUTimes
	for end := time.Now().Add(duration / 4); len(calls) == 0 || len(calls) < most && time.Now().Before(end); {
		times, err := run()
		if err != nil {
			return nil, err
		}
		calls = append(calls, times)
	}
	median := func(part func(runtime.GPUTimes) time.Duration) float64 {
		slices.SortFunc(calls, func(a, b runtime.GPUTimes) int { return cmp.Compare(part(a), part(b)) })
		return float64(part(calls[(len(calls)-1)/2])) // the same rank as that of the other percentiles
	}
	return &gpuReport{
		HostToDevice: median(func(t runtime.GPUTimes) time.Duration { return t.HostToDevice }),
		Kernels:      median(func(t runtime.GPUTimes) time.Duration { return t.Kernels }),
		DeviceToHost: median(func(t runtime.GPUTimes) time.Duration { return t.DeviceToHost }),
	}, nil
}
