package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the pictures under testdata")

// hold requires a picture to be the one under testdata.
func hold(t *testing.T, name string, picture []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(picture, want) {
		t.Errorf("%s is not what go test -update writes", file)
	}
}

// elements requires a picture to be well-formed and counts its elements; it returns its text too.
func elements(t *testing.T, picture []byte) (count map[string]int, content []string) {
	t.Helper()
	count = map[string]int{}
	d := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count, content
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			count[token.Name.Local]++
			for _, a := range token.Attr {
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Fatalf("<%s> has %s=%q", token.Name.Local, a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			content = append(content, string(token))
		}
	}
}

func TestConfusionGolden(t *testing.T) {
	c := Confusion{
		Title:    "pets",
		Subtitle: "accuracy 0.75 (12 of 16 rows)",
		Labels:   []string{"cat", "dog", "a <b> & \"c\"\x00 of a name that is long"},
		Counts:   [][]int64{{7, 1, 0}, {2, 5, 0}, {0, 1, 0}},
	}
	picture := c.SVG()
	hold(t, "confusion.svg", picture)
	_, content := elements(t, picture)
	for _, want := range []string{"pets", "cat", "7", "2", "true dog, predicted cat: 2", "a <b> & \"c\"\ufffd of a…", "predicted", c.Subtitle} {
		if !slices.Contains(content, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
}

func TestConfusionOfManyClasses(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 50, MaxClasses} {
		c := Confusion{Title: strings.Repeat("title ", 100)}
		for i := range n {
			c.Labels = append(c.Labels, fmt.Sprint("class ", i))
			line := make([]int64, n)
			line[i] = math.MaxInt64 / 2
			c.Counts = append(c.Counts, line)
		}
		count, content := elements(t, c.SVG())
		if count["rect"] != n+1 {
			t.Errorf("%d classes: %d rectangles", n, count["rect"])
		}
		if !slices.Contains(content, fmt.Sprint("class ", n-1)) {
			t.Errorf("%d classes: the last is not named", n)
		}
	}
}

func TestScatterGolden(t *testing.T) {
	s := Scatter{Title: "prices < wages", Subtitle: "mean squared error 1.5, R² 0.571"}
	for _, p := range [][2]float64{{1, 2}, {2, 1}, {3, 5}, {6, 6}, {-0.25, 0.1}, {math.NaN(), 1}, {1, math.Inf(1)}, {1e101, 0}} {
		s.Add(p[0], p[1])
	}
	picture := s.SVG()
	hold(t, "scatter.svg", picture)
	count, content := elements(t, picture)
	if count["circle"] != 5 || !slices.Contains(content, "5 rows; 3 more cannot be drawn; on the line a prediction is right") {
		t.Errorf("%d points, %q", count["circle"], content)
	}
}

func TestScatterOfManyRows(t *testing.T) {
	for rows, want := range map[int]string{
		maxPoints:     "4096 rows;",
		maxPoints + 1: "2049 of 4097 rows, one in 2;",
		1_000_000:     "3907 of 1000000 rows, one in 256;",
	} {
		var s Scatter
		for i := range rows {
			s.Add(float64(i), float64(-i))
		}
		count, content := elements(t, s.SVG())
		if count["circle"] > maxPoints || count["circle"] != len(s.points) {
			t.Errorf("%d rows: %d points", rows, count["circle"])
		}
		for i, p := range s.points {
			if p[0] != float64(int64(i)*s.stride) {
				t.Fatalf("%d rows: point %d is row %v of every %dth", rows, i, p[0], s.stride)
			}
		}
		if !slices.ContainsFunc(content, func(text string) bool { return strings.HasPrefix(text, want) }) {
			t.Errorf("%d rows: the picture does not say %q: %q", rows, want, content)
		}
	}
}

func TestAxis(t *testing.T) {
	tests := map[string]struct {
		points [][2]float64
		ticks  []string
	}{
		"nothing":        {nil, []string{"0", "0.2", "0.4", "0.6", "0.8", "1"}},
		"by ones":        {[][2]float64{{0, 5}}, []string{"0", "1", "2", "3", "4", "5"}},
		"by twos":        {[][2]float64{{-3, 9}}, []string{"-4", "-2", "0", "2", "4", "6", "8", "10"}},
		"tenths":         {[][2]float64{{0.31, 0.72}}, []string{"0.3", "0.35", "0.4", "0.45", "0.5", "0.55", "0.6", "0.65", "0.7", "0.75"}},
		"one point":      {[][2]float64{{10, 10}}, []string{"9", "9.2", "9.4", "9.6", "9.8", "10", "10.2", "10.4", "10.6", "10.8", "11"}},
		"zero":           {[][2]float64{{0, 0}}, []string{"-0.6", "-0.4", "-0.2", "0", "0.2", "0.4", "0.6"}},
		"huge":           {[][2]float64{{-greatest, greatest}}, []string{"-1e+100", "-8e+99", "-6e+99", "-4e+99", "-2e+99", "0", "2e+99", "4e+99", "6e+99", "8e+99", "1e+100"}},
		"far from zero":  {[][2]float64{{1e6, 1e6 + 1}}, []string{"1000000", "1000000.2", "1000000.4", "1000000.6", "1000000.8", "1000001"}},
		"nearly nothing": {[][2]float64{{1e-300, 2e-300}}, []string{"-0.6", "-0.4", "-0.2", "0", "0.2", "0.4", "0.6"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := axisOver(test.points)
			var names []string
			for _, tick := range a.ticks() {
				names = append(names, tickName(tick))
			}
			if !slices.Equal(names, test.ticks) {
				t.Errorf("ticks %q, want %q", names, test.ticks)
			}
			for _, p := range test.points {
				for _, v := range p {
					if at := a.place(v, 100); !(at >= 0 && at <= 100) {
						t.Errorf("%v lies at %v of 100", v, at)
					}
				}
			}
		})
	}
}

func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "a", "<&>\"'", "\x00\x1f\x7f", "\xff\xfe", "\ufffe\uffff", "]]>", "é�😀"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, label string) {
		c := Confusion{Title: label, Subtitle: label, Labels: []string{label, "b"}, Counts: [][]int64{{1, 2}, {3, 4}}}
		elements(t, c.SVG())
	})
}
