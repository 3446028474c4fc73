package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// printTable prints rows of as many cells each, the headings first, after an empty line. The columns
// whose numbers are given hold words and are aligned to the left, the others to the right.
func printTable(text *bytes.Buffer, rows [][]string, words ...int) {
	widths := make([]int, len(rows[0])) // in characters
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, i := range words {
		widths[i] = -widths[i] // which is how Sprintf is told
	}
	text.WriteByte('\n')
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("%*s  ", widths[i], cell)
		}
		fmt.Fprintln(text, strings.TrimRight(line, " "))
	}
}

// grouped writes an integer with commas between the thousands.
func grouped[T int | int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// some lists the first few of names, and counts the others.
func some(names []string) string {
	const few = 6
	quoted := make([]string, 0, few)
	for _, name := range names[:min(few, len(names))] {
		quoted = append(quoted, fmt.Sprintf("%.40q", name))
	}
	text := strings.Join(quoted, ", ")
	if rest := len(names) - few; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

// plural gives a count and its noun.
func plural[T int | int64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}
