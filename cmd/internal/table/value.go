package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseFloat returns the float32 nearest to the number that text writes, rounded once, straight
// from the decimal digits.
func parseFloat(text string) (float32, error) {
	v, err := strconv.ParseFloat(text, 32)
	switch {
	case err == nil:
		return float32(v), nil
	case errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%s does not fit in a float32", quote(text))
	case strings.ContainsAny(text, ";\t"):
		return 0, fmt.Errorf("%s is not a number: values are separated by commas, and written with a decimal point", quote(text))
	}
	return 0, fmt.Errorf("%s is not a number", quote(text))
}

// quote quotes a piece of the input for a message, and cuts a long one.
func quote(text string) string {
	const most = 40
	if len(text) > most {
		return strconv.Quote(text[:most]) + "…"
	}
	return strconv.Quote(text)
}

// quoteSome quotes the first few of names and counts the others.
func quoteSome(names []string) string {
	const most = 5
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(name))
	}
	return b.String()
}

// indexFeatures maps each feature's name to its place in a row.
func indexFeatures(features []string) (map[string]int, error) {
	index := make(map[string]int, len(features))
	for i, name := range features {
		if j, ok := index[name]; ok {
			return nil, fmt.Errorf("table: the model's features %d and %d are both called %s", j, i, quote(name))
		}
		index[name] = i
	}
	return index, nil
}

// maxIgnored bounds the names that a reader remembers of what it ignored.
const maxIgnored = 64
