package stream

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

var someTime = time.Date(2026, 11, 22, 5, 27, 0, 0, time.UTC)

const ms = time.Millisecond

// TestBufferGaps: what readings at uneven times do to windows, for readings every 10 ms.
func TestBufferGaps(t *testing.T) {
	type times []int // ms
	for _, test := range []struct {
		name   string
		window Window
		times  times
		want   string // for each reading: . or R ready, L late, E emptied, F filled, S skipped, C crowded with how many
		last   []float32
	}{
		{"no overlap", Window{Count: 3}, times{0, 10, 20, 30, 40, 50}, ". . R . . R", []float32{3, 4, 5}},
		{"overlap", Window{Count: 3, Hop: 1}, times{0, 10, 20, 30, 40}, ". . R R R", []float32{2, 3, 4}},
		{"hop beyond the window", Window{Count: 2, Hop: 3}, times{0, 10, 20, 30, 40, 50}, ". R . . R .", []float32{4, 5}},
		{"one", Window{Count: 1}, times{0, 10, 20}, "R R R", []float32{2}},
		{"jitter below half a period", Window{Count: 4}, times{0, 14, 20, 34}, ". . . R", []float32{0, 1, 2, 3}},
		{"one missing", Window{Count: 3}, times{0, 10, 30, 40, 50}, ". . E . R", []float32{2, 3, 4}},
		{"half a period too late", Window{Count: 2}, times{0, 15}, ". E", []float32{1}},
		{"filled", Window{Count: 4, MaxGap: 25 * ms}, times{0, 10, 30}, ". . F1R", []float32{0, 1, 1, 2}},
		{"filled twice", Window{Count: 5, MaxGap: 35 * ms}, times{0, 10, 40}, ". . F2R", []float32{0, 1, 1, 1, 2}},
		{"beyond what is filled", Window{Count: 5, MaxGap: 35 * ms}, times{0, 10, 46}, ". . E", []float32{2}},
		{"filled past a window", Window{Count: 4, Hop: 1, MaxGap: 35 * ms}, times{0, 10, 20, 30, 60}, ". . . R F2RS2", []float32{3, 3, 3, 4}},
		{"late", Window{Count: 2}, times{0, 10, 10, 5, 20, 30}, ". R L L . R", []float32{4, 5}},
		{"clock set back", Window{Count: 2}, times{5000, 5010, 0, 10}, ". R E R", []float32{2, 3}},
		{"by time", Window{Span: 30 * ms}, times{0, 10, 20, 30, 40, 50, 60}, ". . . R . . R", []float32{4, 5, 6}},
		{"by time, overlap", Window{Span: 30 * ms, Every: 10 * ms}, times{0, 10, 20, 30, 41, 52}, ". . . R R R", []float32{3, 4, 5}},
		{"by time, a pause", Window{Span: 30 * ms, Every: 10 * ms}, times{0, 30, 65}, ". R RS2", []float32{2}},
		{"by time, too few", Window{Span: 30 * ms, Every: 10 * ms, Least: 2}, times{0, 30, 40, 90}, ". S1 R S5", []float32{3}},
		{"by time, a gap", Window{Span: 30 * ms, MaxGap: 20 * ms}, times{0, 10, 31, 40, 50, 60, 61}, ". . E . . . R", []float32{3, 4, 5, 6}},
		{"by time, crowded", Window{Span: 30 * ms}, times{0, 1, 2, 3, 4, 5, 6, 7, 8, 30}, ". . . . . . . . C CR", []float32{2, 3, 4, 5, 6, 7, 8, 9}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, err := NewBuffer(test.window, 2, 100)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, at := range test.times {
				got = append(got, describe(b.Push(someTime.Add(time.Duration(at)*ms), []float64{float64(i), -float64(i)})))
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("%s, want %s", text, test.want)
			}
			if x := b.Channel(0); !slices.Equal(x, test.last) {
				t.Errorf("holds %v, want %v", x, test.last)
			}
			for i, v := range b.Channel(1) {
				if v != -test.last[i] {
					t.Errorf("channel 1 holds %v", b.Channel(1))
				}
			}
			if newest := test.times[len(test.times)-1]; b.End() != someTime.Add(time.Duration(newest)*ms) {
				t.Errorf("ends at %v", b.End())
			}
		})
	}
}

