package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// Colours of all pictures.
const (
	ink   = "#222222"
	faint = "#cccccc"
	blue  = "#1f5a99"
	red   = "#b03a2e"
)

// svg is a picture in the making. Lengths are in pixels, y points down.
type svg struct{ bytes.Buffer }

// begin writes the head of a picture on a white ground.
func (s *svg) begin(width, height float64, title string) {
	fmt.Fprintf(s, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %[1]s %[2]s\" font-family=\"sans-serif\" fill=\"%s\">\n",
		number(width), number(height), ink)
	fmt.Fprintf(s, "<title>%s</title>\n", escape(title))
	s.rect(0, 0, width, height, "#ffffff", "none", "")
}

func (s *svg) end() []byte {
	s.WriteString("</svg>\n")
	return s.Bytes()
}

// rect draws a rectangle; a tip is shown where a mouse rests on it.
func (s *svg) rect(x, y, width, height float64, fill, stroke, tip string) {
	fmt.Fprintf(s, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\" stroke=\"%s\"", number(x), number(y), number(width), number(height), fill, stroke)
	s.close("rect", tip)
}

// circle draws a disc that others shine through.
func (s *svg) circle(x, y, r float64) {
	fmt.Fprintf(s, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill-opacity=\"0.5\"/>\n", number(x), number(y), number(r))
}

func (s *svg) line(x1, y1, x2, y2 float64, stroke string) {
	fmt.Fprintf(s, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n", number(x1), number(y1), number(x2), number(y2), stroke)
}

// text is a line of text and where it stands.
type text struct {
	x, y   float64 // of its base line
	size   float64
	anchor string  // start, middle or end
	turn   float64 // degrees around x, y, clockwise
	fill   string  // empty for ink
	bold   bool
	tip    string // shown where a mouse rests on it
}

func (s *svg) text(t text, content string) {
	fmt.Fprintf(s, "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\"", number(t.x), number(t.y), number(t.size), t.anchor)
	if t.turn != 0 {
		fmt.Fprintf(s, " transform=\"rotate(%s %s %s)\"", number(t.turn), number(t.x), number(t.y))
	}
	if t.fill != "" {
		fmt.Fprintf(s, " fill=\"%s\"", t.fill)
	}
	if t.bold {
		s.WriteString(" font-weight=\"bold\"")
	}
	s.WriteString(">")
	s.WriteString(escape(content))
	s.tip(t.tip)
	s.WriteString("</text>\n")
}

func (s *svg) close(element, tip string) {
	if tip == "" {
		s.WriteString("/>\n")
		return
	}
	s.WriteString(">")
	s.tip(tip)
	fmt.Fprintf(s, "</%s>\n", element)
}

func (s *svg) tip(tip string) {
	if tip != "" {
		fmt.Fprintf(s, "<title>%s</title>", escape(tip))
	}
}

// number writes a length to a hundredth of a pixel.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// escape makes text fit for XML: what XML cannot hold becomes a replacement character.
func escape(text string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(text)) // a buffer takes all
	return b.String()
}

// shorten cuts text after so many characters.
func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// letter is about how wide a letter of a sans-serif font is, in parts of its size.
const letter = 0.6
