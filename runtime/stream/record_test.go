package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// A taken is a reading.
type taken struct {
	at     time.Time
	values []float64
}

// replayAll reads a recording to its end.
func replayAll(t testing.TB, text string) (*Replay, []taken) {
	t.Helper()
	p, err := NewReplay(strings.NewReader(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []taken
	for {
		values := make([]float64, len(p.Channels()))
		at, err := p.Read(context.Background(), values)
		if err == io.EOF {
			return p, all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, taken{at, values})
	}
}

var recorded = []taken{
	{someTime, []float64{9.81, 20}},
	{someTime.Add(10_000_133), []float64{-1.0 / 3, math.NaN()}},
	{someTime.Add(9_000_000), []float64{math.Inf(1), math.Inf(-1)}},
	{someTime.Add(time.Hour), []float64{5e-324, math.MaxFloat64}},
	{someTime.Add(-time.Hour), []float64{math.Copysign(0, -1), 1e21}},
}

// record writes readings to a recording.
func record(t testing.TB, w io.Writer, o RecorderOptions, readings []taken) {
	t.Helper()
	r, err := NewRecorder(w, shakeConfig(1).Channels, 100, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, reading := range readings {
		if kept, err := r.Record(reading.at, reading.values); !kept || err != nil {
			t.Fatalf("kept %v, error %v", kept, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

const recordedText = `# edge-infer readings 1 {"channels":[{"name":"accel_x","unit":"m/s²"},{"name":"temperature","unit":"°C"}],"rate":100,"start":"2026-11-22T05:27:00Z"}
0 9.81 20
10000133 -0.3333333333333333 NaN
9000000 +Inf -Inf
3600000000000 5e-324 1.7976931348623157e+308
-3600000000000 -0 1e+21
`

func TestRecordAndReplay(t *testing.T) {
	var b bytes.Buffer
	record(t, &b, RecorderOptions{}, recorded)
	if b.String() != recordedText {
		t.Fatalf("recorded:\n%s\nwant:\n%s", &b, recordedText)
	}
	p, all := replayAll(t, b.String())
	if !slices.Equal(p.Channels(), shakeConfig(1).Channels) || p.Rate() != 100 || p.Torn() || p.Lost() != 0 {
		t.Errorf("channels %v, rate %g, torn %v, lost %d", p.Channels(), p.Rate(), p.Torn(), p.Lost())
	}
	if !slices.EqualFunc(all, recorded, sameReading) {
		t.Errorf("replayed %v, recorded %v", all, recorded)
	}
}

// TestReplayTorn cuts a recording at every byte: what was whole is read, the rest
// is left out and noted.
func TestReplayTorn(t *testing.T) {
	for cut := len(recordedText); cut >= strings.IndexByte(recordedText, '\n')+1; cut-- {
		text := recordedText[:cut]
		p, all := replayAll(t, text)
		if want := strings.Count(text, "\n") - 1; len(all) != want || p.Torn() != !strings.HasSuffix(text, "\n") {
			t.Errorf("cut after %q: %d readings, torn %v", text[max(0, cut-10):], len(all), p.Torn())
		}
	}
}

func TestReplayErrors(t *testing.T) {
	header := recordedText[:strings.IndexByte(recordedText, '\n')+1]
	for _, test := range []struct{ name, text, says string }{
		{"empty", "", "not a recording"},
		{"torn at once", header[:40], "not a recording"},
		{"another file", "time,x\n", "not a recording"},
		{"another version", strings.Replace(header, "readings 1", "readings 2", 1), "not a recording"},
		{"header", recordMagic + "{\n", "line 1"},
		{"unknown field", recordMagic + `{"chanels":[]}` + "\n", `line 1: json: unknown field "chanels"`},
		{"no channels", recordMagic + `{"channels":[]}` + "\n", "line 1: stream: the source has no channels"},
		{"rate", strings.Replace(header, "100", "-1", 1), "rate of -1"},
		{"two objects", strings.TrimSuffix(header, "\n") + "{}\n", "more than one"},
		{"long line", header + strings.Repeat("1", recordLine+1), "line 2: at most 65536 bytes"},
		{"empty line", header + "\n", "line 2: time"},
		{"time", header + "0 1 2\n0.5 1 2\n", "line 3: time"},
		{"too few", header + "0 1\n", "line 2: 1 values for 2 channels"},
		{"too many", header + "# a note\n0 1 2 3\n", "line 3: more than 2 values"},
		{"no number", header + "0 1 x\n", "line 2: channel 1"},
		{"two spaces", header + "0 1  2\n", "line 2: channel 1"},
		{"a great number", header + "0 1 1e999\n", "line 2: channel 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := NewReplay(strings.NewReader(test.text), nil)
			for err == nil {
				_, err = p.Read(context.Background(), make([]float64, 2))
			}
			if err == io.EOF || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, which should say %q", err, test.says)
			}
		})
	}
}

func TestReplayInRealTime(t *testing.T) {
	clock := newFakeClock()
	clock.now = someTime.Add(24 * time.Hour)
	begin := clock.now
	p, err := NewReplay(strings.NewReader(recordMagic+`{"channels":[{"name":"x","unit":""}],"rate":0,"start":"2020-01-01T00:00:00Z"}`+"\n500 1\n1500 2\n1400 3\n9000 4\n"), clock)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []time.Duration{0, 1000, 1000, 8500} {
		at, err := p.Read(context.Background(), make([]float64, 1))
		if err != nil {
			t.Fatal(err)
		}
		if waited := clock.now.Sub(begin); waited != want {
			t.Errorf("reading %d, of %v, comes after %v: %v expected", i, at, waited, want)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Read(ended, make([]float64, 1)); err != io.EOF {
		t.Errorf("after the last reading: error %v", err)
	}
}

// A heldWriter writes when it is let.
type heldWriter struct {
	bytes.Buffer
	let   chan error
	syncs int
}

func (w *heldWriter) Write(b []byte) (int, error) {
	if err := <-w.let; err != nil {
		return 0, err
	}
	return w.Buffer.Write(b)
}

func (w *heldWriter) Sync() error {
	w.syncs++
	return nil
}

// TestRecorderDoesNotWait: while the disk hangs, two buffers fill, then readings are
// lost and noted, and the loop goes on.
func TestRecorderDoesNotWait(t *testing.T) {
	w := &heldWriter{let: make(chan error, 100)}
	r, err := NewRecorder(w, shakeConfig(1).Channels, 100, RecorderOptions{Every: 100 * ms})
	if err != nil {
		t.Fatal(err)
	}
	kept, lost := 0, 0
	for i := range 20000 {
		ok, err := r.Record(someTime.Add(time.Duration(i)*10*ms), []float64{1.0 / 3, float64(i)})
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			kept++
		} else {
			lost++
		}
	}
	if lost == 0 || kept < 1000 {
		t.Fatalf("%d kept, %d lost", kept, lost)
	}
	for range 50 {
		w.let <- nil
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	p, all := replayAll(t, w.String())
	if len(all) != kept || p.Lost() != lost {
		t.Errorf("%d readings and %d lost are replayed: %d and %d expected", len(all), p.Lost(), kept, lost)
	}
	if w.syncs < 2 {
		t.Errorf("%d syncs", w.syncs)
	}
}

func TestRecorderFails(t *testing.T) {
	full := errors.New("no space left on device")
	w := &heldWriter{let: make(chan error, 100)}
	for range 100 {
		w.let <- full
	}
	r, err := NewRecorder(w, shakeConfig(1).Channels, 100, RecorderOptions{Every: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; err == nil && i < 1e6; i++ {
		_, err = r.Record(someTime.Add(time.Duration(i)*10*ms), []float64{1, 2})
	}
	if !errors.Is(err, full) {
		t.Errorf("recording: error %v", err)
	}
	if err := r.Close(); !errors.Is(err, full) {
		t.Errorf("closing: error %v", err)
	}
}

// TestRecorderLimit: a recording stays within its limit, and whole.
func TestRecorderLimit(t *testing.T) {
	for _, limit := range []int64{200, 1000, 20000} {
		var b bytes.Buffer
		r, err := NewRecorder(&b, shakeConfig(1).Channels, 100, RecorderOptions{Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for ; err == nil; kept++ {
			_, err = r.Record(someTime.Add(time.Duration(kept)*10*ms), []float64{float64(kept), 2})
		}
		if !errors.Is(err, ErrRecordingFull) {
			t.Errorf("limit %d: error %v", limit, err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if p, all := replayAll(t, b.String()); len(all) != kept-1 || p.Torn() || int64(b.Len()) > limit || int64(b.Len()) < limit-25 {
			t.Errorf("limit %d: %d readings in %d bytes, %d kept", limit, len(all), b.Len(), kept-1)
		}
	}
}

func TestNewRecorderErrors(t *testing.T) {
	for _, test := range []struct {
		name     string
		channels []Channel
		options  RecorderOptions
		says     string
	}{
		{"no channels", nil, RecorderOptions{}, "no channels"},
		{"limit", oneChannel, RecorderOptions{Limit: -1}, "negative"},
		{"long names", []Channel{{strings.Repeat("x", 40000), ""}}, RecorderOptions{}, "first line"},
	} {
		if _, err := NewRecorder(io.Discard, test.channels, 0, test.options); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
	r, err := NewRecorder(io.Discard, oneChannel, 0, RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Record(someTime, []float64{1, 2}); err == nil || !strings.Contains(err.Error(), "2 values: there are 1 channels") {
		t.Errorf("error %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestLoopRecords: what a loop records is every reading, bad ones too, and replaying it
// gives the same results. A recorder that fails is left, and the stream goes on.
func TestLoopRecords(t *testing.T) {
	var b bytes.Buffer
	var results [2][]string
	r, err := NewRecorder(&b, shakeConfig(100).Channels, 100, RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	change := func(run int) func(l *looped, c *Config, o *Options) {
		return func(l *looped, c *Config, o *Options) {
			c.Guard.Ranges = map[string]Range{"temperature": {-40, 85}}
			c.Window.MaxGap = 25 * ms
			o.Emit = func(r *Result) error {
				results[run] = append(results[run], fmt.Sprintf("%v %x %x %s", r.End.Sub(r.Start), r.Input, r.Output, r.Label))
				return nil
			}
		}
	}
	live := newLooped(t, 600, Options{Recorder: r}, func(l *looped, c *Config, o *Options) {
		change(0)(l, c, o)
		l.source.after = func(read int) {
			if read%100 == 0 {
				l.clock.work(17 * ms)
			}
		}
	})
	live.run(t, map[Counter]uint64{Readings: 600, MissedTicks: 6, Filled: 5, Windows: 23, Predictions: 23})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	replay, err := NewReplay(&b, nil)
	if err != nil {
		t.Fatal(err)
	}
	again := newLooped(t, 0, Options{Paced: true}, change(1))
	again.loop.source = replay
	again.run(t, map[Counter]uint64{Readings: 600, Filled: 5, Windows: 23, Predictions: 23})
	if !slices.Equal(results[0], results[1]) {
		t.Errorf("live:\n%s\nreplayed:\n%s", strings.Join(results[0], "\n"), strings.Join(results[1], "\n"))
	}

	small, err := NewRecorder(io.Discard, shakeConfig(100).Channels, 100, RecorderOptions{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	l := newLooped(t, 600, Options{Recorder: small}, nil)
	l.run(t, map[Counter]uint64{Readings: 600, Windows: 23, Predictions: 23, Unrecorded: 1})
	if len(l.events) != 1 || !strings.HasSuffix(l.events[0], "readings are no longer recorded: stream: the recording is full") {
		t.Errorf("events %q", l.events)
	}
	if err := small.Close(); err != nil {
		t.Error(err)
	}
}

// What is read is written so that it reads the same.
func FuzzReplay(f *testing.F) {
	f.Add([]byte(recordedText))
	f.Add([]byte(recordedText[:len(recordedText)-3]))
	f.Add([]byte(recordMagic + `{"channels":[{"name":"x"}]}` + "\n# 3 readings lost\n0 0x1p-3\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := NewReplay(bytes.NewReader(text), nil)
		if err != nil {
			return
		}
		var b bytes.Buffer
		r, err := NewRecorder(&b, p.Channels(), p.Rate(), RecorderOptions{})
		if err != nil {
			return // names that are longer when they are written in JSON's escapes
		}
		var all []taken
		for {
			values := make([]float64, len(p.Channels()))
			at, err := p.Read(context.Background(), values)
			if err != nil {
				break
			}
			kept, err := r.Record(at, values)
			if err != nil {
				break // a first reading in a year of five digits
			}
			if kept {
				all = append(all, taken{at, values})
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			return
		}
		if _, again := replayAll(t, b.String()); !slices.EqualFunc(again, all, sameReading) {
			t.Errorf("recorded %v, replayed %v", all, again)
		}
	})
}

// sameReading compares the times to the ns and the values to the bit, any NaN being equal to any other.
func sameReading(a, b taken) bool {
	return a.at.Equal(b.at) && slices.EqualFunc(a.values, b.values, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
	})
}
