package main

import "testing"

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"0: Linear(4×5) → 日本…": "0: Linear(4×5) → 日本…",
		`it's "so" \n`:         `it's "so" \n`,
		"a\x1b[2Jb\r\n\tc":     `a\x1b[2Jb\r\n\tc`,
		"\u202eright to left":  `\u202eright to left`,
		"\xff\uFFFD":           `\xff` + "\uFFFD",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
