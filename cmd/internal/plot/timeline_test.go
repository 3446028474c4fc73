package plot

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestTimelineGolden(t *testing.T) {
	line := Line{Name: "batch 1"}
	for i := range 50 {
		line.Points = append(line.Points, [2]float64{float64(i) / 10, 1000 + float64(i*i)})
	}
	picture := (&Timeline{
		Title: "pets", Subtitle: "a board <1>",
		Panels: []Panel{
			{Name: "time of a call", Log: true, Tick: func(v float64) string { return fmt.Sprintf("%g ns", v) }, Lines: []Line{{Faint: true, Points: line.Points[:30]}, line}},
			{Name: "clock, GHz", Lines: []Line{{Points: [][2]float64{{0, 1.5}, {4.9, 0.75}}}}},
		},
		Shaded: [][2]float64{{2, 3}, {4.5, 1000}},
	}).SVG()
	hold(t, "timeline.svg", picture)
	count, content := elements(t, picture)
	if count["polyline"] != 3 || count["rect"] != 1+2*2+2 { // the ground, the shades, the frames
		t.Errorf("elements %v", count)
	}
	for _, want := range []string{"pets", "a board <1>", "batch 1", "1000 ns", "10000 ns", "clock, GHz", "0.8", "5 s"} {
		if !slices.Contains(content, want) {
			t.Errorf("the picture lacks %q among %q", want, content)
		}
	}
}

// Whatever was measured, the picture is well-formed and has no number that is none.
func TestTimelineOfOddValues(t *testing.T) {
	odd := [][2]float64{{0, 0}, {1, -1}, {math.NaN(), 1}, {2, math.Inf(1)}, {3, math.NaN()}, {math.Inf(-1), 2}, {4, 1e300}, {5, 5e-324}}
	for name, lines := range map[string][]Line{
		"none": nil, "empty": {{Name: "a"}}, "odd": {{Name: "a", Points: odd}}, "one": {{Points: [][2]float64{{0, 7}}}},
		"at one time": {{Points: [][2]float64{{3, 1}, {3, 100}}}},
	} {
		for _, log := range []bool{false, true} {
			picture := (&Timeline{Title: "\x00", Panels: []Panel{{Log: log, Lines: lines}}, Shaded: [][2]float64{{-1, 1e9}}}).SVG()
			if count, _ := elements(t, picture); count["polyline"] != len(lines) {
				t.Errorf("%s, logarithmic %v: %v", name, log, count)
			}
		}
	}
	if count, _ := elements(t, (&Timeline{}).SVG()); count["rect"] != 1 {
		t.Errorf("of no panels %v", count)
	}
}
