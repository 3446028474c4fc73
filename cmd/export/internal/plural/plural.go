// Package plural counts things in a sentence: 1 column, 2 columns.
package plural

import "strconv"

// Count writes a number with its noun, which gets an s unless there is exactly one.
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