// describe writes an arrival in a few letters.
func describe(a Arrival) string {
	text := ""
	add := func(letter string, n int, there bool) {
		if there && n > 0 {
			letter += fmt.Sprint(n)
		}
		if there {
			text += letter
		}
	}
	add("L", 0, a.Late)
	add("E", 0, a.Emptied)
	add("F", a.Filled, a.Filled > 0)
	add("C", 0, a.Crowded)
	add("R", 0, a.Ready)
	add("S", a.Skipped, a.Skipped > 0)
	if text == "" {
		return "."
	}
	return text
}

// Without a rate no reading is known to be missing, unless a gap is given.
func TestBufferWithoutRate(t *testing.T) {
	for _, test := range []struct {
		gap  time.Duration
		want string
	}{{0, ". . R"}, {time.Hour, ". . R"}, {time.Minute, ". E E"}} {
		b, err := NewBuffer(Window{Count: 3, MaxGap: test.gap}, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range 3 {
			got = append(got, describe(b.Push(someTime.Add(time.Duration(i)*time.Hour), []float64{1})))
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("gap %v: %s, want %s", test.gap, text, test.want)
		}
	}
}

func TestWindowErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		window Window
		rate   float64
		says   string
	}{
		{"nothing", Window{}, 100, "by count or by time"},
		{"both", Window{Count: 3, Span: time.Second}, 100, "by count or by time"},
		{"negative", Window{Count: -3}, 100, "negative"},
		{"hop by time", Window{Count: 3, Every: time.Second}, 100, "hops by a number"},
		{"hop by count", Window{Span: time.Second, Hop: 3}, 100, "hops by a time"},
		{"by time without a rate", Window{Span: time.Second}, 0, "know the rate"},
		{"too many", Window{Count: 65537}, 100, "65537 readings: at most 65536"},
		{"too long", Window{Span: time.Hour}, 100, "360000 readings: at most 65536"},
		{"longest", Window{Span: math.MaxInt64}, 1e6, "at most 65536"},
		{"all filled", Window{Count: 3, MaxGap: time.Second}, 100, "filled with more readings"},
		{"too few", Window{Span: time.Second, Least: 102}, 100, "fewer than 102"},
		{"rate", Window{Count: 3}, math.NaN(), "rate of NaN"},
		{"great rate", Window{Count: 3}, 1e7, "rate of 1e+07"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := NewBuffer(test.window, 1, test.rate); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, which should say %q", err, test.says)
			}
		})
	}
}

// A history is all readings that there were, as a plain list: what a window should
// hold is cut from it, without a ring.
type history struct {
	window Window
	rate   float64
	at     []int64
	x      []float32
	since  int
	due    int64
}

func (h *history) clear(at int64) {
	h.at, h.x, h.since, h.due = nil, nil, 0, at+int64(h.window.Span)
}

// push returns whether a window is due, which is then in at and x.
func (h *history) push(at int64, v float64) bool {
	if n := len(h.at); n == 0 {
		h.clear(at)
	} else if pause := at - h.at[n-1]; pause <= -int64(time.Second) {
		h.clear(at)
	} else if pause <= 0 {
		return false
	} else if pause > int64(h.window.MaxGap) {
		h.clear(at)
	} else if h.window.Count > 0 {
		for missing := int(float64(pause)*h.rate/1e9+0.5) - 1; missing > 0; missing-- {
			h.add(h.at[n-1], h.x[len(h.x)-1])
		}
	}
	h.add(at, float32(v))
	if h.window.Count > 0 {
		// One window every Hop readings, the first when there are Count.
		full := len(h.x) - h.window.Count
		before := full - h.since
		h.since = 0
		return full >= 0 && (before < 0 || full/h.window.Hop != before/h.window.Hop)
	}
	if at < h.due {
		return false
	}
	for h.due <= at {
		h.due += int64(h.window.Every)
	}
	return true
}

func (h *history) add(at int64, v float32) {
	h.at, h.x = append(h.at, at), append(h.x, v)
	h.since++
}

