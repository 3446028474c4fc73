package plot

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// MaxClasses is the greatest number of classes that are drawn.
const MaxClasses = 100

// Confusion is a confusion matrix.
type Confusion struct {
	Title    string
	Subtitle string
	Labels   []string  // of the classes, at most MaxClasses
	Counts   [][]int64 // [true class][predicted class]
}

// SVG draws the matrix: a line of cells for each true class, a column for each predicted one, the
// counts in the cells, each shaded by its part of the true class's rows.
func (c *Confusion) SVG() []byte {
	const (
		margin  = 20.0
		longest = 18 // letters of a label
	)
	n := len(c.Labels)
	cell := cellSize(n)
	font := min(13, cell*0.75)
	widest := 0
	for _, label := range c.Labels {
		widest = max(widest, utf8.RuneCountInString(shorten(label, longest)))
	}
	names := 10 + float64(float64(widest)*letter*font) // room for the labels of lines and columns
	left, top := margin+20+names, 90+names
	side := float64(float64(n) * cell)
	width := max(left+side+margin, 2*margin+float64(float64(len(c.Subtitle))*6.5), 420)

	var s svg
	s.begin(width, top+side+margin+20, c.Title)
	s.heading(margin, c.Title, c.Subtitle, width)
	s.text(text{x: left + side/2, y: 80, size: 13, anchor: "middle", bold: true}, "predicted")
	s.text(text{x: margin + 10, y: top + side/2, size: 13, anchor: "middle", turn: -90, bold: true}, "true")
	for i, label := range c.Labels {
		at := float64(float64(i)*cell) + cell/2
		short := shorten(label, longest)
		s.text(text{x: left - 6, y: top + at + float64(font*0.35), size: font, anchor: "end", tip: label}, short)
		s.text(text{x: left + at + float64(font*0.35), y: top - 6, size: font, anchor: "start", turn: -90, tip: label}, short)
	}
	for i := range n + 1 {
		at := float64(float64(i) * cell)
		s.line(left, top+at, left+side, top+at, faint)
		s.line(left+at, top, left+at, top+side, faint)
	}
	for i, line := range c.Counts {
		total := int64(0)
		for _, count := range line {
			total += count
		}
		for j, count := range line {
			if count > 0 { // an empty cell says it
				share := float64(count) / float64(total)
				c.cell(&s, i, j, share, left+float64(float64(j)*cell), top+float64(float64(i)*cell), cell)
			}
		}
	}
	s.text(text{x: left, y: top + side + 20, size: 11, anchor: "start"}, "shade: part of the true class's rows")
	return s.end()
}

// cell draws one cell, whose rows are a share of the true class's.
func (c *Confusion) cell(s *svg, truth, predicted int, share, x, y, size float64) {
	count := strconv.FormatInt(c.Counts[truth][predicted], 10)
	tip := fmt.Sprintf("true %s, predicted %s: %s", c.Labels[truth], c.Labels[predicted], count)
	s.rect(x, y, size, size, shade(share), faint, tip)
	font := min(14, size*0.6, size*0.9/float64(float64(len(count))*letter))
	fill := ink
	if share > 0.5 {
		fill = "#ffffff"
	}
	s.text(text{x: x + size/2, y: y + size/2 + float64(font*0.35), size: font, anchor: "middle", fill: fill, tip: tip}, count)
}

// cellSize is the side of a cell: the picture stays within a screen.
func cellSize(classes int) float64 {
	return max(14, min(56, 700/float64(classes)))
}

// shade goes from white to blue.
func shade(share float64) string {
	mix := func(from, to float64) int { return int(from + float64((to-from)*share) + 0.5) }
	return fmt.Sprintf("#%02x%02x%02x", mix(255, 31), mix(255, 90), mix(255, 153))
}

// heading writes the title and what is to be said beneath it, within a width.
func (s *svg) heading(x float64, title, subtitle string, width float64) {
	s.text(text{x: x, y: 28, size: 16, anchor: "start", bold: true, tip: title}, shorten(title, int((width-2*x)/10)))
	s.text(text{x: x, y: 48, size: 12, anchor: "start"}, subtitle)
}
