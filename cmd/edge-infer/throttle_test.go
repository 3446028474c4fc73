package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards"
	"github.com/edge-infer/edge-infer/boards/boardstest"
)

var zero = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func second(s float64) time.Time { return zero.Add(time.Duration(s * float64(time.Second))) }

// at is a moment with a clock of the processors and of the GPU, in MHz.
func at(s, cpu, gpu float64, throttled ...string) moment {
	return moment{at: second(s), tells: true, throttled: throttled,
		condition: condition{CPU: boards.Known(cpu * 1e6), GPU: boards.Known(gpu * 1e6)}}
}

func event(m moment, count float64) moment {
	m.events = []boards.Counter{{Name: "oc3", Count: boards.Known(count)}}
	return m
}

func TestThrottling(t *testing.T) {
	for _, test := range []struct {
		name    string
		moments []moment
		onGPU   bool
		seconds float64
		why     []string
		when    [][2]float64 // in seconds; the measurement began 100 s before
	}{
		{"steady", []moment{at(0, 1000, 500), at(1, 1000, 500), at(2, 900, 500)}, true, 0, nil, nil},
		{"a clock falls", []moment{at(0, 1000, 500), at(1, 899, 500), at(2, 1000, 500), at(3, 1000, 500)}, false, 1, []string{"the clock of the processors fell"}, [][2]float64{{101, 102}}},
		{"to the end", []moment{at(0, 1000, 500), at(8, 500, 500)}, false, 2, []string{"the clock of the processors fell"}, [][2]float64{{108, 110}}},
		{"the clock of an idle GPU", []moment{at(0, 1000, 500), at(1, 1000, 100)}, false, 0, nil, nil},
		{"that of a busy one", []moment{at(0, 1000, 500), at(1, 1000, 100)}, true, 9, []string{"the clock of the GPU fell"}, [][2]float64{{101, 110}}},
		{"as the board says", []moment{at(0, 1000, 500), at(1, 1000, 500, "hot"), at(2, 1000, 500, "hot", "cap"), at(4, 1000, 500), at(5, 1000, 500, "hot"), at(5.5, 1000, 500)}, true, 3.5, []string{"hot", "cap"}, [][2]float64{{101, 104}, {105, 105.5}}},
		{"from the beginning", []moment{at(-1, 1000, 500, "hot"), at(1, 1000, 500)}, true, 1, []string{"hot"}, [][2]float64{{100, 101}}},
		{"before it", []moment{at(-2, 1000, 500, "hot"), at(-1, 1000, 500), at(1, 1000, 500)}, true, 0, nil, nil},
		{"after it", []moment{at(0, 1000, 500), at(11, 100, 500, "hot")}, true, 0, nil, nil},
		{"events", []moment{event(at(0, 1000, 500), 3), event(at(1, 1000, 500), 5), event(at(2, 1000, 500), 5)}, true, 1, []string{"oc3"}, [][2]float64{{101, 102}}},
		{"a start that is not known", []moment{{at: second(0), tells: true}, at(1, 500, 500), at(2, 100, 500)}, true, 0, nil, nil},
		{"a reading that is lost", []moment{at(0, 1000, 500), {at: second(1), tells: true}}, true, 0, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := throttling(test.moments, second(-100), second(0), second(10), test.onGPU)
			if r == nil || r.Seconds != test.seconds || r.Of != 10 || !slices.Equal(r.Why, test.why) || !slices.Equal(r.When, test.when) {
				t.Errorf("%+v, want %v s, %q, %v", r, test.seconds, test.why, test.when)
			}
		})
	}
	for name, moments := range map[string][]moment{"nothing": nil, "a board that does not tell": {{at: second(0)}, {at: second(1)}}} {
		if r := throttling(moments, second(0), second(0), second(10), true); r != nil {
			t.Errorf("of %s %+v", name, r)
		}
	}
}

func TestNearest(t *testing.T) {
	moments := []moment{at(0, 1, 1), at(1, 2, 2), at(3, 3, 3)}
	for when, want := range map[float64]float64{-5: 1, 0: 1, 0.4: 1, 0.6: 2, 1: 2, 1.9: 2, 2.1: 3, 3: 3, 9: 3} {
		if m := nearest(moments, second(when)); m.CPU != boards.Known(want*1e6) {
			t.Errorf("at %v: %v, want %v", when, m.CPU, want)
		}
	}
	if m := nearest(nil, zero); m != nil {
		t.Errorf("of none %+v", m)
	}
}

