package stream

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// shake is accel_x at a time: at rest at first, shaking in every second period of two
// seconds.
func shake(at time.Duration) float64 {
	s := at.Seconds()
	amplitude := 0.05
	if int(s/2)%2 == 1 {
		amplitude = 1.5
	}
	return 9.81 + amplitude*math.Sin(2*math.Pi*12*s)
}

func TestPipeline(t *testing.T) {
	p := shakePipeline(t, shakeConfig(100))
	var labels []string
	for i := range 600 {
		at := time.Duration(i) * 10 * ms
		r, err := p.Push(someTime.Add(at), []float64{shake(at), 20})
		if err != nil {
			t.Fatal(err)
		}
		if r == nil {
			continue
		}
		labels = append(labels, r.Label)
		first := time.Duration(len(labels)-1) * 250 * ms
		if r.Number != uint64(len(labels)) || r.Readings != 50 || r.Start != someTime.Add(first) || r.End != someTime.Add(first+490*ms) {
			t.Errorf("window %d: number %d, %d readings from %v to %v", len(labels), r.Number, r.Readings, r.Start, r.End)
		}
		if len(r.Input) != 3 || len(r.Output) != 2 || r.Output[0]+r.Output[1] < 0.999 {
			t.Errorf("window %d: input %v, output %v", len(labels), r.Input, r.Output)
		}
		if r.Active != (r.Label == "shaking") || r.Active != (r.State == 1) {
			t.Errorf("window %d: state %d, label %q, active %v", len(labels), r.State, r.Label, r.Active)
		}
		if changed := len(labels) == 1 && r.Label != "" || len(labels) > 1 && labels[len(labels)-2] != r.Label; r.Changed != changed {
			t.Errorf("window %d: changed %v from %v", len(labels), r.Changed, labels)
		}
	}
	// A new state must last for two windows.
	want := ",rest,rest,rest,rest,rest,rest,rest,shaking,shaking,shaking,shaking,shaking,shaking,shaking,shaking,shaking,rest,rest,rest,rest,rest,rest"
	if got := strings.Join(labels, ","); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := p.Stats().Count(Predictions); n != uint64(len(labels)) || p.Stats().Count(Readings) != 600 {
		t.Errorf("%d predictions from %d readings", n, p.Stats().Count(Readings))
	}
}

