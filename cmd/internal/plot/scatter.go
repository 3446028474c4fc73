package plot

import (
	"fmt"
	"math"
)

const (
	maxPoints = 4096  // that are kept and drawn
	greatest  = 1e100 // magnitude that is drawn
)

// Scatter is predictions against targets. It holds at most maxPoints of however many are added:
// when there would be more it drops every second one, and from then on takes every second, every
// fourth, and so on.
type Scatter struct {
	Title    string
	Subtitle string

	points [][2]float64 // target, prediction
	added  int64
	stride int64 // every stride-th of those added is kept; 0 before the first
	absent int64 // not added, since a coordinate is not finite or beyond greatest
}

// Add adds a row's target and prediction.
func (s *Scatter) Add(target, predicted float64) {
	if !(math.Abs(target) <= greatest && math.Abs(predicted) <= greatest) {
		s.absent++
		return
	}
	s.stride = max(s.stride, 1)
	if s.added%s.stride == 0 && len(s.points) == maxPoints {
		s.halve()
	}
	if s.added%s.stride == 0 {
		s.points = append(s.points, [2]float64{target, predicted})
	}
	s.added++
}

// halve drops every second point.
func (s *Scatter) halve() {
	kept := s.points[:0]
	for i := 0; i < len(s.points); i += 2 {
		kept = append(kept, s.points[i])
	}
	s.points, s.stride = kept, 2*s.stride
}

// SVG draws the points, and the line on which they would lie if every prediction were right.
func (s *Scatter) SVG() []byte {
	const left, top, side, width, height = 90.0, 100.0, 480.0, 600.0, 650.0
	scale := axisOver(s.points)
	across := func(v float64) float64 { return left + scale.place(v, side) }
	down := func(v float64) float64 { return top + side - scale.place(v, side) }

	var p svg
	p.begin(width, height, s.Title)
	p.heading(20, s.Title, s.Subtitle, width)
	p.text(text{x: 20, y: 66, size: 12, anchor: "start"}, s.shown())
	for _, tick := range scale.ticks() {
		x, y, name := across(tick), down(tick), tickName(tick)
		p.line(x, top, x, top+side, faint)
		p.line(left, y, left+side, y, faint)
		p.text(text{x: x, y: top + side + 18, size: 11, anchor: "middle"}, name)
		p.text(text{x: left - 8, y: y + 4, size: 11, anchor: "end"}, name)
	}
	p.rect(left, top, side, side, "none", ink, "")
	radius := 4.0
	if len(s.points) > 500 {
		radius = 2.5
	}
	fmt.Fprintf(&p, "<g fill=\"%s\">\n", blue)
	for _, point := range s.points {
		p.circle(across(point[0]), down(point[1]), radius)
	}
	p.WriteString("</g>\n")
	p.line(left, top+side, left+side, top, red)
	p.text(text{x: left + side/2, y: top + side + 42, size: 13, anchor: "middle", bold: true}, "true")
	p.text(text{x: 24, y: top + side/2, size: 13, anchor: "middle", turn: -90, bold: true}, "predicted")
	return p.end()
}

// shown says which of the rows are drawn.
func (s *Scatter) shown() string {
	text := fmt.Sprintf("%d rows", s.added)
	if s.stride > 1 {
		text = fmt.Sprintf("%d of %d rows, one in %d", len(s.points), s.added, s.stride)
	}
	if s.absent > 0 {
		text += fmt.Sprintf("; %d more cannot be drawn", s.absent)
	}
	return text + "; on the line a prediction is right"
}