// However many samples there are, there are few points, and every sample is in one.
func TestSeriesHoldsAll(t *testing.T) {
	for _, n := range []int{1, 2, mostPoints, mostPoints + 1, 3*mostPoints + 7, 100_000} {
		s := newSeries()
		for i := range n {
			s.add(second(float64(i)), time.Duration(i+1))
		}
		samples, sum, longest, before := 0, time.Duration(0), time.Duration(0), zero.Add(-1)
		for _, p := range s.points {
			samples, sum, longest = samples+p.samples, sum+p.sum, max(longest, p.longest)
			if !p.at.After(before) || p.longest < p.sum/time.Duration(p.samples) {
				t.Errorf("%d samples: %+v after %v", n, p, before)
			}
			before = p.at
		}
		if samples != n || sum != time.Duration(n)*time.Duration(n+1)/2 || longest != time.Duration(n) || len(s.points) > mostPoints || n >= mostPoints && len(s.points) < mostPoints/2 {
			t.Errorf("%d samples: %d in %d points, sum %d, longest %d", n, samples, len(s.points), sum, longest)
		}
	}
}

func TestSeriesIsJoined(t *testing.T) {
	s := newSeries()
	s.add(second(1), 100*time.Nanosecond)
	s.add(second(2), 300*time.Nanosecond)
	got := s.report([]moment{at(0, 1, 0), at(1.9, 2, 0)}, zero, 10)
	want := []pointReport{
		{At: 1, Samples: 1, Mean: 10, Longest: 10, condition: condition{CPU: boards.Known(2e6), GPU: boards.Known(0)}},
		{At: 2, Samples: 1, Mean: 30, Longest: 30, condition: condition{CPU: boards.Known(2e6), GPU: boards.Known(0)}},
	}
	want[0].CPU = boards.Known(2e6) // 0.9 s away, and the other one 1 s
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A recorder of any length takes the same memory, and keeps moments from the first to the last.
func TestRecorderIsBounded(t *testing.T) {
	r := &recorder{stride: 1}
	const n = 3*mostMoments + 5
	for i := range n {
		r.add(moment{at: second(float64(i))})
	}
	if len(r.moments) > mostMoments || len(r.moments) < mostMoments/2 || !r.moments[0].at.Equal(zero) {
		t.Fatalf("%d moments from %v", len(r.moments), r.moments[0].at)
	}
	for i, m := range r.moments {
		if want := second(float64(i * r.stride)); !m.at.Equal(want) {
			t.Fatalf("moment %d is of %v, want %v", i, m.at, want)
		}
	}
}

// While the recorder runs, the board gets hot, its clock falls and a rail goes.
func TestRecorder(t *testing.T) {
	tree, err := boardstest.Load(filepath.Join("..", "..", "testdata", "boards", "agx-xavier.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := tree.Write(dir); err != nil {
		t.Fatal(err)
	}
	telemetry, err := boards.NewTelemetry(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := record(telemetry)
	for name, text := range map[string]string{
		"sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq": "1000000\n", "sys/devices/system/cpu/cpufreq/policy2/scaling_cur_freq": "1000000\n",
		"sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq": "1000000\n", "sys/devices/system/cpu/cpufreq/policy6/scaling_cur_freq": "1000000\n",
		"sys/class/thermal/thermal_zone0/temp": "90000\n", "sys/class/hwmon/hwmon3/in1_input": "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(recordEvery + recordEvery/2) // most machines read once more meanwhile
	moments := r.end()
	if len(moments) < 2 {
		t.Fatalf("%d moments", len(moments))
	}
	first, last := moments[0], moments[len(moments)-1]
	if want := (condition{boards.Known(2265.6e6), boards.Known(1377e6), boards.Known(46.5), boards.Known(18.062272), "MAXN"}); first.condition != want {
		t.Errorf("at first %+v, want %+v", first.condition, want)
	}
	if want := (condition{boards.Known(1e9), boards.Known(1377e6), boards.Known(90), boards.Reading{}, "MAXN"}); last.condition != want {
		t.Errorf("at last %+v, want %+v", last.condition, want)
	}
	if report := throttling(moments, first.at, first.at, time.Now(), false); report == nil || report.Seconds == 0 {
		t.Errorf("throttled %v", report)
	}
	if got := conditions(moments); got != "power mode MAXN, cpu 1.00 GHz to 2.27 GHz, gpu 1.38 GHz, 46.5 °C to 90.0 °C, 18.06 W" {
		t.Errorf("conditions %q", got)
	}
}

// The percentiles of a stream come from a bounded part of its calls, in which the late ones are as
// likely as the early.
func TestStatsAreBounded(t *testing.T) {
	s := newStats(statsReport{}, nil)
	const n = 8 * mostReservoir
	for i := range n {
		start := second(float64(i))
		s.add(start, start.Add(time.Duration(i+1)), 3)
	}
	s.finish(nil)
	r := &s.report
	if r.Rows != 3*n || r.Calls != n || r.Sampled != mostReservoir || len(r.Series) > mostPoints || r.Throttled != nil {
		t.Errorf("%d rows, %d calls, %d sampled, %d points, %v", r.Rows, r.Calls, r.Sampled, len(r.Series), r.Throttled)
	}
	if half := float64(n) / 2; r.Call.Median < 0.97*half || r.Call.Median > 1.03*half {
		t.Errorf("median %v of calls of 1 to %d ns", r.Call.Median, n)
	}
}
