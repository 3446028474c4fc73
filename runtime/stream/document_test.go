package stream

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestDocumentedFeatures: FEATURES.md names the features that there are.
func TestDocumentedFeatures(t *testing.T) {
	text, err := os.ReadFile("FEATURES.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)[^`]*` \\|").FindAllSubmatch(text, -1) {
		documented = append(documented, string(m[1]))
	}
	if documented = slices.Compact(documented); !slices.Equal(documented, Kinds()) {
		t.Errorf("FEATURES.md has rows for %v: %v are computed", documented, Kinds())
	}
}
