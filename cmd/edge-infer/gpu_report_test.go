package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/runtime"
)

func TestTuningInWords(t *testing.T) {
	orin := runtime.GPU{Name: "Orin", Compute: 87, Driver: "12.6"}
	measured := &runtime.Measured{Rows: 64, CPUOne: 3200, CPUMany: 120 * time.Microsecond, GPUOne: 45 * time.Microsecond, GPUMany: 60 * time.Microsecond}
	gone := errors.New("runtime: cuda: device lost")
	for name, test := range map[string]struct {
		tuning runtime.Tuning
		chosen string
		auto   string
		gpu    string
		json   string
	}{
		"built without": {
			tuning: runtime.Tuning{Unused: runtime.ErrWithoutCUDA},
			chosen: "avx2",
			auto:   "avx2, which auto picks here",
			json:   `null`,
		},
		"none": {
			tuning: runtime.Tuning{Unused: gone},
			chosen: "avx2",
			auto:   "avx2, which auto picks here",
			gpu:    "not used: runtime: cuda: device lost",
			json:   `{"from_rows":0,"unused":"runtime: cuda: device lost"}`,
		},
		"slower": {
			tuning: runtime.Tuning{GPU: orin, Measured: measured, Unused: errors.New("runtime: slower"), Kept: true},
			chosen: "avx2, since cuda is slower (Orin, CUDA 12.6)",
			auto:   "auto: avx2, since cuda is slower (Orin, CUDA 12.6)",
			gpu:    "1 row takes avx2 3.2 µs, and cuda 45 µs; 64 rows 120 µs and 60 µs; measured before: --tune measures anew",
			json: `{"name":"Orin","compute_capability":"8.7","cuda":"12.6","from_rows":0,"unused":"runtime: slower",` +
				`"measured":{"kept":true,"cpu_one_row_ns":3200,"gpu_one_row_ns":45000,"rows":64,"cpu_rows_ns":120000,"gpu_rows_ns":60000}}`,
		},
		"given up": {
			tuning: runtime.Tuning{GPU: orin, Measured: &runtime.Measured{Rows: 64, CPUOne: 10, CPUMany: 20, GPUOne: time.Second}, Unused: errors.New("runtime: slower")},
			chosen: "avx2, since cuda is slower (Orin, CUDA 12.6)",
			auto:   "auto: avx2, since cuda is slower (Orin, CUDA 12.6)",
			gpu:    "1 row takes avx2 10 ns, and cuda 1 s",
			json: `{"name":"Orin","compute_capability":"8.7","cuda":"12.6","from_rows":0,"unused":"runtime: slower",` +
				`"measured":{"kept":false,"cpu_one_row_ns":10,"gpu_one_row_ns":1000000000,"rows":64,"cpu_rows_ns":20}}`,
		},
		"by rows": {
			tuning: runtime.Tuning{GPU: orin, Measured: measured, FromRows: 38},
			chosen: "avx2 up to 37 rows, cuda from 38 on (Orin, CUDA 12.6)",
			auto:   "auto: avx2 up to 37 rows, cuda from 38 on (Orin, CUDA 12.6)",
			gpu:    "1 row takes avx2 3.2 µs, and cuda 45 µs; 64 rows 120 µs and 60 µs",
			json: `{"name":"Orin","compute_capability":"8.7","cuda":"12.6","from_rows":38,` +
				`"measured":{"kept":false,"cpu_one_row_ns":3200,"gpu_one_row_ns":45000,"rows":64,"cpu_rows_ns":120000,"gpu_rows_ns":60000}}`,
		},
		"from two on, and not kept": {
			tuning: runtime.Tuning{GPU: orin, Measured: measured, FromRows: 2, Unkept: errors.New("runtime: no room")},
			chosen: "avx2 up to 1 row, cuda from 2 on (Orin, CUDA 12.6)",
			auto:   "auto: avx2 up to 1 row, cuda from 2 on (Orin, CUDA 12.6)",
			gpu:    "1 row takes avx2 3.2 µs, and cuda 45 µs; 64 rows 120 µs and 60 µs; runtime: no room",
			json: `{"name":"Orin","compute_capability":"8.7","cuda":"12.6","from_rows":2,` +
				`"measured":{"kept":false,"cpu_one_row_ns":3200,"gpu_one_row_ns":45000,"rows":64,"cpu_rows_ns":120000,"gpu_rows_ns":60000}}`,
		},
		"always": {
			tuning: runtime.Tuning{GPU: runtime.GPU{Name: "Or\x1bin", Compute: 110, Driver: "13.0"}, Measured: measured, FromRows: 1},
			chosen: `cuda ("Or\x1bin", CUDA 13.0)`,
			auto:   `auto: cuda ("Or\x1bin", CUDA 13.0)`,
			gpu:    "1 row takes avx2 3.2 µs, and cuda 45 µs; 64 rows 120 µs and 60 µs",
			json: `{"name":"Or\u001bin","compute_capability":"11.0","cuda":"13.0","from_rows":1,` +
				`"measured":{"kept":false,"cpu_one_row_ns":3200,"gpu_one_row_ns":45000,"rows":64,"cpu_rows_ns":120000,"gpu_rows_ns":60000}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := chosen(test.tuning, runtime.AVX2); got != test.chosen {
				t.Errorf("chosen: %s, want %s", got, test.chosen)
			}
			if got := chosenByAuto(test.tuning, runtime.AVX2); got != test.auto {
				t.Errorf("by auto: %s, want %s", got, test.auto)
			}
			if got := gpuText(test.tuning, runtime.AVX2); got != test.gpu {
				t.Errorf("gpu: %s, want %s", got, test.gpu)
			}
			if got, err := json.Marshal(newGPUJSON(test.tuning)); err != nil || string(got) != test.json {
				t.Errorf("JSON: %s, %v, want %s", got, err, test.json)
			}
		})
	}
}

// The table of bench has the columns that tell something.
func TestBenchTable(t *testing.T) {
	batch := func(rows int, backend runtime.Backend, gpu *gpuReport) batchReport {
		r := newBatchReport(rows, backend, measurement{call: percentiles{1000, 2000, 3000, 4000}, samples: 5, callsPerSample: 1})
		r.GPU = gpu
		return r
	}
	for name, test := range map[string]struct {
		batches []batchReport
		want    string
	}{
		"the processor": {[]batchReport{batch(1, runtime.AVX2, nil), batch(8, runtime.AVX2, nil)}, `
batch   min  median   p95   p99  per inference  inferences/s  allocations      samples
    1  1 µs    2 µs  3 µs  4 µs           2 µs       500,000            0  5 of 1 call
    8  1 µs    2 µs  3 µs  4 µs         250 ns     4,000,000            0  5 of 1 call
`},
		"both": {[]batchReport{batch(8, runtime.AVX2, nil), batch(8, runtime.CUDA, nil)}, `
batch  backend   min  median   p95   p99  per inference  inferences/s  allocations      samples
    8  avx2     1 µs    2 µs  3 µs  4 µs         250 ns     4,000,000            0  5 of 1 call
    8  cuda     1 µs    2 µs  3 µs  4 µs         250 ns     4,000,000            0  5 of 1 call
`},
		"the GPU": {[]batchReport{batch(8, runtime.CUDA, &gpuReport{100, 1500, 0})}, `
batch   min  median   p95   p99     h2d  kernels   d2h  per inference  inferences/s  allocations      samples
    8  1 µs    2 µs  3 µs  4 µs  100 ns   1.5 µs  0 ns         250 ns     4,000,000            0  5 of 1 call
`},
	} {
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			(&benchReport{Batches: test.batches}).table(&text)
			if text.String() != test.want {
				t.Errorf("%s, want %s", &text, test.want)
			}
		})
	}
}

func TestMeasureGPU(t *testing.T) {
	failure := errors.New("no")
	for name, test := range map[string]struct {
		good int // calls
		want gpuReport
	}{
		"medians of each part":  {1 << 30, gpuReport{HostToDevice: 1, Kernels: 10, DeviceToHost: 100}},
		"the first call fails":  {0, gpuReport{}},
		"the second call fails": {1, gpuReport{}},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			got, err := measureGPU(func() (runtime.GPUTimes, error) {
				if calls++; calls > test.good {
					return runtime.GPUTimes{}, failure
				}
				times := runtime.GPUTimes{HostToDevice: 1, Kernels: 10, DeviceToHost: 100}
				if calls == 1 { // which takes memory
					times = runtime.GPUTimes{HostToDevice: time.Hour, Kernels: time.Hour, DeviceToHost: time.Hour}
				}
				return times, nil
			}, time.Nanosecond)
			if want := test.good < 2; want != (err == failure) || err == nil && *got != test.want {
				t.Errorf("%+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}