// cut returns the readings of the window.
func (h *history) cut() []float32 {
	if h.window.Count > 0 {
		return h.x[len(h.x)-h.window.Count:]
	}
	first := 0
	for h.at[first] <= h.at[len(h.at)-1]-int64(h.window.Span) {
		first++
	}
	return h.x[first:]
}

// checkStreaming pushes random readings, with pauses, late ones and a clock that is set,
// and holds windows and features against those of the whole history, computed from
// scratch.
// It returns how many windows there were.
func checkStreaming(t *testing.T, seed uint64, w Window) (windows int) {
	const rate = 1000
	b, err := NewBuffer(w, 1, rate)
	if err != nil {
		return 0 // not a window
	}
	names := []string{"raw", "mean", "std", "rms", "min", "max", "peak_to_peak", "zero_crossings", "mean_crossings", "slope"}
	if w.Count >= 8 {
		names = append(names, "raw(0)", "band(0,500)", "peak_frequency(1)", "peak_height(2)")
	}
	var columns []Column
	for _, name := range names {
		f, err := ParseFeature(name)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, Column{name, 0, f})
	}
	extractor := func() *Extractor {
		e, err := NewExtractor(columns, w, rate, Hann)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	streaming := extractor()
	h := &history{window: b.window, rate: rate}
	r := newRandom(seed)
	at := int64(0)
	got, want := make([]float32, len(columns)), make([]float32, len(columns))
	for range 400 {
		switch r.below(40) {
		case 0:
			at -= int64(r.below(5)) * 100_000
		case 1:
			at += int64(r.below(20)) * 1_000_000
		case 2:
			at -= 2_000_000_000
		default:
			at += 700_000 + int64(r.below(600_000))
		}
		v := r.float()
		a := b.Push(someTime.Add(time.Duration(at)), []float64{v})
		due := h.push(at, v)
		if w.Span > 0 {
			due = due && len(h.cut()) >= b.window.Least
		}
		if due != a.Ready {
			t.Fatalf("window due: %v, from scratch %v", a.Ready, due)
		}
		if !due {
			continue
		}
		windows++
		if !slices.Equal(b.Channel(0), h.cut()) {
			t.Fatalf("the window holds %v, from scratch %v", b.Channel(0), h.cut())
		}
		streaming.Extract(got, b)
		scratch := &Buffer{
			window: b.window, capacity: b.held, held: b.held,
			samples: [][]float32{slices.Repeat(h.cut(), 2)}, times: slices.Repeat(b.timesHeld(), 2),
		}
		extractor().Extract(want, scratch)
		if !slices.Equal(got, want) {
			t.Fatalf("features %v, from scratch %v", got, want)
		}
	}
	return windows
}

func TestStreamingIsBatch(t *testing.T) {
	for seed, w := range []Window{
		{Count: 1}, {Count: 8}, {Count: 8, Hop: 1}, {Count: 10, Hop: 4, MaxGap: 4 * ms}, {Count: 16, Hop: 5, MaxGap: 10 * ms}, {Count: 3, Hop: 7},
		{Span: 10 * ms}, {Span: 10 * ms, Every: 2 * ms}, {Span: 8 * ms, Every: 3 * ms, Least: 4, MaxGap: 5 * ms}, {Span: 5 * ms, Every: 20 * ms},
	} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			if n := checkStreaming(t, uint64(seed), w); n < 8 {
				t.Errorf("only %d windows", n)
			}
		})
	}
}

func FuzzStreamingIsBatch(f *testing.F) {
	f.Add(uint64(1), uint8(8), uint8(3), uint8(4), false)
	f.Add(uint64(2), uint8(16), uint8(0), uint8(0), false)
	f.Add(uint64(3), uint8(9), uint8(2), uint8(6), true)
	f.Fuzz(func(t *testing.T, seed uint64, size, hop, gap uint8, byTime bool) {
		w := Window{Count: int(size), Hop: int(hop), MaxGap: time.Duration(gap) * ms}
		if byTime {
			w = Window{Span: time.Duration(size) * ms, Every: time.Duration(hop) * ms, MaxGap: time.Duration(gap) * ms}
		}
		checkStreaming(t, seed, w)
	})
}