func TestPipelineErrors(t *testing.T) {
	m := shakeModel(t, true)
	for _, test := range []struct {
		name  string
		spoil func(*Config)
		says  string
	}{
		{"channels", func(c *Config) { c.Channels = nil }, "no channels"},
		{"guard", func(c *Config) { c.Guard.Policy = "x" }, "policy"},
		{"window", func(c *Config) { c.Window = Window{} }, "by count or by time"},
		{"mapping", func(c *Config) { c.Channels = oneChannel }, "takes accel_x.std, accel_x.mean, accel_x.peak_frequency(1)"},
		{"features", func(c *Config) { c.Rate, c.Window = 0, Window{Count: 8} }, "a known rate"},
		{"decision", func(c *Config) { c.Decision.Majority = -1 }, "majority"},
	} {
		c := shakeConfig(100)
		test.spoil(&c)
		if _, err := NewPipeline(c, m, shakeSession(t, m)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
	p := shakePipeline(t, shakeConfig(100))
	if _, err := p.Push(someTime, []float64{1}); err == nil || !strings.Contains(err.Error(), "1 values: there are 2 channels") {
		t.Errorf("a short reading: error %v", err)
	}
}

// TestSwap: a model that proves itself is taken between two readings, and keeps the
// window; any other changes nothing.
func TestSwap(t *testing.T) {
	good, wrong := shakeModel(t, true), shakeModel(t, false)
	unproved := *good
	unproved.Golden, unproved.Tensors = nil, nil
	for _, tensor := range good.Tensors {
		if !strings.HasPrefix(tensor.Name, "golden") {
			unproved.AddTensor(tensor)
		}
	}
	other := *good
	other.Input.Features = []string{"gyro_x.std", "accel_x.mean", "accel_x.max"}
	swapped := *good
	swapped.Output.Labels = []string{"quiet", "loud"}

	p := shakePipeline(t, shakeConfig(100))
	at := time.Duration(0)
	label := func() string {
		for {
			r, err := p.Push(someTime.Add(at), []float64{shake(at), 20})
			if err != nil {
				t.Fatal(err)
			}
			at += 10 * ms
			if r != nil && r.State != Undecided {
				return r.Label
			}
		}
	}
	if got := label(); got != "rest" {
		t.Fatalf("label %q before", got)
	}
	for _, test := range []struct {
		name  string
		model *format.Model
		is    error
		says  string
	}{
		{"wrong", wrong, nil, "goes on"},
		{"unproved", &unproved, runtime.ErrNoGolden, "golden"},
		{"other inputs", &other, nil, "gyro_x.std"},
	} {
		err := p.Swap(test.model, shakeSession(t, test.model))
		if err == nil || !strings.Contains(err.Error(), test.says) || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
		if got := label(); got != "rest" {
			t.Errorf("%s: label %q after", test.name, got)
		}
	}
	if err := p.Swap(good, shakeSession(t, &swapped).Clone()); err != nil {
		t.Errorf("a good model: %v", err)
	}
	if err := p.Swap(&swapped, shakeSession(t, &swapped)); err != nil {
		t.Fatal(err)
	}
	before := at
	if got := label(); got != "quiet" {
		t.Errorf("label %q from the new model", got)
	}
	if waited := at - before; waited > 500*ms {
		t.Errorf("%v without a decision: the window was not kept", waited)
	}
	if s, r := p.Stats().Count(Swaps), p.Stats().Count(Refused); s != 1 || r != 3 {
		t.Errorf("%d swaps and %d refused: 1 and 3 expected", s, r)
	}
}

func TestPushDoesNotAllocate(t *testing.T) {
	for _, w := range []Window{{Count: 64, Hop: 1, MaxGap: 50 * ms}, {Span: 640 * ms, Every: 10 * ms}} {
		c := shakeConfig(100)
		c.Window = w
		c.Columns = []Naming{{"accel_x.std", "accel_x.std"}, {"accel_x.mean", "accel_x.mean"}, {"accel_x.peak_frequency(1)", "accel_x.slope"}}
		if w.Count > 0 {
			c.Columns = nil
		}
		c.Decision = Decision{Majority: 5, Debounce: 3}
		c.Guard.Policy = Hold
		p := shakePipeline(t, c)
		at, results := time.Duration(0), 0
		values := make([]float64, 2)
		push := func() {
			at += 10 * ms
			if at%(90*ms) == 0 {
				at += 30 * ms // three are missing
			}
			values[0], values[1] = shake(at), math.NaN()
			if at%(70*ms) == 0 {
				values[1] = 1
			}
			r, err := p.Push(someTime.Add(at), values)
			if err != nil {
				t.Fatal(err)
			}
			if r != nil {
				results++
			}
		}
		for range 200 {
			push()
		}
		if n := testing.AllocsPerRun(1000, push); n != 0 {
			t.Errorf("%+v: %g allocations a reading", w, n)
		}
		if results < 1000 {
			t.Errorf("%+v: %d results only", w, results)
		}
	}
}

func BenchmarkPush(b *testing.B) {
	c := shakeConfig(1000)
	c.Window = Window{Count: 256, Hop: 1}
	p := shakePipeline(b, c)
	at := time.Duration(0)
	values := make([]float64, 2)
	b.ReportAllocs()
	for b.Loop() {
		at += ms
		values[0] = shake(at)
		if _, err := p.Push(someTime.Add(at), values); err != nil {
			b.Fatal(err)
		}
	}
}
