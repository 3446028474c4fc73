package plot

import (
	"fmt"
	"math"
	"strings"
)

// Timeline is panels of lines, one below another, over the same seconds.
type Timeline struct {
	Title    string
	Subtitle string
	Panels   []Panel
	Shaded   [][2]float64 // times between which something was so
}

// Panel is lines on one axis.
type Panel struct {
	Name  string
	Log   bool                 // whether the axis is logarithmic; it holds positive values alone
	Tick  func(float64) string // writes a marked value; nil for plain numbers
	Lines []Line
}

// Line is points in the order of time: seconds, value. A value that is not finite is left out.
type Line struct {
	Name   string // shown beside the panel, if it is not empty
	Faint  bool   // drawn pale, in the colour of the next line that has a name
	Points [][2]float64
}

// colours of lines, in their order.
var colours = []string{blue, red, "#3a7d44", "#8e5aa8", "#b8860b", ink}

const (
	timelineWidth = 900.0
	timelineLeft  = 110.0
	panelWidth    = 620.0
	panelHeight   = 150.0
	panelGap      = 50.0
	timelineTop   = 100.0
)

// SVG draws the panels.
func (t *Timeline) SVG() []byte {
	height := timelineTop + float64(float64(len(t.Panels))*(panelHeight+panelGap)) + 20
	seconds := axisOver(t.times())
	seconds.first = max(seconds.first, 0)
	across := func(v float64) float64 { return timelineLeft + seconds.place(v, panelWidth) }

	var s svg
	s.begin(timelineWidth, height, t.Title)
	s.heading(20, t.Title, t.Subtitle, timelineWidth)
	for i := range t.Panels {
		top := timelineTop + float64(float64(i)*(panelHeight+panelGap))
		for _, span := range t.Shaded {
			from, to := min(max(across(span[0]), timelineLeft), timelineLeft+panelWidth), min(max(across(span[1]), timelineLeft), timelineLeft+panelWidth)
			s.rect(from, top, to-from, panelHeight, "#f3d9d6", "none", "")
		}
		for _, tick := range seconds.ticks() {
			x := across(tick)
			s.line(x, top, x, top+panelHeight, faint)
			if i == len(t.Panels)-1 {
				s.text(text{x: x, y: top + panelHeight + 18, size: 11, anchor: "middle"}, tickName(tick)+" s")
			}
		}
		t.Panels[i].draw(&s, top, across)
	}
	return s.end()
}

// times are the seconds of all points, as both coordinates of points.
func (t *Timeline) times() [][2]float64 {
	times := [][2]float64{{0, 0}}
	for _, p := range t.Panels {
		for _, l := range p.Lines {
			for _, point := range l.Points {
				if math.Abs(point[0]) <= greatest {
					times = append(times, [2]float64{point[0], point[0]})
				}
			}
		}
	}
	return times
}

// draw draws the panel whose top is at a height.
func (p *Panel) draw(s *svg, top float64, across func(float64) float64) {
	name := p.Tick
	if name == nil {
		name = tickName
	}
	scale := p.axis()
	down := func(v float64) float64 { return top + panelHeight - scale.place(p.value(v), panelHeight) }
	for _, tick := range scale.ticks() {
		value := tick
		if p.Log {
			value = math.Pow(10, tick)
		}
		y := top + panelHeight - scale.place(tick, panelHeight)
		s.line(timelineLeft, y, timelineLeft+panelWidth, y, faint)
		s.text(text{x: timelineLeft - 8, y: y + 4, size: 11, anchor: "end"}, name(value))
	}
	s.rect(timelineLeft, top, panelWidth, panelHeight, "none", ink, "")
	s.text(text{x: timelineLeft, y: top - 8, size: 12, anchor: "start", bold: true}, p.Name)
	named := 0
	for _, l := range p.Lines {
		colour := colours[named%len(colours)]
		if l.Name != "" {
			s.text(text{x: timelineLeft + panelWidth + 10, y: top + 14 + float64(float64(named)*16), size: 12, anchor: "start", fill: colour}, shorten(l.Name, 24))
			named++
		}
		var path strings.Builder
		for _, point := range l.Points {
			if p.draws(point) {
				fmt.Fprintf(&path, "%s,%s ", number(across(point[0])), number(down(point[1])))
			}
		}
		opacity := 1.0
		if l.Faint {
			opacity = 0.35
		}
		fmt.Fprintf(s, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-opacity=\"%s\"/>\n",
			strings.TrimSpace(path.String()), colour, number(opacity))
	}
}

// draws reports whether a point has a place on the panel.
func (p *Panel) draws(point [2]float64) bool {
	return math.Abs(point[0]) <= greatest && math.Abs(point[1]) <= greatest && (!p.Log || point[1] > 1/greatest)
}

// value is a value as the axis has it.
func (p *Panel) value(v float64) float64 {
	if p.Log {
		return math.Log10(v)
	}
	return v
}

// axis holds all points of the panel; a logarithmic one begins and ends at powers of ten.
func (p *Panel) axis() axis {
	var values [][2]float64
	for _, l := range p.Lines {
		for _, point := range l.Points {
			if p.draws(point) {
				v := p.value(point[1])
				values = append(values, [2]float64{v, v})
			}
		}
	}
	if !p.Log || len(values) == 0 {
		return axisOver(values)
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v[0]), max(high, v[0])
	}
	first := int(math.Floor(low))
	return axis{first, max(int(math.Ceil(high)), first+1), 1}
}
