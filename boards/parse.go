package boards

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean trims text, and returns "" for what could not be shown: bytes that are not UTF-8, and
// characters that move a cursor. Lines may end.
func clean(text string) string {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) {
		return ""
	}
	for _, c := range text {
		if !unicode.IsPrint(c) && c != '\n' && c != '\t' {
			return ""
		}
	}
	return text
}

// oneLine is clean, for text of one line.
func oneLine(text string) string {
	if text = clean(text); strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// parseInteger reads a whole decimal number that a float64 holds exactly.
func parseInteger(text []byte) Reading {
	text = bytes.TrimSpace(text)
	if len(text) > 20 {
		return Reading{}
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n > 1<<53 || n < -1<<53 {
		return Reading{}
	}
	return Known(float64(n))
}

// parseList reads a list of processors as the kernel writes it, such as 0-3,6.
func parseList(text string) []int {
	var list []int
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || unicode.IsSpace(c) }) {
		first, last, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		if err != nil || from < 0 {
			return nil
		}
		to := from
		if isRange {
			if to, err = strconv.Atoi(last); err != nil || to < from {
				return nil
			}
		}
		if to >= mostNames {
			return nil
		}
		for n := from; n <= to && len(list) < mostNames; n++ {
			list = append(list, n)
		}
	}
	return list
}

// compareNatural orders names by their letters, and runs of digits by their value.
func compareNatural(a, b string) int {
	whole := cmp.Compare(a, b)
	for a != "" && b != "" {
		if isDigit(a[0]) && isDigit(b[0]) {
			x, y := digits(a), digits(b)
			m, n := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(m), len(n)), cmp.Compare(m, n)); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), whole)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits returns the digits that a text begins with.
func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}
