package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPercentilesOf(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	tests := map[string]struct {
		samples []time.Duration
		want    percentiles
	}{
		"one":        {[]time.Duration{7}, percentiles{7, 7, 7, 7}},
		"two":        {[]time.Duration{9, 5}, percentiles{5, 5, 9, 9}},
		"three":      {[]time.Duration{9, 5, 7}, percentiles{5, 7, 9, 9}},
		"1 to 100":   {hundred, percentiles{1, 50, 95, 99}},
		"one is odd": {append(make([]time.Duration, 99), 1000), percentiles{0, 0, 0, 0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := percentilesOf(test.samples); got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

func TestCallsPerSample(t *testing.T) {
	tests := map[string]struct {
		perCall, duration time.Duration
		want              int
	}{
		"slow":               {time.Millisecond, time.Second, 1},
		"just long enough":   {leastSample, time.Second, 1},
		"fast":               {300 * time.Nanosecond, time.Second, 34},
		"below the clock":    {0, time.Second, int(leastSample)},
		"for a day":          {time.Millisecond, 24 * time.Hour, 83},
		"slower than asked":  {time.Minute, time.Second, 1},
		"of a sample's time": {7 * time.Microsecond, time.Second, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := callsPerSample(test.perCall, test.duration); got != test.want {
				t.Errorf("%d, want %d", got, test.want)
			}
		})
	}
}

func TestMeasure(t *testing.T) {
	calls := 0
	m, err := measure(func() error {
		calls++
		time.Sleep(100 * time.Microsecond)
		return nil
	}, 10*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if m.samples < 1 || m.callsPerSample != 1 || m.samples > calls || m.call.Min < 1e5 || m.call.Min > m.call.Median || m.call.Median > m.call.P95 || m.call.P95 > m.call.P99 {
		t.Errorf("%d calls: %+v", calls, m)
	}
}

func TestMeasureStopsAtAnError(t *testing.T) {
	failure := errors.New("no")
	for good := range 60 { // calls before the failing one: in the warm-up, among the counted, in a sample
		calls := 0
		_, err := measure(func() error {
			if calls++; calls > good {
				return failure
			}
			return nil
		}, time.Nanosecond)
		if err != failure && calls > good {
			t.Fatalf("after %d good calls: %v", good, err)
		}
	}
}

var sink []byte

func TestAllocations(t *testing.T) {
	for name, test := range map[string]struct {
		run  func() error
		want float64
	}{
		"none": {func() error { return nil }, 0},
		"one":  {func() error { sink = make([]byte, 100); return nil }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := allocations(test.run)
			if err != nil || got != test.want {
				t.Errorf("%v, %v: want %v", got, err, test.want)
			}
		})
	}
}

func TestReadMachine(t *testing.T) {
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"a board": {map[string]string{
			"proc/device-tree/model": "NVIDIA Jetson Nano Developer Kit\x00",
			"proc/cpuinfo":           "processor\t: 0\nmodel name\t: ARMv8 Processor rev 1 (v8l)\n",
		}, "NVIDIA Jetson Nano Developer Kit"},
		"a workstation":       {map[string]string{"proc/cpuinfo": "processor\t: 0\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n"}, "AMD EPYC"},
		"an ARM with numbers": {map[string]string{"proc/cpuinfo": "processor\t: 0\nCPU implementer\t: 0x41\n"}, ""},
		"nothing":             {nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, text := range test.files {
				path := filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if m := readMachine(root); m.Model != test.want || m.Cores < 1 {
				t.Errorf("%+v, want the model %q", m, test.want)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	for ns, want := range map[float64]string{3.14159: "3.14 ns", 1234: "1.23 µs", 4.5e6: "4.5 ms", 2e9: "2 s"} {
		if got := span(ns); got != want {
			t.Errorf("%v: %s, want %s", ns, got, want)
		}
	}
}
