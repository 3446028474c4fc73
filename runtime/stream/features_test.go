package stream

import (
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// goldenCase is a window with what NumPy makes of it (testdata/features.py).
type goldenCase struct {
	Name     string
	Rate     float64
	Taper    Taper
	Samples  []float64
	Times    []int64 // ns; empty for a window by count
	Features map[string]float64
}

func goldenCases(t testing.TB) []goldenCase {
	t.Helper()
	text, err := os.ReadFile("testdata/features.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []goldenCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 28 {
		t.Fatalf("%d cases: 28 are expected", len(cases))
	}
	return cases
}

var oneChannel = []Channel{{"x", "g"}}

// window pushes the samples of a case through a buffer, and makes an extractor with a column for each name.
func (c *goldenCase) window(t *testing.T, names []string) (*Extractor, *Buffer) {
	t.Helper()
	w := Window{Count: len(c.Samples)}
	if len(c.Times) > 0 {
		w = Window{Span: time.Hour / 100}
	}
	var columns []Column
	for _, name := range names {
		f, err := ParseFeature(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.String() != name {
			t.Errorf("%s is written %s", name, f)
		}
		columns = append(columns, Column{name, 0, f})
	}
	e, err := NewExtractor(columns, w, c.Rate, c.Taper)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBuffer(w, 1, c.Rate)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range c.Samples {
		at := time.Duration(float64(i) * 1e9 / c.Rate)
		if len(c.Times) > 0 {
			at = time.Duration(c.Times[i])
		}
		if a := b.Push(time.Unix(0, 0).Add(at), []float64{v}); a.Late || a.Emptied || a.Filled > 0 || a.Crowded {
			t.Fatalf("sample %d: %+v", i, a)
		}
	}
	return e, b
}

// power is the power of the samples that a feature is of.
func (f Feature) power() float64 {
	switch f.Kind {
	case Band:
		return 2
	case ZeroCrossings, MeanCrossings, PeakFrequency:
		return 0
	}
	return 1
}

// TestFeaturesNumPy holds the features to within the tolerance that FEATURES.md
// states: relative to the feature, and to the samples that it is made from.
func TestFeaturesNumPy(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			highest := 0.0
			for _, v := range c.Samples {
				highest = max(highest, math.Abs(v))
			}
			names := keys(c.Features)
			row := make([]float32, len(names))
			e, b := c.window(t, names)
			e.Extract(row, b)
			for i, got := range row {
				f, _ := ParseFeature(names[i])
				want := c.Features[names[i]]
				scale := math.Pow(highest, f.power())
				if f.Kind == Slope {
					scale *= c.Rate
				}
				if f.power() == 0 {
					scale = 0
				}
				if bound := 0x1p-24*math.Abs(want) + 1e-12*scale + 0x1p-150; !(math.Abs(float64(got)-want) <= bound) {
					t.Errorf("%s is %g, NumPy's %g", names[i], got, want)
				}
			}
		})
	}
}

// TestFeaturesGolden holds the bits, so that every platform and every compiler is held to those
// that are written down here: of the binary64 values, since the last rounding hides
// most differences, such as a product that was fused with a sum.
func TestFeaturesGolden(t *testing.T) {
	h := fnv.New64a()
	values := 0
	for _, c := range goldenCases(t) {
		e, b := c.window(t, keys(c.Features))
		for i := range e.channels {
			p := &e.channels[i]
			x, m := e.prepare(p, b)
			for j := range p.features {
				h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(e.value(&p.features[j], x, m, b))))
				values++
			}
			if e.spectrum != nil {
				for _, v := range e.spectrum.power {
					h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
				}
			}
		}
	}
	const want = 0x05a334ec5f2d4542
	if got := h.Sum64(); got != want {
		t.Errorf("%d features hash to %#016x: %#016x expected; this platform computes other bits", values, got, uint64(want))
	}
}

func TestEveryKindInGolden(t *testing.T) {
	seen := map[Kind]bool{}
	for _, c := range goldenCases(t) {
		for name := range c.Features {
			f, err := ParseFeature(name)
			if err != nil {
				t.Fatal(err)
			}
			seen[f.Kind] = true
		}
	}
	for k, name := range Kinds() {
		if !seen[Kind(k)] {
			t.Errorf("no golden vector has a %s", name)
		}
	}
}

func TestParseFeatureErrors(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"", "choose from raw, mean"},
		{"median", "choose from raw, mean"},
		{"mean()", "nothing in parentheses"},
		{"mean(", "parenthesis"},
		{"raw(-1)", "place of the sample"},
		{"raw(65536)", "place of the sample"},
		{"raw()", "place of the sample"},
		{"band", "two frequencies"},
		{"band(5)", "two frequencies"},
		{"band(5,5)", "two frequencies"},
		{"band(9,5)", "two frequencies"},
		{"band(-1,5)", "two frequencies"},
		{"band(NaN,5)", "two frequencies"},
		{"band(1,Inf)", "two frequencies"},
		{"band(1,2,3)", "two frequencies"},
		{"peak_height", "rank of the peak"},
		{"peak_frequency(0)", "rank of the peak"},
		{"peak_frequency(17)", "rank of the peak"},
	} {
		if _, err := ParseFeature(test.text); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, which should say %q", test.text, err, test.says)
		}
	}
}

// What is read is written so that it reads the same.
func FuzzParseFeature(f *testing.F) {
	for _, text := range []string{"raw", "raw(3)", "band(0,0.5)", "band( 1e1 , 0x1p6)", "peak_height(16)", "band(-0,1)", "slope", "raw(*)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		feature, err := ParseFeature(text)
		if err != nil {
			return
		}
		if again, err := ParseFeature(feature.String()); err != nil || again != feature {
			t.Errorf("%q reads as %+v, is written %q and reads as %+v then (%v)", text, feature, feature, again, err)
		}
	})
}
